const minus = '−'
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** Decimals that show three digits or so of a typical value and never fewer than the data need: ratios always take two. */
export function decimalsFor(values: readonly number[], ratio: boolean): number {
  const sizes = values.map(Math.abs).filter((size) => size > 0 && Number.isFinite(size))
  if (ratio || sizes.length === 0) return 2
  const typical = sizes.toSorted((one, other) => one - other)[Math.floor(sizes.length / 2)] ?? 1
  if (typical >= 100) return 1
  if (typical >= 0.1) return 2
  return typical >= 0.01 ? 3 : 4
}

/**
 * A number to read: a true minus sign, commas between thousands, fewer decimals from a hundred on and powers of ten from a million. A positive number that
 * would round to zero is given as below the smallest that can be shown ("<0.01"): a ratio is never 0.00.
 */
export function shownNumber(value: number, decimals: number): string {
  if (Number.isNaN(value)) return '–'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${minus}∞`
  // As soon as it would round to a million.
  if (Math.abs(value) >= 999_999.5) return powerOfTen(value)
  const rounded = Math.abs(value).toFixed(Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 100 ? Math.min(decimals, 1) : decimals)
  const zero = Number(rounded) === 0
  if (zero && value > 0) return `<${(10 ** -decimals).toFixed(decimals)}`
  return `${value < 0 && !zero ? minus : ''}${withCommas(rounded)}`
}

/**
 * A limit of an interval, with as many decimals more as it takes to see on which side of no effect it lies: 0.998 is not
 * "1.00" where the interval excludes 1.
 */
export function shownLimit(value: number, decimals: number, noEffect: number): string {
  if (!Number.isFinite(value) || value === noEffect) return shownNumber(value, decimals)
  for (const more of [0, 1, 2]) {
    if (Number(value.toFixed(decimals + more)) !== noEffect) return shownNumber(value, decimals + more)
  }
  return `${value < noEffect ? '<' : '>'}${shownNumber(noEffect, decimals)}`
}

/** A round number beside an axis, with the decimals it has. */
export function shownTick(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) return powerOfTen(value)
  return `${value < 0 ? minus : ''}${withCommas(String(Number(size.toPrecision(10))))}`
}

/** A level as readers write it: 0.95 is 95%. */
export function shownLevel(level: number): string {
  return `${Number((100 * level).toPrecision(6))}%`
}

function withCommas(digits: string): string {
  const [whole = '', fraction] = digits.split('.')
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

function powerOfTen(value: number): string {
  const [mantissa = '', exponent = ''] = Math.abs(value).toExponential(1).split('e')
  const raised = exponent
    .replace(/^\+/, '')
    .replace('-', '⁻')
    .replace(/\d/g, (digit) => superscripts.charAt(Number(digit)))
  const factor = mantissa === '1.0' ? '' : `${Number(mantissa)}×`
  return `${value < 0 ? minus : ''}${factor}10${raised}`
}
