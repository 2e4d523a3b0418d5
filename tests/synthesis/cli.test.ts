import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { synthesizeCommand } from '../../src/cli.synthesize.js'
import { parseTauPrior } from '../../src/statistics/tauPrior.js'
import { usualQuestion, type SynthesisQuestion } from '../../src/synthesis/question.js'
import { readTable } from '../../src/synthesis/table.js'
import { poolTable, tableSynthesis } from '../../src/synthesis/table.pool.js'

// These tests run the built command line; the global set-up has built it.

const table = (name: string) => path.resolve('tests/fixtures/tables', name)

/** Runs a program to its end. */
async function run(
  [program, ...given]: readonly [string, ...string[]],
  input = '',
): Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }> {
  const child = spawn(program, given, { stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk))
  // A program that refuses its options ends without reading.
  child.stdin.on('error', () => undefined).end(input)
  const [code] = (await once(child, 'close')) as [number | null] // what close carries
  return { code, output, errors }
}

const synthesize = (given: readonly string[], input?: string) => run([process.execPath, 'dist/cli.js', 'synthesize', ...given], input)

/** The synthesis that a command prints as JSON. */
async function synthesis(given: readonly string[], input?: string): Promise<Record<string, unknown>> {
  const { output, errors } = await synthesize([...given, '--json'], input)
  expect(errors).toBe('')
  return JSON.parse(output) as Record<string, unknown> // an object, or the test fails
}

// metafor 3.8-1, rma(), rma.mh() and rma.peto() on escalc(measure = "OR", data = dat.li2007), converged tightly
test.each([
  [{ model: 'COMMON_EFFECT' }, { estimate: 0.993199, ciLower: 0.941283, ciUpper: 1.047979, predictionLower: null, predictionUpper: null }],
  [{ model: 'MANTEL_HAENSZEL' }, { estimate: 0.986994, ciLower: 0.93564, ciUpper: 1.041166, predictionLower: null, predictionUpper: null }],
  [
    { estimator: 'DL', interval: 'WALD' },
    { estimate: 0.662006, ciLower: 0.531774, ciUpper: 0.824132, predictionLower: 0.3813, predictionUpper: 1.1493 },
  ],
  [{ interval: 'WALD' }, { estimate: 0.579349, ciLower: 0.431479, ciUpper: 0.777895, predictionLower: 0.2416, predictionUpper: 1.3894 }],
  [{ interval: 'HKSJ' }, { estimate: 0.579349, ciLower: 0.438214, ciUpper: 0.76594, predictionLower: 0.2315, predictionUpper: 1.4499 }],
  [{}, { estimate: 0.579349, ciLower: 0.423787, ciUpper: 0.792016, predictionLower: 0.229, predictionUpper: 1.4656 }],
] as const)('magnesium in myocardial infarction (Li 2007) pooled with %j', (choices, expected) => {
  const question = { ...usualQuestion, measure: 'OR', zeroCells: null, ...choices } as const
  const found: Readonly<Record<string, unknown>> = tableSynthesis(poolTable(readTable(readFileSync(table('li2007.csv'))), question))
  expect(found).toMatchObject({ measure: 'OR', k: 22, studies: 22, participants: 72476, analysisScale: 'LOG' })
  for (const [name, value] of Object.entries(expected)) {
    if (value === null) expect(found[name]).toBeNull()
    else expect(found[name]).toBeCloseTo(value, name.startsWith('prediction') ? 4 : 6)
  }
  expect(found['analysisEstimate']).toBeCloseTo(Math.log(Number(found['estimate'])), 12)
})

// R 4.2.2, quadrature: set li2007 of tests/fixtures/bayes/posteriors.json
test('and under a prior of tau, as odds ratios beside tau on the logarithm', () => {
  const tauPrior = parseTauPrior('HALF_NORMAL:0.5')
  const asked = (choices: Pick<SynthesisQuestion, 'tauPrior'>) =>
    tableSynthesis(poolTable(readTable(readFileSync(table('li2007.csv'))), { ...usualQuestion, measure: 'OR', zeroCells: null, ...choices })).bayesian
  expect(asked({ tauPrior })).toMatchObject({
    prior: 'HALF_NORMAL:0.5',
    level: 0.95,
    lower: expect.closeTo(Math.exp(-0.9046726045604242), 9),
    upper: expect.closeTo(Math.exp(-0.2207518465911428), 9),
  })
  expect(asked({})).toBeNull()
})

