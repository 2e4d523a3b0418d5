import { enoughForAsymmetry } from '../synthesis/smallStudyEffects.js'
import { includesNoEffect, percent, shareOf, type BodyOfEvidence, type Judgement } from './bodyOfEvidence.js'

/**
 * Two steps where high risk of bias carries more than half of the weight; one where it carries more than a quarter, or where more than half is at
 * high risk, of some concern, unclear or not assessed: what nobody looked at is not taken for sound.
 */
export function riskOfBias({ studies }: BodyOfEvidence): Judgement {
  const high = shareOf(studies, ({ riskOfBias }) => riskOfBias === 'HIGH')
  const concerning = shareOf(studies, ({ riskOfBias }) => riskOfBias === 'SOME_CONCERNS' || riskOfBias === 'UNCLEAR')
  const unassessed = shareOf(studies, ({ riskOfBias }) => riskOfBias === null)
  const steps = high > 50 ? -2 : high > 25 || high + concerning + unassessed > 50 ? -1 : 0
  const parts = [
    ...(high > 0 ? [`${percent(high)} at high risk`] : []),
    ...(concerning > 0 ? [`${percent(concerning)} with some concerns or unclear`] : []),
    ...(unassessed > 0 ? [`${percent(unassessed)} not assessed`] : []),
  ]
  return {
    domain: 'RISK_OF_BIAS',
    steps,
    reason: parts.length === 0 ? 'all of the weight is at low risk of bias' : `of the weight, ${parts.join(', ')}`,
    source: 'Guyatt et al. (2011), GRADE guidelines 4, J Clin Epidemiol 64:407–415',
  }
}

/**
 * One step where I² is over 50 % with p < 0.1, where the prediction interval reaches no effect though the confidence interval does not, or where single
 * studies exclude no effect on both sides; two where I² is over 75 % with p < 0.1 and one of the other two holds as well.
 */
export function inconsistency(body: BodyOfEvidence): Judgement {
  const verdict = (steps: number, reason: string): Judgement => ({
    domain: 'INCONSISTENCY',
    steps,
    reason,
    source: 'Guyatt et al. (2011), GRADE guidelines 7, J Clin Epidemiol 64:1294–1302',
  })
  const { heterogeneity, predictionLower, predictionUpper, studies } = body
  if (heterogeneity === null) return verdict(0, 'one study cannot differ from others: consistency is not known')
  const { i2, pValue } = heterogeneity
  const differs = pValue < 0.1
  const mayReachNoEffect =
    predictionLower !== null && predictionUpper !== null && !includesNoEffect(body) && includesNoEffect({ ciLower: predictionLower, ciUpper: predictionUpper })
  const above = studies.filter(({ ciLower }) => ciLower > 0).length
  const below = studies.filter(({ ciUpper }) => ciUpper < 0).length
  const opposed = above > 0 && below > 0
  const isSubstantial = differs && i2 > 50
  const steps = differs && i2 > 75 && (mayReachNoEffect || opposed) ? -2 : isSubstantial || mayReachNoEffect || opposed ? -1 : 0
  const reasons = [
    `I² is ${percent(i2)} (p ${shownP(pValue)})`,
    ...(mayReachNoEffect ? ['the prediction interval reaches no effect, which the confidence interval excludes'] : []),
    ...(opposed ? [`of single studies, ${Math.min(above, below)} on one side and ${Math.max(above, below)} on the other exclude no effect`] : []),
  ]
  return verdict(steps, reasons.join('; '))
}

/**
 * Two steps for evidence in animals or in vitro. Else one each, together at most two, where another treatment or other magnesium is what more than a
 * quarter of the weight is compared with, and where the outcome is a surrogate.
 */
export function indirectness({ studies, isSurrogate }: BodyOfEvidence): Judgement {
  const source = 'Guyatt et al. (2011), GRADE guidelines 8, J Clin Epidemiol 64:1303–1310'
  if (studies.some(({ subjects }) => subjects !== 'HUMAN'))
    return { domain: 'INDIRECTNESS', steps: -2, reason: 'no people took part: the evidence is of animals or in vitro', source }
  const otherwiseTreated = shareOf(
    studies,
    ({ comparatorRole }) => comparatorRole === 'ACTIVE_CONTROL' || comparatorRole === 'MAGNESIUM' || comparatorRole === 'MAGNESIUM_LOWER_DOSE',
  )
  const reasons = [
    ...(otherwiseTreated > 25 ? [`${percent(otherwiseTreated)} of the weight compares with another treatment or other magnesium`] : []),
    ...(isSurrogate ? ['the outcome is a surrogate for what matters to patients'] : []),
  ]
  if (reasons.length > 0) return { domain: 'INDIRECTNESS', steps: -reasons.length, reason: reasons.join('; '), source }
  const others = otherwiseTreated > 0 ? `, ${percent(otherwiseTreated)} of the weight against another treatment or other magnesium` : ''
  return {
    domain: 'INDIRECTNESS',
    steps: 0,
    reason: `people, and the outcome itself${others}; whether they are the people in question is left to the reader`,
    source,
  }
}

/** One step, from ten studies on, where the test advised for the measure gives p < 0.1 or where trim and fill changes what the interval says of no effect. */
export function publicationBias(body: BodyOfEvidence): Judgement {
  const verdict = (steps: number, reason: string): Judgement => ({
    domain: 'PUBLICATION_BIAS',
    steps,
    reason,
    source: 'Guyatt et al. (2011), GRADE guidelines 5, J Clin Epidemiol 64:1277–1282',
  })
  const { studies, smallStudyEffects } = body
  if (studies.length < enoughForAsymmetry)
    return verdict(0, `not assessable: ${studies.length === 1 ? 'one study' : `${studies.length} studies`}, and tests of asymmetry need ten`)
  const { test = '', testP = null, trimAndFill = null } = smallStudyEffects ?? {}
  if (testP === null && trimAndFill === null) return verdict(0, 'not assessable: no test of asymmetry could be computed')
  const asymmetric = testP !== null && testP < 0.1
  const changed = trimAndFill !== null && trimAndFill.missing > 0 && saysOf(trimAndFill) !== saysOf(body)
  const reasons = [
    ...(testP === null ? [] : [`${test} gives p ${shownP(testP)}`]),
    ...(trimAndFill === null
      ? []
      : [
          `trim and fill adds ${trimAndFill.missing} studies${trimAndFill.missing === 0 ? '' : changed ? ', which changes the conclusion' : ', which changes no conclusion'}`,
        ]),
  ]
  return verdict(asymmetric || changed ? -1 : 0, reasons.join('; '))
}

const saysOf = (interval: { readonly ciLower: number; readonly ciUpper: number }) => (includesNoEffect(interval) ? 0 : Math.sign(interval.ciLower))

const shownP = (p: number) => (p < 0.001 ? '< 0.001' : `= ${p.toPrecision(2)}`)
