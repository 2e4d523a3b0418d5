/**
 * Conversion between units of measurement, exactly, in the notation of UCUM (https://ucum.org/ucum).
 *
 * The part of UCUM that trials use is small: prefixes, some forty units, products, quotients and powers. It is held against a complete
 * implementation by tests; docs/decisions/0020-units.md says why that one is not used at run time.
 */

/** A conversion that holds for one substance or quantity only: 1 `from` is `factor` × `to`, and a value has `offset` added. */
export interface SubstanceFactor {
  readonly from: string
  readonly to: string
  readonly factor: number
  /** For values, in `to`; a difference has none. */
  readonly offset?: number | undefined
  readonly source: string
}

/** What must be known of a substance to convert between mass, amount and activity. */
export interface Substance {
  readonly molarMassGPerMol?: number | undefined
  readonly factors?: readonly SubstanceFactor[] | undefined
}

export interface UnitConversion {
  /** A difference in the unit wanted is `factor` × the difference; a value is `factor` × the value + `offset`. */
  readonly factor: number
  /** 0 but for scales with another zero. */
  readonly offset: number
  /** In words for a researcher. */
  readonly how: string
}

/** Exponent of each base unit, or of each thing that is counted: { g: 1, m: -3 }, { '{score}': 1 }. */
type Dimension = Readonly<Record<string, number>>

/** A unit as a number of base units: mantissa × 10^exponent, kept apart so that powers of ten stay exact. */
interface Unit {
  readonly mantissa: number
  readonly exponent: number
  readonly dimension: Dimension
}

/**
 * How to convert numbers from one unit to another.
 *
 * Units of one dimension convert always, mass and amount by the molar mass, others by the factors of the substance. What braces annotate is
 * counted: scores are not cramps, and neither is a plain number. If a substance has a factor between two units that are both plain ratios
 * (HbA1c in % and in mmol/mol), they are scales of their own, and only that factor leads from one to the other.
 *
 * @returns null if a unit cannot be read, or nothing leads from one to the other
 * @throws {RangeError} if the molar mass or a factor is not positive and finite
 *
 * @example
 * unitFactor('mg/dL', 'mmol/L', { molarMassGPerMol: 180.156 })?.factor // 0.0555074
 */
export function unitFactor(from: string, to: string, substance: Substance = {}): UnitConversion | null {
  requireSubstance(substance)
  if (from === to) return { factor: 1, offset: 0, how: 'the same unit' }
  const [source, target] = [parseUnit(from), parseUnit(to)]
  if (source === null || target === null) return null
  const factors = (substance.factors ?? []).flatMap((known): KnownFactor[] => {
    const [a, b] = [parseUnit(known.from), parseUnit(known.to)]
    return a === null || b === null ? [] : [{ ...known, a, b }]
  })
  const own = factors.filter(({ a, b, offset = 0 }) => offset !== 0 || sameDimension(a.dimension, b.dimension))
  if (own.some(({ a, b }) => sameDimension(source.dimension, a.dimension) || sameDimension(source.dimension, b.dimension)))
    return sameUnit(source, target) ? { factor: 1, offset: 0, how: `${from} is ${to}` } : onOwnScale(source, target, own)
  return acrossBridges(
    source,
    target,
    bridgesOf(
      substance,
      factors.filter((known) => !own.includes(known)),
    ),
    { from, to },
  )
}

/** True if the unit can be read. */
export const isKnownUnit = (unit: string): boolean => parseUnit(unit) !== null

interface KnownFactor extends SubstanceFactor {
  readonly a: Unit
  readonly b: Unit
}

/** Between scales with a zero of their own, or of two meanings: the stated factor, there or back. */
function onOwnScale(source: Unit, target: Unit, factors: readonly KnownFactor[]): UnitConversion | null {
  for (const { a, b, factor, offset = 0, source: reference } of factors) {
    const zero = offset === 0 ? '' : ', which for values holds beside another zero'
    if (sameUnit(source, a) && sameUnit(target, b)) return { factor, offset, how: `× ${factor}${zero}: ${reference}` }
    if (sameUnit(source, b) && sameUnit(target, a))
      return { factor: 1 / factor, offset: offset === 0 ? 0 : -offset / factor, how: `÷ ${factor}${zero}: ${reference}` }
  }
  return null
}

