import { decimalsFor, shownLimit, shownNumber } from '../plots/number.js'
import type { Comparison, ComparisonKind, EffectDirection, EffectMeasure, EvidenceClass, RiskOfBiasLevel, StudyDesign } from '../generated/web/graphql.js'

/** Designs as readers call them; randomised ones first. */
export const designWords: Readonly<Record<StudyDesign, string>> = {
  RCT_PARALLEL: 'randomised, parallel groups',
  RCT_CROSSOVER: 'randomised, crossover',
  RCT_CLUSTER: 'randomised clusters',
  RCT_FACTORIAL: 'randomised, factorial',
  QUASI_EXPERIMENTAL: 'allocated, not at random',
  COHORT: 'cohort',
  CASE_CONTROL: 'case-control',
  CROSS_SECTIONAL: 'cross-sectional',
  SINGLE_ARM: 'one arm, before and after',
  CASE_SERIES: 'case series',
  MENDELIAN_RANDOMIZATION: 'Mendelian randomisation',
  ANIMAL: 'animals',
  IN_VITRO: 'in vitro',
  REVIEW: 'review',
}

export const riskWords: Readonly<Record<RiskOfBiasLevel, string>> = { LOW: 'low', SOME_CONCERNS: 'some concerns', HIGH: 'high', UNCLEAR: 'unclear' }

export const directionWords: Readonly<Record<EffectDirection, string>> = {
  FAVOURS_MAGNESIUM: 'favours magnesium',
  FAVOURS_COMPARATOR: 'favours the comparator',
  NO_CLEAR_DIFFERENCE: 'no clear difference',
  UNCLEAR: 'direction not told',
}

/** What an effect is compared with, as `comparison` of the API tells it. */
export interface ComparedWith {
  readonly kind: ComparisonKind
  readonly label: string
}

/** Whom an effect favours, with the name of what it is compared with: a finding is of a comparison. */
export function directionAgainst(direction: EffectDirection, { kind, label }: ComparedWith): string {
  if (direction === 'NO_CLEAR_DIFFERENCE' || direction === 'UNCLEAR') return directionWords[direction]
  const isForMagnesium = direction === 'FAVOURS_MAGNESIUM'
  if (kind === 'EXPOSURE') return isForMagnesium ? 'favours more magnesium' : 'favours less magnesium'
  if (kind === 'NONE') return isForMagnesium ? 'better after magnesium' : 'worse after magnesium'
  if (kind === 'MAGNESIUM') return isForMagnesium ? 'favours the magnesium that was tried' : `favours ${label.replace(/^against /, '')}`
  return isForMagnesium ? 'favours magnesium' : `favours ${label.replace(/^against /, '')}`
}

export const measureWords: Readonly<Record<EffectMeasure, string>> = {
  MD: 'mean difference',
  SMD: 'standardised mean difference',
  ROM: 'ratio of means',
  OR: 'odds ratio',
  RR: 'risk ratio',
  RD: 'risk difference',
  HR: 'hazard ratio',
  IRR: 'rate ratio',
  COR: 'correlation',
  BETA: 'regression coefficient',
}

const ratios: readonly EffectMeasure[] = ['OR', 'RR', 'HR', 'IRR', 'ROM']

/** The value at which magnesium makes no difference. */
export const noEffectOf = (measure: EffectMeasure): 0 | 1 => (ratios.includes(measure) ? 1 : 0)

/** "0.58 (0.44 to 0.77)"; with what is missing left out, and a dash where there is nothing. */
export function estimateWords(
  measure: EffectMeasure | null | undefined,
  estimate: number | null | undefined,
  lower?: number | null,
  upper?: number | null,
  printed?: number | null,
): string {
  if (measure == null || estimate == null) return '–'
  const numbers = [estimate, lower, upper].filter((value) => value != null)
  const decimals = printed ?? decimalsFor(numbers, ratios.includes(measure))
  const limits =
    lower == null || upper == null ? '' : ` (${shownLimit(lower, decimals, noEffectOf(measure))} to ${shownLimit(upper, decimals, noEffectOf(measure))})`
  return `${shownNumber(estimate, decimals)}${limits}`
}

/** A p value as it was reported: "p 0.03", "p < 0.001". */
export const pValueWords = (pValue: number, operator: Comparison | null): string =>
  `p ${operator === 'LT' ? '< ' : operator === 'GT' ? '> ' : ''}${Number(pValue.toPrecision(3))}`

/** "63" or "63 to 250"; "up to" is not said, for both ends are known. */
export function rangeWords({ low, high }: { readonly low: number; readonly high: number }, decimals = 0): string {
  const [least, most] = [low, high].map((value) => value.toLocaleString('en-GB', { maximumFractionDigits: decimals }))
  return least === most ? `${least}` : `${least} to ${most}`
}

/** Days as readers count them: hours within a day, days up to two weeks, weeks beyond. */
export function daysWords({ low, high }: { readonly low: number; readonly high: number }): string {
  if (high < 1) return high === 0 ? 'a single dose' : `${rangeWords({ low: low * 24, high: high * 24 }, 1)} hours`
  if (high < 14) return `${rangeWords({ low, high }, 1)} ${low === high && high === 1 ? 'day' : 'days'}`
  if (low < 14)
    return `${rangeWords({ low, high: low }, 1)} ${low === 1 ? 'day' : 'days'} to ${rangeWords({ low: high / 7, high: high / 7 }, high < 28 ? 1 : 0)} weeks`
  return `${rangeWords({ low: low / 7, high: high / 7 }, low < 28 ? 1 : 0)} weeks`
}

/** The level of an interval that is not of 95 %, to stand beside it; nothing beside the others. */
export const levelWords = (level: number | null): string =>
  level === null || Math.abs(level - 0.95) < 1e-9 ? '' : `${Number((level * 100).toFixed(1))} % interval`

/** "1,234" or a dash. */
export const countWords = (count: number | null | undefined): string => (count == null ? '–' : count.toLocaleString('en-GB'))

/** "1 study", "3 studies". */
export const counted = (count: number, one: string, several: string): string => `${count.toLocaleString('en-GB')} ${count === 1 ? one : several}`

/** SOME_CONCERNS as "some concerns", for words of which a reader needs no more. */
export const plainWord = (value: string): string => value.toLowerCase().replaceAll('_', ' ')

export const capitalised = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

/** A sentence of the API in a reader's words: NAMES_LIKE_THIS as "names like this"; short capitals (REML, ICD) are names of their own. */
export const sentenceWords = (sentence: string): string => sentence.replace(/\b[A-Z]{5,}(?:_[A-Z]+)*\b|\b[A-Z]+(?:_[A-Z]+)+\b/g, plainWord)

/** Classes of evidence, the strongest first. */
export const evidenceClassWords: Readonly<Record<EvidenceClass, string>> = {
  RANDOMIZED: 'randomised',
  NON_RANDOMIZED: 'controlled, not randomised',
  COHORT: 'cohort',
  CASE_CONTROL: 'case-control',
  CROSS_SECTIONAL: 'cross-sectional',
  UNCONTROLLED: 'uncontrolled',
}

/** A unit as readers write it: UCUM's annotations without braces, mm[Hg] as mmHg. */
export function unitWords(unit: string): string {
  return unit
    .replace(/ in [a-z0-9-]+$/, '')
    .replace(/\{([^}]*)\}/g, '$1')
    .replace('mm[Hg]', 'mmHg')
    .replace('u[IU]', 'µIU')
    .replace('m[IU]', 'mIU')
}
