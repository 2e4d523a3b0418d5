import {
  armsAgreeWithRandomised,
  decimalsOf,
  deviationIsNotStandardError,
  estimateCentredInInterval,
  estimateWithinInterval,
  eventsWithinTotal,
  grim,
  intervalWidthFitsSpread,
  meanWithinInstrumentRange,
  overallStatus,
  pAgreesWithInterval,
  reportedAgreesWithRecomputed,
  reportedDoseAgreesWithSalt,
  type CoherenceCheck,
} from '../statistics/coherence.js'
import { criticalValue } from '../statistics/distributions.js'
import type { Derived } from './armEffects.js'
import type { CoherenceCheckRecord } from './evidence.js'
import type { ArmNumbers, Report, ReportedNumbers, ResultInQuestion } from './result.js'

/** The cross-checks that a report's numbers allow, and the worst of their outcomes. Checks that lack a number are left out. */
export function coherenceOf(
  question: ResultInQuestion,
  report: Report,
  candidates: readonly Derived[],
): { coherence: CoherenceCheck['status']; coherenceChecks: CoherenceCheckRecord[] } {
  const checks = [
    ...report.reported.flatMap((entry) => checksOfReported(question, report, entry, candidates)),
    ...checksOfArms(question, report),
    ...checksOfDoses(question),
  ].filter(({ status }) => status !== 'NOT_CHECKABLE')
  const misprints = report.reported.flatMap(({ printed }): CoherenceCheckRecord[] =>
    printed?.reason === undefined ? [] : [{ rule: 'print-says-what-it-means', status: 'WARN', message: String(printed.reason) }],
  )
  const overall = overallStatus(checks)
  return { coherence: misprints.length > 0 && overall !== 'FAIL' ? 'WARN' : overall, coherenceChecks: [...checks, ...misprints] }
}

function checksOfReported(
  { study, result }: ResultInQuestion,
  { armResults }: Report,
  entry: ReportedNumbers,
  candidates: readonly Derived[],
): CoherenceCheck[] {
  const { measure, estimate, ciLower: lower, ciUpper: upper, ciLevel: level, p } = entry
  const reported = { measure, estimate, lower, upper, level, p }
  const recomputed = candidates.find(
    (candidate) => candidate.measure === measure && candidate.origin === 'ARM_DATA' && candidate.estimate !== null && candidate.standardError !== null,
  )
  const [intervention, comparator] = contrasted(result, armResults)
  const independentMeans = measure === 'MD' && study.design !== 'RCT_CROSSOVER' && intervention !== undefined && comparator !== undefined
  return [
    estimateWithinInterval(reported),
    estimateCentredInInterval(reported),
    pAgreesWithInterval(entry.standardError === undefined || lower !== undefined ? reported : { ...reported, ...intervalOf(estimate, entry.standardError) }),
    ...(independentMeans
      ? [
          intervalWidthFitsSpread({
            lower,
            upper,
            level,
            intervention: { standardDeviation: intervention.sd, n: intervention.n },
            comparator: { standardDeviation: comparator.sd, n: comparator.n },
          }),
        ]
      : []),
    ...(recomputed?.estimate == null || recomputed.standardError === null
      ? []
      : [
          reportedAgreesWithRecomputed({
            measure,
            reported: estimate,
            recomputed: { estimate: recomputed.estimate, standardError: recomputed.standardError },
            inputTolerance: 0,
          }),
        ]),
  ]
}

/** The 95 % interval that a reported standard error stands for, as precise as it was printed; identity scale, where standard errors are reported. */
function intervalOf(estimate: number | undefined, standardError: number) {
  if (estimate === undefined) return {}
  const reach = criticalValue(0.95) * standardError
  const decimals = decimalsOf(standardError)
  return { lower: { value: estimate - reach, decimals }, upper: { value: estimate + reach, decimals }, level: 0.95 }
}

function checksOfArms({ study, result, instrument }: ResultInQuestion, { armResults }: Report): CoherenceCheck[] {
  const [intervention, comparator] = contrasted(result, armResults)
  const ofScale = result.valueKind === 'FINAL' || result.valueKind === 'CHANGE' ? result.valueKind : undefined
  const counts = [intervention?.n, comparator?.n].filter((n) => n !== undefined)
  return [
    ...armResults.flatMap((arm) => [
      ...(arm.events === undefined ? [] : [eventsWithinTotal({ events: arm.events, total: arm.n })]),
      ...(ofScale === undefined || instrument === undefined
        ? []
        : [meanWithinInstrumentRange({ mean: arm.mean, minimum: instrument.minimum, maximum: instrument.maximum, valueKind: ofScale })]),
      ...(ofScale === undefined || instrument?.integerScores !== true ? [] : [grim({ mean: arm.mean, n: arm.n })]),
    ]),
    ...(intervention?.sd !== undefined && comparator?.sd !== undefined && intervention.sd !== comparator.sd
      ? [smallerDeviation(intervention, comparator, result.valueKind === 'FINAL' ? instrument : undefined)]
      : []),
    ...(counts.length === 2 && wholeSample(study, result.population) && study.arms.length === 2
      ? [
          armsAgreeWithRandomised({
            arms: counts,
            randomised: study.participantsRandomized,
            counted: 'ANALYSED',
            design: study.design === 'RCT_CROSSOVER' ? 'CROSSOVER' : 'PARALLEL',
          }),
        ]
      : []),
  ]
}

/** The smaller of two arms' standard deviations, judged by the larger, and by what a final value on the instrument allows. */
function smallerDeviation(a: ArmNumbers, b: ArmNumbers, instrument: ResultInQuestion['instrument']): CoherenceCheck {
  const [smaller, larger] = Number(a.sd) < Number(b.sd) ? [a, b] : [b, a]
  return deviationIsNotStandardError({
    standardDeviation: smaller.sd,
    n: smaller.n,
    referenceStandardDeviation: larger.sd,
    mean: smaller.mean,
    minimum: instrument?.minimum,
    maximum: instrument?.maximum,
  })
}

function checksOfDoses({ regimen }: ResultInQuestion): CoherenceCheck[] {
  return regimen.map(({ reportedElementalMg, derived, saltMg }) =>
    reportedDoseAgreesWithSalt({ reportedElementalMg, derivedLowMg: derived?.low, derivedHighMg: derived?.high, saltMg }),
  )
}

const contrasted = (result: ResultInQuestion['result'], armResults: readonly ArmNumbers[]) =>
  [armResults.find(({ arm }) => arm === result.intervention), armResults.find(({ arm }) => arm === result.comparator)] as const
const wholeSample = (study: ResultInQuestion['study'], population: string) => study.populations.find(({ slug }) => slug === population)?.wholeSample === true
