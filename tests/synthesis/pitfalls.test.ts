import { readFileSync } from 'node:fs'
import { PublicError } from '../../src/errors.js'
import { toAnalysisScale } from '../../src/statistics/effectSize.js'
import { scaleOf } from '../../src/synthesis/entry.js'
import { usualQuestion, type SynthesisQuestion } from '../../src/synthesis/question.js'
import type { TableMeasure } from '../../src/synthesis/table.data.js'
import type { ZeroCells } from '../../src/synthesis/table.effects.js'
import { readTable, TableError } from '../../src/synthesis/table.js'
import { poolTable, tableSynthesis } from '../../src/synthesis/table.pool.js'

// Tables with known pitfalls, and what metafor 3.8-1 makes of them: tests/fixtures/tables/README.md

interface Limits {
  readonly estimate: number
  readonly ciLower: number
  readonly ciUpper: number
}

interface Expected extends Partial<Limits> {
  readonly k: number
  readonly standardError?: number
  readonly pValue?: number
  readonly tau2?: number
  readonly q?: number
  readonly i2?: number
  readonly predictionLower?: number
  readonly predictionUpper?: number
  readonly tau2Lower?: number
  readonly tau2Upper?: number
  readonly egger?: { readonly statistic: number; readonly pValue: number }
  readonly begg?: { readonly tau: number; readonly pValue: number }
  readonly trimAndFill?: Limits & { readonly missing: number; readonly side: string }
  readonly leaveOneOut?: readonly Limits[]
  readonly subgroups?: readonly { readonly label: string; readonly k: number; readonly estimate: number; readonly standardError: number }[]
  readonly subgroupTest?: { readonly q: number | null; readonly pValue: number | null }
  readonly metaRegression?: {
    readonly coefficients: readonly number[]
    readonly standardErrors: readonly number[]
    readonly pValues: readonly number[]
    readonly tau2: number
    readonly qm: number
    readonly qmPValue: number
  }
}

interface Known {
  readonly file: string
  readonly measure: TableMeasure
  readonly options: Readonly<Record<string, string | number>>
  readonly expected: Expected | null
  readonly refused?: string
}

const read = (file: string) => readFileSync(new URL(`../fixtures/tables/pitfalls/${file}`, import.meta.url))
const known = JSON.parse(read('tables.json').toString()) as readonly Known[] // the README says so
const named = known.map((table) => ({ ...table, choices: JSON.stringify(table.options) }))

function questionOf({ measure, options }: Known) {
  const { 'subgroup-by': subgroupBy, moderators, add, to, ...choices } = options
  return {
    ...usualQuestion,
    ...(choices as Partial<SynthesisQuestion>), // words of the question
    measure,
    subgroupBy: subgroupBy === undefined ? null : String(subgroupBy),
    moderators: moderators === undefined ? [] : String(moderators).split(','),
    zeroCells: add === undefined ? null : ({ add: Number(add), to: to as ZeroCells['to'], drop00: false } satisfies ZeroCells), // one of its words
  }
}

const synthesisOf = (table: Known) => tableSynthesis(poolTable(readTable(read(table.file)), questionOf(table)))

/** metafor searches the limits of tau² to this, whatever the scale; tests/statistics/heterogeneityInterval.test.ts holds them to 1e-7 of it. */
const searchEnds = Number.EPSILON ** 0.25

