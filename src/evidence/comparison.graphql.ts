import { ComparisonKind, EvidenceClass, ExposureMetric, UnitOfAnalysis } from '../generated/prisma/enums.js'
import { Field, ObjectType } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { Treatment } from '../vocabulary/vocabulary.graphql.js'
import type { TreatmentTerm, Vocabulary } from '../vocabulary/vocabulary.js'
import { labelOfComparison, readComparisonKey } from './comparisonKey.js'

describeEnum(ComparisonKind, 'ComparisonKind', 'What kind of question a comparison answers.', {
  INACTIVE: 'Magnesium against placebo, no treatment or usual care.',
  ACTIVE: 'Magnesium against another treatment.',
  MAGNESIUM: 'Magnesium against another form, route, dose or timing of magnesium.',
  EXPOSURE: 'More magnesium against less, as observed: intakes and levels that nobody was allocated to.',
  NONE: 'One group, before and after: nothing to compare with.',
})
describeEnum(EvidenceClass, 'EvidenceClass', 'What kind of evidence an effect is, the strongest first.', {
  RANDOMIZED: 'People were allocated at random.',
  NON_RANDOMIZED: 'People were allocated, but not at random; animal experiments and work in vitro as well.',
  COHORT: 'Exposure observed before the outcome.',
  CASE_CONTROL: 'People with and without the outcome compared for past exposure.',
  CROSS_SECTIONAL: 'Exposure and outcome observed at one time.',
  UNCONTROLLED: 'No comparison group.',
})
describeEnum(ExposureMetric, 'ExposureMetric', 'What measures an observed exposure to magnesium.', {
  DIETARY_INTAKE: 'Magnesium eaten with food.',
  TOTAL_INTAKE: 'Magnesium from food and supplements together.',
  SUPPLEMENT: 'Magnesium from supplements or medicines.',
  SERUM: 'Magnesium in serum, plasma or whole blood.',
  URINE: 'Magnesium in urine.',
  DRINKING_WATER: 'Magnesium in drinking water.',
  SCORE: 'A score of the risk of too little magnesium.',
  OTHER: 'Something else, which `exposure.metric` names.',
})
describeEnum(UnitOfAnalysis, 'UnitOfAnalysis', 'What the numbers of a result count.', {
  PARTICIPANTS: 'The people who took part.',
  CHILDREN: 'Children of women who took part.',
  EYES: 'Eyes of the people who took part.',
  LIMBS: 'Limbs of the people who took part.',
  EPISODES: 'Episodes: attacks, cycles, admissions.',
  OTHER: 'Something else, which a note names.',
})

@ObjectType({
  simpleResolvers: true,
  description: 'What is compared with what. Effects of different comparisons answer different questions and are not pooled together by default.',
})
export class EvidenceComparison {
  @Field(() => String, { description: 'The comparison in one word, for `comparisonKeys` of a filter: "INACTIVE", "ACTIVE:valproate".' })
  key!: string

  @Field(() => ComparisonKind, { description: 'Kind of comparison.' })
  kind!: ComparisonKind

  @Field(() => [Treatment], { description: 'What magnesium is compared with, where that is another treatment.' })
  agents!: readonly TreatmentTerm[]

  @Field(() => String, { description: 'For a reader: "against placebo or no treatment", "against valproate".' })
  label!: string
}

/** The comparison of a key, with its treatments and words for a reader. */
export function shownComparison(key: string, vocabulary: Vocabulary): EvidenceComparison {
  const { kind, details } = readComparisonKey(key)
  const agents = kind === 'ACTIVE' ? details.flatMap((agent) => vocabulary.treatments.find(agent) ?? []) : []
  return { key, kind, agents, label: labelOfComparison(key, vocabulary) }
}