// metafor 3.8-1: trimfill(rma(…, method = "DL")) of the same
test('trim and fill supposes eight trials missing from it', () => {
  const question = { ...usualQuestion, measure: 'OR', zeroCells: null, estimator: 'DL', interval: 'WALD' } as const
  const { smallStudyEffects } = tableSynthesis(poolTable(readTable(readFileSync(table('li2007.csv'))), question))
  expect(smallStudyEffects.trimAndFill).toEqual({
    side: 'right',
    missing: 8,
    estimate: expect.closeTo(0.796777, 6),
    ciLower: expect.closeTo(0.643435, 6),
    ciUpper: expect.closeTo(0.986663, 6),
  })
})

test('JSON has the keys of the API and everything that the table tells', async () => {
  const found = await synthesis([table('li2007.csv'), '--measure', 'or', '--interval', 'hksj', '--subgroup-by', 'Period', '--moderators', 'year'])
  expect(found).toMatchObject({
    estimate: expect.closeTo(0.579349, 6),
    heterogeneity: {
      q: expect.closeTo(57.7161, 4),
      df: 21,
      tau2: expect.closeTo(0.176562, 6),
      i2: expect.closeTo(82.225, 3),
      h2: expect.any(Number),
      pValue: expect.any(Number),
    },
    choices: { model: 'RANDOM_EFFECTS', estimator: 'REML', interval: 'HKSJ', level: 0.95, dependence: 'AGGREGATE', subgroupBy: 'Period', moderators: ['year'] },
    subgroups: [
      { label: '1995 or later', k: 11 },
      { label: 'before 1995', k: 11 },
    ],
    subgroupTest: { df: 1 },
    metaRegression: { coefficients: [{ name: 'intercept' }, { name: 'year' }] },
    smallStudyEffects: { egger: { pValue: expect.any(Number) }, begg: { method: expect.any(String) }, trimAndFill: { side: 'right' }, underpowered: false },
    robustness: { failSafe: expect.anything() },
    unpoolable: [],
    rScript: expect.stringContaining('library(metafor)'),
  })
  expect(found['contributions']).toHaveLength(22)
  expect(found['leaveOneOut']).toHaveLength(22)
  expect(found['cumulative']).toHaveLength(22)
  expect((found['contributions'] as { label: string }[])[13]).toMatchObject({
    label: 'ISIS-4 1995',
    estimate: expect.any(Number),
    weightPercent: expect.any(Number),
  })
  expect((found['warnings'] as { code: string }[]).map(({ code }) => code)).toContain('ZERO_CELLS_CORRECTED')
})

test('a table may come by standard input, and rows with empty cells are left out with the reason', async () => {
  expect(await synthesis(['-', '--measure', 'GEN', '--level', '0.9'], 'slab;yi;sei\nA;0.5;0.1\nB;NA;0.1\n')).toMatchObject({
    k: 1,
    estimate: 0.5,
    standardError: expect.closeTo(0.1, 15),
    ciUpper: expect.closeTo(0.5 + 0.1 * 1.6448536269514722, 12),
    heterogeneity: { q: null, tau2: null, i2: null },
    unpoolable: [{ label: 'B', row: 2, code: 'ROW_INCOMPLETE', reason: 'yi is not there' }],
  })
})

// metafor 3.8-1: rma(ri = ri, ni = ni, measure = …, data = dat.molloy2014), test = "knha"
test('COR pools correlations as they are, and ZCOR by Fisher’s z, shown as correlations', async () => {
  const [raw, fisher] = await Promise.all(['COR', 'ZCOR'].map((measure) => synthesis([table('molloy2014.csv'), '--measure', measure])))
  expect(raw).toMatchObject({ measure: 'COR', analysisScale: 'IDENTITY' })
  expect(raw?.['estimate']).toBe(raw?.['analysisEstimate'])
  expect(fisher).toMatchObject({ measure: 'ZCOR', analysisScale: 'FISHER_Z', participants: raw?.['participants'] })
  expect(fisher?.['estimate']).toBeCloseTo(Math.tanh(Number(fisher?.['analysisEstimate'])), 15)
})

