import type { FastifyInstance, FastifyRequest } from 'fastify'
import { PublicError } from '../errors.js'

export type Scope = 'READ' | 'CURATE'

/** Who asks: the holder of a key. */
export interface KeyHolder {
  /** What its key is called. */
  readonly name: string
  /** The part of its key that may be shown. */
  readonly prefix: string
  readonly scopes: readonly Scope[]
  /** What it may spend in a minute; null for as much as any key. */
  readonly costPerMinute: number | null
}

/** Whose key it is; null for a key that is unknown or revoked. */
export type FindKeyHolder = (key: string) => Promise<KeyHolder | null>

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose key the request shows; null where it shows none. */
    keyHolder: KeyHolder | null
  }
}

/** What anybody may ask as often as they like, and whoever they are: who watches a process or loads a page's parts is no caller of the API. */
const open = /^\/(?:health\/|assets\/|metrics(?:$|\?)|favicon\.ico)/

export const isOpen = ({ url }: FastifyRequest) => open.test(url)

/** Finds out whose key a request shows, before anything else is done for it. A key that is not known is refused, never overlooked. */
export function recogniseCallers(app: FastifyInstance, findKeyHolder: FindKeyHolder): void {
  app.decorateRequest('keyHolder', null)
  app.addHook('onRequest', async (request) => {
    if (isOpen(request) || request.method === 'OPTIONS') return
    const key = keyOf(request)
    if (key === null) return
    request.keyHolder = await findKeyHolder(key)
    if (request.keyHolder === null) throw new PublicError('UNAUTHENTICATED', `${shownKey(key)} is unknown or revoked`)
  })
}

/** The key of a request's headers; null where there is none. @throws {PublicError} UNAUTHENTICATED where there is no telling which */
function keyOf({ headers }: FastifyRequest): string | null {
  const { authorization, 'x-api-key': named } = headers
  if (Array.isArray(named)) throw new PublicError('UNAUTHENTICATED', 'the header x-api-key is given more than once: send one key')
  if (authorization === undefined) return named ?? null
  const [, bearer] = /^bearer +(\S+) *$/i.exec(authorization) ?? []
  if (bearer === undefined)
    throw new PublicError('UNAUTHENTICATED', 'the header authorization holds no key: send it as "Bearer mgev_…", or leave the header out')
  if (named !== undefined && named !== bearer) throw new PublicError('UNAUTHENTICATED', 'the headers authorization and x-api-key hold different keys: send one')
  return bearer
}

/** A key as it may be shown and logged: the half that is no secret. */
function shownKey(key: string): string {
  const [, prefix] = /^mgev_([0-9a-f]{8})_/.exec(key) ?? []
  return prefix === undefined ? 'the key' : `the key mgev_${prefix}_…`
}

/** @throws {PublicError} UNAUTHENTICATED without a key, FORBIDDEN with one that has not the scope */
export function requireScope({ keyHolder }: FastifyRequest, scope: Scope): KeyHolder {
  const word = scope.toLowerCase()
  if (keyHolder === null) throw new PublicError('UNAUTHENTICATED', `this needs a key of the scope "${word}": send it as "Authorization: Bearer mgev_…"`)
  if (!keyHolder.scopes.includes(scope))
    throw new PublicError(
      'FORBIDDEN',
      `the key mgev_${keyHolder.prefix}_… has the scopes ${keyHolder.scopes.map((had) => `"${had.toLowerCase()}"`).join(', ')}, this needs "${word}"`,
    )
  return keyHolder
}

/** A line of the log without the secrets of the keys that got into it: in a path, in the name of an operation, in an error. */
export function withoutSecrets(line: string): string {
  return line.includes('mgev_') ? line.replaceAll(/(mgev_[0-9a-f]{8}_)[\w-]+/g, '$1…') : line
}
