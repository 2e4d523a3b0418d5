import type { FastifyInstance } from 'fastify'
import { PublicError } from '../errors.js'
import { answerKey, namesAny, namesTag, tagOf } from '../http/conditional.js'
import { varyBy } from '../http/negotiation.js'
import { parametersOf, type Queried } from '../http/parameters.js'
import type { Context } from '../graphql/context.js'
import { planPage } from '../graphql/keyset.js'
import { encodeId } from '../graphql/nodeId.js'
import { groupBy } from '../grouping.js'
import { findNodes } from '../node.graphql.js'
import { release } from '../version.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import type { ChangeKind } from './change.js'
import { changesWanted } from './changes.filter.js'
import { changeOrder, findChangePage, findOldestRevision, type ChangeRecord } from './changes.queries.js'
import { atomOf, uuidOf, type FeedEntry } from './feed.js'

/** Changes that a feed holds at most, the newest; published in docs/limits.md. */
export const feedChanges = 100
/** Against the minute's budget of the caller; published in docs/limits.md. */
export const feedCost = 100

export interface FeedSource {
  readonly contextFor: () => Promise<Context>
  /** Path under which callers find the service; default ''. */
  readonly basePath?: string
}

/** What is new at /changes.atom: an entry for each subject that a revision changed. It takes `condition`, and answers with 304 while the data stand. */
export function registerFeed(app: FastifyInstance, { contextFor, basePath = '' }: FeedSource): void {
  app.get<Queried>('/changes.atom', { config: { cost: feedCost } }, async (request, reply) => {
    const { condition, ...others } = parametersOf(request)
    const [unknown] = Object.keys(others)
    if (unknown !== undefined)
      throw new PublicError('BAD_USER_INPUT', `changes.atom takes condition, got ${unknown.slice(0, 100)}`, {
        reason: 'UNKNOWN_PARAMETER',
        argument: unknown.slice(0, 100),
      })
    const context = await contextFor()
    const origin = `${request.protocol}://${request.host}${basePath}`
    const wanted = await changesWanted(context, { conditions: condition === undefined ? null : [condition] })
    const tag = tagOf(answerKey([release, context.dataRevision, origin, wanted.conditions, condition]))
    varyBy(reply, 'accept-encoding').header('etag', tag).header('cache-control', 'public, no-cache')
    const known = request.headers['if-none-match']
    if (namesTag(known, tag) || namesAny(known)) return reply.code(304).send()
    const [{ rows: changes }, oldest, vocabulary] = await Promise.all([
      findChangePage(context.database, wanted, planPage('changes', changeOrder, { first: feedChanges })),
      findOldestRevision(context.database),
      vocabularyOf(context),
    ])
    const term = condition === undefined ? undefined : vocabulary.conditions.find(condition)
    // Of this database, whatever address it is found at.
    const identity = [oldest?.revision, oldest?.importedAt]
    void reply.type('application/atom+xml; charset=utf-8').header('x-content-type-options', 'nosniff')
    return atomOf({
      id: uuidOf([...identity, 'feed', term?.slug ?? null]),
      title: `What is new in the magnesium evidence${term === undefined ? '' : `: ${term.name}`}`,
      updated: changes[0]?.at ?? oldest?.importedAt ?? new Date(0),
      self: `${origin}/changes.atom${condition === undefined ? '' : `?condition=${encodeURIComponent(condition)}`}`,
      page: `${origin}/new${condition === undefined ? '' : `?condition=${encodeURIComponent(condition)}`}`,
      entries: await entriesOf(context, changes, { identity, origin }),
    })
  })
}

/** The changes of one subject by one revision are one entry. */
async function entriesOf(
  context: Context,
  changes: readonly ChangeRecord[],
  { identity, origin }: { readonly identity: readonly unknown[]; readonly origin: string },
): Promise<FeedEntry[]> {
  const groups = [...groupBy(changes, ({ revisionKey, subjectType, subjectSlug }) => JSON.stringify([revisionKey, subjectType, subjectSlug])).values()]
  const firsts = groups.map(([first]) => first).filter((first) => first !== undefined)
  const nodes = await findNodes(
    context,
    firsts.map(({ subjectType, subjectSlug }) => encodeId(subjectType ?? 'Study', subjectSlug ?? '-')),
  )
  return groups.flatMap((group, index): FeedEntry[] => {
    const [first] = group
    if (first === undefined) return []
    const { at, revision, revisionKey, subjectType, subjectSlug } = first
    const node = nodes[index]
    const name = node == null || node instanceof PublicError ? null : nameOf(node)
    const kinds = group.map(({ kind }) => kindWords[kind]).join(', ')
    return [
      {
        id: uuidOf([...identity, revision, revisionKey, subjectType, subjectSlug]),
        title: subjectType === null ? 'First import' : `${subjectWords[subjectType]} ${kinds}: ${name ?? subjectSlug ?? ''}`,
        updated: at,
        page: `${origin}${name === null ? '/new' : pageOf(first)}`,
        lines: group.flatMap(({ what }) => what),
      },
    ]
  })
}

/** What the subject is called: a study's title, a term's name, a claim's statement. */
function nameOf(node: object): string | null {
  const named = node as Readonly<Record<string, unknown>> // of any type that has an id
  const name = ['title', 'name', 'statement', 'substance'].map((field) => named[field]).find((value) => typeof value === 'string')
  return name ?? null
}

const kindWords: Readonly<Record<ChangeKind, string>> = { ADDED: 'added', CHANGED: 'changed', REMOVED: 'removed', STATUS: 'under a notice' }

const subjectWords: Readonly<Record<NonNullable<ChangeRecord['subjectType']>, string>> = {
  Study: 'Study',
  Publication: 'Publication',
  Condition: 'Condition',
  MagnesiumForm: 'Form',
  Outcome: 'Outcome',
  Instrument: 'Instrument',
  Treatment: 'Treatment',
  SourceDocument: 'Document',
  Claim: 'Claim',
  Interaction: 'Interaction',
  Contraindication: 'Contraindication',
}

/** The view of the dashboard that shows a subject. */
function pageOf({ subjectType, subjectSlug, study }: ChangeRecord): string {
  if (study !== null) return `/studies/${study}`
  const views: Partial<Record<NonNullable<ChangeRecord['subjectType']>, string>> = { Condition: '/conditions', MagnesiumForm: '/forms', Claim: '/claims' }
  const view = subjectType === null ? undefined : views[subjectType]
  return view === undefined || subjectSlug === null ? '/new' : `${view}/${subjectSlug}`
}
