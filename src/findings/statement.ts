import { readComparisonKey } from '../evidence/comparisonKey.js'
import type { CertaintyLevel, EffectDirection, EvidenceClass, ExposureMetric } from '../generated/prisma/enums.js'
import type { OutcomeTerm } from '../vocabulary/vocabulary.js'
import { amount, counted, people } from './amount.js'

/** What one finding is told from. Numbers are as they are shown: ratios as ratios. */
export interface Told {
  readonly outcome: Pick<OutcomeTerm, 'name' | 'benefitDirection'>
  readonly comparisonKey: string
  /** "against placebo or no treatment". */
  readonly comparisonLabel: string
  readonly evidenceClass: EvidenceClass
  readonly studies: number
  readonly participants: number | null
  /** Null if nothing could be pooled. */
  readonly pool: ToldPool | null
  readonly notPooledReason: string | null
  readonly certainty: CertaintyLevel | null
}

export interface ToldPool {
  readonly measure: string
  readonly estimate: number
  readonly ciLower: number
  readonly ciUpper: number
  /** Of mean differences, for a reader: "points of the Insomnia Severity Index". */
  readonly unit: string | null
  readonly direction: EffectDirection
  /** From where on the effect is appreciable; null if that is not known. */
  readonly appreciable: { readonly lower: number; readonly upper: number } | null
  readonly perThousand: { readonly without: number; readonly difference: number; readonly lower: number; readonly upper: number } | null
}

const ratios: ReadonlySet<string> = new Set(['OR', 'RR', 'HR', 'IRR', 'PETO', 'ROM'])
export const isRatio = (measure: string): boolean => ratios.has(measure)

/** Measures of how often something happens, against those of how much. */
const frequencies: ReadonlySet<string> = new Set(['OR', 'RR', 'HR', 'IRR', 'PETO', 'RD'])

/** The value of a measure that means no effect. */
export const noEffectOf = (measure: string): number => (isRatio(measure) ? 1 : 0)

/**
 * What an interval says of an effect.
 *
 * - CHANGED: it excludes no effect, and is not wholly trivial.
 * - LITTLE: it lies within the limits of an appreciable effect, so that none is left to be found.
 * - UNCLEAR: it includes no effect, and appreciable ones with it.
 */
export type Size = 'CHANGED' | 'LITTLE' | 'UNCLEAR'

export function sizeOf({ measure, ciLower, ciUpper, appreciable }: ToldPool): Size {
  if (appreciable !== null && ciLower > appreciable.lower && ciUpper < appreciable.upper) return 'LITTLE'
  const none = noEffectOf(measure)
  return ciLower <= none && ciUpper >= none ? 'UNCLEAR' : 'CHANGED'
}

const confidence: Readonly<Record<CertaintyLevel, string>> = {
  HIGH: 'High certainty',
  MODERATE: 'Moderate certainty',
  LOW: 'Low certainty',
  VERY_LOW: 'Very low certainty',
}

/** How a finding is put at each level: as it is, probably, perhaps. */
const verbs: Readonly<Record<Exclude<CertaintyLevel, 'VERY_LOW'>, string>> = { HIGH: 'is', MODERATE: 'is probably', LOW: 'may be' }

/**
 * One sentence on one outcome, by rule from the size of the effect and the certainty of it: how sure first, then against what, then what and how much.
 * It names a direction only if the interval excludes no effect, and little or no difference only if the interval leaves no appreciable one.
 *
 * @see Santesso et al. (2020), GRADE guidelines 26, J Clin Epidemiol 119:126–135, whose scheme of size by certainty it follows in words of its own
 */
export function statementOf(told: Told): string {
  const { pool, certainty } = told
  if (pool === null) return notPooledStatement(told)
  const sure = certainty === null ? 'Certainty not rated' : confidence[certainty]
  return `${sure}: ${againstWhat(told)}, ${found(told, pool)}, in ${evidenceBehind(told)}.`
}

function notPooledStatement(told: Told): string {
  const reason = told.notPooledReason === null ? '' : ` (${told.notPooledReason})`
  return `Not pooled: ${againstWhat(told)}, what ${evidenceBehind(told)} found on ${told.outcome.name} cannot be given as one number${reason}.`
}

function found(told: Told, pool: ToldPool): string {
  const { certainty, outcome } = told
  const size = sizeOf(pool)
  const much = amountOf(pool)
  if (size === 'UNCLEAR') return `it is unclear whether ${outcome.name} differs: ${much}`
  const what = `${size === 'LITTLE' ? `little or no difference in ${outcome.name}` : comparativeOf(told, pool)}${withWhat(told)}`
  if (certainty === 'VERY_LOW' || certainty === null)
    return `${size === 'LITTLE' ? `${what} was found` : `${outcome.name} was found ${what}`}, and the truth may be far from it: ${much}`
  return `${size === 'LITTLE' ? 'there' : outcome.name} ${verbs[certainty]} ${what}: ${much}`
}

