import type { FastifyRequest } from 'fastify'
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

/** Who watches a process, or loads the parts of a page, is no caller of the API: neither counted nor asked for a key. */
const open = /^\/(?:health\/|assets\/|metrics\/?(?:$|\?)|favicon\.ico)/

export const isOpen = ({ url }: FastifyRequest) => open.test(url)

/** The key of a request's headers; null where there is none; the refusal where there is no telling which. */
export function keyOf({ headers }: FastifyRequest): string | PublicError | null {
  const { authorization, 'x-api-key': named } = headers
  if (Array.isArray(named)) return new PublicError('UNAUTHENTICATED', 'the header x-api-key is given more than once: send one key')
  if (authorization === undefined) return named ?? null
  const [, bearer] = /^bearer +(\S+) *$/i.exec(authorization) ?? []
  if (bearer === undefined)
    return new PublicError('UNAUTHENTICATED', 'the header authorization holds no key: send it as "Bearer mgev_…", or leave the header out')
  if (named !== undefined && named !== bearer)
    return new PublicError('UNAUTHENTICATED', 'the headers authorization and x-api-key hold different keys: send one')
  return bearer
}

/** A key as it may be shown and logged: the half that is no secret. */
export function shownKey(key: string): string {
  const [, prefix] = /^mgev_([0-9a-f]{8})_/.exec(key) ?? []
  return prefix === undefined ? 'the key' : `the key mgev_${prefix}_…`
}

/** @throws {PublicError} UNAUTHENTICATED without a key, FORBIDDEN with one that has not the scope */
export function requireScope({ keyHolder }: FastifyRequest, scope: Scope): KeyHolder {
  const word = scope.toLowerCase()
  if (keyHolder === null) throw new PublicError('UNAUTHENTICATED', `this needs a key of the scope "${word}": send it as "Authorization: Bearer mgev_…"`)
  const { prefix, scopes } = keyHolder
  if (!scopes.includes(scope))
    throw new PublicError('FORBIDDEN', `the key mgev_${prefix}_… has the scope ${scopes.join(', ').toLowerCase()}, this needs "${word}"`)
  return keyHolder
}

/** A line of the log without the secrets of keys that got into it: in a path, in the name of an operation, in an error. */
export function withoutSecrets(line: string): string {
  return line.includes('mgev_') ? line.replaceAll(/(mgev_[0-9a-f]{8}_)[\w-]+/g, '$1…') : line
}
