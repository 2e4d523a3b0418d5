import { type EffectMeasure, type FormulaInputs, requireFinite, requirePositive } from './effectSize.js'

/** An effect on the analysis scale of its measure; the standard error may be unknown. */
export interface EffectToConvert {
  readonly measure: EffectMeasure
  readonly estimate: number
  readonly standardError: number | null
}

/** What some conversions need beyond the effect. Nothing here is ever assumed by default. */
export interface ConversionContext {
  /** Standard deviation between persons of the outcome, in the unit of the mean difference; between MD and SMD. */
  readonly referenceStandardDeviation?: number | undefined
  /** Share with the event without the intervention, 0 to 1; between OR, RR and RD. */
  readonly baselineRisk?: number | undefined
  /** Sizes of the groups, between correlation and SMD; equal groups where left out. */
  readonly groupSizes?: { readonly n1: number; readonly n2: number } | undefined
}

/**
 * The risk without the intervention, from what a source gives of the comparator's arm: its counts, else its percentage.
 *
 * @returns a share strictly between 0 and 1; undefined if none is known, or if nobody or everybody had the event
 *
 * @example
 * baselineRiskOf({ percent: 20 }) // 0.2
 */
export function baselineRiskOf({
  events,
  n,
  percent,
}: {
  readonly events?: number | null | undefined
  readonly n?: number | null | undefined
  readonly percent?: number | null | undefined
}): number | undefined {
  const risk = events != null && n != null && n > 0 ? events / n : percent != null ? percent / 100 : undefined
  return risk !== undefined && risk > 0 && risk < 1 ? risk : undefined
}

export type Conversion =
  | {
      readonly ok: true
      readonly measure: EffectMeasure
      readonly estimate: number
      readonly standardError: number | null
      /** In words, for a researcher. */
      readonly method: string
      /** Ids of the steps, joined by "+"; "identity" where nothing was converted. */
      readonly formula: string
      readonly inputs: FormulaInputs
      readonly assumptions: readonly string[]
    }
  | { readonly ok: false; readonly reason: string }

/**
 * The same effect on another measure, its standard error carried by the delta method.
 *
 * OR and SMD convert through the logistic distribution, correlation and SMD through a divided exposure, MD and SMD through a reference
 * standard deviation, OR, RR and RD through a baseline risk. Longer ways are put together of these. Signs are kept.
 *
 * @returns on the analysis scale of the measure wanted, or the reason why no conversion is defensible
 * @throws {RangeError} if the estimate is not finite, the standard error not positive, or the context holds an impossible number
 * @see Chinn (2000), Statistics in Medicine 19:3127–3131; Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, ch. 7
 * @see Zhang & Yu (1998), JAMA 280:1690–1691; Grant (2014), BMJ 348:f7450, on why the baseline risk must be stated
 */
export function convertEffect(effect: EffectToConvert, to: EffectMeasure, context: ConversionContext = {}): Conversion {
  requireFinite(effect.estimate, 'estimate')
  if (effect.standardError !== null) requirePositive(effect.standardError, 'standard error')
  requireContext(context)
  if (effect.measure === to) return { ok: true, ...effect, method: 'no conversion needed', formula: 'identity', inputs: {}, assumptions: [] }
  const reason = inconvertible[effect.measure] ?? inconvertible[to]
  if (reason !== undefined) return { ok: false, reason }

  let point = { value: effect.estimate, slope: 1 }
  const steps: Step[] = []
  for (const [from, next] of pairs(pathBetween(effect.measure, to))) {
    const step = stepBetween(from, next, context)
    if (typeof step === 'string') return { ok: false, reason: step }
    const outcome = step.apply(point.value)
    if (typeof outcome === 'string') return { ok: false, reason: outcome }
    point = { value: outcome.value, slope: point.slope * outcome.slope }
    steps.push(step)
  }
  return {
    ok: true,
    measure: to,
    estimate: point.value,
    standardError: effect.standardError === null ? null : effect.standardError * Math.abs(point.slope),
    method: steps.map(({ method }) => method).join('; then '),
    formula: steps.map(({ formula }) => formula).join('+'),
    inputs: Object.assign({}, ...steps.map(({ inputs }) => inputs)),
    assumptions: [...new Set(steps.map(({ assumption }) => assumption))],
  }
}

