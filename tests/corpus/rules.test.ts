import { rm } from 'node:fs/promises'
import { formatFault, readCorpus } from '../../src/corpus/files.js'
import { reportLines } from '../../src/corpus/report.js'
import { percentGives } from '../../src/corpus/rules.arms.js'
import { examine } from '../../src/corpus/rules.js'
import { miniatureCorpus, replaceIn } from './miniature.js'

let folder: string
beforeEach(async () => {
  folder = await miniatureCorpus()
})
afterEach(() => rm(folder, { recursive: true }))

/** What the check says of the invented study after a change, faults and warnings apart. */
async function said(before: string | RegExp, after: string) {
  await replaceIn(folder, 'studies/invented.yaml', before, after)
  const { corpus, faults } = await readCorpus(folder)
  const found = faults.length > 0 ? { faults, warnings: [] } : examine(corpus)
  return { faults: found.faults.map(formatFault), warnings: found.warnings.map((warning) => `${warning.kind}: ${formatFault(warning)}`) }
}

const mg = '{ arm: mg, n: 55, mean: 12.1, sd: 4.1, se: 0.55, minimum: 3, q1: 9, median: 12, q3: 15, maximum: 24, baselineSd: 4.2 }'
const depressed = '{ arm: mg, n: 55, events: 11, percent: 20 }'
const effect = '{ measure: MD, estimate: -2.1, ciLower: -3.7, ciUpper: -0.5, ciLevel: 0.95, p: { value: 0.01 } }'

test.each<[string, string | RegExp, string, RegExp]>([
  [
    'a count that the percentage does not give',
    depressed,
    '{ arm: mg, n: 35, events: 13, percent: 90, eventsFromPercent: true }',
    /events: must be the count that the percentage gives: 13 of 35 are 37.14 %, not 90 %/,
  ],
  [
    'a count that was worked out and is not there',
    depressed,
    '{ arm: mg, n: 35, percent: 90, eventsFromPercent: true }',
    /eventsFromPercent: events must be given/,
  ],
  [
    'more people in an arm than were randomised to it',
    /n: 55, mean: 12.1/,
    'n: 65, mean: 12.1',
    /armResults\[0\]\.n: must not exceed the 60 randomised to mg: if it counts children/,
  ],
  [
    'arms that add up to more than were randomised',
    'participantsRandomized: 120\nparticipantsAnalysed: 110',
    'participantsRandomized: 100',
    /arms\.randomized: the arms add up to more than participantsRandomized 100, got 120/,
  ],
  [
    'more people in a result than were randomised',
    /participantsRandomized: 120\nparticipantsAnalysed: 110([^]*?)randomized: 60([^]*?)randomized: 60\n/,
    'participantsRandomized: 100$1$2\n',
    /results\[0\]\.armResults\.n: the arms add up to more than the 100 randomised: .*, got 110$/,
  ],
  [
    'more analysed than randomised',
    'participantsAnalysed: 110',
    'participantsAnalysed: 130',
    /participantsAnalysed: must not exceed participantsRandomized 120/,
  ],
  ['an arm that stands twice in one result', depressed, `${depressed}\n      - ${depressed}`, /armResults\.arm: must be unique, got "mg"/],
  ['means of an event', depressed, '{ arm: mg, n: 55, mean: 3, sd: 1 }', /results\[1\]\.armResults\[0\]\.mean: an EVENT is counted/],
  ['events of a quantity', 'valueKind: FINAL', 'valueKind: EVENT', /results\[0\]\.valueKind: insomnia-severity is a quantity and does not happen/],
  ['an event as a final value', 'valueKind: EVENT', 'valueKind: FINAL', /results\[1\]\.valueKind: depression-presence is an event/],
  ['a ratio of a quantity', effect, '{ measure: OR, estimate: 0.5 }', /reported\[0\]\.measure: insomnia-severity is a quantity/],
  ['a mean difference of an event', 'measure: OR, estimate: 0.5', 'measure: MD, estimate: 0.5', /reported\[0\]\.measure: an EVENT is compared by OR/],
  ['a share of people as a final value', mg, '{ arm: mg, percent: 4 }', /armResults\[0\]\.percent: percent is a share of people/],
  [
    'an estimate outside its interval',
    'estimate: 0.5, ciLower: 0.3',
    'estimate: 0.5, ciLower: 0.6',
    /estimate: must lie within its interval 0.6 to 0.9; if the source prints it so/,
  ],
  ['a risk difference above 1', 'measure: OR, estimate: 0.5', 'measure: RD, estimate: 1.5', /estimate: a risk difference lies between -1 and 1/],
  ['an event in 500 %', depressed, '{ arm: mg, percent: 500 }', /percent: the share of those with an event lies between 0 and 100, got 500/],
  [
    'a mean outside its interval',
    mg,
    '{ arm: mg, n: 55, mean: 12.1, ciLower: 13, ciUpper: 15 }',
    /armResults\[0\]\.mean: must lie within its interval 13 to 15/,
  ],
  [
    'an interval of an arm the wrong way round',
    mg,
    '{ arm: mg, n: 55, mean: 12.1, ciLower: 13, ciUpper: 11 }',
    /armResults\[0\]\.ciLower: must not exceed ciUpper 11/,
  ],
  ['a standard deviation of 0', 'sd: 4.1', 'sd: 0', /sd: must be above 0: a spread of 0 says that all have one value/],
  [
    'the placebo as intervention',
    'intervention: mg\n    comparator: pl',
    'intervention: pl\n    comparator: mg',
    /intervention: must be the arm with magnesium, not one of role PLACEBO: exchange/,
  ],
  [
    'the lower dose as intervention',
    /slug: mg\n([^]*?)role: MAGNESIUM\n([^]*?)role: PLACEBO/,
    'slug: mg\n$1role: MAGNESIUM_LOWER_DOSE\n$2role: MAGNESIUM',
    /intervention: must be the arm with the higher dose/,
  ],
  [
    'two categories of one rank',
    'pooledResults:',
    `  - slug: serum-middle
    outcome: depression-presence
    condition: depression
    population: all
    exposure: { kind: SERUM, metric: serum magnesium, contrasted: middle third, reference: lowest third, contrastedHas: MORE_MAGNESIUM, rank: 2 }
    name: depression, middle third
    valueKind: ASSOCIATION
    absentReason: NOT_REPORTED
    source: paper
pooledResults:`,
    /results\.exposure\.rank: must be unique, got "2"/,
  ],
  [
    'covariates of a crude result',
    'name: depression\n',
    'name: depression\n    adjusted: false\n    covariates: [age]\n',
    /adjusted: a crude result has no covariates/,
  ],
])('%s is a fault', async (_, before, after, message) => {
  expect((await said(before, after)).faults).toContainEqual(expect.stringMatching(message))
})

