import { readdirSync, readFileSync } from 'node:fs'
import { UcumLhcUtils } from '@lhncbc/ucum-lhc'
import fc from 'fast-check'
import { parse } from 'yaml'
import { isKnownUnit, unitFactor, type Substance } from '../../src/vocabulary/units.js'

// Of two charges: 1 mmol is 2 mEq
const magnesium: Substance = { molarMassGPerMol: 24.305, factors: [{ from: 'meq', to: 'mmol', factor: 0.5, source: 'two charges' }] }
const glucose: Substance = { molarMassGPerMol: 180.156 }
const cholesterol: Substance = { molarMassGPerMol: 386.65 }
const triglycerides: Substance = { molarMassGPerMol: 885.4 }
const creatinine: Substance = { molarMassGPerMol: 113.12 }
const calcium: Substance = { molarMassGPerMol: 40.078 }
const insulin: Substance = { factors: [{ from: 'u[IU]/mL', to: 'pmol/L', factor: 6, source: 'Knopp et al. 2019' }] }
// Hoelzel et al. (2004), Clin Chem 50:166–174: NGSP = 0.09148 × IFCC + 2.152
const hba1c: Substance = { factors: [{ from: '%', to: 'mmol/mol', factor: 1 / 0.09148, offset: -2.152 / 0.09148, source: 'Hoelzel et al. 2004' }] }
const factorOf = (from: string, to: string, substance?: Substance) => unitFactor(from, to, substance)?.factor

describe('a factor', () => {
  // By hand from the molar mass; beside it the factor of the AMA Manual of Style, table 17.5-2
  test.each<[string, string, Substance | undefined, number]>([
    ['mg/dL', 'mmol/L', glucose, 10 / 180.156], // 0.0555
    ['mg/dL', 'mmol/L', cholesterol, 10 / 386.65], // 0.0259
    ['mg/dL', 'mmol/L', triglycerides, 10 / 885.4], // 0.0113
    ['mg/dL', 'mmol/L', magnesium, 10 / 24.305], // 0.4114
    ['mg/dL', 'umol/L', creatinine, 1e4 / 113.12], // 88.4
    ['mg/dL', 'mmol/L', calcium, 10 / 40.078], // 0.25
    ['mEq/L', 'mmol/L', magnesium, 0.5],
    ['mg/dL', 'meq/L', magnesium, 20 / 24.305], // 0.823
    ['mg/d', 'mmol/d', magnesium, 1 / 24.305],
    ['u[IU]/mL', 'pmol/L', insulin, 6],
    ['m[IU]/L', 'pmol/L', insulin, 6],
    ['uIU/mL', 'mIU/L', undefined, 1],
    ['{score}/(mg/dL)', '{score}/(mmol/L)', magnesium, 2.4305],
    ['ug/mL', 'mg/L', undefined, 1],
    ['µg/mL', 'mg/dL', undefined, 0.1],
    ['mm', 'cm', undefined, 0.1],
    ['mm[Hg]', 'kPa', undefined, 0.133322],
    ['mmHg', 'mm[Hg]', undefined, 1],
    ['h', 'min', undefined, 60],
    ['d', 'h', undefined, 24],
    ['wk', 'd', undefined, 7],
    ['months', 'd', undefined, 30.4375],
    ['kg', 'g', undefined, 1000],
    ['/min', '/h', undefined, 60],
    ['mL/kg/min', 'L/h/kg', undefined, 0.06],
    ['mmol/24.h', 'mmol/d', undefined, 1],
    ['mg/24h', 'mg/d', undefined, 1],
    ['{cramps}/(4.wk)', '{cramps}/mo', undefined, 30.4375 / 28],
    ['d/mo', 'd/wk', undefined, 7 / 30.4375],
    ['mmol/L.min', 'mmol.h/L', undefined, 1 / 60],
    ['U/L', 'ukat/L', undefined, 1 / 60],
    ['10*3/uL', '10*9/L', undefined, 1],
    ['%', '1', undefined, 0.01],
    ['points', '{score}', undefined, 1],
  ])('of 1 %s in %s', (from, to, substance, factor) => {
    const conversion = unitFactor(from, to, substance)
    expect(conversion).toMatchObject({ offset: 0, how: expect.stringMatching(/./) })
    expect(Math.abs(Number(conversion?.factor) / factor - 1)).toBeLessThan(1e-14)
  })

  test('that is a power of ten is one exactly', () => {
    for (const [from, to, factor] of [
      ['mg/dL', 'g/L', 0.01],
      ['pg/mL', 'ng/L', 1],
      ['mm', 'm', 0.001],
      ['umol/L', 'mmol/L', 0.001],
    ] as const)
      expect(factorOf(from, to)).toBe(factor)
  })

  test('says how it was reached', () => {
    expect(unitFactor('mg/dL', 'mmol/L', glucose)?.how).toBe('1 mg/dL = 0.0555074 mmol/L, by a molar mass of 180.156 g/mol')
    expect(unitFactor('u[IU]/mL', 'pmol/L', insulin)?.how).toContain('by 1 u[IU]/mL = 6 pmol/L: Knopp et al. 2019')
  })

  test.each<[string, string, Substance | undefined]>([
    ['mg/dL', 'mmol/L', undefined],
    ['mg/dL', 'mmol/d', glucose],
    ['u[IU]/mL', 'pmol/L', undefined],
    ['{score}', '{cramps}', undefined],
    ['{score}', '1', undefined],
    ['{score}', '%', undefined],
    ['{attacks}/mo', '{cramps}/mo', undefined],
    ['mL/min/{1.73_m2}', 'mL/min', undefined],
    ['mg', 'mg/kg', undefined],
    ['mmol', 'mmol/d', undefined],
    ['meq/L', 'mmol/L', undefined],
    ['furlong', 'm', undefined],
    ['constructor', 'm', undefined],
    ['mg//dL', 'mg/dL', undefined],
    ['mg/(dL', 'mg/dL', undefined],
    ['mg)', 'mg', undefined],
    ['', 'mg', undefined],
  ])('of %j in %j there is none', (from, to, substance) => expect(unitFactor(from, to, substance)).toBeNull())

  test('of a unit in itself is 1, whether it can be read or not', () => {
    expect(factorOf('bars of chocolate', 'bars of chocolate')).toBe(1)
  })

  test.each([0, -1, NaN, Infinity])('needs a molar mass that can be, not %d', (molarMassGPerMol) => {
    expect(() => unitFactor('mg', 'mmol', { molarMassGPerMol })).toThrow('must be positive and finite')
  })
})