/** Measures with no way to another that would hold without data the effect does not carry. */
const inconvertible: Readonly<Partial<Record<EffectMeasure, string>>> = {
  HR: 'a hazard ratio weighs when events happened; without the survival curves it equals neither a ratio of risks or odds nor a standardised difference',
  IRR: 'a rate ratio counts events over time, possibly several a person; without the numbers of persons it equals no other ratio and no difference',
  ROM: 'a ratio of means says nothing about the spread of the values; without the means and standard deviations of the arms it gives no difference',
  BETA: 'a regression coefficient depends on the units of exposure and outcome and on its covariates; without standard deviations it does not compare',
}

/** One step between neighbouring measures: the value it leads to and the slope there, or why this value cannot be converted. */
interface Step {
  readonly formula: string
  readonly method: string
  readonly inputs: FormulaInputs
  readonly assumption: string
  readonly apply: (value: number) => { readonly value: number; readonly slope: number } | string
}

/** The neighbour through which a measure reaches the SMD. */
const towardsSmd: Readonly<Partial<Record<EffectMeasure, EffectMeasure>>> = { MD: 'SMD', COR: 'SMD', OR: 'SMD', RR: 'OR', RD: 'OR' }

function pathBetween(from: EffectMeasure, to: EffectMeasure): EffectMeasure[] {
  const up = wayToSmd(from)
  const down = wayToSmd(to)
  const meeting = up.find((measure) => down.includes(measure)) ?? 'SMD'
  return [...up.slice(0, up.indexOf(meeting) + 1), ...down.slice(0, down.indexOf(meeting)).reverse()]
}

function wayToSmd(measure: EffectMeasure): EffectMeasure[] {
  const next = towardsSmd[measure]
  return next === undefined ? [measure] : [measure, ...wayToSmd(next)]
}

function pairs(path: readonly EffectMeasure[]): (readonly [EffectMeasure, EffectMeasure])[] {
  return path.flatMap((measure, position) => {
    const next = path[position + 1]
    return next === undefined ? [] : [[measure, next] as const]
  })
}

function stepBetween(from: EffectMeasure, to: EffectMeasure, context: ConversionContext): Step | string {
  switch (`${from}-${to}`) {
    case 'OR-SMD':
      return logistic('d-from-or-logistic', 'log odds ratio × √3/π', Math.sqrt(3) / Math.PI)
    case 'SMD-OR':
      return logistic('or-from-d-logistic', 'standardised difference × π/√3, as log odds ratio', Math.PI / Math.sqrt(3))
    case 'MD-SMD':
      return byDeviation('smd-from-md', 'mean difference over a reference standard deviation', context, (deviation) => 1 / deviation)
    case 'SMD-MD':
      return byDeviation('md-from-smd', 'standardised difference × a reference standard deviation', context, (deviation) => deviation)
    case 'COR-SMD':
      return fromCorrelation(context)
    case 'SMD-COR':
      return toCorrelation(context)
    case 'RR-OR':
      return byRisk('or-from-rr', 'odds ratio of the risks that the risk ratio gives at the baseline risk', context, logOddsRatioFromRiskRatio)
    case 'OR-RR':
      return byRisk('rr-from-or', 'risk ratio that the odds ratio gives at the baseline risk', context, riskRatioFromLogOddsRatio)
    case 'RD-OR':
      return byRisk('or-from-rd', 'odds ratio of the risks that the risk difference gives at the baseline risk', context, logOddsRatioFromRiskDifference)
    case 'OR-RD':
      return byRisk('rd-from-or', 'risk difference that the odds ratio gives at the baseline risk', context, riskDifferenceFromLogOddsRatio)
    default:
      throw new RangeError(`no step leads from ${from} to ${to}`)
  }
}

function logistic(formula: string, method: string, factor: number): Step {
  return {
    formula,
    method,
    inputs: {},
    apply: (value) => ({ value: value * factor, slope: factor }),
    assumption: 'the event divides a continuous outcome that follows a logistic distribution with one spread in both arms',
  }
}

function byDeviation(
  formula: string,
  method: string,
  { referenceStandardDeviation }: ConversionContext,
  factorOf: (deviation: number) => number,
): Step | string {
  if (referenceStandardDeviation === undefined)
    return 'between a mean difference and a standardised one stands a standard deviation between persons, and none is known for this outcome'
  const factor = factorOf(referenceStandardDeviation)
  return {
    formula,
    method,
    inputs: { referenceStandardDeviation },
    apply: (value) => ({ value: value * factor, slope: factor }),
    assumption: `a standard deviation of ${referenceStandardDeviation} between persons holds for this population, without error`,
  }
}

