import type { EffectMeasure } from '../generated/prisma/enums.js'
import { largestDeviation } from '../statistics/armCoherence.js'
import { printedDifference, standardErrorFromRoundedP, withoutNoise } from '../statistics/fromReported.js'
import { frame, type Derived } from './derived.js'
import { participantsOf } from './participants.js'
import type { ArmNumbers, Report, ReportedNumbers, ResultInQuestion } from './result.js'

/** A difference of two printed numbers, with the values that they may have before rounding. */
interface Difference {
  readonly measure: EffectMeasure
  readonly value: number
  readonly low: number
  readonly high: number
  readonly formula: string
  readonly inputs: Readonly<Record<string, number>>
}

/**
 * A difference of percentages or means whose arms do not give what a standard error needs: with the standard error that an exact p value
 * implies, unless rounding dominates or the numbers contradict it; otherwise without uncertainty.
 */
export function bareDifference(a: ArmNumbers, b: ArmNumbers, question: ResultInQuestion, report: Report): Derived[] {
  const difference = differenceOf(a, b, question)
  if (difference === null) return []
  const { measure, value, formula, inputs } = difference
  const { result } = question
  const p = report.reported.find((entry) => !statesEffect(entry) && entry.p !== undefined)?.p
  const bare: Derived = {
    ...frame(measure),
    estimate: value,
    pValue: p?.value ?? null,
    pValueOperator: p?.operator ?? null,
    origin: 'ARM_DATA',
    formula,
    inputs,
    absentReason: result.absentReason ?? (p === undefined || p.operator === 'EQ' ? 'NOT_REPORTED' : 'ONLY_P_THRESHOLD'),
  }
  // A difference that the source states itself has its own uncertainty, of which this p value may be a part.
  if (p?.operator !== 'EQ' || report.reported.some((entry) => entry.measure === measure && statesEffect(entry))) return [bare]

  const df = degreesOfFreedom(a, b, question)
  const derived = standardErrorFromRoundedP({ difference, p: p.decimals === undefined ? p.value : { value: p.value, decimals: p.decimals }, df })
  if (!derived.ok) return [{ ...bare, note: `the p value gives no standard error: ${derived.reason}` }]
  const contradiction = contradictionOf(derived.standardError, measure, a, b, question, report)
  if (contradiction !== null) return [{ ...bare, note: `the p value gives no standard error: ${contradiction}` }]
  return [
    {
      ...bare,
      standardError: derived.standardError,
      origin: 'FROM_P',
      formula: `${formula}+${derived.formula}`,
      inputs: { ...inputs, p: p.value, ...(df === undefined ? {} : { df }) },
      assumptions: [...derived.assumptions, 'the p value is of this difference', ...doubtsAbout(question)],
      absentReason: null,
    },
  ]
}

/** True if an entry holds more than a p value. */
export const statesEffect = ({ estimate, ciLower, ciUpper }: ReportedNumbers) => estimate !== undefined || (ciLower !== undefined && ciUpper !== undefined)

function differenceOf(a: ArmNumbers, b: ArmNumbers, { result }: ResultInQuestion): Difference | null {
  if (a.percent !== undefined && b.percent !== undefined) {
    if (sidesDiffer(a, b)) return null
    const inputs = { interventionPercent: a.percent, comparatorPercent: b.percent }
    const points = printedDifference(a.percent, b.percent)
    if (result.valueKind === 'PERCENT_CHANGE') return { measure: 'MD', ...points, formula: 'difference-of-percent-changes', inputs }
    const share = (value: number) => withoutNoise(value / 100)
    return { measure: 'RD', value: share(points.value), low: share(points.low), high: share(points.high), formula: 'difference-of-percentages', inputs }
  }
  if (a.mean === undefined || b.mean === undefined) return null
  return {
    measure: 'MD',
    ...printedDifference(printed(a.mean, a), printed(b.mean, b)),
    formula: 'difference-of-means',
    inputs: { interventionMean: a.mean, comparatorMean: b.mean },
  }
}

const printed = (value: number, { decimals }: ArmNumbers) => (decimals === undefined ? value : { value, decimals })

/** Arms whose percentages count different things ("improved" against "deteriorated") carry notes that say so, and cannot be subtracted. */
const sidesDiffer = (a: ArmNumbers, b: ArmNumbers) => a.note !== undefined && b.note !== undefined && a.note !== b.note

