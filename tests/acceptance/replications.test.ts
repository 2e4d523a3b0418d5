import { readFileSync } from 'node:fs'
import path from 'node:path'
import { startService, type Service } from '../support/service.js'

// Published pooled results, computed again from their trials. The numbers of replications.csv were worked out from the counts of the trials by the
// formulas of each model, apart from this engine, to four decimals.
let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

interface Numbers {
  readonly k: number
  readonly estimate: number
  readonly ciLower: number
  readonly ciUpper: number
}
interface Replication {
  readonly published: { readonly slug: string; readonly studies: readonly { readonly slug: string }[] }
  readonly verdict: string
  readonly unitsApart: number | null
  readonly heldStudies: number
  readonly ofStudies: number | null
  readonly explanation: string
  readonly recomputed:
    | (Numbers & {
        readonly filter: object
        readonly measure: string
        readonly csvUrl: string
        readonly choices: Record<string, unknown>
        readonly contributions: readonly { readonly notes: readonly string[] }[]
        readonly warnings: readonly { readonly code: string }[]
      })
    | null
}

const fields = `published { slug studies { slug } } verdict unitsApart heldStudies ofStudies explanation
  recomputed { k estimate ciLower ciUpper filter measure csvUrl choices { model estimator interval level dependence timepoint across emptyCells asCountedBy } contributions { notes } warnings { code } }`
const ask = async (rest: string): Promise<{ totalCount: number; nodes: Replication[]; pageInfo: { endCursor: string; hasNextPage: boolean } }> =>
  (await service.ask(`{ replications${rest} { totalCount nodes { ${fields} } pageInfo { endCursor hasNextPage } } }`)).replications

const [header = '', ...lines] = readFileSync(path.join(import.meta.dirname, '../fixtures/replications.csv'), 'utf8')
  .trim()
  .split('\n')
const expected = lines.map((line): Readonly<Record<string, string>> => {
  const cells = line.split(',')
  return Object.fromEntries(header.split(',').map((name, index) => [name, cells[index] ?? '']))
})

test('every pooled result that was worked out by hand comes out of the API, with its verdict', async () => {
  const { nodes } = await ask('(first: 100, verdict: [REPRODUCED, DIFFERS, PARTLY_HELD])')
  const found = new Map(nodes.map((node) => [node.published.slug, node]))
  const told = expected.map((row) => ({ slug: row['pooled'], verdict: row['verdict'], unitsApart: Number(row['unitsApart']) }))
  expect(told).toHaveLength(43)
  expect(told.map(({ slug }) => ({ slug, verdict: found.get(slug ?? '')?.verdict, unitsApart: found.get(slug ?? '')?.unitsApart }))).toEqual(told)
  for (const row of expected) {
    const recomputed = found.get(row['pooled'] ?? '')?.recomputed
    expect(recomputed?.k).toBe(Number(row['k']))
    for (const [name, value] of [
      ['estimate', row['estimate']],
      ['ciLower', row['lower']],
      ['ciUpper', row['upper']],
    ] as const)
      expect(Math.abs((recomputed?.[name] ?? NaN) - Number(value))).toBeLessThanOrEqual(0.5001e-4)
  }
  // 30 of the 41 whose trials are held: within one unit of the last printed decimal.
  expect(nodes.filter(({ verdict }) => verdict === 'REPRODUCED')).toHaveLength(30)
})

test('the README’s table says what the API answers', async () => {
  const { nodes } = await ask('(first: 100, verdict: [REPRODUCED, DIFFERS, PARTLY_HELD])')
  const told = readFileSync(path.join(import.meta.dirname, '../../README.md'), 'utf8')
    .split('\n')
    .filter((line) => /^\| `/.test(line) && / (reproduced|differs|partly held) \|$/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  const recomputed = nodes.filter((node) => node.recomputed !== null)
  expect(told).toHaveLength(recomputed.length)
  for (const [, slug, published = '', again, trials, , verdict] of told) {
    const node = recomputed.find((one) => `\`${one.published.slug}\`` === slug)
    const decimals = /\.(\d+)/.exec(published)?.[1]?.length ?? 0
    const { k, estimate, ciLower, ciUpper } = node?.recomputed ?? { k: NaN, estimate: NaN, ciLower: NaN, ciUpper: NaN }
    const shown = (value: number) => value.toFixed(decimals)
    expect([slug, again, trials, verdict]).toEqual([
      slug,
      `${shown(estimate)} (${shown(ciLower)} to ${shown(ciUpper)})`,
      String(k),
      node?.verdict.toLowerCase().replace('_', ' '),
    ])
  }
})

test('a replication is a synthesis: asked again by its own filter and choices it gives the same number, on its page and in its file', async () => {
  const { nodes } = await ask('(first: 100, verdict: [REPRODUCED])')
  for (const { recomputed, published } of nodes.filter((_, index) => index % 5 === 0)) {
    const { choices, filter, measure, k, estimate, ciLower, ciUpper, csvUrl } = recomputed ?? ({} as NonNullable<typeof recomputed>)
    const { synthesis } = await service.ask('query ($input: SynthesisInput!) { synthesis(input: $input) { k estimate ciLower ciUpper } }', {
      input: { ...choices, filter, measure },
    })
    expect({ slug: published.slug, ...synthesis }).toEqual({ slug: published.slug, k, estimate, ciLower, ciUpper })
    const csv = await (await fetch(new URL(csvUrl, service.url))).text()
    expect(csv.trim().split('\n')).toHaveLength(k + 1)
  }
})

