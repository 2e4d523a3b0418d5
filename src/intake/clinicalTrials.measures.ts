import type { ArmResultEntry } from '../corpus/format.js'
import { numberIn, type Measurement, type OutcomeMeasure } from './clinicalTrials.format.js'

type NumbersRead = Partial<Omit<ArmResultEntry, 'arm' | 'n' | 'eventsFromPercent'>>

export interface MeasureReader {
  readonly valueKind: 'EVENT' | null
  readonly adjusted: boolean
  readonly unit: string | null
  readonly numbers: (measured: Measurement) => NumbersRead | null
}

/** How the numbers of a measure are read, by what the registry says they are; else why they are not. */
export function readerOf({ paramType = '', dispersionType = '', unitOfMeasure = '' }: OutcomeMeasure): MeasureReader | string {
  const kind = paramType.toUpperCase().replaceAll(' ', '_')
  // "Units on a scale" says no more than that there is one; the instrument says which.
  const unit = /\b(units?|scores?|points?) on (a|the) scale\b/i.test(unitOfMeasure) ? null : unitOfMeasure.trim() || null
  const withValue = (numbers: (value: number, measured: Measurement) => NumbersRead | null) => (measured: Measurement) => {
    const value = numberIn(measured.value)
    return value === null ? null : numbers(value, measured)
  }
  if (kind === 'COUNT_OF_PARTICIPANTS' || (kind === 'NUMBER' && /^(participants|subjects|patients|people)$/i.test(unitOfMeasure.trim()))) {
    const events = (value: number) => (Number.isInteger(value) && value >= 0 ? { events: value } : null)
    return { valueKind: 'EVENT', adjusted: false, unit: null, numbers: withValue(events) }
  }
  if (kind === 'NUMBER' && /^(percent(age)?|%|proportion) of (participants|subjects|patients|people)$/i.test(unitOfMeasure.trim()))
    return /^proportion/i.test(unitOfMeasure.trim())
      ? 'it gives proportions, which may be of 1 or of 100'
      : { valueKind: 'EVENT', adjusted: false, unit: null, numbers: withValue((percent) => ({ percent })) }
  if (kind === 'MEAN' || kind === 'LEAST_SQUARES_MEAN') {
    const spread = spreadOf(dispersionType)
    return { valueKind: null, adjusted: kind === 'LEAST_SQUARES_MEAN', unit, numbers: withValue((mean, measured) => ({ mean, ...spread(measured) })) }
  }
  if (kind === 'MEDIAN') {
    const spread = spreadOf(dispersionType)
    return { valueKind: null, adjusted: false, unit, numbers: withValue((median, measured) => ({ median, ...spread(measured) })) }
  }
  return `${paramType || 'a number of no stated kind'}${unitOfMeasure === '' ? '' : ` of ${unitOfMeasure}`} has no place in a result of an arm`
}

/** What stands beside a mean or median. An interval of another level than 95 % has no place, as no level is kept with it. */
function spreadOf(dispersionType: string): (measured: Measurement) => NumbersRead {
  const pair = (lower: 'ciLower' | 'q1' | 'minimum', upper: 'ciUpper' | 'q3' | 'maximum') => (measured: Measurement) => {
    const [low, high] = [numberIn(measured.lowerLimit), numberIn(measured.upperLimit)]
    return low === null || high === null || low > high ? {} : { [lower]: low, [upper]: high }
  }
  const one = (name: 'sd' | 'se') => (measured: Measurement) => {
    const spread = numberIn(measured.spread)
    return spread === null || spread < 0 ? {} : { [name]: spread }
  }
  const type = dispersionType
    .toUpperCase()
    .replace(/[\s_-]+/g, ' ')
    .trim()
  if (type === 'STANDARD DEVIATION') return one('sd')
  if (type === 'STANDARD ERROR') return one('se')
  if (/^95\s?% CONFIDENCE INTERVAL$/.test(type)) return pair('ciLower', 'ciUpper')
  if (/^INTER ?QUARTILE RANGE$/.test(type)) return pair('q1', 'q3')
  if (type === 'FULL RANGE') return pair('minimum', 'maximum')
  return () => ({})
}
