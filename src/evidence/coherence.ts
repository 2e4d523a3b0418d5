import {
  armsAgreeWithRandomised,
  decimalsOf,
  deviationAgreesWithStandardError,
  deviationIsLikeOthers,
  deviationIsNotStandardError,
  deviationPossibleOnInstrument,
  effectWithinRangeOfMeasure,
  estimateCentredInInterval,
  estimateWithinInterval,
  eventsWithinTotal,
  grim,
  intervalWidthFitsSpread,
  meanWithinInstrumentRange,
  overallStatus,
  pAgreesWithCounts,
  pAgreesWithInterval,
  pAgreesWithMeans,
  reportedAgreesWithRecomputed,
  reportedDoseAgreesWithSalt,
  standardisedDifferenceIsUsual,
  type BoundedMean,
  type CoherenceCheck,
  type Printed,
} from '../statistics/coherence.js'
import { criticalValue } from '../statistics/distributions.js'
import type { Derived } from './derived.js'
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
    ...checksOfArms(question, report, candidates),
    ...checksOfDoses(question),
  ].filter(({ status }) => status !== 'NOT_CHECKABLE')
  const misprints = report.reported.flatMap(({ printed }): CoherenceCheckRecord[] =>
    printed?.reason === undefined ? [] : [{ rule: 'print-says-what-it-means', status: 'WARN', message: String(printed.reason) }],
  )
  const overall = overallStatus(checks)
  return { coherence: misprints.length > 0 && overall !== 'FAIL' ? 'WARN' : overall, coherenceChecks: [...checks, ...misprints] }
}

/** A number with the decimals it is printed with, where they are stated. */
const printed = (value: number | undefined, decimals: number | undefined): Printed | undefined =>
  value === undefined || decimals === undefined ? value : { value, decimals }

