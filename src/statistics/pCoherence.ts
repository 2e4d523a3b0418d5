import { isAbsent, missing, notCheckable, type CoherenceCheck, type Maybe } from './coherenceCheck.js'
import { twoSidedNormalP, twoSidedTP } from './distributions.js'
import { rangeOf, shown, type Printed } from './printed.js'

export interface PrintedP {
  readonly operator: 'EQ' | 'LT' | 'GT'
  readonly value: Printed
}

export interface CountedArm {
  readonly events: number
  readonly n: number
}

export interface MeasuredArm {
  readonly mean: number
  readonly standardDeviation: number
  readonly n: number
}

const rule = 'p-agrees-with-arms'

/** Rounded means, one-sided tests and adjustment move a p value by so much without anybody's fault. */
const tolerance = 2

/**
 * A p value that is printed without an interval is one that the arms' counts can give: by chi-squared with or without the correction for
 * continuity, or by Fisher's exact test. WARN where it is further than a factor of two from all of them; never FAIL, since the test is not known.
 */
export function pAgreesWithCounts(p: Maybe<PrintedP>, intervention: Maybe<CountedArm>, comparator: Maybe<CountedArm>): CoherenceCheck {
  if (isAbsent(p) || isAbsent(intervention) || isAbsent(comparator))
    return missing(rule, { 'the p value': p, 'the counts of the intervention': intervention, 'the counts of the comparator': comparator })
  const [a, b] = [intervention.events, intervention.n - intervention.events]
  const [c, d] = [comparator.events, comparator.n - comparator.events]
  if (Math.min(a, b, c, d) < 0 || a + c === 0 || b + d === 0) return notCheckable(rule, 'the counts say nothing about a difference')
  const seen = `${a} of ${a + b} against ${c} of ${c + d}`
  return judged(p, seen, [chiSquaredP([a, b, c, d], 0), chiSquaredP([a, b, c, d], 1), fisherP([a, b, c, d])])
}

/** The same for means, by Student's and Welch's t test. */
export function pAgreesWithMeans(p: Maybe<PrintedP>, intervention: Maybe<MeasuredArm>, comparator: Maybe<MeasuredArm>): CoherenceCheck {
  if (isAbsent(p) || isAbsent(intervention) || isAbsent(comparator))
    return missing(rule, { 'the p value': p, 'the means of the intervention': intervention, 'the means of the comparator': comparator })
  const arms = [intervention, comparator]
  if (arms.some(({ n, standardDeviation }) => !(n >= 2 && standardDeviation > 0))) return notCheckable(rule, 'without a spread in both arms there is no test')
  const difference = intervention.mean - comparator.mean
  const [v1 = 0, v2 = 0] = arms.map(({ n, standardDeviation }) => standardDeviation ** 2 / n)
  const [df1 = 0, df2 = 0] = arms.map(({ n }) => n - 1)
  const pooled = arms.reduce((sum, { n, standardDeviation }) => sum + (n - 1) * standardDeviation ** 2, 0) / (df1 + df2)
  const student = twoSidedTP(difference / Math.sqrt(pooled * (1 / intervention.n + 1 / comparator.n)), df1 + df2)
  const welch = twoSidedTP(difference / Math.sqrt(v1 + v2), (v1 + v2) ** 2 / (v1 ** 2 / df1 + v2 ** 2 / df2))
  const seen = arms.map(({ mean, standardDeviation, n }) => `${mean} (SD ${standardDeviation}, n ${n})`).join(' against ')
  return judged(p, seen, [student, welch])
}

function judged({ operator, value }: PrintedP, seen: string, possible: readonly number[]): CoherenceCheck {
  const printed = rangeOf(value, 2)
  const [lowest, highest] = [Math.min(...possible), Math.max(...possible)]
  const agrees = {
    EQ: printed.high * tolerance >= lowest && Math.max(0, printed.low) <= highest * tolerance,
    LT: lowest < printed.value * tolerance,
    GT: highest > printed.value / tolerance,
  }[operator]
  const sign = { EQ: '', LT: '< ', GT: '> ' }[operator]
  const given = shown(lowest) === shown(highest) ? shown(lowest) : `${shown(lowest)} to ${shown(highest)} by the usual tests`
  const message = `the p value is given as ${sign}${printed.text}; ${seen} give ${given}`
  const check = { rule, observed: printed.value, expected: Math.min(Math.max(printed.value, lowest), highest) } as const
  return agrees ? { ...check, status: 'PASS', message } : { ...check, status: 'WARN', message: `${message}: another test, another outcome, or a misprint` }
}

type Table = readonly [a: number, b: number, c: number, d: number]

function chiSquaredP([a, b, c, d]: Table, correction: 0 | 1): number {
  const n = a + b + c + d
  const distance = Math.max(0, Math.abs(a * d - b * c) - (correction * n) / 2)
  return twoSidedNormalP(distance * Math.sqrt(n / ((a + b) * (c + d) * (a + c) * (b + d))))
}

/** Sum of the probabilities of all tables with these margins that are no likelier than the one seen. */
function fisherP([a, b, c, d]: Table): number {
  const logFactorials = [0]
  for (let i = 1; i <= a + b + c + d; i++) logFactorials.push(Number(logFactorials[i - 1]) + Math.log(i))
  const logOf = (k: number) => Number(logFactorials[k])
  const margins = logOf(a + b) + logOf(c + d) + logOf(a + c) + logOf(b + d) - logOf(a + b + c + d)
  const logProbability = (x: number) => margins - logOf(x) - logOf(a + b - x) - logOf(a + c - x) - logOf(d - a + x)
  const seen = logProbability(a)
  let sum = 0
  for (let x = Math.max(0, a - d); x <= Math.min(a + b, a + c); x++) {
    const probability = logProbability(x)
    if (probability <= seen + 1e-7) sum += Math.exp(probability)
  }
  return Math.min(1, sum)
}