test.each<[string, string | RegExp, string, RegExp | null]>([
  [
    '13 of 35 beside a printed 34.3 %',
    depressed,
    '{ arm: mg, n: 35, events: 13, percent: 34.3 }',
    /^a percentage that is not its count: .*13 of 35 are 37.14 %, not 34.3 %/,
  ],
  ['3 of 59 as 5 %', depressed, '{ arm: mg, n: 59, events: 3, percent: 5 }', null],
  ['13 of 15 cut off at 86.6 %', depressed, '{ arm: mg, n: 15, events: 13, percent: 86.6 }', null],
  [
    'a standard error that contradicts its deviation',
    'sd: 4.1, se: 0.55',
    'sd: 1.5, se: 0.9',
    /^a standard error that contradicts its deviation: .*makes a standard error of 0.202/,
  ],
  ['a study without a whole sample', '    wholeSample: true\n', '', /^no population is the whole sample/],
  ['a main report without an identifier', /    doi: .*\n    pmid: .*\n    pmcid: .*\n/, '', /^a main report without an identifier/],
  [
    'a source of a mirror',
    'source: "https://doi.org/10.1000/invented"',
    'source: "http://192.0.2.1:3004/paper"',
    /^a source without a lasting address: .*192\.0\.2\.1/,
  ],
  ['an active control without agents', 'role: PLACEBO', 'role: ACTIVE_CONTROL', /^an arm with other treatments that names no agents: .*"placebo"/],
  ['an exposure of no known kind', 'kind: SERUM, metric: serum magnesium', 'metric: sleep', /^an exposure of no known kind/],
  ['a p value of exactly 0', 'p: { value: 0.01 }', 'p: { value: 0 }', /^a p value of exactly 0/],
  ['arms that add up to fewer than were randomised', 'participantsRandomized: 120', 'participantsRandomized: 130', /^arms that add up to fewer people/],
])('%s is no fault, and warned of where it should be', async (_, before, after, message) => {
  const { faults, warnings } = await said(before, after)
  expect(faults).toEqual([])
  expect(warnings).toEqual(message === null ? [] : [expect.stringMatching(message)])
})

// 1 of 109 is 0.917 %, 3 of 59 are 5.08 %, 16 of 109 are 14.68 %.
test('a percentage may be rounded to a whole one, or cut off', () => {
  expect([percentGives(1, 1, 109), percentGives(5, 3, 59), percentGives(14, 16, 109), percentGives(15, 16, 109)]).toEqual([true, true, true, true])
  expect([percentGives(16, 16, 109), percentGives(13, 16, 109)]).toEqual([false, false])
})

test('more children than women were randomised is no fault where the result says that it counts children', async () => {
  await replaceIn(folder, 'studies/invented.yaml', 'valueKind: FINAL', 'valueKind: FINAL\n    unitOfAnalysis: CHILDREN')
  expect((await said(/n: 55, mean: 12.1/, 'n: 65, mean: 12.1')).faults).toEqual([])
})

test('one person more than were randomised is no fault where the arm has a note of it', async () => {
  expect((await said(/n: 55, mean: 12.1/, 'n: 61, note: The source counts one more., mean: 12.1')).faults).toEqual([])
})

test('two means with their errors are a number, though nobody says of how many', async () => {
  await replaceIn(folder, 'studies/invented.yaml', effect, '{ measure: MD }')
  await replaceIn(folder, 'studies/invented.yaml', '{ arm: pl, n: 55, mean: 14.2, sd: 4.3 }', '{ arm: pl, mean: 77, se: 1.4 }')
  expect((await said(mg, '{ arm: mg, mean: 72, se: 1.4 }')).faults).toEqual([])
})

test('a misprint is kept with its reason', async () => {
  expect((await said('estimate: 0.5, ciLower: 0.3', 'printed: { reason: The report prints it so. }, estimate: 0.5, ciLower: 0.6')).faults).toEqual([])
})

test('the report counts warnings by kind, and lists them where asked', () => {
  const warning = { file: 'studies/a.yaml', field: 'sources.x', value: 'y', rule: 'say more', kind: 'a source without a lasting address' }
  const one = { studies: [{}], documents: [{}] } as unknown as Parameters<typeof reportLines>[0]
  expect(reportLines(one, [], false)).toEqual(['no fault in 1 study and 1 document'])
  expect(reportLines(one, [warning, warning], false)).toEqual([
    'no fault in 1 study and 1 document; 2 warnings (all of them with --warnings):',
    '  2 × a source without a lasting address',
  ])
  expect(reportLines(one, [warning], true)).toContain('    studies/a.yaml sources.x: say more, got "y"')
})
