import { scaleOf } from '../synthesis/entry.js'
import { includesNoEffect, percent, shareOf, type BodyOfEvidence, type Judgement } from './bodyOfEvidence.js'

const source = 'Guyatt et al. (2011), GRADE guidelines 9, J Clin Epidemiol 64:1311–1316'

/**
 * What may raise evidence that began low, where nothing lowered it: one step for a ratio over 2 or under 0.5, two over 5 or under 0.2, if the interval
 * excludes no effect and most of the weight is adjusted for confounders. Gradients of dose and the direction of confounding are for a person to judge.
 */
export function ratingsUp(body: BodyOfEvidence, down: readonly Judgement[]): Judgement[] {
  const left = { steps: 0, reason: 'not computed: left to a person’s judgement', source }
  return [largeEffect(body, down), { domain: 'DOSE_RESPONSE', ...left }, { domain: 'CONFOUNDING', ...left }]
}

function largeEffect(body: BodyOfEvidence, down: readonly Judgement[]): Judgement {
  const none = (reason: string): Judgement => ({ domain: 'LARGE_EFFECT', steps: 0, reason, source })
  if (scaleOf(body.measure) !== 'LOG' || body.measure === 'ROM') return none('the rule is for ratios of risk')
  const times = Math.exp(Math.abs(body.estimate))
  const shown = `the ratio is ${Number(Math.exp(body.estimate).toPrecision(3))}`
  if (times <= 2) return none(`${shown}, not over 2 or under 0.5`)
  if (includesNoEffect(body)) return none(`${shown}, but the interval includes no effect`)
  if (down.some(({ steps }) => steps < 0)) return none(`${shown}, but what is rated down is not rated up`)
  const adjusted = shareOf(body.studies, (study) => study.adjusted)
  if (adjusted <= 50) return none(`${shown}, but ${percent(100 - adjusted)} of the weight is not adjusted for confounders`)
  return { ...none(`${shown}, ${times > 5 ? 'over 5 or under 0.2' : 'over 2 or under 0.5'}`), steps: times > 5 ? 2 : 1 }
}