/** "lower (better)", "more frequent (worse)"; of a pool whose sign runs against the outcome's own, "better" alone. */
function comparativeOf({ outcome }: Told, pool: ToldPool): string {
  const rises = pool.estimate > noEffectOf(pool.measure)
  const judged = pool.direction === 'FAVOURS_MAGNESIUM' ? 'better' : pool.direction === 'FAVOURS_COMPARATOR' ? 'worse' : null
  const word = frequencies.has(pool.measure) ? (rises ? 'more frequent' : 'less frequent') : rises ? 'higher' : 'lower'
  if (judged === null) return word
  const isGoodToRise = outcome.benefitDirection === 'HIGHER'
  if (outcome.benefitDirection !== 'NEUTRAL' && (judged === 'better') !== (rises === isGoodToRise)) return judged
  return `${word} (${judged})`
}

/** How much: people of a thousand if they can be told, else the effect in its own unit; with its interval. */
export function amountOf(pool: ToldPool): string {
  const { measure, estimate, ciLower, ciUpper, unit, perThousand } = pool
  if (perThousand !== null && perThousand.difference !== 0) {
    const { without, difference, lower, upper } = perThousand
    const more = (value: number) => `${people(Math.abs(value))} ${value > 0 ? 'more' : 'fewer'}`
    const [first, last] = lower < upper ? [lower, upper] : [upper, lower]
    return `${more(difference)} in 1,000 people (${more(first)} to ${more(last)}), from ${people(without)} without`
  }
  const none = noEffectOf(measure)
  const interval = `${amount(ciLower, none)} to ${amount(ciUpper, none)}`
  switch (measure) {
    case 'MD':
      return `difference ${amount(estimate)} ${unit ?? ''}`.trimEnd() + ` (${interval})`
    case 'SMD':
      return `difference ${amount(estimate)} standard deviations (${interval})`
    default:
      return `${measureNames[measure] ?? measure} ${amount(estimate, none)} (${interval})`
  }
}

export const measureNames: Readonly<Record<string, string>> = {
  OR: 'odds ratio',
  PETO: 'odds ratio',
  RR: 'risk ratio',
  RD: 'risk difference',
  HR: 'hazard ratio',
  IRR: 'rate ratio',
  ROM: 'ratio of means',
  MD: 'mean difference',
  SMD: 'standardised mean difference',
  COR: 'correlation',
}

const studyNouns: Readonly<Record<EvidenceClass, readonly [one: string, several: string]>> = {
  RANDOMIZED: ['randomised trial', 'randomised trials'],
  NON_RANDOMIZED: ['controlled study without randomisation', 'controlled studies without randomisation'],
  COHORT: ['cohort study', 'cohort studies'],
  CASE_CONTROL: ['case-control study', 'case-control studies'],
  CROSS_SECTIONAL: ['cross-sectional study', 'cross-sectional studies'],
  UNCONTROLLED: ['study without a comparison group', 'studies without a comparison group'],
}

/** "3 randomised trials of 210 people". */
export function evidenceBehind({ evidenceClass, studies, participants }: Pick<Told, 'evidenceClass' | 'studies' | 'participants'>): string {
  const [one, several] = studyNouns[evidenceClass]
  return `${counted(studies, one, several)}${participants === null ? '' : ` of ${counted(participants, 'person', 'people')}`}`
}

export function againstWhat({ comparisonKey, comparisonLabel }: Pick<Told, 'comparisonKey' | 'comparisonLabel'>): string {
  const { kind, details } = readComparisonKey(comparisonKey)
  return kind === 'EXPOSURE' ? `among people with ${exposureOf(details)} than others` : comparisonLabel
}

/** What an outcome differs with; of observed exposures nothing is said that could be read as a cause. */
function withWhat({ comparisonKey }: Told): string {
  const { kind } = readComparisonKey(comparisonKey)
  if (kind === 'EXPOSURE') return ''
  return kind === 'NONE' ? ' after magnesium, for whatever cause' : kind === 'MAGNESIUM' ? ' with the magnesium tried' : ' with magnesium'
}

const exposures: Readonly<Record<ExposureMetric, string>> = {
  DIETARY_INTAKE: 'more magnesium in the diet',
  TOTAL_INTAKE: 'more magnesium from food and supplements',
  SUPPLEMENT: 'more magnesium from supplements',
  SERUM: 'more magnesium in serum or plasma',
  URINE: 'more magnesium in urine',
  DRINKING_WATER: 'more magnesium in drinking water',
  SCORE: 'more magnesium by a depletion score',
  OTHER: 'more magnesium',
}

const exposureOf = ([detail = 'OTHER']: readonly string[]) =>
  detail.startsWith('OTHER:') ? `more magnesium (${detail.slice('OTHER:'.length)})` : (exposures[detail as ExposureMetric] ?? exposures.OTHER) // keys hold metrics