test('a pooled result names its trials and its replication; pages of all follow one another', async () => {
  const { study } = await service.ask(
    '{ study(slug: "rowe-2000") { pooledResults { slug decimals intervalKind studies { slug } replication { verdict heldStudies recomputed { k } } } } }',
  )
  expect(study.pooledResults.find(({ slug }: { slug: string }) => slug === 'rowe-2000-admission-severe')).toEqual({
    slug: 'rowe-2000-admission-severe',
    decimals: 2,
    intervalKind: 'CONFIDENCE',
    studies: ['skobeloff-1989', 'bloch-1995', 'ciarallo-1997', 'devi-1997'].map((slug) => ({ slug })),
    replication: { verdict: 'REPRODUCED', heldStudies: 4, recomputed: { k: 4 } },
  })
  const first = await ask('(first: 3)')
  const next = await ask(`(first: 3, after: "${first.pageInfo.endCursor}")`)
  expect(new Set([...first.nodes, ...next.nodes].map(({ published }) => published.slug)).size).toBe(6)
  const notHeld = await ask('(first: 1, verdict: [NOT_HELD])')
  expect(notHeld.nodes[0]).toMatchObject({ recomputed: null, heldStudies: 0, unitsApart: null })
})

const pool = async (input: object): Promise<Numbers & { warnings: { code: string }[]; contributions: { label: string; notes: string[] }[] }> =>
  (
    await service.ask(
      'query ($input: SynthesisInput!) { synthesis(input: $input) { k estimate ciLower ciUpper warnings { code } contributions { label notes } } }',
      { input },
    )
  ).synthesis

describe('asCountedBy', () => {
  const severe = { filter: { identifiers: ['10.1002/14651858.CD001490'], outcomes: ['hospital-admission'] }, measure: 'OR', estimator: 'DL', interval: 'WALD' }

  test.each(['10.1002/14651858.CD001490', 'https://doi.org/10.1002/14651858.cd001490', 'rowe-2000', 'rowe-2000-admission-severe'])(
    'the counts of a review enter where it is named as %s',
    async (asCountedBy) => {
      const found = await pool({ ...severe, asCountedBy })
      expect(found.estimate).toBeCloseTo(0.101536, 6)
      expect(found.ciLower).toBeCloseTo(0.038076, 6)
      expect(found.ciUpper).toBeCloseTo(0.270762, 6)
      expect(found.warnings.map(({ code }) => code)).toContain('COUNTED_OTHERWISE')
      expect(found.contributions.filter(({ notes }) => notes.some((note) => note.startsWith('as another report counts it'))).map(({ label }) => label)).toEqual(
        ['Skobeloff 1989'],
      )
    },
  )

  test('without it the trial’s own counts enter, and nothing is said of others', async () => {
    const found = await pool(severe)
    expect(found.estimate).toBeCloseTo(0.129764, 6)
    expect(found.warnings.map(({ code }) => code)).not.toContain('COUNTED_OTHERWISE')
  })

  test('a plot takes it by its address', async () => {
    const { synthesis } = await service.ask('query ($input: SynthesisInput!) { synthesis(input: $input) { forestPlotUrl } }', {
      input: { ...severe, asCountedBy: 'rowe-2000' },
    })
    expect(synthesis.forestPlotUrl).toContain('asCountedBy=rowe-2000')
    const text = await (await fetch(new URL(synthesis.forestPlotUrl.replace('.svg', '.txt'), service.url))).text()
    expect(text).toContain('0.10')
  })

  test.each([
    ['tarleton-2017', 'NO_COUNTS_OF_REVIEW'],
    ['no such thing', 'NO_COUNTS_OF_REVIEW'],
    ['10.9999/nothing', 'NO_COUNTS_OF_REVIEW'],
    ['conde-agudelo-2009', 'COUNTED_IN_TWO_WAYS'],
  ])('%s is refused as %s', async (asCountedBy, reason) => {
    const answer = await service.request('query ($input: SynthesisInput!) { synthesis(input: $input) { k } }', {
      input: { filter: { conditions: ['preterm-birth'], outcomes: ['cerebral-palsy'] }, asCountedBy },
    })
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason, argument: 'asCountedBy' })
  })
})

test('effects can be named one by one, and left out', async () => {
  const filter = { results: ['skobeloff-1989-admission-severe', 'devi-1997-admission-severe'] }
  expect(await pool({ filter, measure: 'OR' })).toMatchObject({ k: 2 })
  expect(await pool({ filter: { and: [filter, { not: { results: ['devi-1997-admission-severe'] } }] }, measure: 'OR' })).toMatchObject({ k: 1 })
})
