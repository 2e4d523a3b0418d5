import { execFile, execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { usualQuestion, type SynthesisQuestion } from '../../src/synthesis/question.js'
import { rScript } from '../../src/synthesis/rScript.js'
import { parseTauPrior } from '../../src/statistics/tauPrior.js'
import { columnNames, rNumber, rString, rVector } from '../../src/synthesis/rScript.literals.js'
import type { TableMeasure } from '../../src/synthesis/table.data.js'
import { entriesOfTable, joinedEntries } from '../../src/synthesis/table.entries.js'
import { readTable } from '../../src/synthesis/table.js'
import { poolTable, tableSynthesis, type TablePool } from '../../src/synthesis/table.pool.js'

/** Whether R has a package; asking takes a fifth of a second. */
function rHas(name: string): boolean {
  try {
    execFileSync('Rscript', ['--vanilla', '-e', `library(${name})`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const hasMetafor = rHas('metafor')
const hasSandwich = hasMetafor && rHas('clubSandwich')
if (!hasMetafor) console.warn('R scripts are not run: there is no Rscript with the package metafor (Debian: r-cran-metafor)')
else if (!hasSandwich) console.warn('the R script with cluster-robust errors is not run: there is no package clubSandwich (Debian: r-cran-clubsandwich)')

interface Case {
  readonly name: string
  readonly table: string
  readonly measure: TableMeasure
  readonly question: Partial<SynthesisQuestion>
}

const li = { table: 'li2007.csv', measure: 'OR' } as const
const cases: readonly Case[] = [
  {
    name: 'REML with Hartung and Knapp’s interval, subgroups and a moderator',
    ...li,
    question: { interval: 'HKSJ', subgroupBy: 'period', moderators: ['year'] },
  },
  { name: 'the usual choices, with subgroups and a moderator', ...li, question: { subgroupBy: 'period', moderators: ['year'] } },
  { name: 'a common effect, at another level', ...li, question: { model: 'COMMON_EFFECT', level: 0.9, moderators: ['year'] } },
  { name: 'Mantel and Haenszel’s method', ...li, question: { model: 'MANTEL_HAENSZEL', subgroupBy: 'period' } },
  { name: 'Mantel and Haenszel’s method with one half in empty cells', ...li, question: { model: 'MANTEL_HAENSZEL', emptyCells: 'ADD_HALF' } },
  { name: 'random effects with Q about Mantel and Haenszel’s estimate', ...li, measure: 'RR', question: { model: 'MANTEL_HAENSZEL_RANDOM', interval: 'WALD' } },
  { name: 'Peto’s method', ...li, question: { model: 'PETO' } },
  { name: 'Mantel and Haenszel’s risk ratio', ...li, measure: 'RR', question: { model: 'MANTEL_HAENSZEL' } },
  ...(['DL', 'PM', 'ML', 'EB', 'HS', 'HE', 'SJ'] as const).map((estimator) => ({
    name: `tau² by ${estimator}`,
    table: 'senn2013.csv',
    measure: 'SMD' as const,
    question: { estimator, interval: estimator === 'DL' ? ('WALD' as const) : ('HKSJ_ADHOC' as const) },
  })),
  {
    name: 'mean differences with subgroups and two moderators',
    table: 'senn2013.csv',
    measure: 'MD',
    question: { subgroupBy: 'treatment', moderators: ['n1i', 'n2i'] },
  },
  { name: 'risk differences, whose tau² is small', ...li, measure: 'RD', question: {} },
  { name: 'correlations', table: 'molloy2014.csv', measure: 'ZCOR', question: { moderators: ['meanage'] } },
  { name: 'rates', table: 'nielweise2008.csv', measure: 'IRR', question: { interval: 'WALD' } },
  ...['HALF_NORMAL:0.5', 'UNIFORM:2', 'LOG_T:-3.44,2.59,5'].map((prior) => ({
    name: `a Bayesian pool with ${prior}`,
    table: 'pitfalls/reg.csv',
    measure: 'GEN' as const,
    question: { interval: 'HKSJ' as const, tauPrior: parseTauPrior(prior) },
  })),
  {
    name: 'risk differences by Mantel and Haenszel, with trials without events',
    table: 'pitfalls/zero-mh-rd.csv',
    measure: 'RD',
    question: { model: 'MANTEL_HAENSZEL' },
  },
  { name: 'subgroups that agree exactly', table: 'pitfalls/sub-identical.csv', measure: 'GEN', question: { interval: 'HKSJ', subgroupBy: 'g' } },
  { name: 'rows of a cluster joined into one', table: 'konstantopoulos2011.csv', measure: 'GEN', question: { subgroupBy: 'year' } },
]

const poolOf = ({ table, measure, question }: Omit<Case, 'name'>): TablePool =>
  poolTable(readTable(readFileSync(new URL(`../fixtures/tables/${table}`, import.meta.url))), { ...usualQuestion, zeroCells: null, ...question, measure })

/** Labels that would end their string, or be read as R, if they were not escaped. */
const strange = ['"); stop("no', '\\', 'line\nbreak # comment', 'naïve Ωmega 😀', '\u0000\ud800\u001b[2J', '%s `x` $y', '']

/** One run of R for all scripts: to start it takes longer than what it computes. */
let printed: Map<string, string>
beforeAll(async () => {
  if (!hasMetafor) return
  const folder = await mkdtemp(path.join(tmpdir(), 'magnesium-evidence-r-'))
  try {
    const scripts = new Map(cases.map((known) => [known.name, rScript(poolOf(known))]))
    scripts.set('strange labels', `${rScript(strangers())}\ncat(paste(utf8ToInt(paste(dat$label, collapse = "|")), collapse = " "), "\\n")\n`)
    for (const { name, question } of clustered) scripts.set(name, scriptOfClusters(question))
    scripts.set('one study', rScript(single()))
    for (const [index, script] of [...scripts.values()].entries()) await writeFile(path.join(folder, `${index}.R`), script)
    const driver = [
      'suppressWarnings(suppressMessages({',
      `for (index in 0:${scripts.size - 1}) {`,
      '  cat("\\n## script", index, "\\n")',
      `  tryCatch(source(file.path(${rString(folder)}, paste0(index, ".R")), local = new.env()), error = function(e) cat("failed:", conditionMessage(e), "\\n"))`,
      '}}))',
    ]
    await writeFile(path.join(folder, 'all.R'), driver.join('\n'))
    const { stdout } = await promisify(execFile)('Rscript', ['--vanilla', path.join(folder, 'all.R')], { env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 1e8 })
    const outputs = stdout.split(/^## script \d+ $/m).slice(1)
    printed = new Map([...scripts.keys()].map((name, index) => [name, outputs[index] ?? '']))
  } finally {
    await rm(folder, { recursive: true })
  }
})

const withR = hasMetafor ? test : test.skip

withR.each(cases)('R gives the numbers of the engine: $name', (known) => {
  const output = printed.get(known.name) ?? ''
  expect(output).not.toContain('failed:')
  const inR = numbersIn(output)
  const ours = numbersOf(tableSynthesis(poolOf(known)))
  expect([...inR.keys()].filter((name) => !ours.has(name))).toEqual([])
  expect([...inR.keys()]).toEqual(
    expect.arrayContaining(['k', 'estimate', 'ciLower', 'ciUpper', 'heterogeneity.q', 'leaveOneOut.estimate', 'cumulative.ciUpper']),
  )
  const differing = [...inR].flatMap(([name, values]) =>
    values.flatMap((value, index) =>
      agree(value, ours.get(name)?.[index], name.startsWith('trimAndFill') ? 1e-3 : 1e-6) ? [] : [{ name, index, inR: value, ours: ours.get(name)?.[index] }],
    ),
  )
  expect(differing).toEqual([])
})

/** What is nothing beside the number needs no digits; trimfill() of metafor stops at a change of 1e-5, whatever the scale, and cannot be told otherwise. */
const agree = (value: number, ours: number | undefined, digits: number) =>
  Object.is(value, ours) || Math.abs(value - (ours ?? NaN)) <= digits * Math.abs(value) + 1e-9

/** Entries that are not independent, left to the model to allow for. */
const clustered: readonly (Pick<Case, 'name' | 'question'> & { readonly expected: Readonly<Record<string, number>> })[] = [
  {
    name: 'three levels',
    question: { model: 'THREE_LEVEL' },
    // metafor 3.8-1: rma.mv(yi, vi, random = ~ 1 | district/school, data = dat.konstantopoulos2011, test = "t"); tau² is the sum of 0.065062 and 0.032737
    expected: {
      estimate: 0.18471316367288151,
      standardError: 0.08455591874205966,
      ciLower: 0.015259315821635921,
      ciUpper: 0.3541670115241271,
      'heterogeneity.tau2': 0.06506194427531166 + 0.032736517027935085,
    },
  },
  {
    name: 'three levels by normal quantiles',
    question: { model: 'THREE_LEVEL', interval: 'WALD' },
    expected: { ciLower: 0.01898660825874926, ciUpper: 0.35043971908701377 },
  },
  { name: 'three levels with a moderator', question: { model: 'THREE_LEVEL', moderators: ['year'] }, expected: {} },
  {
    name: 'cluster-robust errors',
    question: { dependence: 'ROBUST', interval: 'WALD' },
    // metafor 3.8-1: rma(yi, vi, data = dat.konstantopoulos2011), whose estimate and tau² the robust error leaves as they are
    expected: { estimate: 0.127932058364942, 'heterogeneity.tau2': 0.0884384765487798 },
  },
]

const withSandwich = hasSandwich ? test : test.skip

describe.each(clustered)('R is asked as it should be', ({ name, question, expected }) => {
  ;(question.dependence === 'ROBUST' ? withSandwich : withR)(`for ${name}`, () => {
    const output = printed.get(name) ?? ''
    expect(output).not.toContain('failed:')
    for (const [number, value] of Object.entries(expected)) expect(numbersIn(output).get(number)?.[0]).toBeCloseTo(value, 7)
    const ours = numbersOf(tableSynthesis(poolOf({ table: 'konstantopoulos2011.csv', measure: 'GEN', question })))
    for (const number of ['estimate', 'standardError', 'ciLower', 'ciUpper', 'pValue', 'predictionLower', 'heterogeneity.tau2'])
      expect({ [number]: numbersIn(output).get(number)?.[0] }).toEqual({ [number]: expect.closeTo(ours.get(number)?.[0] ?? NaN, 6) })
    const regressed = [...numbersIn(output)].filter(([number]) => number.startsWith('metaRegression'))
    expect(regressed.length > 0).toBe(question.moderators !== undefined)
    for (const [number, values] of regressed)
      expect({ [number]: values }).toEqual({ [number]: values.map((_, index) => expect.closeTo(ours.get(number)?.[index] ?? NaN, 5)) })
  })
})

function scriptOfClusters(asked: Case['question']): string {
  const question = { ...usualQuestion, ...asked }
  const table = readTable(readFileSync(new URL('../fixtures/tables/konstantopoulos2011.csv', import.meta.url)))
  const { entries } = entriesOfTable(table, { measure: 'GEN', subgroupBy: null, moderators: question.moderators, zeroCells: null })
  return rScript({ measure: 'GEN', question, entries: joinedEntries(entries, question), grouped: [] })
}

withR('labels of strangers stay labels', () => {
  const output = printed.get('strange labels') ?? ''
  expect(output).not.toContain('failed:')
  const expected = strange.join('|').replaceAll('\u0000', '\ufffd').replaceAll('\ud800', '\ufffd')
  expect(output.trim().split('\n').at(-1)?.trim().split(' ').map(Number)).toEqual([...expected].map((character) => character.codePointAt(0)))
})

withR('one study is itself', () => {
  const output = printed.get('one study') ?? ''
  expect(output).not.toContain('failed:')
  expect([...numbersIn(output).keys()]).toEqual(['k', 'estimate', 'analysisEstimate', 'standardError', 'ciLower', 'ciUpper', 'pValue'])
  expect(numbersIn(output).get('ciUpper')?.[0]).toBeCloseTo(single().pooled.ciUpper, 9)
})

test('the script is the same to the last character for the same data, and ASCII whatever the labels hold', () => {
  expect(rScript(strangers())).toBe(rScript(strangers()))
  expect(rScript(strangers())).toMatch(/^[\n\x20-\x7e]*$/)
})

test('a string of R is ASCII, on one line, and ends where it ends', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => /^"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]|\\u[0-9a-f]{4}|\\U[0-9a-f]{8})*"$/.test(rString(text))),
  )
})

test('a number of R gives back the same double, and what is none is NA', () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => Number(rNumber(value)) === value))
  expect([null, NaN, Infinity].map(rNumber)).toEqual(['NA', 'NA', 'NA'])
})

