import { EvidenceComparison } from '../evidence/comparison.graphql.js'
import { EffectMeasure, EvidenceClass } from '../generated/prisma/enums.js'
import { Field, Int, ObjectType } from '../graphql/decorators.js'
import { JsonScalar } from '../graphql/scalars.js'
import { Outcome } from '../vocabulary/vocabulary.graphql.js'
import type { OutcomeTerm } from '../vocabulary/vocabulary.js'

@ObjectType({ simpleResolvers: true, description: 'A question that effects of the filter answer, with the filter that asks it alone.' })
export class SynthesisPart {
  @Field(() => EvidenceComparison, { description: 'What is compared with what.' })
  comparison!: EvidenceComparison

  @Field(() => EvidenceClass, { description: 'Class of evidence.' })
  evidenceClass!: EvidenceClass

  @Field(() => [String], { description: 'Other active substances that the magnesium arms get and the comparators do not, by name.' })
  combinedWith!: readonly string[]

  @Field(() => Outcome, { nullable: true, description: 'The outcome.' })
  outcome!: OutcomeTerm | null

  @Field(() => EffectMeasure, { nullable: true, description: 'What the part is pooled on; null where nothing of it can be pooled.' })
  measure!: EffectMeasure | null

  @Field(() => String, { nullable: true, description: 'Of mean differences, the unit: UCUM, or the points of a scale.' })
  unit!: string | null

  @Field(() => Int, { description: 'Entries that its pool would have; 0 where nothing of it can be pooled.' })
  k!: number

  @Field(() => Int, { description: 'Studies.' })
  studies!: number

  @Field(() => Int, { nullable: true, description: 'Participants of these studies; null where no study tells.' })
  participants!: number | null

  @Field(() => JsonScalar, { description: 'The filter that asks this question alone.' })
  filter!: unknown

  @Field(() => Boolean, { description: 'True: the part that is pooled here.' })
  isPooled!: boolean
}
