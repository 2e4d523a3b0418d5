import type { BenefitDirection, EffectDirection } from '../generated/prisma/enums.js'
import { oddsRatio } from '../statistics/binary.js'
import { standardizedMeanDifference } from '../statistics/continuous.js'
import { baselineRiskOf, convertEffect } from '../statistics/conversions.js'
import { momentsOf } from './armEffects.js'
import type { Derived } from './derived.js'
import type { Report, ResultInQuestion } from './result.js'

/** +1 where a higher value with magnesium is good for the patient, −1 where a lower one is; null where neither is, both arms had magnesium alike, or it is not known who had more. */
export function signOfBenefit({ study, result, outcome, instrument }: ResultInQuestion): 1 | -1 | null {
  if (magnesiumInBoth(study, result)) return null
  // An instrument's direction is that of its score; an event ("favourable outcome on the Rankin scale") has its own.
  const direction: BenefitDirection =
    outcome.type === 'BINARY' || outcome.type === 'TIME_TO_EVENT' || instrument === undefined || instrument.benefitDirection === 'NEUTRAL'
      ? outcome.benefitDirection
      : instrument.benefitDirection
  if (direction === 'NEUTRAL') return null
  const better = direction === 'HIGHER' ? 1 : -1
  if (result.exposure === undefined) return better
  if (result.exposure.contrastedHas === undefined) return null
  return result.exposure.contrastedHas === 'MORE_MAGNESIUM' ? better : better === 1 ? -1 : 1
}

/** A contrast of forms or of companions, not of magnesium: no side of it is "magnesium". (A lower dose is.) */
const magnesiumInBoth = ({ arms }: ResultInQuestion['study'], { comparator }: ResultInQuestion['result']) =>
  arms.find(({ slug }) => slug === comparator)?.role === 'MAGNESIUM'

/** Whom an effect favours. Only an interval or p value that makes chance an unlikely reason gives a side; anything less is no clear difference, or unclear. */
export function directionOf(question: ResultInQuestion, { estimate, ciLower, ciUpper, pValue, pValueOperator }: Derived): EffectDirection {
  const sign = signOfBenefit(question)
  const significant =
    ciLower !== null && ciUpper !== null
      ? ciLower > 0 || ciUpper < 0
      : pValue === null
        ? null
        : pValueOperator === 'GT'
          ? pValue >= 0.05
            ? false
            : null
          : pValueOperator === 'LT'
            ? pValue <= 0.05
              ? true
              : null
            : pValue < 0.05
  if (significant === false) return 'NO_CLEAR_DIFFERENCE'
  if (significant === true && estimate !== null && estimate !== 0)
    return sign === null ? 'UNCLEAR' : estimate * sign > 0 ? 'FAVOURS_MAGNESIUM' : 'FAVOURS_COMPARATOR'
  const { statedDirection } = question.result
  if (estimate !== null) return statedDirection === 'NO_CLEAR_DIFFERENCE' ? statedDirection : 'UNCLEAR'
  if (statedDirection === undefined) return 'UNCLEAR'
  return significant === true || statedDirection === 'NO_CLEAR_DIFFERENCE' ? statedDirection : 'UNCLEAR'
}

/** Hedges-g equivalent of an effect, positive = favours magnesium, with how it was reached or why there is none. */
export function benefitOf(question: ResultInQuestion, report: Report, effect: Derived): { standardizedBenefit: number | null; benefitNote: string | null } {
  const none = (benefitNote: string) => ({ standardizedBenefit: null, benefitNote })
  const sign = signOfBenefit(question)
  if (magnesiumInBoth(question.study, question.result)) return none('both arms received magnesium')
  if (sign === null)
    return none(
      question.result.exposure !== undefined && question.outcome.benefitDirection !== 'NEUTRAL'
        ? 'it is not known which side had more magnesium'
        : 'neither direction of the outcome is a benefit by itself',
    )
  if (effect.estimate === null) return none('there is no estimate')
  if (question.result.exposure !== undefined && question.result.exposure.reference === undefined)
    return none('an effect per unit of exposure is no contrast of two groups')
  const smd = smdEquivalent(question, report, effect.measure, effect.estimate)
  return 'reason' in smd ? none(smd.reason) : { standardizedBenefit: sign * smd.value, benefitNote: smd.method }
}

type Equivalent = { readonly value: number; readonly method: string } | { readonly reason: string }

/** An SMD from what is nearest to the data: the arms' means and standard deviations, their counts, else the effect itself. */
function smdEquivalent({ study, result }: ResultInQuestion, { armResults }: Report, measure: Derived['measure'], estimate: number): Equivalent {
  const a = armResults.find(({ arm }) => arm === result.intervention)
  const b = armResults.find(({ arm }) => arm === result.comparator)
  if (measure === 'MD') {
    const [intervention, comparator] = [a && momentsOf(a), b && momentsOf(b)]
    if (!intervention || !comparator) return { reason: 'the arms’ standard deviations are not reported, so the mean difference cannot be standardised' }
    const smd = standardizedMeanDifference(intervention, comparator)
    return smd.ok
      ? {
          value: smd.estimate,
          method: `Hedges’ g from the arms’ means and standard deviations${study.design === 'RCT_CROSSOVER' ? ', as if the periods were parallel groups' : ''}`,
        }
      : { reason: smd.reason }
  }
  if ((measure === 'RR' || measure === 'RD') && a?.events !== undefined && b?.events !== undefined && a.n !== undefined && b.n !== undefined) {
    const odds = oddsRatio({ events: a.events, total: a.n }, { events: b.events, total: b.n })
    return odds.ok ? converted('OR', odds.estimate, ' of the arms’ counts', undefined) : { reason: odds.reason }
  }
  return converted(measure, estimate, '', b === undefined ? undefined : baselineRiskOf(b))
}

function converted(measure: Derived['measure'], estimate: number, of: string, baselineRisk: number | undefined): Equivalent {
  const smd = convertEffect({ measure, estimate, standardError: null }, 'SMD', { baselineRisk })
  return smd.ok ? { value: smd.estimate, method: `${measure}${of} to SMD: ${smd.method}` } : { reason: smd.reason }
}
