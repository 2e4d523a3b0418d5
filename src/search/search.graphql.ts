import { Claim } from '../claim/claim.graphql.js'
import { findClaimsBySlug, type ClaimRecord } from '../claim/claim.queries.js'
import { PublicError } from '../errors.js'
import { connectionOf, PageArgs, PageInfo } from '../graphql/connection.js'
import type { Context } from '../graphql/context.js'
import { Arg, Args, createUnionType, Ctx, Field, Float, Int, ObjectType, Query, Resolver } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { planPage } from '../graphql/keyset.js'
import { groupBy } from '../grouping.js'
import { Study } from '../study/study.graphql.js'
import { getStudy } from '../study/study.queries.js'
import { Condition, Instrument, MagnesiumForm, Outcome, Treatment } from '../vocabulary/vocabulary.graphql.js'
import { holdsCode } from '../vocabulary/codes.js'
import { codedTerms } from '../vocabulary/vocabulary.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { askingWords, searchWords } from './question.js'
import {
  countHits,
  findCommonWords,
  findHits,
  findSnippets,
  searchOrder,
  type Hit,
  type SearchKind as SearchKindValue,
  type SearchQuestion,
} from './search.queries.js'

const SearchKind = {
  STUDY: 'STUDY',
  CONDITION: 'CONDITION',
  FORM: 'FORM',
  OUTCOME: 'OUTCOME',
  INSTRUMENT: 'INSTRUMENT',
  TREATMENT: 'TREATMENT',
  CLAIM: 'CLAIM',
} as const
describeEnum(SearchKind, 'SearchKind', 'What kind of thing was found.', {
  STUDY: 'A study.',
  CONDITION: 'A condition.',
  FORM: 'A magnesium form.',
  OUTCOME: 'An outcome.',
  INSTRUMENT: 'An instrument.',
  TREATMENT: 'A treatment that magnesium is compared or combined with.',
  CLAIM: 'A claim of a source document.',
})

const Found = createUnionType({
  name: 'SearchSubject',
  description: 'The thing found.',
  types: () => [Study, Condition, MagnesiumForm, Outcome, Instrument, Treatment, Claim] as const,
})

@ObjectType({ simpleResolvers: true, description: 'Something that answers a search.' })
export class SearchHit {
  @Field(() => SearchKind, { description: 'What kind of thing it is.' })
  kind!: SearchKindValue

  @Field(() => String, { description: 'Its slug.' })
  slug!: string

  @Field(() => String, { description: 'Its title or name.' })
  title!: string

  @Field(() => Float, { description: 'How well it answers; comparable within one search.' })
  score!: number

  @Field(() => String, { description: 'A passage with the words found between ** and **.' })
  snippet!: () => Promise<string | undefined>

  @Field(() => Found, { description: 'The thing itself.' })
  node!: () => Promise<unknown>
}

@ObjectType({ simpleResolvers: true, description: 'A search hit in its list.' })
export class SearchEdge {
  @Field(() => SearchHit, { description: 'The hit.' })
  node!: SearchHit

  @Field(() => String, { description: 'Its place: give it as `after` or `before`.' })
  cursor!: string
}

@ObjectType({ simpleResolvers: true, description: 'How many things of a kind answer a search.' })
export class SearchKindCount {
  @Field(() => SearchKind, { description: 'The kind.' })
  kind!: SearchKindValue

  @Field(() => Int, { description: 'Things of this kind that answer.' })
  count!: number
}

@ObjectType({ simpleResolvers: true, description: 'A page of search hits, best first.' })
export class SearchConnection {
  @Field(() => [SearchEdge], { description: 'Hits with their cursors.' })
  edges!: readonly SearchEdge[]

  @Field(() => [SearchHit], { description: 'Hits alone.' })
  nodes!: readonly SearchHit[]

  @Field(() => PageInfo, { description: 'Where this page stands.' })
  pageInfo!: PageInfo

