/**
 * A number as a paper prints it, known to half a unit of its last decimal.
 *
 * A bare number has the decimals of its shortest form: 1.58 has two. A final zero is lost on the way (−6.0 arrives as −6), which can only widen the
 * tolerance; give `decimals` where they are known.
 */
export type Printed = number | { readonly value: number; readonly decimals: number }

/** The numbers that would be printed as this one. */
export interface PrintedRange {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly text: string
}

/** Decimals of the shortest decimal form that gives back the same number: 2 for 1.58, 0 for −6.0, 8 for 1.5e-7. */
export function decimalsOf(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e')
  return Math.max(0, (digits.split('.')[1] ?? '').length - Number(exponent))
}

/** The range of one printed number. */
export function rangeOf(printed: Printed, leastDecimals = 0): PrintedRange {
  const { value, decimals } = typeof printed === 'number' ? { value: printed, decimals: Math.max(leastDecimals, decimalsOf(printed)) } : printed
  const half = 0.5 * 10 ** -decimals
  return { value, low: value - half, high: value + half, text: decimals <= 20 ? value.toFixed(decimals) : String(value) }
}

/**
 * The ranges of numbers that are printed together, such as an estimate and its limits, which share their decimals: −6 beside −7.9 was −6.0.
 * None is borrowed from a number of a smaller order, since digits rather than decimals may have been kept: 12.1 beside 0.66.
 */
export function rangesOf<Name extends string>(group: Readonly<Record<Name, Printed>>): Record<Name, PrintedRange> {
  const all = Object.values<Printed>(group).map((number) => (typeof number === 'number' ? { value: number, decimals: decimalsOf(number) } : number))
  const borrowed = (value: number) => all.filter((other) => orderOf(other.value) >= orderOf(value)).map(({ decimals }) => decimals)
  const ranges = Object.entries<Printed>(group).map(([name, number]) => [
    name,
    rangeOf(number, typeof number === 'number' ? Math.max(0, ...borrowed(number)) : 0),
  ])
  // `as`: the keys are those of the group, which fromEntries forgets.
  return Object.fromEntries(ranges) as Record<Name, PrintedRange>
}

/** The power of ten of the leading digit: 1 for 12.1, −1 for 0.66. */
function orderOf(value: number): number {
  return Math.floor(Math.log10(Math.abs(value)))
}

/** Whether two ranges share a number, but for the noise of binary fractions. */
export function overlap(a: { readonly low: number; readonly high: number }, b: { readonly low: number; readonly high: number }): boolean {
  return notAbove(a.low, b.high) && notAbove(b.low, a.high)
}

/** a ≤ b, but for the noise of binary fractions. */
export function notAbove(low: number, high: number): boolean {
  return low <= high || low - high <= 1e-9 * Math.max(Math.abs(low), Math.abs(high))
}

/** A computed number for a message: three significant digits, whole numbers whole. */
export function shown(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(3)))
}