/** What differs by more than 1e-6 of its size, or than a share of it that is named. */
function differing(table: Known): { readonly name: string; readonly ours: unknown; readonly expected: unknown }[] {
  const { expected } = table
  if (expected === null) throw new Error(`${table.file} is refused`)
  const synthesis = synthesisOf(table)
  const pool = poolTable(readTable(read(table.file)), questionOf(table))
  const onScale = (value: number) => toAnalysisScale(value, scaleOf(pool.measure))
  const rows: [name: string, ours: number | null | undefined, expected: number | null | undefined, digits: number][] = [
    ['k', pool.pooled.k, expected.k, 0],
    ...(['estimate', 'standardError', 'ciLower', 'ciUpper', 'pValue', 'predictionLower', 'predictionUpper'] as const).map(
      (name): [string, number | null, number | undefined, number] => [name, pool.pooled[name], expected[name], name === 'pValue' ? 1e-5 : 1e-6],
    ),
    ...(['tau2', 'q', 'i2', 'tau2Lower', 'tau2Upper'] as const).map((name): [string, number | null, number | undefined, number] => [
      name,
      synthesis.heterogeneity[name],
      expected[name],
      name === 'i2' ? 1e-5 : 1e-6,
    ]),
    ['egger.statistic', synthesis.smallStudyEffects.egger?.statistic, expected.egger?.statistic, 1e-6],
    ['egger.pValue', synthesis.smallStudyEffects.egger?.pValue, expected.egger?.pValue, 1e-6],
    ['begg.statistic', synthesis.smallStudyEffects.begg?.statistic, expected.begg?.tau, 1e-6],
    ['begg.pValue', synthesis.smallStudyEffects.begg?.pValue, expected.begg?.pValue, 1e-6],
    ...limits('trimAndFill', synthesis.smallStudyEffects.trimAndFill, expected.trimAndFill, 1e-5),
    ['trimAndFill.missing', synthesis.smallStudyEffects.trimAndFill?.missing, expected.trimAndFill?.missing, 0],
    ...(expected.leaveOneOut ?? []).flatMap((row, index) => limits(`leaveOneOut.${index}`, synthesis.leaveOneOut?.[index], row, 1e-6)),
    ...(expected.subgroups ?? []).map((row, index): [string, number | undefined, number, number] => {
      const ours = synthesis.subgroups[index]
      return [`subgroup ${row.label}`, ours === undefined ? undefined : onScale(ours.estimate), row.estimate, 1e-6]
    }),
    ['subgroupTest.q', synthesis.subgroupTest?.q, expected.subgroupTest?.q, 1e-6],
    ['subgroupTest.pValue', synthesis.subgroupTest?.pValue, expected.subgroupTest?.pValue, 1e-6],
    ...(expected.metaRegression?.coefficients ?? []).flatMap((estimate, index): [string, number | undefined, number | undefined, number][] => [
      [`coefficient ${index}`, synthesis.metaRegression?.coefficients[index]?.estimate, estimate, 1e-6],
      [`its error ${index}`, synthesis.metaRegression?.coefficients[index]?.standardError, expected.metaRegression?.standardErrors[index], 1e-6],
      [`its p ${index}`, synthesis.metaRegression?.coefficients[index]?.pValue, expected.metaRegression?.pValues[index], 1e-6],
    ]),
    ['residual tau2', synthesis.metaRegression?.residualTau2, expected.metaRegression?.tau2, 1e-6],
    ['qm', synthesis.metaRegression?.qModerators, expected.metaRegression?.qm, 1e-6],
    ['qm p', synthesis.metaRegression?.pValue, expected.metaRegression?.qmPValue, 1e-6],
  ]
  // What is little beside the standard error is nothing: metafor's zeros are where an iteration ended.
  const size = expected.standardError === undefined || expected.standardError === 0 ? 1 : Math.min(1, expected.standardError)
  return rows.flatMap(([name, ours, value, digits]) => {
    if (value === undefined || value === null) return []
    const isClose =
      ours !== null &&
      ours !== undefined &&
      Math.abs(ours - value) <= digits * (looser[table.file] ?? 1) * (Math.abs(value) + size) + (/tau2(Lower|Upper)/.test(name) ? searchEnds : 0)
    return isClose || mayDiffer[table.file]?.includes(name) === true ? [] : [{ name, ours, expected: value }]
  })

  function limits(
    name: string,
    ours: Limits | null | undefined,
    row: Limits | undefined,
    digits: number,
  ): [string, number | undefined, number | undefined, number][] {
    return (['estimate', 'ciLower', 'ciUpper'] as const).map((limit) => [
      `${name}.${limit}`,
      ours === null || ours === undefined ? undefined : onScale(ours[limit]),
      row?.[limit],
      digits,
    ])
  }
}

/** Where the reference is not to be matched, and why. */
const mayDiffer: Readonly<Record<string, readonly string[]>> = {
  // One study cannot differ from others: null here, 0 there.
  'k1.csv': ['tau2', 'q', 'i2'],
  // Points on a line, or one study that weighs nothing: no slope can be told from rounding.
  'ratio1e18.csv': ['egger.statistic', 'egger.pValue'],
  'egger-line.csv': ['egger.statistic', 'egger.pValue'],
  // Shown as correlations, limits of z from −40 to 48 are −1 and 1.
  'cor-near1.csv': ['1', '2'].flatMap((step) => ['ciLower', 'ciUpper'].map((limit) => `leaveOneOut.${step}.${limit}`)),
}

/** Where metafor stops searching tau² at 1e-5 or 1.2e-4, whatever the scale; the models in tests/fixtures/metafor were made it stop later. */
const looser: Readonly<Record<string, number>> = { 'smallscale.csv': 1e4, 'est-pm.csv': 20, 'egger-rd.csv': 10 }

const tableCalled = (file: string): Known => {
  const table = known.find((candidate) => candidate.file === file)
  if (table === undefined) throw new Error(`${file} is missing`)
  return table
}