function checksOfReported(
  { study, result, instrument }: ResultInQuestion,
  { armResults }: Report,
  entry: ReportedNumbers,
  candidates: readonly Derived[],
): CoherenceCheck[] {
  const { measure, decimals, ciLevel: level } = entry
  const [estimate, lower, upper] = [printed(entry.estimate, decimals), printed(entry.ciLower, decimals), printed(entry.ciUpper, decimals)]
  const p = entry.p === undefined ? undefined : { operator: entry.p.operator, value: printed(entry.p.value, entry.p.decimals) ?? entry.p.value }
  const reported = { measure, estimate, lower, upper, level, p }
  const recomputed = candidates.find(
    (candidate) => candidate.measure === measure && candidate.origin === 'ARM_DATA' && candidate.estimate !== null && candidate.standardError !== null,
  )
  const [intervention, comparator] = contrasted(result, armResults)
  const independentMeans = measure === 'MD' && study.design !== 'RCT_CROSSOVER' && intervention !== undefined && comparator !== undefined
  const bounds = result.valueKind === 'FINAL' || result.valueKind === 'CHANGE' ? { minimum: instrument?.minimum, maximum: instrument?.maximum } : {}
  return [
    effectWithinRangeOfMeasure({ measure, estimate, ...bounds }),
    estimateWithinInterval(reported),
    estimateCentredInInterval(reported),
    pAgreesWithInterval(
      entry.standardError === undefined || lower !== undefined ? reported : { ...reported, ...intervalOf(entry.estimate, entry.standardError) },
    ),
    ...(lower === undefined && upper === undefined && entry.standardError === undefined ? pOfArms({ study, result }, armResults, p) : []),
    ...(independentMeans
      ? [
          intervalWidthFitsSpread({
            lower,
            upper,
            level,
            intervention: { standardDeviation: printed(intervention.sd, intervention.decimals), n: intervention.n },
            comparator: { standardDeviation: printed(comparator.sd, comparator.decimals), n: comparator.n },
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

/** A p value printed alone, judged by the two arms it stands beside; of several arms, clusters, crossovers and adjusted models it may be another test's. */
function pOfArms(
  { study, result }: Pick<ResultInQuestion, 'study' | 'result'>,
  armResults: readonly ArmNumbers[],
  p: Parameters<typeof pAgreesWithCounts>[0],
): CoherenceCheck[] {
  const [a, b] = contrasted(result, armResults)
  const otherTest = study.design === 'RCT_CROSSOVER' || study.design === 'RCT_CLUSTER' || result.adjusted || study.arms.length !== 2
  if (otherTest || a?.n === undefined || b?.n === undefined) return []
  if (a.events !== undefined && b.events !== undefined)
    return a.eventsFromPercent || b.eventsFromPercent ? [] : [pAgreesWithCounts(p, { events: a.events, n: a.n }, { events: b.events, n: b.n })]
  const moments = ({ mean, sd, n = 0 }: ArmNumbers) => (mean === undefined || sd === undefined ? undefined : { mean, standardDeviation: sd, n })
  return [pAgreesWithMeans(p, moments(a), moments(b))]
}

/** The 95 % interval that a reported standard error stands for, as precise as it was printed; identity scale, where standard errors are reported. */
function intervalOf(estimate: number | undefined, standardError: number) {
  if (estimate === undefined) return {}
  const reach = criticalValue(0.95) * standardError
  const decimals = decimalsOf(standardError)
  return { lower: { value: estimate - reach, decimals }, upper: { value: estimate + reach, decimals }, level: 0.95 }
}

function checksOfArms(
  { study, result, instrument, deviationsElsewhere }: ResultInQuestion,
  { armResults }: Report,
  candidates: readonly Derived[],
): CoherenceCheck[] {
  const [intervention, comparator] = contrasted(result, armResults)
  const ofScale = result.valueKind === 'FINAL' || result.valueKind === 'CHANGE' ? result.valueKind : undefined
  const counts = [intervention?.n, comparator?.n].filter((n) => n !== undefined)
  const bounded = (arm: ArmNumbers): BoundedMean | undefined =>
    ofScale === undefined || instrument === undefined
      ? undefined
      : { mean: printed(arm.mean, arm.decimals), minimum: instrument.minimum, maximum: instrument.maximum, valueKind: ofScale }
  return [
    ...armResults.flatMap((arm) => {
      const bounds = bounded(arm)
      const standardDeviation = printed(arm.sd, arm.decimals)
      return [
        ...(arm.events === undefined ? [] : [eventsWithinTotal({ events: arm.events, total: arm.n })]),
        ...(bounds === undefined ? [] : [meanWithinInstrumentRange(bounds), deviationPossibleOnInstrument({ ...bounds, standardDeviation, n: arm.n })]),
        ...(bounds === undefined || instrument?.integerScores !== true ? [] : [grim({ mean: bounds.mean, n: arm.n })]),
        ...(standardDeviation === undefined || deviationsElsewhere === undefined
          ? []
          : [deviationIsLikeOthers({ standardDeviation, n: arm.n, bounded: bounds, others: deviationsElsewhere })]),
        ...(arm.se === undefined ? [] : [deviationAgreesWithStandardError({ standardDeviation, standardError: printed(arm.se, arm.decimals), n: arm.n })]),
      ]
    }),
    ...(intervention?.sd !== undefined && comparator?.sd !== undefined && intervention.sd !== comparator.sd
      ? [smallerDeviation(intervention, comparator, bounded)]
      : []),
    ...(study.design === 'RCT_CROSSOVER' ? [] : candidates.filter(isStandardised).slice(0, 1).map(standardisedDifferenceIsUsual)),
    ...(counts.length === 2 && wholeSample(study, result.population) && study.arms.length === 2
      ? [
          armsAgreeWithRandomised({
            arms: counts,
            randomised: study.participantsRandomized,
            counted: 'ANALYSED',
            design: study.design === 'RCT_CROSSOVER' ? 'CROSSOVER' : 'PARALLEL',
            countedUnit: unitOtherThanPeople(result),
          }),
        ]
      : []),
  ]
}

/** A difference in deviations of the arms, by which a standard error taken for one shows. */
const isStandardised = ({ measure, origin, estimate }: Derived) => measure === 'SMD' && origin === 'ARM_DATA' && estimate !== null

/** What a result counts, in words, if not people. */
const unitOtherThanPeople = ({ unitOfAnalysis }: ResultInQuestion['result']) =>
  unitOfAnalysis === undefined || unitOfAnalysis === 'PARTICIPANTS' ? undefined : unitOfAnalysis.toLowerCase().replaceAll('_', ' ')

/** The smaller of two arms' standard deviations, judged by the larger and by what the instrument allows. */
function smallerDeviation(a: ArmNumbers, b: ArmNumbers, bounded: (arm: ArmNumbers) => BoundedMean | undefined): CoherenceCheck {
  const [smaller, larger] = Number(a.sd) < Number(b.sd) ? [a, b] : [b, a]
  return deviationIsNotStandardError({
    standardDeviation: printed(smaller.sd, smaller.decimals),
    n: smaller.n,
    referenceStandardDeviation: larger.sd,
    bounded: bounded(smaller),
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
