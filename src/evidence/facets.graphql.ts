import { Field, Float, Int, ObjectType } from '../graphql/decorators.js'
import type { Term, Vocabulary } from '../vocabulary/vocabulary.js'
import { EvidenceComparison, shownComparison } from './comparison.graphql.js'
import { doseBands } from './doseBands.js'
import type { Facet, FacetCount } from './evidence.queries.js'

type Later<Value> = Value | (() => Promise<Value>)

@ObjectType({ simpleResolvers: true, description: 'How often a term occurs.' })
export class TermCount {
  @Field(() => String, { description: 'Slug of the term.' })
  slug!: string

  @Field(() => String, { description: 'Name of the term.' })
  name!: string

  @Field(() => Int, { description: 'Effects of the term itself: what the filter by it finds with `includeNarrower: false`.' })
  count!: number

  @Field(() => Int, { description: 'Studies behind them.' })
  studies!: number

  @Field(() => Int, { description: 'Effects of the term or of a narrower one: what the filter by it finds. Counted only if asked for.' })
  withNarrower!: Later<number>

  @Field(() => Int, { description: 'Studies behind them. Counted only if asked for.' })
  studiesWithNarrower!: Later<number>
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

@ObjectType({ simpleResolvers: true, description: 'How often a dose occurs: effects whose whole dose lies in the band.' })
export class DoseBandCount {
  @Field(() => String, { description: 'The band, as `SummaryGroup.DOSE_BAND` names it.' })
  value!: string

  @Field(() => String, { description: 'The band in words.' })
  name!: string

  @Field(() => Float, { description: 'Elemental magnesium, mg a day, at least: `gte` of `elementalMgPerDay` with WHOLLY_WITHIN.' })
  from!: number

  @Field(() => Float, { nullable: true, description: 'And less than this: `lt`. Null of the highest band.' })
  to!: number | null

  @Field(() => Int, { description: 'Effects.' })
  count!: number

  @Field(() => Int, { description: 'Studies behind them.' })
  studies!: number
}

@ObjectType({ simpleResolvers: true, description: 'Counts over the whole filtered set, most frequent first. Effects without a value are in no count.' })
export class EvidenceFacets {
  @Field(() => [TermCount], { description: 'By condition.' })
  conditions!: Later<TermCount[]>

  @Field(() => [TermCount], { description: 'By form; an effect of several forms together counts for each.' })
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

  @Field(() => [ValueCount], { description: 'By route; an effect of several routes counts for each.' })
  routes!: Later<ValueCount[]>

  @Field(() => [ValueCount], { description: 'By the role of the arm that magnesium was compared with.' })
  comparators!: Later<ValueCount[]>

  @Field(() => [TermCount], { description: 'By the treatment that magnesium was compared with; an effect against several counts for each.' })
  agents!: Later<TermCount[]>

  @Field(() => [ValueCount], { description: 'By overall risk of bias.' })
  riskOfBias!: Later<ValueCount[]>

  @Field(() => [DoseBandCount], { description: 'By band of elemental magnesium a day, the lowest first.' })
  doseBands!: Later<DoseBandCount[]>
}

interface Counts {
  load(facet: Facet): Promise<readonly FacetCount[]>
}

/** Facets that count themselves when a field asks; those asked together are counted together. */
export function evidenceFacets(vocabulary: Vocabulary, counts: Counts): EvidenceFacets {
  const { conditions, forms, outcomes, treatments } = vocabulary
  const termsOf =
    (facet: Facet, find: (value: string) => Term | undefined, withNarrower: Facet = facet) =>
    async () =>
      (await counts.load(facet)).flatMap(({ value, count, studies }) => {
        const term = find(value)
        const broad = async () => (await counts.load(withNarrower)).find((other) => other.value === value)
        return term === undefined
          ? []
          : [
              {
                slug: term.slug,
                name: term.name,
                count,
                studies,
                withNarrower: async () => (await broad())?.count ?? count,
                studiesWithNarrower: async () => (await broad())?.studies ?? studies,
              },
            ]
      })
  const valuesOf = (facet: Facet) => async () => (await counts.load(facet)).map(({ value, count, studies }) => ({ value, count, studies }))
  return {
    conditions: termsOf('conditions', (key) => conditions.get(Number(key)), 'conditionsWithNarrower'),
    forms: termsOf('forms', (key) => forms.get(Number(key)), 'formsWithNarrower'),
    outcomes: termsOf('outcomes', (key) => outcomes.get(Number(key))),
    // What no term of the vocabulary names cannot be filtered by.
    agents: termsOf('agents', (slug) => treatments.find(slug)),
    routes: valuesOf('routes'),
    comparators: valuesOf('comparators'),
    riskOfBias: valuesOf('riskOfBias'),
    doseBands: async () => {
      const counted = await counts.load('doseBands')
      return doseBands.flatMap(({ value, name, from }, index) => {
        const found = counted.find((count) => count.value === value)
        return found === undefined ? [] : [{ value, name, from, to: doseBands[index + 1]?.from ?? null, count: found.count, studies: found.studies }]
      })
    },
    designs: valuesOf('designs'),
    measures: valuesOf('measures'),
    directions: valuesOf('directions'),
    comparisons: async () =>
      (await counts.load('comparisons')).map(({ value, count, studies }) => ({ comparison: shownComparison(value, vocabulary), count, studies })),
    evidenceClasses: valuesOf('evidenceClasses'),
    years: async () => (await valuesOf('years')()).sort((a, b) => Number(b.value) - Number(a.value)),
  }
}
