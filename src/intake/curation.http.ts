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
import { acceptDrafts, CurationError, draftChanges, editDraft, rejectDrafts, undoAcceptances, type Decision, type PublicationPlace } from './curation.js'
import { findDrafts, findDraftSources, type KeptDraft } from './draft.queries.js'
import { matchingSources } from './draft.sources.js'
import { orderedDocument, summarised } from './draft.summary.js'
import { outcomes } from './report.js'
import { findSkipped, findSkippedSources } from './skipped.queries.js'

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
const role = publicationEntry.shape.role.optional()
const made = { design: study.shape.design.optional(), evidenceKind: study.shape.evidenceKind.optional() }
const dryRun = z.boolean().default(false)

const place = z.union([z.strictObject({ study: z.string(), role }), z.strictObject({ ...made, role })])
const rejecting = z.strictObject({ ids, note })
const undoing = z.strictObject({ ids, note, dryRun })
const accepting = z.strictObject({
  ids,
  note,
  place: place.optional(),
  /** Of single drafts, by their ids. */
  places: z.record(z.string().regex(/^[1-9]\d{0,9}$/, 'must be the id of a draft'), place).optional(),
  confirm: z.boolean().default(false),
  dryRun,
})
const editing = z.strictObject({
  document: z.record(z.string(), z.unknown()).optional(),
  set: z.record(z.string().max(1_000), z.unknown()).optional(),
  unset: z.array(z.string().max(1_000)).max(1_000).optional(),
  note,
  /** The state that the edit was made of. */
  changedAt: z.iso.datetime().optional(),
})
const after = z.coerce.number().pipe(id).optional()
const listing = z.strictObject({ status: z.enum(DraftStatus).default('DRAFT'), kind: z.enum(DraftKind).optional(), source: z.string().optional(), after })
const skipping = z.strictObject({ outcome: z.enum(outcomes).optional(), source: z.string().optional(), after })

/**
 * What imports proposed, for holders of a key with the scope CURATE: GET /curation/drafts, /curation/drafts/12 and /curation/skipped, PATCH /curation/drafts/12,
 * POST /curation/drafts/accept, /curation/drafts/reject and /curation/drafts/undo. Beside GraphQL, whose schema only reads.
 */