describe('HbA1c', () => {
  test('has an offset for values and none for differences', () => {
    // Hoelzel et al. 2004: 7 % is 53 mmol/mol, 6.5 % is 48; a difference of 1 % is one of 10.93 mmol/mol
    const conversion = unitFactor('%', 'mmol/mol', hba1c)
    expect(conversion?.factor).toBeCloseTo(10.9314, 4)
    expect(Math.round(7 * Number(conversion?.factor) + Number(conversion?.offset))).toBe(53)
    expect(Math.round(6.5 * Number(conversion?.factor) + Number(conversion?.offset))).toBe(48)
    const back = unitFactor('mmol/mol', '%', hba1c)
    expect(back?.factor).toBeCloseTo(0.09148, 10)
    expect(53 * Number(back?.factor) + Number(back?.offset)).toBeCloseTo(7.0, 2)
  })

  test('is on scales of its own, which are no plain ratios', () => {
    expect(unitFactor('%', '1', hba1c)).toBeNull()
    expect(unitFactor('1', 'mmol/mol', hba1c)).toBeNull()
    expect(factorOf('%', '%', hba1c)).toBe(1)
  })
})

/** The units of results and instruments of the corpus, and those that other trials of the same outcomes use. */
function units(): string[] {
  const found = new Set<string>()
  const look = (value: unknown, key = ''): void => {
    if (typeof value === 'string' && key === 'unit' && value !== value.toUpperCase()) found.add(value)
    if (typeof value === 'object' && value !== null) for (const [name, inner] of Object.entries(value)) look(inner, name)
  }
  for (const file of readdirSync('prisma/corpus/studies')) {
    const { results } = parse(readFileSync(`prisma/corpus/studies/${file}`, 'utf8')) as { readonly results?: unknown }
    look(results)
  }
  look(parse(readFileSync('prisma/corpus/instruments.yaml', 'utf8')))
  return [...new Set([...found, ...others])].sort()
}
const others =
  '% 1 /min L/min U/L cm d d/mo g h kg m/s mL/kg/min mL/min mg mg/L mg/d mg/dL mg/kg min mm mm[Hg] mmol mmol/L mmol/L.min mmol/d nmol/L pg/mL pmol/L s u[IU]/mL m[IU]/L ug/mL umol/L wk mo {attacks}/mo {class} {cramps}/(4.wk) {cramps}/mo {cramps}/wk {score} {score}/(mg/dL) {spasms}/h'.split(
    ' ',
  )
const all = units()
const pairs = all.flatMap((from) => all.map((to) => [from, to] as const))

test('every unit of the corpus can be read', () => {
  expect(all.filter((unit) => !isKnownUnit(unit))).toEqual([])
})