/** What leads from one dimension to another: one unit of the first is so many of the second. */
interface Bridge {
  readonly step: Dimension
  readonly ratio: number
  readonly how: string
}

function bridgesOf({ molarMassGPerMol }: Substance, factors: readonly KnownFactor[]): Bridge[] {
  return [
    ...(molarMassGPerMol === undefined ? [] : [{ step: { g: 1, mol: -1 }, ratio: molarMassGPerMol, how: `by a molar mass of ${molarMassGPerMol} g/mol` }]),
    ...factors.map(({ a, b, factor, from, to, source }): Bridge => ({
      step: product(b.dimension, a.dimension, -1),
      ratio: factor * quotient(b, a),
      how: `by 1 ${from} = ${factor} ${to}: ${source}`,
    })),
  ]
}

/** The conversion over as few bridges as lead there, each crossed once at most, in either direction. */
function acrossBridges(
  source: Unit,
  target: Unit,
  bridges: readonly Bridge[],
  { from, to }: { readonly from: string; readonly to: string },
): UnitConversion | null {
  const missing = product(target.dimension, source.dimension, -1)
  const crossings = crossingsOf(bridges).sort((a, b) => a.length - b.length)
  const way = crossings.find((crossed) =>
    sameDimension(
      missing,
      crossed.reduce<Dimension>((sum, { bridge, sign }) => product(sum, bridge.step, sign), {}),
    ),
  )
  if (way === undefined) return null
  const factor = way.reduce((value, { bridge, sign }) => (sign > 0 ? value * bridge.ratio : value / bridge.ratio), quotient(source, target))
  return { factor: withoutNoise(factor), offset: 0, how: [`1 ${from} = ${shown(factor)} ${to}`, ...way.map(({ bridge }) => bridge.how)].join(', ') }
}

type Crossing = readonly { readonly bridge: Bridge; readonly sign: 1 | -1 }[]

/** Every choice of bridges and directions: three for each bridge, of which a substance has two or three. */
function crossingsOf([bridge, ...others]: readonly Bridge[]): Crossing[] {
  if (bridge === undefined) return [[]]
  const rest = crossingsOf(others)
  return [...rest, ...rest.map((way): Crossing => [{ bridge, sign: 1 }, ...way]), ...rest.map((way): Crossing => [{ bridge, sign: -1 }, ...way])]
}

function requireSubstance({ molarMassGPerMol, factors = [] }: Substance): void {
  for (const [name, value] of [['a molar mass', molarMassGPerMol ?? 1] as const, ...factors.map(({ factor }) => ['a factor', factor] as const)])
    if (!(value > 0 && value < Infinity)) throw new RangeError(`${name} must be positive and finite, got ${value}`)
}

