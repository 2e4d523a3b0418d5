import type { ArmResultEntry } from '../corpus/format.js'
import type { LeaveOut } from './clinicalTrials.arms.js'
import { numberIn, type Measurement, type OutcomeMeasure } from './clinicalTrials.format.js'

type NumbersRead = Partial<Omit<ArmResultEntry, 'arm' | 'n' | 'eventsFromPercent'>>

export interface MeasureReader {
  readonly valueKind: 'EVENT' | null
  readonly adjusted: boolean
  readonly unit: string | null
  /** Null where there is no number; `leaveOut` is told what beside it has no place. */
  readonly numbers: (measured: Measurement, leaveOut: LeaveOut) => NumbersRead | null
}

/** How the numbers of a measure are read, by what the registry says they are; else why they are not. */
export function readerOf({ paramType = '', dispersionType = '', unitOfMeasure = '' }: OutcomeMeasure): MeasureReader | string {
  const kind = paramType.toUpperCase().replaceAll(' ', '_')
  // "Units on a scale" says no more than that there is one; the instrument says which.
  const unit = /\b(units?|scores?|points?) on (a|the) scale\b/i.test(unitOfMeasure) ? null : unitOfMeasure.trim() || null
  const withValue =
    (numbers: (value: number, measured: Measurement, leaveOut: LeaveOut) => NumbersRead | null) => (measured: Measurement, leaveOut: LeaveOut) => {
      const value = numberIn(measured.value)
      return value === null ? null : numbers(value, measured, leaveOut)
    }
  if (kind === 'COUNT_OF_PARTICIPANTS' || (kind === 'NUMBER' && /^(participants|subjects|patients|people)$/i.test(unitOfMeasure.trim()))) {
    const events = (value: number, measured: Measurement, leaveOut: LeaveOut) => {
      noSpread(measured, dispersionType, leaveOut)
      return Number.isInteger(value) && value >= 0 ? { events: value } : null
    }
    return { valueKind: 'EVENT', adjusted: false, unit: null, numbers: withValue(events) }
  }
  const percentOf = (percent: number, measured: Measurement, leaveOut: LeaveOut) => {
    noSpread(measured, dispersionType, leaveOut)
    return { percent }
  }
  if (kind === 'NUMBER' && /^(percent(age)?|%|proportion) of (participants|subjects|patients|people)$/i.test(unitOfMeasure.trim()))
    return /^proportion/i.test(unitOfMeasure.trim())
      ? 'it gives proportions, which may be of 1 or of 100'
      : { valueKind: 'EVENT', adjusted: false, unit: null, numbers: withValue(percentOf) }
  if (kind === 'MEAN' || kind === 'LEAST_SQUARES_MEAN') {
    const spread = spreadOf(dispersionType)
    return {
      valueKind: null,
      adjusted: kind === 'LEAST_SQUARES_MEAN',
      unit,
      numbers: withValue((mean, measured, leaveOut) => ({ mean, ...spread(measured, leaveOut) })),
    }
  }
  if (kind === 'MEDIAN') {
    const spread = spreadOf(dispersionType)
    return { valueKind: null, adjusted: false, unit, numbers: withValue((median, measured, leaveOut) => ({ median, ...spread(measured, leaveOut) })) }
  }
  return `${paramType || 'a number of no stated kind'}${unitOfMeasure === '' ? '' : ` of ${unitOfMeasure}`} has no place in a result of an arm`
}

const given = ({ spread, lowerLimit, upperLimit }: Measurement) => [spread, lowerLimit, upperLimit].filter((text) => text !== undefined && text.trim() !== '')

function noSpread(measured: Measurement, dispersionType: string, leaveOut: LeaveOut): void {
  const texts = given(measured)
  if (texts.length > 0) leaveOut(`${dispersionType || 'a spread of no stated kind'} ${texts.join(' to ')} has no place beside a count`)
}

