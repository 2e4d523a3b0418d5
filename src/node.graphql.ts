import { findClaimsBySlug } from './claim/claim.queries.js'
import { safetyOf } from './claim/safety.queries.js'
import { PublicError } from './errors.js'
import { findEvidenceBySlug } from './evidence/evidence.queries.js'
import { findPooledResultsBySlug } from './evidence/pooled.queries.js'
import { requireAtMost } from './graphql/atMost.js'
import type { Context } from './graphql/context.js'
import { Arg, Ctx, ID, Query, Resolver } from './graphql/decorators.js'
import { maxPageSize } from './graphql/keyset.js'
import { Node } from './graphql/node.js'
import { encodeId, readId } from './graphql/nodeId.js'
import { groupBy } from './grouping.js'
import { findSyntheses } from './synthesis/synthesis.queries.js'
import { findStudiesBySlug, findStudyParts } from './study/study.queries.js'
import { vocabularyOf } from './vocabulary/vocabulary.queries.js'

type FindBySlug = (context: Context, slugs: readonly string[]) => Promise<readonly (Node | null | undefined)[]>

/** How the things of each type are found again: every type that implements Node stands here. */
const finders: Readonly<Record<string, FindBySlug>> = {
  Evidence: findEvidenceBySlug,
  Study: findStudiesBySlug,
  Publication: (context, slugs) => findStudyParts(context, 'publication', slugs),
  Population: (context, slugs) => findStudyParts(context, 'population', slugs),
  Arm: (context, slugs) => findStudyParts(context, 'arm', slugs),
  Dose: (context, slugs) => findStudyParts(context, 'dose', slugs),
  RiskOfBias: (context, slugs) => findStudyParts(context, 'risk_of_bias', slugs),
  PooledResult: findPooledResultsBySlug,
  Synthesis: findSyntheses,
  Claim: findClaimsBySlug,
  SourceDocument: findDocuments,
  Condition: async (context, slugs) => termsIn((await vocabularyOf(context)).conditions.all, slugs),
  MagnesiumForm: async (context, slugs) => termsIn((await vocabularyOf(context)).forms.all, slugs),
  Outcome: async (context, slugs) => termsIn((await vocabularyOf(context)).outcomes.all, slugs),
  Instrument: async (context, slugs) => termsIn((await vocabularyOf(context)).instruments.all, slugs),
  Treatment: async (context, slugs) => termsIn((await vocabularyOf(context)).treatments.all, slugs),
  Interaction: async (context, slugs) => termsIn((await safetyOf(context)).interactions, slugs),
  Contraindication: async (context, slugs) => termsIn((await safetyOf(context)).contraindications, slugs),
}

export const nodeTypes: readonly string[] = Object.keys(finders)

@Resolver()
export class NodeResolver {
  @Query(() => Node, { nullable: true, description: 'The thing with a global id; null where there is none any more.' })
  async node(@Arg('id', () => ID, { description: 'Global id.' }) id: string, @Ctx() context: Context): Promise<Node | PublicError | null> {
    return (await findNodes(context, [id]))[0] ?? null
  }

  @Query(() => [Node], {
    nullable: 'items',
    description: 'The things with these ids, in the order asked; null where there is none, with an error where an id is malformed. At most 500.',
  })
  nodes(@Arg('ids', () => [ID], { description: 'Global ids.' }) ids: string[], @Ctx() context: Context): Promise<(Node | PublicError | null)[]> {
    requireAtMost(ids.length, { reason: 'TOO_MANY_IDS', argument: 'ids', taker: 'nodes', noun: 'ids', limit: maxPageSize })
    return findNodes(context, ids)
  }
}

/** One look-up for each type among the ids. An id that is none of this service has its error, and the others their things. */
export async function findNodes(context: Context, ids: readonly string[]): Promise<(Node | PublicError | null)[]> {
  const found: (Node | PublicError | null)[] = ids.map(() => null)
  const asked = ids.flatMap((id, position) => {
    const decoded = readId(id)
    if (!(decoded instanceof PublicError)) return [{ ...decoded, position }]
    found[position] = decoded
    return []
  })
  await Promise.all(
    [...groupBy(asked, ({ type }) => type)].map(async ([type, ofType]) => {
      const nodes =
        (await finders[type]?.(
          context,
          ofType.map(({ slug }) => slug),
        )) ?? []
      ofType.forEach(({ position }, index) => (found[position] = nodes[index] ?? null))
    }),
  )
  return found
}

function termsIn(terms: readonly (Node & { readonly slug: string })[], slugs: readonly string[]): (Node | undefined)[] {
  return slugs.map((slug) => terms.find((term) => term.slug === slug))
}

async function findDocuments(context: Context, slugs: readonly string[]): Promise<(Node | null)[]> {
  const documents = await context.primary.prisma.sourceDocument.findMany({ where: { slug: { in: [...slugs] } } })
  return slugs.map((slug) => {
    const document = documents.find((candidate) => candidate.slug === slug)
    return document === undefined
      ? null
      : { ...document, id: encodeId('SourceDocument', slug), publishedOn: document.publishedOn?.toISOString().slice(0, 10) ?? null }
  })
}
