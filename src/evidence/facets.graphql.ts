import { Field, Int, ObjectType } from '../graphql/decorators.js'
import type { Term, Terms, Vocabulary } from '../vocabulary/vocabulary.js'
import { EvidenceComparison, shownComparison } from './comparison.graphql.js'
import type { Facet, FacetCount } from './evidence.queries.js'

@ObjectType({ simpleResolvers: true, description: 'How often a term occurs.' })
export class TermCount {
  @Field(() => String, { description: 'Slug of the term.' })
  slug!: string

  @Field(() => String, { description: 'Name of the term.' })
  name!: string

  @Field(() => Int, { description: 'Effects.' })
  count!: number

  @Field(() => Int, { description: 'Studies behind them.' })
  studies!: number
}

@ObjectType({ simpleResolvers: true, description: 'How often a value occurs.' })
export class ValueCount {
  @Field(() => String, { description: 'The value.' })
  value!: string

  @Field(() => Int, { description: 'Effects.' })
  count!: number

  @Field(() => Int, { description: 'Studies behind them.' })
  studies!: number
}

@ObjectType({ simpleResolvers: true, description: 'How often a comparison occurs.' })
export class ComparisonCount {
  @Field(() => EvidenceComparison, { description: 'The comparison.' })
  comparison!: EvidenceComparison

  @Field(() => Int, { description: 'Effects.' })
  count!: number

  @Field(() => Int, { description: 'Studies behind them.' })
  studies!: number
}

type Later<Value> = Value | (() => Promise<Value>)

@ObjectType({ simpleResolvers: true, description: 'Counts over the whole filtered set, most frequent first. Effects without a value are in no count.' })
export class EvidenceFacets {
  @Field(() => [TermCount], { description: 'By condition.' })
  conditions!: Later<TermCount[]>

  @Field(() => [TermCount], { description: 'By form; effects of several forms together are in no count.' })
  forms!: Later<TermCount[]>

  @Field(() => [TermCount], { description: 'By outcome.' })
  outcomes!: Later<TermCount[]>

  @Field(() => [ValueCount], { description: 'By study design.' })
  designs!: Later<ValueCount[]>

  @Field(() => [ValueCount], { description: 'By measure.' })
  measures!: Later<ValueCount[]>

  @Field(() => [ValueCount], { description: 'By direction.' })
  directions!: Later<ValueCount[]>

  @Field(() => [ValueCount], { description: 'By year of the main report, the latest first.' })
  years!: Later<ValueCount[]>

  @Field(() => [ComparisonCount], { description: 'By what magnesium was compared with.' })
  comparisons!: Later<ComparisonCount[]>

  @Field(() => [ValueCount], { description: 'By class of evidence.' })
  evidenceClasses!: Later<ValueCount[]>
}

interface Counts {
  load(facet: Facet): Promise<readonly FacetCount[]>
}

/** Facets that count themselves when a field asks; those asked together are counted together. */
export function evidenceFacets(vocabulary: Vocabulary, counts: Counts): EvidenceFacets {
  const { conditions, forms, outcomes } = vocabulary
  const termsOf = (facet: Facet, terms: Terms<Term>) => async () =>
    (await counts.load(facet)).map(({ value, count, studies }) => {
      const { slug, name } = terms.get(Number(value))
      return { slug, name, count, studies }
    })
  const valuesOf = (facet: Facet) => async () => (await counts.load(facet)).map(({ value, count, studies }) => ({ value, count, studies }))
  return {
    conditions: termsOf('conditions', conditions),
    forms: termsOf('forms', forms),
    outcomes: termsOf('outcomes', outcomes),
    designs: valuesOf('designs'),
    measures: valuesOf('measures'),
    directions: valuesOf('directions'),
    comparisons: async () =>
      (await counts.load('comparisons')).map(({ value, count, studies }) => ({ comparison: shownComparison(value, vocabulary), count, studies })),
    evidenceClasses: valuesOf('evidenceClasses'),
    years: async () => (await valuesOf('years')()).sort((a, b) => Number(b.value) - Number(a.value)),
  }
}