  @Field(() => Int, { description: 'Hits in all; counted only when asked.' })
  totalCount!: number | (() => Promise<number>)

  @Field(() => [SearchKindCount], { description: 'Hits by kind, of those kinds that have any; counted only when asked.' })
  countByKind!: () => Promise<SearchKindCount[]>
}

const longestText = 500

@Resolver()
export class SearchResolver {
  @Query(() => SearchConnection, {
    nullable: true,
    description:
      'Full text over studies, terms and claims, best first. Words that ask ("does … help") or that most studies hold ("magnesium") weigh nothing beside others; misspelt names are found as well.',
  })
  async search(
    @Arg('text', () => String, {
      description:
        'Words, a name, a code, a DOI or a registry id; "quoted phrases", or, and -without as in a web search. Punctuation only separates words. At most 500 characters.',
    })
    text: string,
    @Arg('kinds', () => [SearchKind], { nullable: true, description: 'Only things of these kinds; of every kind when left out or empty.' })
    kinds: SearchKindValue[] | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<SearchConnection> {
    if (text.trim() === '' || text.length > longestText)
      throw new PublicError('BAD_USER_INPUT', `text must have 1 to ${longestText} characters, got ${text.trim() === '' ? 'none' : text.length}`, {
        reason: 'TEXT_LENGTH',
        argument: 'text',
        limit: longestText,
        actual: text.length,
      })
    const question = await questionOf(context, text)
    const sought = kinds ?? []
    const found = await findHits(context.database, question, sought, planPage('search', searchOrder, page))
    const snippets = askedOnce(() => findSnippets(context.database, question.text, found.rows))
    const subjects = askedOnce(() => subjectsOf(context, found.rows))
    const hits = found.rows.map(({ kind, slug, title, score }, index) => ({
      kind,
      slug,
      title,
      score,
      snippet: async () => (await snippets())[index],
      node: async () => (await subjects())[index],
    }))
    const countByKind = askedOnce(() => countHits(context.database, question, sought))
    const totalCount = async () => (await countByKind()).reduce((sum, { count }) => sum + count, 0)
    return { ...connectionOf(found, hits, totalCount), countByKind }
  }
}

/** Codes are found exactly: a text that holds one is not forgiven a digit. */
async function questionOf(context: Context, text: string): Promise<SearchQuestion> {
  const [vocabulary, common] = await Promise.all([vocabularyOf(context), context.perRevision(findCommonWords)])
  return {
    ...searchWords(text, common),
    weightless: [...common, ...askingWords],
    coded: codedTerms(vocabulary, text).map(({ kind, term }) => ({ kind, key: term.key })),
    isForgiving: !holdsCode(text),
  }
}

/** Made when the first hit of the page is asked for it, for all of them. */
function askedOnce<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined
  return () => (made ??= make())
}

/** The things behind the hits: terms from memory, studies and claims in one statement each. */
async function subjectsOf(context: Context, hits: readonly Hit[]): Promise<unknown[]> {
  const { conditions, forms, outcomes, instruments, treatments } = await vocabularyOf(context)
  const claimSlugs = (groupBy(hits, ({ kind }) => kind).get('CLAIM') ?? []).map(({ slug }) => slug)
  const claims = claimSlugs.length === 0 ? [] : await findClaimsBySlug(context, claimSlugs)
  const claimBySlug = new Map(claims.flatMap((claim): [string, ClaimRecord][] => (claim === null ? [] : [[claim.slug, claim]])))
  return Promise.all(
    hits.map(({ kind, key, slug }) => {
      switch (kind) {
        case 'STUDY':
          return getStudy(context, key)
        case 'CONDITION':
          return conditions.get(key)
        case 'FORM':
          return forms.get(key)
        case 'OUTCOME':
          return outcomes.get(key)
        case 'INSTRUMENT':
          return instruments.get(key)
        case 'TREATMENT':
          return treatments.get(key)
        case 'CLAIM':
          return claimBySlug.get(slug)
      }
    }),
  )
}