test('every table is here', () => expect(known).toHaveLength(77))

test.each(named.filter(({ expected }) => expected !== null))('$file as $measure with $choices agrees with metafor', (table) => {
  expect(differing(table)).toEqual([])
})

test.each(named.filter(({ expected }) => expected === null))('$file with $choices is refused: $refused', (table) => {
  let refusal: unknown
  try {
    synthesisOf(table)
  } catch (error) {
    refusal = error
  }
  expect(refusal instanceof PublicError || refusal instanceof TableError).toBe(true)
})

// metafor 3.8-1: rma.mh(measure = "RD") of the same counts, which keeps trials in which nobody had the event
test('a risk difference by Mantel and Haenszel keeps trials without events, and by inverse variance says that it cannot', () => {
  const table = tableCalled('rd-two-trials-without-events.csv')
  const pooled = synthesisOf(table)
  expect(pooled).toMatchObject({
    k: 3,
    unpoolable: [],
    estimate: expect.closeTo(table.expected?.estimate ?? NaN, 8),
    contributions: [{ estimate: 0 }, { estimate: 0 }, {}],
  })
  expect(pooled.warnings.map(({ code }) => code)).not.toContain('RD_NO_EVENTS_LEFT_OUT')
  const inverse = synthesisOf({ ...table, options: { model: 'COMMON_EFFECT' } })
  expect(inverse).toMatchObject({ k: 1, unpoolable: [{ code: 'NO_EVENTS' }, { code: 'NO_EVENTS' }] })
  const codes = inverse.warnings.map(({ code }) => code)
  expect(codes).toContain('RD_NO_EVENTS_LEFT_OUT')
  expect(codes).not.toContain('NO_EVENTS_LEFT_OUT')
})

test('Peto’s method is told to be outside its domain where arms differ ten to one, and not where they are alike', () => {
  const codesOf = (file: string) => {
    return synthesisOf({ ...tableCalled(file), options: { model: 'PETO' } }).warnings.map(({ code }) => code)
  }
  expect(codesOf('peto-unbal.csv')).toContain('PETO_OUTSIDE_DOMAIN')
  expect(codesOf('level-0-9.csv')).not.toContain('PETO_OUTSIDE_DOMAIN')
})

test('limits are told on the analysis scale too, where those shown saturate', () => {
  const table = tableCalled('cor-near1.csv')
  const found = synthesisOf(table)
  expect(found.analysisCiLower).toBeCloseTo(table.expected?.ciLower ?? NaN, 5)
  expect(found.analysisCiUpper).toBeCloseTo(table.expected?.ciUpper ?? NaN, 5)
})

test('a subgroup that agrees exactly is not compared under HKSJ, with the reason, and is under the usual interval', () => {
  for (const file of ['sub-identical.csv', 'sub-two-groups-identical.csv']) {
    const table = tableCalled(file)
    const plain = synthesisOf(table)
    expect(plain.subgroupTest).toBeNull()
    expect(plain.warnings.map(({ code }) => code)).toContain('SUBGROUP_WITHOUT_ERROR')
    const usual = synthesisOf({ ...table, options: { 'subgroup-by': 'g' } })
    expect(usual.subgroupTest).toMatchObject({ df: 1, q: expect.any(Number), pValue: expect.any(Number) })
    expect(usual.warnings.map(({ code }) => code)).not.toContain('SUBGROUP_WITHOUT_ERROR')
  }
})

test.each([
  ['reg-collinear.csv', 'z follows from x in these studies, so their effects cannot be told apart: leave one of them out'],
  ['reg-scale.csv', 'x varies too little beside its size to be told from a constant: subtract what all studies have in common'],
  ['reg-constant.csv', 'c is the same in all 7 studies, so nothing can be learnt of it'],
])('the moderators of %s are refused by name', (file, message) => {
  const table = tableCalled(file)
  expect(() => synthesisOf(table)).toThrow(message)
})

// Of two trials with twelve events in all: Wald 0.0851 to 1.235, HKSJ 0.251 to 0.419, HKSJ_ADHOC 0.0000554 to 1895
test('two trials with few events have no conclusion by the usual interval', () => {
  const table = tableCalled('k2-rare.csv')
  expect(synthesisOf({ ...table, options: {} })).toMatchObject({ ciLower: expect.closeTo(0.0000554, 7), choices: { interval: 'HKSJ_ADHOC' } })
  expect(synthesisOf(table)).toMatchObject({ ciLower: expect.closeTo(0.251, 3), ciUpper: expect.closeTo(0.419, 3) })
})