// ── units ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A map, since names come from files: an object would also know "constructor". */
function byName<Value>(entries: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> {
  return new Map(Object.entries(entries))
}

const unit = (mantissa: number, exponent: number, dimension: Dimension): Unit => ({ mantissa, exponent, dimension })
const pascal: Dimension = { g: 1, m: -1, s: -2 }
const newton: Dimension = { g: 1, m: 1, s: -2 }

/** Units that take prefixes, in grams, metres, seconds, moles, kelvin, coulomb, candela. International units and equivalents are dimensions of their own. */
const metric: ReadonlyMap<string, Unit> = byName({
  g: unit(1, 0, { g: 1 }),
  m: unit(1, 0, { m: 1 }),
  s: unit(1, 0, { s: 1 }),
  mol: unit(1, 0, { mol: 1 }),
  K: unit(1, 0, { K: 1 }),
  L: unit(1, -3, { m: 3 }),
  l: unit(1, -3, { m: 3 }),
  eq: unit(1, 0, { eq: 1 }),
  osm: unit(1, 0, { osm: 1 }),
  '[IU]': unit(1, 0, { '[IU]': 1 }),
  '[iU]': unit(1, 0, { '[IU]': 1 }),
  // Catalytic activity: 1 U is 1 µmol/min.
  kat: unit(1, 0, { mol: 1, s: -1 }),
  U: unit(1 / 6, -7, { mol: 1, s: -1 }),
  Hz: unit(1, 0, { s: -1 }),
  N: unit(1, 3, newton),
  dyn: unit(1, -2, newton),
  Pa: unit(1, 3, pascal),
  bar: unit(1, 8, pascal),
  'm[Hg]': unit(1.33322, 8, pascal),
  'm[H2O]': unit(9.80665, 6, pascal),
  J: unit(1, 3, { g: 1, m: 2, s: -2 }),
  cal: unit(4.184, 3, { g: 1, m: 2, s: -2 }),
  W: unit(1, 3, { g: 1, m: 2, s: -3 }),
})

const plain: ReadonlyMap<string, Unit> = byName({
  '%': unit(1, -2, {}),
  '[ppth]': unit(1, -3, {}),
  '[ppm]': unit(1, -6, {}),
  min: unit(60, 0, { s: 1 }),
  h: unit(3600, 0, { s: 1 }),
  d: unit(86400, 0, { s: 1 }),
  wk: unit(604800, 0, { s: 1 }),
  // A twelfth of the Julian year of 365.25 days.
  mo: unit(2629800, 0, { s: 1 }),
  a: unit(31557600, 0, { s: 1 }),
  '[in_i]': unit(2.54, -2, { m: 1 }),
  '[lb_av]': unit(453.59237, 0, { g: 1 }),
})

/** Spellings outside UCUM that sources use, and what they mean. Only those that cannot mean anything else. */
const spellings: ReadonlyMap<string, string> = byName({
  mmHg: 'mm[Hg]',
  cmH2O: 'cm[H2O]',
  IU: '[IU]',
  mIU: 'm[IU]',
  uIU: 'u[IU]',
  Eq: 'eq',
  mEq: 'meq',
  uEq: 'ueq',
  mcg: 'ug',
  mcL: 'uL',
  sec: 's',
  minute: 'min',
  minutes: 'min',
  hour: 'h',
  hours: 'h',
  day: 'd',
  days: 'd',
  week: 'wk',
  weeks: 'wk',
  month: 'mo',
  months: 'mo',
  year: 'a',
  years: 'a',
  percent: '%',
  point: '{score}',
  points: '{score}',
  score: '{score}',
})

const prefixes: Readonly<Record<string, number>> = { T: 12, G: 9, M: 6, k: 3, h: 2, da: 1, d: -1, c: -2, m: -3, u: -6, n: -9, p: -12, f: -15 }

/** A unit symbol with or without a prefix; null if there is none of that name. */
function unitOf(symbol: string): Unit | null {
  const meant = spellings.get(symbol) ?? symbol
  if (meant.startsWith('{')) return unit(1, 0, { [meant]: 1 })
  const bare = plain.get(meant) ?? metric.get(meant)
  if (bare !== undefined) return bare
  for (const [prefix, power] of Object.entries(prefixes)) {
    const prefixed = meant.startsWith(prefix) ? metric.get(meant.slice(prefix.length)) : undefined
    if (prefixed !== undefined) return { ...prefixed, exponent: prefixed.exponent + power }
  }
  return null
}

const parsed = new Map<string, Unit | null>()

/** A term of UCUM as a number of base units; null if it cannot be read. Corpora hold few units, so each is read once. */
function parseUnit(text: string): Unit | null {
  const known = parsed.get(text)
  if (known !== undefined) return known
  const read = termOf(text)
  if (parsed.size < 1000) parsed.set(text, read)
  return read
}

// A number, a unit with its power ("m2", "s-1", "10*3"), an annotation, an operator, a bracket.
const token = /(10[*^]-?\d+)|(\d+(?:\.\d+)?(?![\d*^]))|(\{[^{}]*\})|((?:[A-Za-z%]|\[[A-Za-z0-9_']+\])(?:[A-Za-z%]|\[[A-Za-z0-9_']+\])*)(-?\d+)?|([./()])/y

function termOf(text: string): Unit | null {
  // "mmol/24.h" and "mg/24h" are meant per day; read by the rules the hours would multiply.
  const tokens = tokensOf(text.replaceAll(/[µμ]/g, 'u').replaceAll(/\/24\.?h\b/g, '/d'))
  if (tokens === null || tokens.length === 0) return null
  const reader = { tokens, position: 0 }
  const read = productOf(reader)
  return reader.position === tokens.length ? read : null
}

type Token = Unit | '.' | '/' | '(' | ')'

function tokensOf(text: string): Token[] | null {
  const tokens: Token[] = []
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const match = token.exec(text)
    if (match === null) return null
    const [, power, number, annotation, symbol, exponent, operator] = match
    const read =
      power !== undefined
        ? unit(1, Number(power.slice(3)), {})
        : number !== undefined
          ? unit(Number(number), 0, {})
          : annotation !== undefined
            ? unitOf(annotation)
            : symbol !== undefined
              ? raised(unitOf(symbol), Number(exponent ?? 1))
              : // `as`: the pattern's last group holds these four.
                (operator as Token)
    if (read === null) return null
    const previous = tokens.at(-1)
    // An annotation behind a unit belongs to it: "g{magnesium}" counts something else than "g".
    if (annotation !== undefined && previous !== undefined && previous !== '.' && previous !== '/' && previous !== '(') tokens.push('.')
    tokens.push(read)
  }
  return tokens
}