/** Of a t test of two means; a test of percentages, or of means without numbers of people, is read as normal. */
function degreesOfFreedom(a: ArmNumbers, b: ArmNumbers, { study, result }: ResultInQuestion): number | undefined {
  if (a.n === undefined || b.n === undefined || result.valueKind === 'EVENT' || study.design === 'RCT_CLUSTER') return undefined
  const df = study.design === 'RCT_CROSSOVER' ? Math.min(a.n, b.n) - 1 : a.n + b.n - 2
  return df >= 1 ? df : undefined
}

const doubtsAbout = ({ study, result }: ResultInQuestion) => [
  ...(study.design === 'RCT_CLUSTER' ? ['whether the p value allows for clusters is not known'] : []),
  ...(result.adjusted ? ['the p value is of an adjusted analysis, the difference is not adjusted'] : []),
]

/** A standard error further than this factor from what deviations and numbers of people make it is no standard error of this difference. */
const contradictoryFactor = 2

/** Why a standard error from a p value cannot be that of the difference: another test, a misprint, a limit printed as a value. Null if nothing contradicts it. */
function contradictionOf(
  standardError: number,
  measure: EffectMeasure,
  a: ArmNumbers,
  b: ArmNumbers,
  question: ResultInQuestion,
  report: Report,
): string | null {
  const { study, result, instrument } = question
  const parallel = study.design !== 'RCT_CROSSOVER' && study.design !== 'RCT_CLUSTER'
  const [n1, n2] = peopleOf(a, b, question, report)
  if (!parallel || n1 === undefined || n2 === undefined) return null
  const [first, second] = measure === 'RD' ? [deviationOfShare(a.percent), deviationOfShare(b.percent)] : [deviationOf(a, result), deviationOf(b, result)]
  if (first !== undefined && second !== undefined) {
    const expected = Math.hypot(first.value / Math.sqrt(n1), second.value / Math.sqrt(n2))
    const tooSmall = standardError * contradictoryFactor < expected && !(first.isUpperBound || second.isUpperBound)
    if (tooSmall || standardError > contradictoryFactor * expected)
      return `it would be ${shown(standardError)}, where the arms' spread and numbers make it about ${shown(expected)}`
  }
  if (measure === 'MD' && instrument?.minimum !== undefined && instrument.maximum !== undefined && result.valueKind !== 'PERCENT_CHANGE') {
    const width = instrument.maximum - instrument.minimum
    const [minimum, maximum] = result.valueKind === 'CHANGE' ? [-width, width] : [instrument.minimum, instrument.maximum]
    const largest = Math.max(...[a, b].map(({ mean }) => largestDeviation({ mean: Number(mean), minimum, maximum })))
    const implied = standardError / Math.sqrt(1 / n1 + 1 / n2)
    if (implied > largest) return `it would mean a standard deviation of ${shown(implied)}, and on this instrument none above ${shown(largest)} is possible`
  }
  return null
}

/** People of each arm: as the result counts them, else as the study does, else half of all. */
function peopleOf(a: ArmNumbers, b: ArmNumbers, question: ResultInQuestion, report: Report): readonly (number | undefined)[] {
  const all = question.study.arms.length === 2 ? participantsOf(question, report) : null
  return [a, b].map(({ arm, n }) => {
    const ofStudy = question.study.arms.find(({ slug }) => slug === arm)
    const people = n ?? ofStudy?.analysed ?? ofStudy?.randomized ?? (all === null ? undefined : all / 2)
    return people === undefined || people < 2 ? undefined : people
  })
}

interface Deviation {
  readonly value: number
  /** The deviation may well be smaller: that of a change, known by its baseline only. */
  readonly isUpperBound: boolean
}

function deviationOf({ sd, baselineSd }: ArmNumbers, { valueKind }: ResultInQuestion['result']): Deviation | undefined {
  if (sd !== undefined) return { value: sd, isUpperBound: false }
  if (baselineSd === undefined || valueKind === 'PERCENT_CHANGE') return undefined
  return valueKind === 'CHANGE' ? { value: Math.SQRT2 * baselineSd, isUpperBound: true } : { value: baselineSd, isUpperBound: false }
}

function deviationOfShare(percent: number | undefined): Deviation | undefined {
  if (percent === undefined) return undefined
  const share = percent / 100
  return share > 0 && share < 1 ? { value: Math.sqrt(share * (1 - share)), isUpperBound: false } : undefined
}

const shown = (value: number) => String(Number(value.toPrecision(3)))
