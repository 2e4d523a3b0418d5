import { CertaintyLevel } from '../generated/prisma/enums.js'
import type { CertaintyLevel as CertaintyLevelValue } from '../generated/prisma/enums.js'
import { Field, Int, ObjectType } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { DateScalar } from '../graphql/scalars.js'
import { CertaintyDomain } from './bodyOfEvidence.js'
import type { ComputedCertainty } from './certainty.js'
import type { CuratedCertainty } from './summary.queries.js'

describeEnum(CertaintyLevel, 'CertaintyLevel', 'How certain a pooled effect is, by GRADE.', {
  HIGH: 'The true effect lies close to the estimate.',
  MODERATE: 'The true effect is probably close to the estimate, and may be substantially different.',
  LOW: 'The true effect may be substantially different from the estimate.',
  VERY_LOW: 'The true effect is likely to be substantially different from the estimate.',
})
describeEnum(CertaintyDomain, 'CertaintyDomain', 'What GRADE asks of a body of evidence. Weight is the weight in the pool.', {
  RISK_OF_BIAS:
    'Down two where more than half of the weight is at high risk of bias; down one where more than a quarter is, or where more than half is at high risk, of some concern, unclear or not assessed.',
  INCONSISTENCY:
    'Down one where I² is over 50 % with p below 0.1, where the prediction interval reaches no effect though the confidence interval does not, or where single studies exclude no effect on both sides; down two where I² is over 75 % with p below 0.1 and one of the others holds as well.',
  INDIRECTNESS:
    'Down two for animals and in vitro; else down one each where more than a quarter of the weight compares with another treatment or other magnesium, and where the outcome is a surrogate.',
  IMPRECISION:
    'By an interval that is never narrower than the usual one (HKSJ_ADHOC). Down one for each threshold of an appreciable effect that it crosses (0.2 standard deviations, a ratio of 0.75 or 1.25, the minimal important difference), three where it includes large effects either way (half or twice the risk, else four times an appreciable effect). Where it crosses none, down one below 400 participants or, for ratios and risk differences, 300 events, and two below half of that.',
  PUBLICATION_BIAS:
    'Down one where, with ten studies or more, the test of small-study effects that is advised for the measure gives p below 0.1 or trim and fill changes whether the interval includes no effect. With fewer it cannot be assessed.',
  LARGE_EFFECT:
    'Of evidence that began low and that nothing lowered: up one for a ratio over 2 or under 0.5, two over 5 or under 0.2, most of it adjusted for confounders.',
  DOSE_RESPONSE: 'Of evidence that began low: a gradient of dose. Left to a person’s judgement.',
  CONFOUNDING: 'Of evidence that began low: confounders that would all hide the effect. Left to a person’s judgement.',
})

@ObjectType({ simpleResolvers: true, description: 'What one domain does to the level of certainty.' })
export class CertaintyJudgement {
  @Field(() => CertaintyDomain, { description: 'The domain.' })
  domain!: CertaintyDomain

  @Field(() => Int, { description: 'Levels down (−3 to −1), none (0), or up (1, 2).' })
  steps!: number

  @Field(() => String, { nullable: true, description: 'Why, with the numbers that decided; null where a curator gave no reason.' })
  reason!: string | null

  @Field(() => String, { nullable: true, description: 'The paper whose rule was computed; null where a person judged.' })
  source!: string | null
}

@ObjectType({
  simpleResolvers: true,
  description:
    'Certainty of a pooled effect of one outcome in one condition, by GRADE. Computed by stated rules, unless a curator judged the same condition, form and outcome, which then stands instead. Randomised trials begin high, all else low; of a mixture, what carries more than half of the weight decides.',
})
export class Certainty {
  @Field(() => CertaintyLevel, { description: 'How certain.' })
  level!: CertaintyLevelValue

  @Field(() => Boolean, { description: 'True: by the rules that `judgements` name. False: judged by a person.' })
  computed!: boolean

  @Field(() => CertaintyLevel, { description: 'Where it began, by design.' })
  startLevel!: CertaintyLevelValue

  @Field(() => String, { nullable: true, description: 'Why it began there; null where a person judged.' })
  startReason!: string | null

  @Field(() => [CertaintyJudgement], { description: 'Domain by domain.' })
  judgements!: readonly CertaintyJudgement[]

  @Field(() => String, { nullable: true, description: 'Who judged; null where computed.' })
  judgedBy!: string | null

  @Field(() => DateScalar, { nullable: true, description: 'When it was judged; null where computed.' })
  judgedOn!: string | null
}

export function computedCertainty({ level, startLevel, startReason, judgements }: ComputedCertainty): Certainty {
  return { level, computed: true, startLevel, startReason, judgements: [...judgements], judgedBy: null, judgedOn: null }
}

export function curatedCertainty({ level, startLevel, steps, reasons, judgedBy, judgedOn }: CuratedCertainty): Certainty {
  const judgements = Object.values(CertaintyDomain).map((domain): CertaintyJudgement => {
    const reason = reasons[domain]
    return { domain, steps: steps[domain], reason: typeof reason === 'string' ? reason : null, source: null }
  })
  return { level, computed: false, startLevel, startReason: null, judgements, judgedBy, judgedOn }
}