test('vectors break into lines that can be read', () => {
  expect(rVector(['1', '2'], '')).toBe('c(1, 2)')
  expect(
    rVector(
      Array.from({ length: 200 }, () => '0.123456789'),
      '  ',
    )
      .split('\n')
      .every((line) => line.length <= 120),
  ).toBe(true)
})

test('moderators have names that a formula can hold, whatever the columns are called', () => {
  expect(columnNames(['dose', 'Dose (mg/day)', 'dose_mg_day_', 'µg', 'ng', 'g)', 'if'])).toEqual([
    'mod_dose',
    'mod_Dose_mg_day_',
    'mod_dose_mg_day__2',
    'mod__g',
    'mod_ng',
    'mod_g_',
    'mod_if',
  ])
})

function strangers(): TablePool {
  const rows = strange.map((_, index) => `"s${index}",${index / 10},0.0${index + 1}`)
  const pool = poolTable(readTable(new TextEncoder().encode(`slab,yi,vi\n${rows.join('\n')}\n`)), { ...usualQuestion, measure: 'GEN', zeroCells: null })
  return { ...pool, entries: pool.entries.map((entry, index) => ({ ...entry, label: strange[index] ?? '', study: strange[index] ?? '' })) }
}

function single(): TablePool {
  return poolTable(readTable(new TextEncoder().encode('slab,yi,vi\nA,0.5,0.04\n')), { ...usualQuestion, measure: 'GEN', zeroCells: null })
}