test('without --json a person reads the numbers, the rows that are left out and the warnings', async () => {
  const { output, errors, code } = await synthesize([table('linde2005.csv'), '--measure', 'RR'])
  expect({ errors, code }).toEqual({ errors: '', code: 0 })
  expect(output).toMatch(/^measure +Risk ratio \(RR\)$/m)
  expect(output).toMatch(/^95 % interval +\d/m)
  expect(output).toMatch(/^left out: row 5 +Harrer et al. 1991: ai, n1i, ci, n2i are not there$/m)
  expect(output).toContain('NO_EVENTS_LEFT_OUT')
})

test('text of strangers cannot steer a terminal', async () => {
  const { output } = await synthesize(['-', '--measure', 'GEN'], 'slab,yi,vi\n"a\u001b[2J\u0007",1,1\nb,2,1\n"c\u009b\n\u202e",NA,1\n')
  // The line ends are the program's own.
  expect(output.match(/[\p{Cc}\p{Cf}]/gu)?.every((character) => character === '\n')).toBe(true)
})

test.each([
  [
    ['-', '--measure', 'OR'],
    'ai,n1i,ci,n2i\n1,10,x,10\n11,10,1,10\n',
    ['row 1 (line 2), column "ci": "x" is not a number', 'row 2 (line 3), column "ai": "11" is more than the 10 participants in n1i'],
  ],
  [
    ['-', '--measure', 'OR'],
    'ai,n1i,ci,n2i\n0,10,0,10\n',
    ['there is nothing to pool', 'row 1 (line 2): nobody had the event in either arm, so the data say nothing about a ratio'],
  ],
  [
    ['-', '--measure', 'GEN', '--moderators', 'dose'],
    'yi,vi,dose\n1,1,5\n2,1,5\n3,1,5\n4,1,5\n',
    ['dose is the same in all 4 studies, so nothing can be learnt of it'],
  ],
  [['missing.csv', '--measure', 'GEN'], '', ['missing.csv cannot be read: there is no such file']],
])('%j refuses %j in sentences on standard error, and prints nothing else', async (given, input, sentences) => {
  expect(await synthesize([...given, '--json'], input)).toEqual({ code: 1, output: '', errors: `${sentences.join('\n')}\n` })
})

test.each([
  [[], "required option '--measure <measure>' not specified"],
  [['--measure', 'HR'], 'It is one of OR, RR, RD, PETO, MD, SMD, ROM, COR, ZCOR, IRR, GEN.'],
  [['--measure', 'OR', '--estimator', 'REMO'], 'It is one of REML, DL, PM, ML, EB, HS, HE, SJ.'],
  [['--measure', 'OR', '--level', '95'], 'A level lies between 0 and 1, such as 0.95.'],
  [['--measure', 'OR', '--add', '-1'], 'It is a number of at least 0, such as 0.5.'],
  [['--measure', 'OR', '--moderators', 'year,,dose'], 'It is the names of columns, separated by commas.'],
  [['--measure', 'OR', '--moderators', 'year,YEAR'], 'The column YEAR is named twice.'],
  [['--measure', 'OR', '--tau-prior', 'HALF_NORMAL'], 'HALF_NORMAL is followed by a colon and scale, such as HALF_NORMAL:0.5'],
  [['--measure', 'OR', '--json', '--r'], 'cannot be used with option'],
])('options %j are refused with what would have been right', async (given, message) => {
  let errors = ''
  const command = synthesizeCommand()
    .exitOverride()
    .configureOutput({ writeErr: (text) => (errors += text) })
  await expect(command.parseAsync(['-', ...given], { from: 'user' })).rejects.toMatchObject({ exitCode: 1 })
  expect(errors).toContain(message)
})

test('through npm too, standard output is JSON and nothing else', async () => {
  const { output, code } = await run(['npm', 'run', '--silent', 'cli', '--', 'synthesize', table('li2007.csv'), '--measure', 'OR', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(output)).toMatchObject({ k: 22 })
})