export function registerCuration(app: FastifyInstance, { database, folder }: CurationSource): void {
  app.get('/curation/drafts', async (request: FastifyRequest<Queried>, reply) => {
    admitted(request, reply)
    const { source, ...filter } = checked(listing, parametersOf(request))
    const sources = source === undefined ? undefined : await meant(async () => matchingSources(source, await findDraftSources(database)))
    const drafts = await findDrafts(database, given({ ...filter, sources }), draftsAtOnce + 1)
    return { drafts: drafts.slice(0, draftsAtOnce).map(summarised), hasMore: drafts.length > draftsAtOnce }
  })

  app.get('/curation/skipped', async (request: FastifyRequest<Queried>, reply) => {
    admitted(request, reply)
    const { source, ...filter } = checked(skipping, parametersOf(request))
    const sources = source === undefined ? undefined : await meant(async () => matchingSources(source, await findSkippedSources(database)))
    const records = await findSkipped(database, given({ ...filter, sources }), draftsAtOnce + 1)
    return { records: records.slice(0, draftsAtOnce), hasMore: records.length > draftsAtOnce }
  })

  app.get('/curation/drafts/:id', async (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
    admitted(request, reply)
    return shown(await knownId(request.params.id))
  })

  app.patch('/curation/drafts/:id', async (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
    const holder = admitted(request, reply)
    const known = await knownId(request.params.id)
    const { document, set, unset, changedAt, ...asked } = checked(editing, request.body)
    const given = [document, set ?? unset].filter((value) => value !== undefined)
    if (given.length !== 1)
      throw new PublicError('BAD_USER_INPUT', 'give the whole document, or values to set and paths to unset', { reason: 'BAD_PARAMETER', argument: 'document' })
    const edit = document === undefined ? { set: set ?? {}, unset: unset ?? [] } : { document }
    const edits = await meant(() => editDraft(database, known, edit, { ...decisionOf(asked, holder), changedAt }))
    return { edits, ...(await shown(known)) }
  })

  app.post('/curation/drafts/accept', async (request, reply) => {
    const holder = admitted(request, reply)
    const { place: ofAll, places, confirm, dryRun: isDry, ...asked } = checked(accepting, request.body)
    const decision = {
      ...decisionOf(asked, holder),
      ...(ofAll !== undefined && { place: placeOf(ofAll) }),
      ...(places !== undefined && { places: new Map(Object.entries(places).map(([of, itsPlace]) => [Number(of), placeOf(itsPlace)])) }),
      isConfirmed: confirm,
      dryRun: isDry,
    }
    const { imported, revision, counts, accepted } = await meant(() => acceptDrafts(database, folder, asked.ids, decision))
    const found = new Map(accepted.map((one) => [one.id, one]))
    const drafts = (await decided(asked.ids)).map((draft) => ({
      ...draft,
      study: found.get(draft.id)?.study ?? null,
      placement: found.get(draft.id)?.placement ?? null,
    }))
    return { drafts, evidence: { changed: imported, revision, counts }, dryRun: isDry }
  })

  app.post('/curation/drafts/reject', async (request, reply) => {
    const holder = admitted(request, reply)
    const asked = checked(rejecting, request.body)
    await meant(() => rejectDrafts(database, asked.ids, decisionOf(asked, holder)))
    return { drafts: await decided(asked.ids) }
  })

  app.post('/curation/drafts/undo', async (request, reply) => {
    const holder = admitted(request, reply)
    const { dryRun: isDry, ...asked } = checked(undoing, request.body)
    const { imported, revision, counts } = await meant(() => undoAcceptances(database, folder, asked.ids, { ...decisionOf(asked, holder), dryRun: isDry }))
    return { drafts: await decided(asked.ids), evidence: { changed: imported, revision, counts }, dryRun: isDry }
  })

  /** @throws {PublicError} NOT_FOUND */
  async function knownId(text: string): Promise<number> {
    const asked = z.coerce.number().pipe(id).safeParse(text)
    const [known] = asked.success ? await findDrafts(database, { ids: [asked.data] }) : []
    if (known === undefined) throw new PublicError('NOT_FOUND', `there is no draft ${text.slice(0, 100)}: /curation/drafts lists them`)
    return known.id
  }

  async function shown(of: number) {
    const { draft, ...rest } = await meant(() => draftChanges(database, folder, of))
    return { draft: { ...summarised(draft), document: orderedDocument(draft.kind, draft.document, true) }, ...rest }
  }

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

function decisionOf({ note: why }: { readonly note?: string | undefined }, { name, prefix }: KeyHolder): Decision {
  const actor: Actor = { kind: 'KEY', name: `${prefix} ${name}` }
  return { by: name, note: why ?? null, actor }
}

function placeOf(asked: z.output<typeof place>): PublicationPlace {
  if ('study' in asked) return asked
  const { role: ofPublication, ...study } = asked
  return { role: ofPublication, made: study }
}

type Given<Values> = { [Field in keyof Values]?: Exclude<Values[Field], undefined> }

/** Without the fields that hold nothing. */
const given = <Values extends object>(values: Values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<Values> // as it says

/** @throws {PublicError} BAD_PARAMETER */
function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [{ path, message } = { path: [], message: 'is not understood' }] = result.error.issues
  const argument = path.map(String).join('.') || 'the request'
  throw new PublicError('BAD_USER_INPUT', `${argument}: ${message}`, { reason: 'BAD_PARAMETER', argument })
}

/** What a curator can mend, as something that a caller may read. @throws {PublicError} with the reason of the error, else UNDECIDABLE_DRAFT */
async function meant<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CurationError) throw new PublicError('BAD_USER_INPUT', error.message, { reason: error.reason })
    if (error instanceof CorpusFaults || error instanceof UnplacedDraft) throw new PublicError('BAD_USER_INPUT', error.message, { reason: 'UNDECIDABLE_DRAFT' })
    throw error
  }
}
