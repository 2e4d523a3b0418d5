import { fromAnalysisScale } from '../statistics/effectSize.js'
import { scaleOf } from '../synthesis/entry.js'
import { includesNoEffect, type BodyOfEvidence, type Judgement } from './bodyOfEvidence.js'

/** Participants, of an outcome that is measured, and events, of one that happens or not, that one adequate trial would have: rules of thumb of the paper. */
export const optimalInformationSize = { participants: 400, events: 300 } as const

const countsEvents: ReadonlySet<string> = new Set(['OR', 'PETO', 'RR', 'RD', 'HR', 'IRR'])

/** From where on an effect is large, in multiples of an appreciable one: Cohen's 0.8 beside 0.2 standard deviations. Of ratios, half or twice the risk. */
const largeInAppreciable = 4
const largeRatio = 2

/** Fewer than this share of the optimal information size are far fewer. */
const farFewer = 0.5

/**
 * One step for each threshold of an appreciable effect that the interval reaches across, whether or not it includes no effect; a third where it
 * includes large effects either way. An interval that crosses none counts for what it is only if it rests on enough: one step below the optimal
 * information size, two far below it.
 *
 * @see Zeng et al. (2022), J Clin Epidemiol 150:216–224 (GRADE guidance 34): thresholds before size, up to three steps
 * @see Guyatt et al. (2011), J Clin Epidemiol 64:1283–1293: a quarter more or less of a risk is appreciable; 400 participants, 300 events
 */
export function imprecision(body: BodyOfEvidence): Judgement {
  const { steps, reason } = intervalVerdict(body)
  const size = sizeVerdict(body)
  return {
    domain: 'IMPRECISION',
    steps: steps === 0 ? size.steps : steps,
    reason: `${reason}; ${size.reason}`,
    source:
      'Zeng et al. (2022), GRADE guidance 34, J Clin Epidemiol 150:216–224; size by Guyatt et al. (2011), GRADE guidelines 6, J Clin Epidemiol 64:1283–1293',
  }
}

function intervalVerdict(body: BodyOfEvidence): { steps: number; reason: string } {
  const { measure, ciLower, ciUpper } = body
  const scale = scaleOf(measure)
  const shown = (value: number) => `${Number(fromAnalysisScale(value, scale).toPrecision(3))}`
  const interval = `the interval ${shown(ciLower)} to ${shown(ciUpper)} ${includesNoEffect(body) ? 'includes' : 'excludes'} no effect`
  const appreciable = appreciableEffects(body)
  if (appreciable === null) return { steps: includesNoEffect(body) ? -1 : 0, reason: `${interval}, and how much would be appreciable is not known` }
  const large = scale === 'LOG' ? Math.log(largeRatio) : largeInAppreciable * appreciable.upper
  const crossed = [appreciable.lower, appreciable.upper].filter((threshold) => ciLower <= threshold && ciUpper >= threshold)
  const limits = `${shown(appreciable.lower)} or ${shown(appreciable.upper)}`
  if (crossed.length === 0) {
    const isAppreciable = ciLower > appreciable.upper || ciUpper < appreciable.lower
    return { steps: 0, reason: `${interval} ${isAppreciable ? 'and trivial ones' : `but nothing as large as ${limits}`}` }
  }
  if (crossed.length === 1) return { steps: -1, reason: `${interval} and reaches from trivial to appreciable ones across ${crossed.map(shown).join()}` }
  return ciLower <= -large && ciUpper >= large
    ? { steps: -3, reason: `${interval} and reaches from large effects one way to large ones the other (${shown(-large)} and ${shown(large)})` }
    : { steps: -2, reason: `${interval} and reaches appreciable ones either way (${limits})` }
}

/**
 * From where on an effect is appreciable, on the analysis scale: 0.75 and 1.25 of a ratio of risks, odds, hazards or means; 0.2 standard deviations, or
 * the correlation of 0.1 that is as small; the instrument's minimal important difference. Null where none is known.
 *
 * @see Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., for the small effects
 */
export function appreciableEffects({ measure, minimalImportantDifference }: Pick<BodyOfEvidence, 'measure' | 'minimalImportantDifference'>): {
  lower: number
  upper: number
} | null {
  if (scaleOf(measure) === 'LOG') return { lower: Math.log(0.75), upper: Math.log(1.25) }
  const about = measure === 'SMD' ? 0.2 : measure === 'COR' ? Math.atanh(0.1) : measure === 'MD' ? minimalImportantDifference : null
  return about === null ? null : { lower: -about, upper: about }
}

function sizeVerdict({ measure, participants, events }: BodyOfEvidence): { steps: number; reason: string } {
  const needed = countsEvents.has(measure) ? ('events' as const) : ('participants' as const)
  const actual = needed === 'events' ? events : participants
  const enough = optimalInformationSize[needed]
  const stepsOf = (of: number) => (of < farFewer * enough ? -2 : of < enough ? -1 : 0)
  // Without the events, too few participants to have had them still tell.
  if (actual === null && needed === 'events' && participants !== null && participants < enough)
    return { steps: stepsOf(participants), reason: `${participants} participants cannot have had ${enough} events` }
  if (actual === null) return { steps: 0, reason: `the number of ${needed} is not known` }
  const compared = actual >= enough ? 'are enough' : actual < farFewer * enough ? `are less than half of ${enough}` : `are fewer than ${enough}`
  return { steps: stepsOf(actual), reason: `${actual} ${needed} ${compared}` }
}
