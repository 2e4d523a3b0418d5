import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Actor } from '../audit/audit.js'
import { UnplacedDraft } from '../corpus/accepted.js'
import { CorpusFaults } from '../corpus/files.js'
import { publicationEntry, study } from '../corpus/format.js'
import type { Database } from '../database/client.js'
import { PublicError } from '../errors.js'
import { DraftKind, DraftStatus } from '../generated/prisma/enums.js'
import { requireScope, type KeyHolder } from '../http/caller.js'
import { parametersOf, type Queried } from '../http/parameters.js'
import { acceptDrafts, CurationError, draftChanges, rejectDrafts, type Decision, type PublicationPlace } from './curation.js'
import { findDrafts, type DraftFilter, type KeptDraft } from './draft.queries.js'

export interface CurationSource {
  readonly database: Database
  /** Of the corpus files. */
  readonly folder: string
}

/** Drafts of one answer at most; published in docs/limits.md. */
export const draftsAtOnce = 1_000

const id = z.int().positive().max(2_147_483_647)
const ids = z.array(id).min(1).max(draftsAtOnce)
const note = z.string().trim().min(1).max(2_000).optional()
const role = publicationEntry.shape.role.default('PRIMARY_REPORT')
const made = { design: study.shape.design, evidenceKind: study.shape.evidenceKind.default('PRIMARY') }

const rejecting = z.strictObject({ ids, note })
const accepting = z.strictObject({ ids, note, place: z.union([z.strictObject({ study: z.string(), role }), z.strictObject({ ...made, role })]).optional() })
const listing = z.strictObject({
  status: z.enum(DraftStatus).default('DRAFT'),
  kind: z.enum(DraftKind).optional(),
  source: z.string().optional(),
  after: z.coerce.number().pipe(id).optional(),
})

/**
 * What imports proposed, for holders of a key with the scope CURATE: GET /curation/drafts and /curation/drafts/12, POST /curation/drafts/accept and
 * /curation/drafts/reject. Beside GraphQL, whose schema only reads.
 */
export function registerCuration(app: FastifyInstance, { database, folder }: CurationSource): void {
  app.get('/curation/drafts', async (request: FastifyRequest<Queried>, reply) => {
    admitted(request, reply)
    const { after = 0, status, kind, source } = checked(listing, parametersOf(request))
    const filter: DraftFilter = { status, after, ...(kind !== undefined && { kind }), ...(source !== undefined && { source }) }
    const drafts = await findDrafts(database, filter, draftsAtOnce + 1)
    return { drafts: drafts.slice(0, draftsAtOnce), hasMore: drafts.length > draftsAtOnce }
  })

  app.get('/curation/drafts/:id', async (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
    admitted(request, reply)
    const asked = z.coerce.number().pipe(id).safeParse(request.params.id)
    const [known] = asked.success ? await findDrafts(database, { ids: [asked.data] }) : []
    if (known === undefined) throw new PublicError('NOT_FOUND', `there is no draft ${request.params.id.slice(0, 100)}: /curation/drafts lists them`)
    return meant(() => draftChanges(database, folder, known.id))
  })

  app.post('/curation/drafts/accept', async (request, reply) => {
    const holder = admitted(request, reply)
    const { place, ...asked } = checked(accepting, request.body)
    const decision = { ...decisionOf(asked, holder), ...(place !== undefined && { place: placeOf(place) }) }
    const { imported, revision, counts } = await meant(() => acceptDrafts(database, folder, asked.ids, decision))
    return { drafts: await decided(asked.ids), evidence: { changed: imported, revision, counts } }
  })

  app.post('/curation/drafts/reject', async (request, reply) => {
    const holder = admitted(request, reply)
    const asked = checked(rejecting, request.body)
    await meant(() => rejectDrafts(database, asked.ids, decisionOf(asked, holder)))
    return { drafts: await decided(asked.ids) }
  })

  async function decided(which: readonly number[]): Promise<Pick<KeptDraft, 'id' | 'kind' | 'slug' | 'status'>[]> {
    const drafts = await findDrafts(database, { ids: which })
    return drafts.map(({ id: of, kind, slug, status }) => ({ id: of, kind, slug, status }))
  }
}

/** @throws {PublicError} UNAUTHENTICATED, FORBIDDEN */
function admitted(request: FastifyRequest, reply: FastifyReply): KeyHolder {
  // Of one holder of a key; nobody in between keeps it.
  void reply.header('cache-control', 'no-store')
  return requireScope(request, 'CURATE')
}

function decisionOf({ note: why }: z.output<typeof rejecting>, { name, prefix }: KeyHolder): Decision {
  const actor: Actor = { kind: 'KEY', name: `${prefix} ${name}` }
  return { by: name, note: why ?? null, actor }
}

function placeOf(place: NonNullable<z.output<typeof accepting>['place']>): PublicationPlace {
  if ('study' in place) return place
  const { role: ofPublication, ...study } = place
  return { role: ofPublication, made: study }
}

/** @throws {PublicError} BAD_PARAMETER */
function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [{ path, message } = { path: [], message: 'is not understood' }] = result.error.issues
  const argument = path.map(String).join('.') || 'the request'
  throw new PublicError('BAD_USER_INPUT', `${argument}: ${message}`, { reason: 'BAD_PARAMETER', argument })
}

/** What a curator can mend, as something that a caller may read. @throws {PublicError} UNDECIDABLE_DRAFT */
async function meant<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CurationError || error instanceof CorpusFaults || error instanceof UnplacedDraft)
      throw new PublicError('BAD_USER_INPUT', error.message, { reason: 'UNDECIDABLE_DRAFT' })
    throw error
  }
}
