import DataLoader from 'dataloader'
import { connectionOf, type Connection } from '../graphql/connection.js'
import type { Context } from '../graphql/context.js'
import { planPage } from '../graphql/keyset.js'
import { groupBy } from '../grouping.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { evidenceOrder, evidenceWantedApart, requireEvidence, type EvidenceListArgs } from './evidence.filter.js'
import {
  countEvidence,
  countEvidenceOf,
  countFacets,
  countFacetsOf,
  findEvidencePage,
  findEvidencePages,
  type Facet,
  type FacetCount,
  type Owner,
} from './evidence.queries.js'
import type { EvidenceRecord } from './evidence.js'
import { evidenceFacets, type EvidenceFacets } from './facets.graphql.js'

/** A page of effects, with facets that are counted when asked. */
export interface EvidenceList extends Connection<EvidenceRecord> {
  readonly facets: EvidenceFacets
}

/** Whose effects are listed, where it is not everybody's. */
export interface OwnerKey {
  readonly owner: Owner
  readonly key: number
}

/**
 * The page, count and facets that an `evidence` field asks for. Under many owners at once (the evidence of each study of
 * a list) every one of the three stays one statement.
 */
export async function listEvidence(context: Context, args: EvidenceListArgs, owned?: OwnerKey): Promise<EvidenceList> {
  if (owned !== undefined) return ownedLoader(context, owned.owner, args).load(owned.key)
  const { where, apart, plan } = await questionOf(context, args)
  const page = await findEvidencePage(context, apart, plan)
  const facets = evidenceFacets(
    await vocabularyOf(context),
    new DataLoader((asked: readonly Facet[]) => byFacet(asked, countFacets(context.database, where, asked))),
  )
  return { ...connectionOf(page, page.rows, () => countEvidence(context.database, where)), facets }
}

async function questionOf(context: Context, { filter, orderBy, first, after, last, before }: EvidenceListArgs, owner?: Owner) {
  const vocabulary = await vocabularyOf(context)
  // A study's own page shows everything it found.
  const wanted = owner === 'study' ? { ...filter, subjects: filter?.subjects ?? [], retracted: filter?.retracted ?? ('INCLUDE' as const) } : { ...filter }
  const plan = planPage('evidence', evidenceOrder(orderBy, filter), { first, after, last, before })
  return { where: await requireEvidence(context, wanted), apart: evidenceWantedApart(wanted, vocabulary), plan }
}

const ownedLoaders = () => new Map<string, DataLoader<number, EvidenceList>>()

/** One loader for each owner kind and set of arguments of a request. */
function ownedLoader(context: Context, owner: Owner, args: EvidenceListArgs): DataLoader<number, EvidenceList> {
  const loaders = context.perRequest(ownedLoaders)
  const name = `${owner} ${JSON.stringify(args)}`
  const known = loaders.get(name)
  if (known !== undefined) return known
  const loader = new DataLoader<number, EvidenceList>(async (keys) => {
    const { where, plan } = await questionOf(context, args, owner)
    const pages = await findEvidencePages(context, owner, keys, where, plan)
    const counts = new DataLoader((asked: readonly number[]) => countEvidenceOf(context.database, owner, asked, where))
    const vocabulary = await vocabularyOf(context)
    const facetsAsked = new DataLoader<{ key: number; facet: Facet }, readonly FacetCount[], string>(
      async (asked) => {
        const facets = [...new Set(asked.map(({ facet }) => facet))]
        const owners = [...new Set(asked.map(({ key }) => key))]
        const counted = await countFacetsOf(context.database, owner, owners, where, facets)
        return asked.map(({ key, facet }) => (counted[owners.indexOf(key)] ?? []).filter((count) => count.facet === facet))
      },
      { cacheKeyFn: ({ key, facet }) => `${key} ${facet}` },
    )
    return keys.map((key, index) => {
      const page = pages[index] ?? { rows: [], cursors: [], hasNextPage: false, hasPreviousPage: false }
      return {
        ...connectionOf(page, page.rows, () => counts.load(key)),
        facets: evidenceFacets(vocabulary, { load: (facet) => facetsAsked.load({ key, facet }) }),
      }
    })
  })
  loaders.set(name, loader)
  return loader
}

async function byFacet(asked: readonly Facet[], counts: Promise<FacetCount[]>): Promise<FacetCount[][]> {
  const counted = groupBy(await counts, ({ facet }) => facet)
  return asked.map((facet) => counted.get(facet) ?? [])
}