interface Reader {
  readonly tokens: readonly Token[]
  position: number
}

/** Factors from left to right, as UCUM reads them: "a/b.c" is (a/b)·c. */
function productOf(reader: Reader): Unit | null {
  let sign: 1 | -1 = 1
  if (reader.tokens[reader.position] === '/') {
    sign = -1
    reader.position++
  }
  let result: Unit | null = one
  for (;;) {
    const factor: Unit | null = factorOf(reader)
    if (factor === null || result === null) return null
    result = times(result, factor, sign)
    const operator = reader.tokens[reader.position]
    if (operator !== '.' && operator !== '/') return result
    sign = operator === '.' ? 1 : -1
    reader.position++
  }
}

function factorOf(reader: Reader): Unit | null {
  const next = reader.tokens[reader.position++]
  if (next === undefined || next === '.' || next === '/' || next === ')') return null
  if (next !== '(') return next
  const inner = productOf(reader)
  return reader.tokens[reader.position++] === ')' ? inner : null
}

const one = unit(1, 0, {})

function times(a: Unit, b: Unit, sign: 1 | -1): Unit {
  return {
    mantissa: sign > 0 ? a.mantissa * b.mantissa : a.mantissa / b.mantissa,
    exponent: a.exponent + sign * b.exponent,
    dimension: product(a.dimension, b.dimension, sign),
  }
}

function raised(base: Unit | null, power: number): Unit | null {
  if (base === null || power === 0) return null
  return {
    mantissa: base.mantissa ** power,
    exponent: base.exponent * power,
    dimension: Object.fromEntries(Object.entries(base.dimension).map(([name, exponent]) => [name, exponent * power])),
  }
}

/** The dimension of a product, or of a quotient with −1. */
function product(a: Dimension, b: Dimension, sign: number): Dimension {
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return Object.fromEntries([...names].map((name) => [name, (a[name] ?? 0) + sign * (b[name] ?? 0)] as const).filter(([, exponent]) => exponent !== 0))
}

const sameDimension = (a: Dimension, b: Dimension) => Object.keys(product(a, b, -1)).length === 0
const sameUnit = (a: Unit, b: Unit) => sameDimension(a.dimension, b.dimension) && quotient(a, b) === 1

/** How many of the second unit the first one is, apart from their dimensions. */
const quotient = (a: Unit, b: Unit) => withoutNoise(scaled(a.mantissa / b.mantissa, a.exponent - b.exponent))

/** value × 10^power without the noise of a binary power of ten. */
function scaled(value: number, power: number): number {
  const [digits = '0', own = '0'] = value.toExponential().split('e')
  return Number(`${digits}e${Number(own) + power}`)
}

const withoutNoise = (value: number) => Number(value.toPrecision(15))
const shown = (value: number) => String(Number(value.toPrecision(6)))
