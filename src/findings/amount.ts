/** A number for a reader: three significant digits, more if fewer would put it on the other side of no effect. */
export function amount(value: number, noEffect = 0): string {
  if (value === noEffect) return written(value)
  for (let digits = 3; digits <= 15; digits += 1) {
    const rounded = Number(value.toPrecision(digits))
    if (Math.sign(rounded - noEffect) === Math.sign(value - noEffect)) return written(rounded)
  }
  return written(value)
}

/** People of a thousand: whole from ten on, else two digits. */
export function people(value: number): string {
  return Math.abs(value) >= 10 ? written(Math.round(value)) : written(Number(value.toPrecision(2)))
}

/** Without exponent and with a true minus sign. */
const written = (value: number) => (value < 0 ? '−' : '') + Math.abs(value).toLocaleString('en', { maximumSignificantDigits: 15, useGrouping: 'min2' })

/** "3 trials", "one trial". */
export const counted = (count: number, noun: string, plural = `${noun}s`): string => (count === 1 ? `one ${noun}` : `${written(count)} ${plural}`)

/** "a, b and c". */
export const listed = (words: readonly string[]): string => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`)

const units = [
  { days: 365, noun: 'year' },
  { days: 7, noun: 'week' },
  { days: 1, noun: 'day' },
  { days: 1 / 24, noun: 'hour' },
  { days: 1 / 1_440, noun: 'minute' },
] as const

/** A length of time, or two: "12 weeks", "28 to 90 days"; in the largest unit that both are whole in. */
export function span({ low, high }: { readonly low: number; readonly high: number }): string {
  const isWhole = (value: number) => Math.abs(value - Math.round(value)) < 1e-6
  const of = units.find(({ days }) => isWhole(low / days) && isWhole(high / days) && high / days >= 1) ?? units[2]
  const [from, to] = [low, high].map((value) => value / of.days)
  return from === to || to === undefined ? counted(Number(amount(from ?? 0)), of.noun) : `${amount(from ?? 0)} to ${amount(to)} ${of.noun}s`
}

/** An amount or a range: "400", "250 to 600". */
export const range = ({ low, high }: { readonly low: number; readonly high: number }): string =>
  amount(low) === amount(high) ? amount(low) : `${amount(low)} to ${amount(high)}`

const wordsOfUnits: Readonly<Record<string, string>> = {
  'd/mo': 'days a month',
  min: 'minutes',
  h: 'hours',
  d: 'days',
  wk: 'weeks',
  a: 'years',
  '/min': 'per minute',
  '{score}': 'points',
  '1': '',
}

/** A unit for a reader: "days a month" for "d/mo", "mmHg" for "mm[Hg]". */
export function unitInWords(unit: string): string {
  return (
    wordsOfUnits[unit] ??
    unit
      .replace(/\{([^}]*)\}/g, ' $1')
      .replaceAll('_', ' ')
      .replace('mm[Hg]', 'mmHg')
      .replace('cm[H2O]', 'cmH₂O')
      .replace('[IU]', 'IU')
      .replace(/^u(?=g\b|IU)/, 'µ')
      .replace(/ in [a-z0-9-]+$/, '')
      .trim()
  )
}