/** What a script prints after "# synthesis": for each name its values. */
function numbersIn(output: string): Map<string, number[]> {
  const numbers = new Map<string, number[]>()
  for (const line of output.slice(output.indexOf('# synthesis')).split('\n')) {
    const [, name, value] = /^([A-Za-z][\w.]*) (\S+)$/.exec(line) ?? []
    if (name !== undefined) numbers.set(name, [...(numbers.get(name) ?? []), value === 'NA' ? NaN : Number(value)])
  }
  return numbers
}

/** The engine's numbers under the names of the script. */
function numbersOf(synthesis: ReturnType<typeof tableSynthesis>): Map<string, number[]> {
  const numbers = new Map<string, number[]>()
  const add = (name: string, values: readonly unknown[]) =>
    numbers.set(
      name,
      values.map((value) => (typeof value === 'number' ? value : NaN)),
    )
  for (const [name, value] of Object.entries(synthesis)) if (typeof value === 'number') add(name, [value])
  for (const [name, value] of Object.entries(synthesis.heterogeneity)) add(`heterogeneity.${name}`, [value])
  for (const list of ['leaveOneOut', 'cumulative', 'subgroups'] as const)
    for (const name of ['estimate', 'ciLower', 'ciUpper'] as const)
      add(
        `${list}.${name}`,
        (synthesis[list] ?? []).map((row) => row[name]),
      )
  for (const [name, value] of Object.entries(synthesis.subgroupTest ?? {})) add(`subgroupTest.${name}`, [value])
  for (const name of ['estimate', 'standardError', 'pValue'] as const)
    add(`metaRegression.${name}`, synthesis.metaRegression?.coefficients.map((coefficient) => coefficient[name]) ?? [])
  for (const name of ['qModerators', 'residualTau2', 'residualQ'] as const) add(`metaRegression.${name}`, [synthesis.metaRegression?.[name]])
  add('metaRegression.qModeratorsPValue', [synthesis.metaRegression?.pValue])
  for (const [name, value] of Object.entries(synthesis.bayesian ?? {})) add(`bayesian.${name}`, [value])
  for (const test of ['egger', 'begg', 'trimAndFill'] as const)
    for (const [name, value] of Object.entries(synthesis.smallStudyEffects[test] ?? {})) add(`${test}.${name}`, [value])
  return numbers
}