// The complete implementation of UCUM by the US National Library of Medicine
describe('beside @lhncbc/ucum-lhc 7.1.10', () => {
  const library = UcumLhcUtils.getInstance()
  // International units it converts into nothing, not even into themselves; a spelling outside UCUM it rejects; per 24 h it converts to no other rate.
  const comparable = (unit: string) => !unit.includes('[IU]') && !unit.endsWith('/24.h') && library.validateUnitString(unit).status === 'valid'

  test('every factor of the corpus is the same', () => {
    const compared = pairs.flatMap(([from, to]) => {
      const factor = factorOf(from, to)
      return factor === undefined || !comparable(from) || !comparable(to) ? [] : [{ from, to, factor, theirs: library.convertUnitTo(from, 1, to).toVal }]
    })
    expect(compared.length).toBeGreaterThan(60)
    expect(compared.filter(({ factor, theirs }) => theirs === null || Math.abs(factor / theirs - 1) > 1e-12)).toEqual([])
  })

  test('what it converts and we do not are annotations, which it ignores', () => {
    const more = pairs.filter(
      ([from, to]) =>
        from !== to && comparable(from) && comparable(to) && factorOf(from, to) === undefined && library.convertUnitTo(from, 1, to).status === 'succeeded',
    )
    expect(more.filter(([from, to]) => !from.includes('{') && !to.includes('{'))).toEqual([])
  })

  test.each<[string, Substance]>([
    ['glucose', glucose],
    ['magnesium', magnesium],
    ['triglycerides', triglycerides],
  ])('every factor by the molar mass of %s is the same', (_, { molarMassGPerMol = NaN }) => {
    const compared = pairs.flatMap(([from, to]) => {
      const factor = factorOf(from, to, { molarMassGPerMol })
      return factor === undefined || factorOf(from, to) !== undefined || !comparable(from) || !comparable(to)
        ? []
        : [{ from, to, factor, theirs: library.convertUnitTo(from, 1, to, { molecularWeight: molarMassGPerMol }).toVal }]
    })
    expect(compared.length).toBeGreaterThan(20)
    // It refuses some quotients of quotients, such as {score}/(mg/dL)
    expect(compared.filter(({ factor, theirs }) => theirs !== null && Math.abs(factor / theirs - 1) > 1e-12)).toEqual([])
  })

  test('every symbol and prefix is read as there', () => {
    const symbols = 'g m s mol K L l N Pa bar J cal W Hz kat U dyn eq osm'
      .split(' ')
      .flatMap((symbol) => ['', 'k', 'd', 'c', 'm', 'u', 'n', 'p'].map((prefix) => prefix + symbol))
    const named = [...symbols, ...'min h d wk mo a % [ppth] [ppm] [in_i] [lb_av] m[H2O] cm[H2O] m[Hg] 10*3 dyn.s/cm5 L/(min.m2) m2 s-1'.split(' ')]
    // Each beside the base units of its kind: what is right there is right between any two.
    const bases = ['g', 'm', 's', 'mol', 'K', 'eq', 'osm', 'm3', '1', 'N', 'Pa', 'J', 'W', 's-1', 'mol/s', 'Pa.s/m3', 'm/s', 'm2']
    const compared = named.flatMap((unit) => {
      expect([unit, library.validateUnitString(unit).status]).toEqual([unit, 'valid'])
      return bases.flatMap((base) => {
        const factor = factorOf(unit, base)
        return factor === undefined ? [] : [{ unit, base, factor, theirs: library.convertUnitTo(unit, 1, base).toVal }]
      })
    })
    expect(new Set(compared.map(({ unit }) => unit))).toEqual(new Set(named))
    expect(compared.filter(({ factor, theirs }) => theirs === null || Math.abs(factor / theirs - 1) > 1e-12)).toEqual([])
  })
})

describe('conversions of the corpus', () => {
  const unit = fc.constantFrom(...all)
  const substance = fc.constantFrom(
    magnesium,
    glucose,
    insulin,
    hba1c,
    { ...magnesium, factors: [...(magnesium.factors ?? []), ...(insulin.factors ?? [])] },
    {},
  )
  const close = (a: number, b: number) => Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b), 1e-300)

  test('lead there and back', () => {
    fc.assert(
      fc.property(unit, unit, substance, fc.double({ min: -1000, max: 1000, noNaN: true }), (from, to, of, value) => {
        const [there, back] = [unitFactor(from, to, of), unitFactor(to, from, of)]
        if (there === null || back === null) return there === back
        const returned = (value * there.factor + there.offset) * back.factor + back.offset
        return close(there.factor * back.factor, 1) && Math.abs(returned - value) < 1e-9 * (1 + Math.abs(value))
      }),
      { numRuns: 500 },
    )
  })

  test('lead over a third unit where they lead straight', () => {
    fc.assert(
      fc.property(unit, unit, unit, substance, (a, b, c, of) => {
        const [first, second, straight] = [unitFactor(a, b, of), unitFactor(b, c, of), unitFactor(a, c, of)]
        if (first === null || second === null) return true
        return straight !== null && close(first.factor * second.factor, straight.factor)
      }),
      { numRuns: 1000 },
    )
  })
})
