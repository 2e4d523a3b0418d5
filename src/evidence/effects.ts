import type { AbsentReason, AnalysisScale, Comparison, EffectDirection, EffectMeasure, EffectOrigin } from '../generated/prisma/enums.js'
import { armEffects } from './armEffects.js'
import { benefitOf, directionOf } from './benefit.js'
import { statesEffect } from './bareDifference.js'
import { coherenceOf } from './coherence.js'
import type { Derived } from './derived.js'
import type { CoherenceCheckRecord } from './evidence.js'
import { participantsOf } from './participants.js'
import { reportedEffect } from './reported.js'
import type { Report, ResultInQuestion } from './result.js'

/** A row of the effect table, but for its keys. */
export interface EffectValues {
  /** Place of the report: 0 is the one that counts. */
  report: number
  isDefault: boolean
  measure: EffectMeasure
  analysisScale: AnalysisScale
  estimate: number | null
  standardError: number | null
  ciLower: number | null
  ciUpper: number | null
  ciLevel: number | null
  pValue: number | null
  pValueOperator: Comparison | null
  origin: EffectOrigin
  formula: string | null
  inputs: Readonly<Record<string, number | null>> | null
  assumptions: string[]
  printed: Record<string, number | string> | null
  participants: number | null
  direction: EffectDirection
  standardizedBenefit: number | null
  benefitNote: string | null
  coherence: 'PASS' | 'WARN' | 'FAIL' | 'NOT_CHECKABLE'
  coherenceChecks: CoherenceCheckRecord[]
  absentReason: AbsentReason | null
  note: string | null
}

/**
 * Every number for a result: as reported and as computed from the arms, for each report of it, one of them the default.
 *
 * The default is computed from the arms where their data allow a standard error, since that can be checked and converted;
 * as reported where the report knows more than the arms show (crossover, clusters, adjustment); the first report's always.
 */
export function effectsOfResult(question: ResultInQuestion): EffectValues[] {
  const reports: Report[] = [question.result, ...question.result.alternatives]
  return reports.flatMap((report, position) => {
    const candidates = candidatesOf(question, report)
    const chosen = position === 0 ? defaultAmong(question, report, candidates) : undefined
    const ofReport = { report: position, participants: participantsOf(question, report), ...coherenceOf(question, report, candidates) }
    return candidates.map((candidate): EffectValues => ({
      ...ofReport,
      ...candidate,
      isDefault: candidate === chosen,
      direction: directionOf(question, candidate),
      ...benefitOf(question, report, candidate),
    }))
  })
}

function candidatesOf(question: ResultInQuestion, report: Report): Derived[] {
  const reported = report.reported.map((entry) => reportedEffect(question, entry, participantsOf(question, report)))
  const computed = armEffects(question, report)
  const candidates = [...computed, ...reported]
  return candidates.length > 0 ? candidates : [statedOnly(question)]
}

/** A result of which only words are known: it stays visible and counted. */
function statedOnly({ result, outcome }: ResultInQuestion): Derived {
  const measure = result.valueKind === 'ASSOCIATION' ? 'COR' : outcome.type === 'BINARY' || outcome.type === 'TIME_TO_EVENT' ? 'OR' : 'MD'
  return reportedEffect({ result }, { measure: measure === 'COR' ? (outcome.type === 'BINARY' ? 'OR' : 'BETA') : measure })
}

function defaultAmong({ study, result }: ResultInQuestion, { reported }: Report, candidates: readonly Derived[]): Derived | undefined {
  const reportKnowsMore = study.design === 'RCT_CROSSOVER' || study.design === 'RCT_CLUSTER' || result.adjusted
  const reportedMeasure = reported.find(statesEffect)?.measure
  const isComputed = ({ origin }: Derived) => origin === 'ARM_DATA' || origin === 'FROM_MEDIAN' || origin === 'IMPUTED'
  const rank = (candidate: Derived) =>
    (candidate.estimate === null ? 0 : 8) +
    (candidate.standardError === null ? 0 : 4) +
    (isComputed(candidate) === reportKnowsMore ? 0 : 2) +
    (isComputed(candidate) ? (candidate.measure === reportedMeasure ? 1 : 0) : 1)
  // Of equals the first: armEffects puts the usual measure first.
  return [...candidates].sort((a, b) => rank(b) - rank(a))[0]
}
