import { fromAnalysisScale } from '../statistics/effectSize.js'
import { scaleOf } from '../synthesis/entry.js'
import { includesNoEffect, type BodyOfEvidence, type Judgement } from './bodyOfEvidence.js'

/** Participants, of an outcome that is measured, and events, of one that happens or not, that one adequate trial would have: rules of thumb of the paper. */
export const optimalInformationSize = { participants: 400, events: 300 } as const

const countsEvents: ReadonlySet<string> = new Set(['OR', 'PETO', 'RR', 'RD', 'HR', 'IRR'])

/**
 * One step where the interval includes both no effect and an appreciable one, two where it includes appreciable effects either way; one more, two at
 * most, where there are fewer participants or events than the optimal information size.
 *
 * @see Guyatt et al. (2011), J Clin Epidemiol 64:1283–1293: a quarter more or less of a risk is appreciable; 400 participants, 300 events
 */
export function imprecision(body: BodyOfEvidence): Judgement {
  const { steps, reason } = intervalVerdict(body)
  const size = sizeVerdict(body)
  return {
    domain: 'IMPRECISION',
    steps: Math.max(-2, steps + size.steps),
    reason: `${reason}; ${size.reason}`,
    source: 'Guyatt et al. (2011), GRADE guidelines 6, J Clin Epidemiol 64:1283–1293',
  }
}

function intervalVerdict(body: BodyOfEvidence): { steps: number; reason: string } {
  const scale = scaleOf(body.measure)
  const shown = (value: number) => `${Number(fromAnalysisScale(value, scale).toPrecision(3))}`
  const interval = `the interval ${shown(body.ciLower)} to ${shown(body.ciUpper)}`
  if (!includesNoEffect(body)) return { steps: 0, reason: `${interval} excludes no effect` }
  const appreciable = appreciableEffects(body)
  if (appreciable === null) return { steps: -1, reason: `${interval} includes no effect, and how much would be appreciable is not known` }
  const limits = `${shown(appreciable.lower)} or ${shown(appreciable.upper)}`
  const reached = [body.ciLower <= appreciable.lower, body.ciUpper >= appreciable.upper].filter(Boolean).length
  const meaning = [`but nothing as large as ${limits}`, `and appreciable ones (${limits}) on one side`, `and appreciable ones (${limits}) either way`]
  return { steps: -reached, reason: `${interval} includes no effect ${meaning[reached]}` }
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
  // Without the events, too few participants to have had them still tell.
  if (actual === null && needed === 'events' && participants !== null && participants < enough)
    return { steps: -1, reason: `${participants} participants cannot have had ${enough} events` }
  if (actual === null) return { steps: 0, reason: `the number of ${needed} is not known` }
  if (actual < enough) return { steps: -1, reason: `${actual} ${needed} are fewer than ${enough}` }
  return { steps: 0, reason: `${actual} ${needed} are enough` }
}
