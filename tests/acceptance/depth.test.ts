import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { importCorpus } from '../../src/corpus/import.js'
import { startService, type Service } from '../support/service.js'

// An invented study of the year 2097 says all that a file can say, beside the curated ones.
let service: Service
beforeAll(async () => {
  service = await startService()
  const folder = await mkdtemp(path.join(tmpdir(), 'corpus-'))
  try {
    await cp('prisma/corpus', folder, { recursive: true })
    await cp('tests/fixtures/depth', path.join(folder, 'studies'), { recursive: true })
    await importCorpus(service.database, folder)
  } finally {
    await rm(folder, { recursive: true })
  }
})
afterAll(() => service.stop())

const effect = async (slug: string, fields: string) =>
  (await service.ask(`{ evidence(filter: { results: ["all-that-files-can-say-${slug}"] }) { nodes { ${fields} } } }`)).evidence.nodes[0]
const pool = async (slug: string, rest: object = {}, fields = 'k estimate standardError unpoolable { code evidence { slug } } warnings { code }') =>
  service.request(`query ($input: SynthesisInput!) { synthesis(input: $input) { ${fields} } }`, {
    input: { filter: { results: [`all-that-files-can-say-${slug}`] }, ...rest },
  })

describe('doses', () => {
  const doses = async () => {
    const { study } = await service.ask(
      '{ study(slug: "all-that-files-can-say") { arms { slug doses { route amountPer daysPerWeek elementalMgPerDayLow elementalMgPerDayHigh elementalMgPerKgLow elementalMgPerKgHigh elementalMgPerHourLow elementalMgPerHourHigh conversionNote } } } }',
    )
    return new Map(study.arms.map(({ slug, doses: [dose] }: { slug: string; doses: unknown[] }) => [slug.split('/')[1] ?? slug, dose])) as Map<
      string,
      Record<string, number>
    >
  }

  test('by body weight: mg of the element for a kilogram, and none for a day', async () => {
    const dose = (await doses()).get('by-weight')
    expect(dose).toMatchObject({ route: 'EPIDURAL', amountPer: 'KG', elementalMgPerDayLow: null, elementalMgPerHourLow: null })
    // 50 mg of MgSO4 · 7 H2O, of which 24.305 of 246.47 is magnesium.
    expect(dose?.['elementalMgPerKgLow']).toBeCloseTo((50 * 24.305) / 246.47, 2)
    expect(dose?.['elementalMgPerKgHigh']).toBe(dose?.['elementalMgPerKgLow'])
  })

  test('by the hour: mg of the element for an hour; a route that was not read says so', async () => {
    const dose = (await doses()).get('by-hour')
    expect(dose).toMatchObject({ route: 'NOT_STATED', amountPer: 'HOUR', elementalMgPerDayLow: null, elementalMgPerKgLow: null })
    expect(dose?.['elementalMgPerHourLow']).toBeCloseTo((1000 * 24.305) / 246.47, 1)
  })

  test('on three days a week: three sevenths of it on the mean day', async () => {
    const dose = (await doses()).get('three-days')
    expect(dose).toMatchObject({ daysPerWeek: 3, amountPer: null })
    expect(dose?.['elementalMgPerDayLow']).toBeCloseTo(300, 9)
  })
})

describe('an inferred number of people', () => {
  test('is told as such, and left out of a pool with its reason', async () => {
    expect((await effect('inferred', 'armResults { n nInferred }')).armResults[0]).toEqual({ n: 30, nInferred: 'the only split that fits the percentages' })
    const { errors } = await pool('inferred')
    expect(errors?.[0]?.message).toMatch(/the number of people was inferred: the only split/)
  })

  test('enters where it is asked for, on the plot too', async () => {
    const { data } = await pool('inferred', { inferredNumbers: true }, 'k estimate choices { inferredNumbers } forestPlotUrl')
    expect(data?.synthesis).toMatchObject({ k: 1, estimate: -2, choices: { inferredNumbers: true } })
    const text = await (await fetch(new URL(data?.synthesis.forestPlotUrl.replace('.svg', '.txt'), service.url))).text()
    expect(text).toContain('Invented 2097')
  })
})

test('a width between quartiles is 1.35 standard deviations', async () => {
  const { derivation, armResults } = await effect('width', 'derivation { assumptions } armResults { iqr median }')
  expect(armResults[0]).toEqual({ iqr: 5.4, median: 10 })
  expect(derivation.assumptions).toEqual(expect.arrayContaining([expect.stringContaining('1.35'), 'the median is taken for the mean']))
  const { data } = await pool('width')
  expect(data?.synthesis.estimate).toBeCloseTo(-2, 9)
  expect(data?.synthesis.standardError).toBeCloseTo(4 * Math.sqrt(2 / 30), 9)
})

