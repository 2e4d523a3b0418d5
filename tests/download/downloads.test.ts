import http from 'node:http'
import { parse } from 'csv-parse/sync'
import { downloadsAtOnce } from '../../src/download/downloads.http.js'
import { startService, type Service } from '../support/service.js'
import { until } from '../support/until.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const download = (file: string, parameters: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  fetch(`${service.url}/download/${file}?${new URLSearchParams(parameters).toString()}`, { headers })
const lines = async (file: string, parameters: Record<string, string> = {}) =>
  (await (await download(file, parameters)).text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
const table = async (file: string, parameters: Record<string, string> = {}): Promise<Record<string, string>[]> =>
  parse(await (await download(file, parameters)).text(), { columns: true })

/** By a connection of its own: fetch opens another one for nothing when it leaves one, and the service's end would wait for it. */
const plainly = (path: string, options: http.RequestOptions, leave: boolean) =>
  new Promise<http.IncomingMessage>((resolve, reject) => {
    const request = http.request(`${service.url}${path}`, { agent: false, ...options }, (response) => {
      response.on('error', () => {})
      if (leave) request.destroy()
      else response.resume()
      resolve(response)
    })
    request.once('error', reject).end()
  })

const filters: readonly [string, Record<string, unknown>][] = [
  ['everything', {}],
  ['a condition and what is narrower', { conditions: ['migraine'] }],
  ['a condition without what is narrower', { conditions: ['depression'], includeNarrower: false }],
  ['a form', { forms: ['magnesium oxide'] }],
  ['a measure and a range of its estimate', { measures: ['OR'], estimate: { lte: 0.8 } }],
  ['an elemental dose', { elementalMgPerDay: { gte: 300, lte: 400 } }],
  ['randomised trials that favour magnesium', { designs: ['RCT_PARALLEL', 'RCT_CROSSOVER'], directions: ['FAVOURS_MAGNESIUM'] }],
  ['retracted studies too', { retracted: 'INCLUDE' }],
  ['animals', { subjects: ['ANIMAL'] }],
  ['words', { text: 'blood pressure' }],
  ['either of two things', { or: [{ conditions: ['insomnia'] }, { ciExcludesNull: true, participants: { gte: 200 } }] }],
  ['not something', { not: { designs: ['RCT_PARALLEL'] }, year: { gte: 2010 } }],
  ['identifiers', { identifiers: ['10.1371/journal.pone.0180067'] }],
  ['nothing', { year: { gte: 2099 } }],
]

const pages = async (filter: object, orderBy: unknown): Promise<Record<string, unknown>[]> => {
  const nodes: Record<string, unknown>[] = []
  let after: string | null = null
  do {
    const { evidence } = await service.ask(
      `query ($filter: EvidenceFilter, $after: String, $orderBy: [EvidenceOrder!]) { evidence(filter: $filter, first: 500, after: $after, orderBy: $orderBy) {
        pageInfo { hasNextPage endCursor }
        nodes { id slug participants standardizedBenefit direction origin absentReason timepointDays adjusted condition { slug } form { slug } outcome { slug }
          effect { measure analysisScale estimate standardError ciLower ciUpper ciLevel pValue pValueOperator unit } study { slug doi } }
      } }`,
      { filter, after, orderBy },
    )
    nodes.push(...evidence.nodes)
    after = evidence.pageInfo.hasNextPage ? evidence.pageInfo.endCursor : null
  } while (after !== null)
  return nodes
}

test.each(filters)('a download is what the API answers, row for row: %s', async (_, filter) => {
  const asked = await pages(filter, null)
  const nodes = await lines('evidence.ndjson', { filter: JSON.stringify(filter) })
  expect(nodes).toHaveLength(asked.length)
  nodes.forEach((node, row) => {
    const { condition, form, outcome, study, ...others } = asked[row] as Record<string, { slug: string; doi?: string } | null> // as selected above
    expect(node).toMatchObject(others)
    expect([node.condition.slug, node.form?.slug, node.outcome.slug, node.study.slug, node.study.doi]).toEqual([
      condition?.slug,
      form?.slug,
      outcome?.slug,
      study?.slug,
      study?.doi,
    ])
  })
  const rows = await table('evidence.csv', { filter: JSON.stringify(filter) })
  expect(rows.map(({ id, estimate, sei }) => [id, estimate, sei])).toEqual(
    nodes.map(({ id, effect }) => [id, String(effect.estimate ?? ''), String(effect.standardError ?? '')]),
  )
})

test('an order of the API is the order of the file', async () => {
  const orderBy = [{ field: 'STANDARDIZED_BENEFIT', direction: 'DESC' }, { field: 'YEAR' }]
  const asked = await pages({ conditions: ['depression'] }, orderBy)
  const nodes = await lines('evidence.ndjson', { filter: '{"conditions":["depression"]}', orderBy: JSON.stringify(orderBy) })
  expect(nodes.map(({ slug }) => slug)).toEqual(asked.map(({ slug }) => slug))
})

test('yi and vi are on the analysis scale', async () => {
  for (const { yi, vi, sei, estimate, measure = '' } of await table('evidence.csv')) {
    if (yi === undefined || yi === '') continue
    const analysis = ['OR', 'RR', 'HR', 'IRR', 'ROM'].includes(measure)
      ? Math.log(Number(estimate))
      : measure === 'COR'
        ? Math.atanh(Number(estimate))
        : Number(estimate)
    expect(Number(yi)).toBeCloseTo(analysis, 10)
    if (sei !== '') expect(Number(vi)).toBeCloseTo(Number(sei) ** 2, 12)
  }
})

test('the arms of a trial stand under metafor’s names', async () => {
  const [trial] = await table('evidence.csv', {
    filter: JSON.stringify({ identifiers: ['10.1002/14651858.CD002755.pub2'], measures: ['OR'], year: { lte: 1984 } }),
  })
  expect(trial).toBeDefined()
  const { ai, bi, ci, di, n1i, n2i, yi, vi } = Object.fromEntries(Object.entries(trial ?? {}).map(([name, value]) => [name, Number(value)]))
  expect([ai, bi, ci, di].some((count) => Number.isNaN(count))).toBe(false)
  expect([n1i, n2i]).toEqual([(ai ?? 0) + (bi ?? 0), (ci ?? 0) + (di ?? 0)])
  if (ai && bi && ci && di) {
    expect(yi).toBeCloseTo(Math.log((ai * di) / (bi * ci)), 10)
    expect(vi).toBeCloseTo(1 / ai + 1 / bi + 1 / ci + 1 / di, 10)
  }
})

test('studies: the same as the API’s list, as a table and as nodes', async () => {
  const filter = { conditions: ['migraine'], designs: ['RCT_PARALLEL'] }
  const { studies } = await service.ask(
    '{ studies(filter: { conditions: ["migraine"], designs: [RCT_PARALLEL] }, first: 500) { nodes { id slug title year doi citation status registrations arms { label doses { route elementalMgPerDayLow form { slug } } } publications { slug title authors { family given corporate } } } } }',
  )
  const nodes = await lines('studies.ndjson', { filter: JSON.stringify(filter) })
  expect(nodes).toHaveLength(studies.nodes.length)
  nodes.forEach((node, row) => expect(node).toMatchObject(studies.nodes[row]))
  const rows = await table('studies.csv', { filter: JSON.stringify(filter) })
  expect(rows.map(({ study, title, doi }) => [study, title, doi])).toEqual(nodes.map(({ slug, title, doi }) => [slug, title, doi ?? '']))
})

test('a file says what it is, and of which state of the data', async () => {
  const response = await download('evidence.csv', { filter: '{"conditions":["migraine"]}' })
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="magnesium-evidence-[0-9a-f]{8}\.csv"$/)
  const again = await download('evidence.csv', { filter: '{"conditions":["migraine"]}' }, { 'if-none-match': response.headers.get('etag') ?? '' })
  expect(again.status).toBe(304)
  expect((await plainly('/download/evidence.csv', { method: 'HEAD' }, false)).headers['content-disposition']).toMatch(/csv"$/)
  const compressed = await download('evidence.ndjson', {}, { 'accept-encoding': 'gzip' })
  expect([compressed.headers.get('content-type'), compressed.headers.get('content-encoding')]).toEqual(['application/x-ndjson; charset=utf-8', 'gzip'])
})

test.each([
  ['evidence.xls', {}, 404, 'NOT_FOUND', undefined],
  ['evidence.csv', { filter: '{' }, 400, 'BAD_USER_INPUT', 'BAD_PARAMETER'],
  ['evidence.csv', { filter: '{"condition":["migraine"]}' }, 400, 'BAD_USER_INPUT', 'BAD_PARAMETER'],
  ['evidence.csv', { filter: '{"conditions":["migrane"]}' }, 400, 'BAD_USER_INPUT', 'UNKNOWN_TERM'],
  ['evidence.ndjson', { filter: '{"year":{"gte":2020,"lte":2010}}' }, 400, 'BAD_USER_INPUT', 'REVERSED_RANGE'],
  ['evidence.csv', { orderBy: '{"field":"COLOUR"}' }, 400, 'BAD_USER_INPUT', 'BAD_PARAMETER'],
  ['evidence.csv', { orderBy: '{"field":"RELEVANCE"}' }, 400, 'BAD_USER_INPUT', 'RELEVANCE_WITHOUT_TEXT'],
  ['studies.csv', { first: '10' }, 400, 'BAD_USER_INPUT', 'UNKNOWN_PARAMETER'],
  ['evidence.csv', { bom: 'yes' }, 400, 'BAD_USER_INPUT', 'BAD_PARAMETER'],
  ['evidence.ndjson', { bom: 'true' }, 400, 'BAD_USER_INPUT', 'UNKNOWN_PARAMETER'],
])('%s with %j is refused with a code before anything is sent', async (file, parameters, status, code, reason) => {
  const response = await download(file, parameters)
  const { errors } = (await response.json()) as { errors: { extensions: { code: string; reason?: string } }[] }
  expect([response.status, errors[0]?.extensions.code, errors[0]?.extensions.reason]).toEqual([status, code, reason])
})

test.each(['download/evidence.csv', 'download/studies.csv', 'plots/forest.csv'])(
  '%s begins with a byte order mark if that is asked for, and is the same otherwise',
  async (file) => {
    const bytesOf = async (more: Record<string, string>) => {
      const filter = JSON.stringify(file.includes('studies') ? { conditions: ['migraine'] } : { conditions: ['migraine'], outcomes: ['headache-response'] })
      const response = await fetch(`${service.url}/${file}?${new URLSearchParams({ filter, ...more }).toString()}`)
      expect(response.status).toBe(200)
      return Buffer.from(await response.arrayBuffer())
    }
    const plain = await bytesOf({})
    expect(plain.subarray(0, 3).toString('hex')).not.toBe('efbbbf')
    expect(await bytesOf({ bom: 'false' })).toEqual(plain)
    expect(await bytesOf({ bom: 'true' })).toEqual(Buffer.concat([Buffer.from('efbbbf', 'hex'), plain]))
  },
)

test('a failure in the middle cuts the connection: no file is whole that is not', async () => {
  // A condition that the vocabulary in memory does not know makes the last row impossible to show.
  await service.database.pool.query(`
    INSERT INTO evidence_row SELECT (jsonb_populate_record(e, '{ "id": 2000000000, "slug": "zzz-broken", "study_slug": "zzz", "outcome_id": 999999 }')).*
    FROM evidence_row e WHERE subjects = 'HUMAN' AND NOT retracted LIMIT 1`)
  await service.database.pool.query(`INSERT INTO pooling_row SELECT (json_populate_record(p, '{ "id": 2000000000 }')).* FROM pooling_row p LIMIT 1`)
  await service.database.pool.query(
    `INSERT INTO evidence_row SELECT (jsonb_populate_record(e, jsonb_build_object('id', 1000000000 + n, 'slug', 'copy-' || n))).* FROM evidence_row e, generate_series(1, 1500) n WHERE e.slug = (SELECT min(slug) FROM evidence_row WHERE subjects = 'HUMAN' AND NOT retracted)`,
  )
  await service.database.pool.query(
    `INSERT INTO pooling_row SELECT (json_populate_record(p, json_build_object('id', 1000000000 + n))).* FROM pooling_row p, generate_series(1, 1500) n WHERE p.id = (SELECT min(id) FROM pooling_row)`,
  )
  try {
    const response = await download('evidence.csv')
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
  } finally {
    await service.database.pool.query('DELETE FROM evidence_row WHERE id >= 1000000000; DELETE FROM pooling_row WHERE id >= 1000000000')
  }
})

test('a reader who leaves frees the place and the connection', async () => {
  const abandoned = Array.from({ length: downloadsAtOnce + 2 }, async () => (await plainly('/download/evidence.ndjson', {}, true)).statusCode)
  expect((await Promise.all(abandoned)).every((status) => status === 200 || status === 503)).toBe(true)
  const whole = await lines('evidence.ndjson')
  expect(whole.length).toBeGreaterThan(100)
  await until(() => service.database.pool.totalCount === service.database.pool.idleCount)
})