/** What stands beside a mean or median. An interval of another level than 95 % has no place, as no level is kept with it. */
function spreadOf(dispersionType: string): (measured: Measurement, leaveOut: LeaveOut) => NumbersRead {
  const named = dispersionType === '' ? 'a spread of no stated kind' : dispersionType
  const pair = (lower: 'ciLower' | 'q1' | 'minimum', upper: 'ciUpper' | 'q3' | 'maximum') => (measured: Measurement) => {
    const [low, high] = [numberIn(measured.lowerLimit), numberIn(measured.upperLimit)]
    return low === null || high === null || low > high ? null : { [lower]: low, [upper]: high }
  }
  const one = (name: 'sd' | 'se') => (measured: Measurement) => {
    const spread = numberIn(measured.spread)
    return spread === null || spread <= 0 ? null : { [name]: spread }
  }
  const type = dispersionType
    .toUpperCase()
    .replace(/[\s_-]+/g, ' ')
    .trim()
  const read =
    type === 'STANDARD DEVIATION'
      ? one('sd')
      : type === 'STANDARD ERROR'
        ? one('se')
        : /^95\s?% CONFIDENCE INTERVAL$/.test(type)
          ? pair('ciLower', 'ciUpper')
          : /^INTER ?QUARTILE RANGE$/.test(type)
            ? pair('q1', 'q3')
            : type === 'FULL RANGE'
              ? pair('minimum', 'maximum')
              : () => null
  return (measured, leaveOut) => {
    const numbers = read(measured)
    const texts = given(measured)
    if (numbers === null && texts.length > 0) leaveOut(`${named} ${texts.join(' to ')} has no place beside it`)
    return numbers ?? {}
  }
}

const percentWord = String.raw`(?:per ?cents?(?:ages?)?|%)`
const changeWord = String.raw`(?:changes?|changed|reductions?|decreases?|increases?|improvements?|declines?)`
const statedChange = [
  String.raw`${percentWord} (?:of )?(?:(?:mean|median|average|relative|score|least squares|ls) )*${changeWord}\b`,
  String.raw`\b${changeWord}\b[^.;]{0,60}? (?:expressed |given |calculated |computed )?as (?:a |an |the )?${percentWord}`,
  String.raw`\b(?:relative|proportional) ${changeWord} (?:from|to|of|in) (?:the )?baseline\b`,
].map((pattern) => new RegExp(pattern, 'i'))

/** Whether a text says that a number is a change in percent of what was before. */
export function statesPercentChange(text: string): boolean {
  const words = text.replace(/[()[\],:/–—-]+/g, ' ').replace(/\s+/g, ' ')
  return statedChange.some((pattern) => pattern.test(words))
}

const saysPercent = (text: string) => new RegExp(`${percentWord}(?![a-z])`, 'i').test(text)

/**
 * What the numbers of a mean or median are, by all that the registry says of them, and their unit; else why that cannot be told.
 *
 * @param inPercent whether the outcome, or the instrument, is measured in percent: then a change in percent may be one in points
 */
export function quantityOf(
  { title, unitOfMeasure = '', description = '' }: Pick<OutcomeMeasure, 'title' | 'unitOfMeasure' | 'description'>,
  part: string,
  unit: string | null,
  inPercent: boolean,
): { valueKind: 'FINAL' | 'CHANGE' | 'PERCENT_CHANGE'; unit: string | null } | string {
  const words = `${title} ${part}`
  const isGeneric = unit === null || saysPercent(unitOfMeasure) || /^(units?|scores?|points?|ratios?)\b/i.test(unitOfMeasure.trim())
  if ([words, unitOfMeasure, description].some(statesPercentChange))
    return isGeneric ? { valueKind: 'PERCENT_CHANGE', unit: '%' } : `it is said to be a change in percent, and its unit to be ${unit}`
  const isChange = new RegExp(String.raw`\bchange[sd]?\b`, 'i').test(words) || new RegExp(String.raw`\bchange[sd]?\b`, 'i').test(unitOfMeasure)
  if (saysPercent(unitOfMeasure) && !inPercent && (isChange || /\bbaseline\b/i.test(unitOfMeasure)))
    return `its unit is "${unitOfMeasure.trim()}", and whether it is a change in percent is not told`
  return { valueKind: isChange ? 'CHANGE' : 'FINAL', unit }
}
