import type { ArmEntry, ArmResultEntry, ReportedEffectEntry } from '../corpus/format.js'
import type { LeaveOut } from './clinicalTrials.arms.js'
import { numberIn, type Analysis, type OutcomeMeasure } from './clinicalTrials.format.js'

export interface Contrasted {
  readonly intervention: ArmEntry
  readonly comparator: ArmEntry
  readonly armOf: ReadonlyMap<string, ArmEntry>
  /** Of the intervention, then of the comparator. */
  readonly armResults: readonly ArmResultEntry[]
  readonly leaveOut: LeaveOut
  /** Whether the measure has one time, so that its analyses are of it. */
  readonly only: boolean
}

/**
 * The effects that the registry reports for a contrast. It does not say which group was subtracted from which, so an
 * effect is taken where the numbers of the arms tell, and turned round (with what was printed) where they say the reverse.
 */
export function effectsReported(measure: OutcomeMeasure, { intervention, comparator, armOf, armResults, leaveOut, only }: Contrasted): ReportedEffectEntry[] {
  const ofContrast = measure.analyses.filter(({ groupIds }) => {
    const slugs = groupIds.map((id) => armOf.get(id)?.slug)
    return slugs.length === 2 && slugs.includes(intervention.slug) && slugs.includes(comparator.slug)
  })
  return ofContrast.flatMap((analysis): ReportedEffectEntry[] => {
    const named = `the analysis${analysis.statisticalMethod === undefined ? '' : ` by ${analysis.statisticalMethod}`} of ${intervention.label} against ${comparator.label}`
    const estimate = numberIn(analysis.paramValue)
    const kind = effectKindOf(analysis.paramType ?? '')
    if (estimate === null || kind === null) {
      leaveOut(
        `${named}: ${analysis.paramType ?? 'no effect'} ${analysis.paramValue ?? `(p ${analysis.pValue ?? 'not given'})`} is no effect that can be taken`,
      )
      return []
    }
    if (!only) {
      leaveOut(`${named}: which of several times it is of is not told`)
      return []
    }
    const expected = contrastOf(kind, armResults)
    const turned = expected === null ? null : turnNeeded(kind, estimate, expected)
    if (turned === null) {
      leaveOut(`${named}: whether ${estimate} is magnesium minus comparator, or the reverse, is not told`)
      return []
    }
    return [effectOf(analysis, kind, estimate, turned)]
  })
}

type EffectKind = 'MD' | 'OR' | 'RR' | 'RD'

function effectKindOf(paramType: string): EffectKind | null {
  if (/\bmean difference\b|\bLS means? difference\b|\bdifference (in|of|between) (LS |least squares )?means?\b/i.test(paramType)) return 'MD'
  if (/\bodds ratio\b/i.test(paramType)) return 'OR'
  if (/\brisk ratio\b|\brelative risk\b/i.test(paramType)) return 'RR'
  return /\brisk difference\b/i.test(paramType) ? 'RD' : null
}

/** Magnesium against comparator by the numbers of the arms; ratios as logarithms. */
function contrastOf(kind: EffectKind, [first, second]: readonly ArmResultEntry[]): number | null {
  if (kind === 'MD') return first?.mean === undefined || second?.mean === undefined ? null : first.mean - second.mean
  const [a, n1, c, n2] = [first?.events, first?.n, second?.events, second?.n]
  if (a === undefined || n1 === undefined || c === undefined || n2 === undefined || n1 === 0 || n2 === 0) return null
  if (kind === 'RD') return a / n1 - c / n2
  const ratio = kind === 'RR' ? a / n1 / (c / n2) : (a * (n2 - c)) / ((n1 - a) * c)
  return ratio > 0 && Number.isFinite(ratio) ? Math.log(ratio) : null
}

/** Whether the estimate must be turned round to be magnesium against comparator; null where the arms do not tell. */
function turnNeeded(kind: EffectKind, estimate: number, expected: number): boolean | null {
  const isRatio = kind === 'OR' || kind === 'RR'
  if (isRatio && estimate <= 0) return null
  const value = isRatio ? Math.log(estimate) : estimate
  // A difference of risks may be given in percent.
  if (value === 0 || expected === 0 || (kind === 'RD' && Math.abs(value) > 1)) return null
  // An adjusted estimate differs from the arms' difference; only a plain agreement in sign and size decides.
  if (Math.abs(Math.abs(value) - Math.abs(expected)) > Math.max(0.5 * Math.abs(expected), isRatio ? 0.05 : 0)) return null
  return Math.sign(value) !== Math.sign(expected)
}

function effectOf(analysis: Analysis, kind: EffectKind, estimate: number, turned: boolean): ReportedEffectEntry {
  const isRatio = kind === 'OR' || kind === 'RR'
  const turn = (value: number) => (!turned ? value : isRatio ? Number((1 / value).toPrecision(12)) : -value)
  const [lower, upper] = [numberIn(analysis.ciLowerLimit), numberIn(analysis.ciUpperLimit)]
  const percent = numberIn(analysis.ciPctValue)
  const isInterval =
    lower !== null &&
    upper !== null &&
    lower <= upper &&
    percent !== null &&
    percent > 0 &&
    percent < 100 &&
    analysis.ciNumSides !== 'ONE_SIDED' &&
    (!isRatio || lower > 0)
  const error = /standard error/i.test((analysis.dispersionType ?? '').replaceAll('_', ' ')) && !isRatio ? numberIn(analysis.dispersionValue) : null
  const p = pValueOf(analysis.pValue)
  return {
    measure: kind,
    estimate: turn(estimate),
    ...(error !== null && error > 0 && { standardError: error }),
    ...(isInterval && { ciLower: turn(turned ? upper : lower), ciUpper: turn(turned ? lower : upper), ciLevel: percent / 100 }),
    ...(p !== null && { p }),
    ...(turned && {
      printed: {
        estimate,
        ...(isInterval && { ciLower: lower, ciUpper: upper }),
        reason: 'The registry takes comparator against magnesium, as the numbers of the arms show.',
      },
    }),
    ...(analysis.statisticalMethod !== undefined && { note: `By ${analysis.statisticalMethod}.` }),
  }
}

/** "<0.001" or "0.03". */
function pValueOf(text: string | undefined): NonNullable<ReportedEffectEntry['p']> | null {
  const [, sign = '', number] = /^\s*([<>=]?)\s*=?\s*(\d*\.?\d+)\s*$/.exec(text ?? '') ?? []
  const value = numberIn(number)
  return value === null || value > 1 ? null : { value, operator: sign === '<' ? 'LT' : sign === '>' ? 'GT' : 'EQ' }
}