// With a = (n1 + n2)² / (n1 n2), d = √a r / √(1 − r²); r = tanh z makes that √a sinh z.
const dichotomised = 'the correlation is of an exposure that two groups divide'

function fromCorrelation(context: ConversionContext): Step {
  const root = groupFactor(context)
  return {
    formula: 'd-from-r',
    method: 'correlation to standardised difference, 2r/√(1 − r²) for equal groups',
    inputs: { ...context.groupSizes },
    assumption: dichotomised,
    apply: (value) => ({ value: root * Math.sinh(value), slope: root * Math.cosh(value) }),
  }
}

function toCorrelation(context: ConversionContext): Step {
  const root = groupFactor(context)
  return {
    formula: 'r-from-d',
    method: 'standardised difference to correlation, d/√(d² + 4) for equal groups',
    inputs: { ...context.groupSizes },
    assumption: dichotomised,
    apply: (value) => ({ value: Math.asinh(value / root), slope: 1 / Math.hypot(value, root) }),
  }
}

function groupFactor({ groupSizes }: ConversionContext): number {
  return groupSizes === undefined ? 2 : (groupSizes.n1 + groupSizes.n2) / Math.sqrt(groupSizes.n1 * groupSizes.n2)
}

type RiskConversion = (value: number, baselineRisk: number) => { readonly value: number; readonly slope: number } | string

function byRisk(formula: string, method: string, { baselineRisk }: ConversionContext, convert: RiskConversion): Step | string {
  if (baselineRisk === undefined) return 'between odds ratio, risk ratio and risk difference stands the risk without the intervention, and none is stated'
  return {
    formula,
    method,
    inputs: { baselineRisk },
    apply: (value) => convert(value, baselineRisk),
    assumption: `without the intervention a share of ${baselineRisk} has the event, taken as known without error`,
  }
}

const logRiskOdds = (risk: number) => Math.log(risk / (1 - risk))

function logOddsRatioFromRiskRatio(value: number, baselineRisk: number) {
  const risk = Math.exp(value) * baselineRisk
  if (risk >= 1)
    return `at a baseline risk of ${baselineRisk} a risk ratio of ${shown(Math.exp(value))} would mean a risk of ${shown(risk)}, which is no risk below 1`
  return { value: logRiskOdds(risk) - logRiskOdds(baselineRisk), slope: 1 / (1 - risk) }
}

function logOddsRatioFromRiskDifference(value: number, baselineRisk: number) {
  const risk = baselineRisk + value
  if (risk <= 0 || risk >= 1)
    return `at a baseline risk of ${baselineRisk} a risk difference of ${shown(value)} would mean a risk of ${shown(risk)}, which does not lie between 0 and 1`
  return { value: logRiskOdds(risk) - logRiskOdds(baselineRisk), slope: 1 / (risk * (1 - risk)) }
}

function riskRatioFromLogOddsRatio(value: number, baselineRisk: number) {
  const risk = riskAfter(value, baselineRisk)
  return { value: Math.log(risk / baselineRisk), slope: 1 - risk }
}

function riskDifferenceFromLogOddsRatio(value: number, baselineRisk: number) {
  const risk = riskAfter(value, baselineRisk)
  return { value: risk - baselineRisk, slope: risk * (1 - risk) }
}

function riskAfter(logOddsRatio: number, baselineRisk: number): number {
  return 1 / (1 + Math.exp(-(logRiskOdds(baselineRisk) + logOddsRatio)))
}

function shown(value: number): string {
  return String(Number(value.toPrecision(3)))
}

function requireContext({ referenceStandardDeviation, baselineRisk, groupSizes }: ConversionContext): void {
  if (referenceStandardDeviation !== undefined) requirePositive(referenceStandardDeviation, 'reference standard deviation')
  if (baselineRisk !== undefined && !(baselineRisk > 0 && baselineRisk < 1))
    throw new RangeError(`a baseline risk lies strictly between 0 and 1, got ${baselineRisk}`)
  if (groupSizes !== undefined) {
    requirePositive(groupSizes.n1, 'n1')
    requirePositive(groupSizes.n2, 'n2')
  }
}