test('a p value over several arms, and further sources, stand beside the result', async () => {
  expect(await effect('width', 'overArms { arms { slug } pValue pValueOperator } furtherSources { source } provenance { source }')).toEqual({
    overArms: {
      arms: ['by-weight', 'by-hour', 'pl'].map((slug) => ({ slug: `all-that-files-can-say/${slug}` })),
      pValue: 0.04,
      pValueOperator: 'EQ',
    },
    furtherSources: [{ source: 'https://doi.org/10.1000/invented-depth' }],
    provenance: { source: 'https://example.org/copy' },
  })
})

test('a threshold of response and credible limits are told', async () => {
  const { responsePercent, derivation } = await effect('response', 'responsePercent derivation { assumptions }')
  expect(responsePercent).toBe(50)
  expect(derivation.assumptions).toContain('the limits are of a credible interval, taken as those of a confidence interval')
})

test('categories of an exposure have cases, people, person-years and dose', async () => {
  expect(await effect('categories', 'exposureCategories { label isReference dose doseUnit cases participants personYears }')).toEqual({
    exposureCategories: [
      { label: 'lowest third', isReference: true, dose: 0.75, doseUnit: 'mmol/L', cases: 30, participants: 400, personYears: 3900 },
      { label: 'highest third', isReference: false, dose: 0.95, doseUnit: 'mmol/L', cases: 18, participants: 400, personYears: 4010 },
    ],
  })
})

describe('assessments of bias', () => {
  test('stand side by side, with what was not printed left empty', async () => {
    const { study } = await service.ask(
      '{ study(slug: "all-that-files-can-say") { riskOfBias { tool overall level readTo score scoreMaximum assessedBy assessedOn assessedPrecision review { slug } domains { domain judgement } } } }',
    )
    expect(study.riskOfBias).toEqual([
      expect.objectContaining({
        tool: 'Newcastle-Ottawa Scale',
        overall: null,
        level: null,
        score: 7,
        scoreMaximum: 9,
        assessedOn: '2021-01-01',
        assessedPrecision: 'YEAR',
      }),
      expect.objectContaining({
        overall: null,
        level: 'UNCLEAR',
        readTo: 'up to the second domain',
        assessedOn: '2020-09-01',
        assessedPrecision: 'MONTH',
        review: { slug: 'rowe-2000' },
      }),
    ])
  })

  test('the level of the effect is that of the latest assessment that comes to one', async () => {
    expect(await effect('width', 'riskOfBias { assessedBy level }')).toEqual({ riskOfBias: { assessedBy: 'an invented review', level: 'UNCLEAR' } })
    const { evidence } = await service.ask('{ evidence(filter: { riskOfBias: [UNCLEAR], year: { gte: 2097 } }) { totalCount } }')
    expect(evidence.totalCount).toBeGreaterThan(0)
  })
})

test('the doubt of a third party is told, can be filtered by, and warns in a pool', async () => {
  const { study } = await service.ask('{ study(slug: "all-that-files-can-say") { status concerns { raisedBy note raisedOn provenance { source } } } }')
  expect(study).toEqual({
    status: 'CURRENT',
    concerns: [
      {
        raisedBy: 'an invented reader',
        note: 'The means are impossible for whole scores.',
        raisedOn: '2098-01-02',
        provenance: { source: 'https://doi.org/10.1000/invented-depth' },
      },
    ],
  })
  const { data } = await pool('width')
  expect(data?.synthesis.warnings.map(({ code }: { code: string }) => code)).toContain('CONCERN_INCLUDED')
  const { left, all } = await service.ask(
    '{ left: evidence(filter: { concern: EXCLUDE, year: { gte: 2097 } }) { totalCount } all: evidence(filter: { concern: ONLY, year: { gte: 2097 } }) { totalCount } }',
  )
  expect([left.totalCount, all.totalCount]).toEqual([0, 4])
})

test('the address of the record comes before that of a copy', async () => {
  const { study } = await service.ask('{ study(slug: "all-that-files-can-say") { provenance { source } sources { source } } }')
  expect(study.provenance.source).toBe('https://doi.org/10.1000/invented-depth')
  expect(study.sources.map(({ source }: { source: string }) => source)).toEqual(['https://doi.org/10.1000/invented-depth', 'https://example.org/copy'])
})

test('dataset names the studies without an identifier', async () => {
  const { dataset } = await service.ask('{ dataset { studiesWithoutIdentifier warnings } }')
  expect(dataset.studiesWithoutIdentifier).toContain('all-that-files-can-say')
  expect(dataset.studiesWithoutIdentifier).not.toContain('tarleton-2017')
  expect(dataset.warnings).toContainEqual(expect.stringContaining('studiesWithoutIdentifier'))
})

test('hours between medicines differ before and after magnesium', async () => {
  const { interactions } = await service.ask('{ interactions(substance: "moxifloxacin") { hoursBefore { low high } hoursAfter { low high } separationHours } }')
  expect(interactions).toContainEqual({ hoursBefore: { low: 4, high: 4 }, hoursAfter: { low: 8, high: 8 }, separationHours: 8 })
})
