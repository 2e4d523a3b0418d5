import type { EffectOrigin } from '../generated/prisma/enums.js'
import { standardErrorFromInterval, standardErrorFromP } from '../statistics/fromReported.js'
import { analysisScaleOf, toAnalysisScale } from '../statistics/effectSize.js'
import type { Derived } from './armEffects.js'
import type { ReportedNumbers, ResultInQuestion } from './result.js'

interface Uncertainty {
  readonly standardError: number
  readonly origin: EffectOrigin
  readonly formula: string | null
  readonly inputs: Readonly<Record<string, number>> | null
  readonly assumptions: readonly string[]
}

/** The standard error that a reported effect has, on its analysis scale: its own, else from its interval at the stated level, else from an exact p value. */
export function standardErrorOf({ measure, estimate, standardError, ciLower, ciUpper, ciLevel, p }: ReportedNumbers): Uncertainty | null {
  const scale = analysisScaleOf[measure]
  if (standardError !== undefined) return { standardError, origin: 'REPORTED', formula: null, inputs: null, assumptions: [] }
  if (ciLower !== undefined && ciUpper !== undefined && ciLevel !== undefined && ciLower < ciUpper) {
    return {
      ...standardErrorFromInterval({ lower: toAnalysisScale(ciLower, scale), upper: toAnalysisScale(ciUpper, scale), level: ciLevel }),
      origin: 'FROM_CI',
    }
  }
  const onScale = estimate === undefined ? 0 : toAnalysisScale(estimate, scale)
  if (p?.operator === 'EQ' && p.value > 0 && p.value < 1 && onScale !== 0) return { ...standardErrorFromP({ estimate: onScale, p: p.value }), origin: 'FROM_P' }
  return null
}

/** An effect as its source reports it, typed, on its analysis scale, with a standard error where one follows. */
export function reportedEffect({ result }: Pick<ResultInQuestion, 'result'>, entry: ReportedNumbers): Derived {
  const { measure, estimate, ciLower, ciUpper, ciLevel, p } = entry
  const onScale = (value: number | undefined) => (value === undefined ? null : toAnalysisScale(value, analysisScaleOf[measure]))
  const uncertainty = standardErrorOf(entry)
  const absent =
    estimate === undefined
      ? (result.absentReason ?? (p === undefined ? 'NOT_REPORTED' : 'ONLY_P_THRESHOLD'))
      : uncertainty === null
        ? p !== undefined && p.operator !== 'EQ'
          ? 'ONLY_P_THRESHOLD'
          : (result.absentReason ?? 'NOT_REPORTED')
        : null
  return {
    measure,
    analysisScale: analysisScaleOf[measure],
    estimate: onScale(estimate),
    standardError: uncertainty?.standardError ?? null,
    ciLower: onScale(ciLower),
    ciUpper: onScale(ciUpper),
    ciLevel: ciLower === undefined ? null : (ciLevel ?? null),
    pValue: p?.value ?? null,
    pValueOperator: p?.operator ?? null,
    origin: uncertainty?.origin ?? 'REPORTED',
    formula: uncertainty?.formula ?? null,
    inputs: uncertainty?.inputs ?? null,
    assumptions: [...(uncertainty?.assumptions ?? [])],
    printed: entry.printed === undefined ? null : printedOf(entry.printed),
    absentReason: absent,
    note: entry.note ?? null,
  }
}

function printedOf(printed: NonNullable<ReportedNumbers['printed']>): Record<string, number | string> {
  return Object.fromEntries(Object.entries(printed).filter((pair): pair is [string, number | string] => pair[1] !== undefined))
}
