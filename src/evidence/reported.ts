import type { EffectOrigin } from '../generated/prisma/enums.js'
import { correlation } from '../statistics/correlation.js'
import { estimateFromInterval, standardErrorFromInterval, standardErrorFromP } from '../statistics/fromReported.js'
import { analysisScaleOf, toAnalysisScale } from '../statistics/effectSize.js'
import type { Derived } from './derived.js'
import type { ReportedNumbers, ResultInQuestion } from './result.js'

interface Uncertainty {
  readonly standardError: number
  readonly origin: EffectOrigin
  readonly formula: string | null
  readonly inputs: Readonly<Record<string, number>> | null
  readonly assumptions: readonly string[]
}

/**
 * The standard error that a reported effect has, on its analysis scale: its own, else from its interval at the stated level, else from an
 * exact p value, else that of a correlation among so many people.
 */
export function standardErrorOf(
  { measure, estimate, standardError, ciLower, ciUpper, ciLevel, p }: ReportedNumbers,
  participants: number | null = null,
): Uncertainty | null {
  const scale = analysisScaleOf[measure]
  if (standardError !== undefined) return { standardError, origin: 'REPORTED', formula: null, inputs: null, assumptions: [] }
  const limits = limitsOf({ measure, ciLower, ciUpper })
  if (limits !== null && ciLevel !== undefined) return { ...standardErrorFromInterval({ ...limits, level: ciLevel }), origin: 'FROM_CI' }
  const onScale = estimate === undefined ? 0 : toAnalysisScale(estimate, scale)
  if (p?.operator === 'EQ' && p.value > 0 && p.value < 1 && Number.isFinite(onScale) && onScale !== 0)
    return { ...standardErrorFromP({ estimate: onScale, p: p.value }), origin: 'FROM_P' }
  return measure === 'COR' && estimate !== undefined && participants !== null ? fromNumberOfPeople(estimate, participants) : null
}

/** Fisher's z of a correlation has a standard error of 1/√(n − 3), whatever the correlation. */
function fromNumberOfPeople(r: number, n: number): Uncertainty | null {
  if (!(Math.abs(r) < 1 && n > 3)) return null
  const effect = correlation({ r, n })
  if (!effect.ok) return null
  const { standardError, formula, inputs } = effect
  return { standardError, origin: 'REPORTED', formula, inputs, assumptions: ['the standard error is that of a crude correlation among all participants'] }
}

/** The limits of an interval on the analysis scale; null if they are not in order, or a limit has no place there. */
function limitsOf({ measure, ciLower, ciUpper }: Pick<ReportedNumbers, 'measure' | 'ciLower' | 'ciUpper'>) {
  if (ciLower === undefined || ciUpper === undefined) return null
  const scale = analysisScaleOf[measure]
  const [lower, upper] = [toAnalysisScale(ciLower, scale), toAnalysisScale(ciUpper, scale)]
  return lower < upper && Number.isFinite(lower) && Number.isFinite(upper) ? { lower, upper } : null
}

/** The middle of an interval that is printed without its estimate, on the analysis scale. */
function middleOf(entry: ReportedNumbers) {
  const limits = entry.estimate === undefined ? limitsOf(entry) : null
  return limits === null ? null : estimateFromInterval(limits)
}

/**
 * An effect as its source reports it, typed, on its analysis scale, with a standard error where one follows. An interval without an
 * estimate has its middle for one, and says so.
 *
 * @param participants people behind the effect, where they are known
 */
export function reportedEffect({ result }: Pick<ResultInQuestion, 'result'>, entry: ReportedNumbers, participants: number | null = null): Derived {
  const { measure, ciLower, ciUpper, ciLevel, p } = entry
  const onScale = (value: number | undefined) => (value === undefined ? null : toAnalysisScale(value, analysisScaleOf[measure]))
  const uncertainty = standardErrorOf(entry, participants)
  const middle = middleOf(entry)
  const estimate = middle?.estimate ?? onScale(entry.estimate)
  const absent =
    estimate === null
      ? (result.absentReason ?? (p === undefined ? 'NOT_REPORTED' : 'ONLY_P_THRESHOLD'))
      : uncertainty === null
        ? p !== undefined && p.operator !== 'EQ'
          ? 'ONLY_P_THRESHOLD'
          : (result.absentReason ?? 'NOT_REPORTED')
        : null
  return {
    measure,
    analysisScale: analysisScaleOf[measure],
    estimate,
    standardError: uncertainty?.standardError ?? null,
    ciLower: onScale(ciLower),
    ciUpper: onScale(ciUpper),
    ciLevel: ciLower === undefined ? null : (ciLevel ?? null),
    pValue: p?.value ?? null,
    pValueOperator: p?.operator ?? null,
    origin: uncertainty?.origin ?? (middle === null ? 'REPORTED' : 'FROM_CI'),
    formula: [middle?.formula, uncertainty?.formula].filter((formula) => formula != null).join('+') || null,
    inputs: uncertainty?.inputs ?? middle?.inputs ?? null,
    assumptions: [
      ...(middle === null ? [] : [estimateNotPrinted, ...middle.assumptions]),
      ...(uncertainty?.assumptions ?? []),
      ...(entry.intervalKind === 'CREDIBLE' && ciLower !== undefined ? ['the limits are of a credible interval, taken as those of a confidence interval'] : []),
    ],
    printed: entry.printed === undefined ? null : printedOf(entry.printed),
    absentReason: absent,
    note: entry.note ?? null,
  }
}

const estimateNotPrinted = 'the estimate is not printed: it is the middle of the interval'

function printedOf(printed: NonNullable<ReportedNumbers['printed']>): Record<string, number | string> {
  return Object.fromEntries(Object.entries(printed).filter((pair): pair is [string, number | string] => pair[1] !== undefined))
}
