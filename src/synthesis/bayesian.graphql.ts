import { PublicError } from '../errors.js'
import { Field, Float, InputType, ObjectType } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { bayesianOf } from './bayesian.js'
import { higherIsBetter, type Synthesis } from './synthesis.js'
import { parseTauPrior, tauPriorFamilies, type TauPrior } from '../statistics/tauPrior.js'

const TauPriorFamily = Object.fromEntries(tauPriorFamilies.map((family) => [family, family])) as { readonly [Family in TauPrior['family']]: Family } // fromEntries forgets the keys
describeEnum(TauPriorFamily, 'TauPriorFamily', 'Families of priors of tau, the standard deviation of true effects between studies.', {
  HALF_NORMAL: 'The positive half of a normal distribution, with `scale`.',
  HALF_CAUCHY: 'The positive half of a Cauchy distribution, with `scale`.',
  UNIFORM: 'Every value from 0 to `scale` alike.',
  LOG_NORMAL: 'ln tau² is normal, with `location` and `scale`.',
  LOG_T: 'ln tau² is of Student’s t, with `location`, `scale` and `df`.',
})

@InputType({ description: 'A prior of tau.' })
export class TauPriorInput {
  @Field(() => TauPriorFamily, { description: 'Its family.' })
  family!: TauPrior['family']

  @Field(() => Float, { description: 'Its scale, above 0; the upper end of UNIFORM.' })
  scale!: number

  @Field(() => Float, { nullable: true, description: 'Centre of ln tau², of LOG_NORMAL and LOG_T.' })
  location?: number | null

  @Field(() => Float, { nullable: true, description: 'Degrees of freedom of LOG_T.' })
  df?: number | null
}

/** A Bayesian pool as the API shows it. */
export function bayesianPool(synthesis: Synthesis, tauPrior: TauPrior | null): BayesianPool | null {
  const found = bayesianOf({ ...synthesis, question: { ...synthesis.question, tauPrior } })
  if (found === null) return null
  const { prior, estimate, lower, upper, tauMedian, predictiveLower, predictiveUpper } = found
  const better = higherIsBetter(synthesis)
  return {
    ...{ prior, median: estimate, lower, upper, tauMedian, predictiveLower, predictiveUpper },
    probabilityOfBenefit: better === null ? null : better ? found.probabilityAboveNoEffect : found.probabilityBelowNoEffect,
  }
}

/** @throws {PublicError} BAD_USER_INPUT NOT_A_PRIOR, with what is wrong */
export function tauPriorOf({ family, scale, location, df }: TauPriorInput): TauPrior {
  try {
    return parseTauPrior(`${family}:${[location, scale, df].filter((number) => number != null).join(',')}`)
  } catch (error) {
    if (error instanceof RangeError) throw new PublicError('BAD_USER_INPUT', error.message, { reason: 'NOT_A_PRIOR', argument: 'tauPrior' })
    throw error
  }
}

@ObjectType({
  simpleResolvers: true,
  description: 'A pool under a Bayesian random-effects model: medians and central intervals of the posterior, effects as they are shown.',
})
export class BayesianPool {
  @Field(() => String, { description: 'Prior of tau, as the command line takes it: "HALF_NORMAL:0.5".' })
  prior!: string

  @Field(() => Float, { description: 'Posterior median of the mean effect.' })
  median!: number

  @Field(() => Float, { description: 'Lower limit of its central credible interval, at the level of the synthesis.' })
  lower!: number

  @Field(() => Float, { description: 'Upper limit.' })
  upper!: number

  @Field(() => Float, { description: 'Posterior median of tau, on the analysis scale.' })
  tauMedian!: number

  @Field(() => Float, { description: 'Where the true effect of a further study would lie, lower limit.' })
  predictiveLower!: number

  @Field(() => Float, { description: 'The same, upper limit.' })
  predictiveUpper!: number

  @Field(() => Float, {
    nullable: true,
    description: 'Posterior probability that magnesium is better; null where no direction of the outcome is good by itself.',
  })
  probabilityOfBenefit!: number | null
}
