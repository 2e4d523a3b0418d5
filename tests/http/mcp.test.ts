import type { Client } from '@modelcontextprotocol/client'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { buildSchema, isEnumType, type GraphQLSchema } from 'graphql'
import { readFileSync } from 'node:fs'
import { createKey } from '../../src/keys/key.queries.js'
import { keyRing } from '../../src/keys/keyRing.js'
import { makeKey } from '../../src/keys/key.js'
import { comparisonKinds, designs, directions, evidenceClasses, risks, routes } from '../../src/mcp/filterWords.js'
import { tools } from '../../src/mcp/server.js'
import { callTool, connectAssistant, type ToolResult } from '../support/assistant.js'
import { startService, type Service } from '../support/service.js'

let service: Service
let client: Client
const logged: string[] = []
beforeAll(async () => {
  service = await startService((database) => ({
    config: { logLevel: 'info', bodyLimitBytes: 100_000 },
    findKeyHolder: keyRing(database),
    logTo: { write: (line) => void logged.push(line) },
  }))
  client = await connectAssistant(service.url)
})
afterAll(async () => {
  await client?.close()
  await service?.stop()
})

const call = (name: string, given: Record<string, unknown>): Promise<ToolResult> => callTool(client, name, given)

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'by hand', version: '1' } },
}
const both = 'application/json, text/event-stream'
const send = (body: unknown, headers: Record<string, string> = {}, url = service.url) =>
  fetch(`${url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: both, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const toolCall = (name: string, given: unknown) => ({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name, arguments: given } })

test('the seven tools are described, only read, and their schemas are read alike by older and newer clients', async () => {
  const { tools: listed } = await client.listTools()
  expect(listed.map(({ name }) => name)).toEqual([
    'find_terms',
    'find_evidence',
    'synthesize',
    'summary_of_findings',
    'check_claim',
    'convert_dose',
    'get_study',
  ])
  for (const { title, description, annotations, inputSchema, outputSchema } of listed) {
    expect([title, description].every((words) => (words?.length ?? 0) > 5)).toBe(true)
    expect(annotations).toMatchObject({ readOnlyHint: true, idempotentHint: true, openWorldHint: false })
    for (const { description: of } of Object.values(inputSchema.properties ?? {}) as { description?: string; enum?: unknown }[])
      expect(typeof of === 'string' || inputSchema.properties?.['unit'] !== undefined).toBe(true)
    for (const schema of [inputSchema, outputSchema ?? {}] as object[]) {
      expect(new Ajv({ strict: false, validateFormats: false }).validateSchema(schema)).toBe(true)
      expect(new Ajv2020({ strict: false, validateFormats: false }).validateSchema(schema)).toBe(true)
    }
  }
  expect(client.getInstructions()).toContain('Evidence, not advice')
})

const schema: GraphQLSchema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'))
test.each([
  ['ComparisonKind', comparisonKinds],
  ['StudyDesign', designs],
  ['EvidenceClass', evidenceClasses],
  ['EffectDirection', directions],
  ['Route', routes],
  ['RiskOfBiasLevel', risks],
])('arguments know every word of %s', (name, words) => {
  const type = schema.getType(name)
  expect([...words].sort()).toEqual(
    isEnumType(type)
      ? type
          .getValues()
          .map((value) => value.name)
          .sort()
      : [],
  )
})

test('whether magnesium oxide prevents migraine better than placebo is answered with certainty and sources', async () => {
  const condition = (await call('find_terms', { text: 'migrane', kinds: ['CONDITION'] })).data.terms[0]
  const form = (await call('find_terms', { text: 'Mg oxide', kinds: ['FORM'] })).data.terms[0]
  expect([condition.slug, form.slug, condition.effects > 0]).toEqual(['migraine', 'magnesium-oxide', true])
  const { data, text } = await call('synthesize', { condition: condition.slug, form: form.slug, comparison: 'INACTIVE' })
  expect(data.pooled).toBe(true)
  expect(data.certainty.level).toMatch(/^(HIGH|MODERATE|LOW|VERY_LOW)$/)
  expect(data.certainty.domains.length).toBeGreaterThan(3)
  for (const { study, sources } of data.contributions) {
    expect([study.slug, study.page]).toEqual([expect.any(String), `${service.url}/studies/${study.slug}`])
    expect(sources.length).toBeGreaterThan(0)
    for (const { source, recordedAt } of sources) expect([source, recordedAt]).toEqual([expect.stringMatching(/./), expect.stringMatching(/^\d{4}-/)])
  }
  const { dataset } = await service.ask('{ dataset { release dataRevision } }')
  expect(data.provenance).toMatchObject({ notice: 'Evidence, not advice.', release: dataset.release, dataRevision: dataset.dataRevision })
  // The sentences begin with how certain it is, and end with what they are not.
  expect(text).toMatch(/^Certainty \(GRADE\)/)
  expect(text).toMatch(/Evidence, not advice\.$/)
  expect(text.indexOf('Warning')).toBeLessThan(text.indexOf('Pool:'))
  expect((await fetch(data.forestPlot)).status).toBe(200)
})

test('the calls of the guide are answered as it shows', async () => {
  const guide = readFileSync('docs/assistants.md', 'utf8')
  const calls = [...guide.matchAll(/^(\w+) (\{.*\})$/gm)]
  expect(calls.length).toBeGreaterThan(2)
  for (const [, name = '', given = '{}'] of calls) {
    const { isError, text } = await call(name, JSON.parse(given) as Record<string, unknown>)
    // The guide leaves out and breaks lines; how each answer begins stands there.
    expect([isError, guide.replace(/\s+/g, ' ').includes(text.slice(0, 80).replace(/\s+/g, ' ').trim())]).toEqual([false, true])
  }
})

test('the numbers of a tool are those of the API', async () => {
  const filter = '{ conditions: ["acute-myocardial-infarction"], outcomes: ["all-cause-mortality"], comparison: [INACTIVE] }'
  const { synthesis, evidence } = await service.ask(
    `{ synthesis(input: { filter: ${filter} }) { id estimate ciLower ciUpper predictionLower k participants heterogeneity { i2 } perThousand { difference } contributions { label estimate } }
       evidence(filter: ${filter}, first: 50) { totalCount nodes { slug effect { estimate ciLower } } } }`,
  )
  const asked = { condition: 'acute-myocardial-infarction', outcome: 'all-cause-mortality', comparison: 'INACTIVE' }
  const { data } = await call('synthesize', asked)
  const { estimate, ciLower, ciUpper, predictionLower, k, participants, heterogeneity, perThousand } = data.pool
  expect([data.synthesisId, estimate, ciLower, ciUpper, predictionLower, k, participants, heterogeneity.i2, perThousand.difference]).toEqual([
    synthesis.id,
    synthesis.estimate,
    synthesis.ciLower,
    synthesis.ciUpper,
    synthesis.predictionLower,
    synthesis.k,
    synthesis.participants,
    synthesis.heterogeneity.i2,
    synthesis.perThousand.difference,
  ])
  expect(data.certainty.level).not.toBeNull()
  expect(data.contributions.length + data.furtherContributions).toBe(synthesis.contributions.length)
  const list = (await call('find_evidence', { ...asked, limit: 50 })).data
  expect(list.more.total).toBe(evidence.totalCount)
  expect(list.evidence.map(({ slug, effect }: { slug: string; effect: { estimate: number } }) => [slug, effect.estimate])).toEqual(
    evidence.nodes.map((node: { slug: string; effect: { estimate: number } }) => [node.slug, node.effect.estimate]),
  )
})

test('pages of a list, one after the other, are the whole list', async () => {
  const seen: string[] = []
  let after: string | null | undefined
  let total = 0
  do {
    const { data } = await call('find_evidence', { condition: 'migraine', limit: 25, ...(after != null && { after }) })
    seen.push(...data.evidence.map(({ slug }: { slug: string }) => slug))
    ;({ total, nextAfter: after } = data.more)
  } while (after != null)
  expect([seen.length, new Set(seen).size]).toEqual([total, total])
})

test('nothing to pool is an answer that says so, and never "no difference"', async () => {
  const { isError, data, text } = await call('synthesize', {
    condition: 'migraine',
    form: 'magnesium oxide',
    outcome: 'migraine-attack-frequency',
    comparison: 'INACTIVE',
  })
  expect([isError, data.pooled, data.pool, data.certainty.level]).toEqual([false, false, null, null])
  expect(data.whyNot).toContain('none of which can be pooled')
  expect(data.effectsToLookAt.length).toBeGreaterThan(0)
  expect(text).toContain('Unclear is not the same as no difference')
})

test('no direction is dressed up', async () => {
  const { data } = await call('find_evidence', { condition: 'migraine', limit: 50 })
  const meanings = new Map(data.evidence.map(({ direction, directionMeaning }: Record<string, string>) => [direction, directionMeaning]))
  expect(meanings.get('NO_CLEAR_DIFFERENCE')).toMatch(/not evidence of equality/)
  expect(meanings.get('UNCLEAR')).not.toMatch(/no difference/)
})

test('a summary of findings has the rows of the API, each with its certainty or why there is none', async () => {
  const { condition } = await service.ask(
    '{ condition(ref: "acute-myocardial-infarction") { summaryOfFindings { rows { statement outcome { slug } synthesisId } moreRows { statement outcome { slug } synthesisId } } } }',
  )
  const { rows, moreRows } = condition.summaryOfFindings
  const { data, text } = await call('summary_of_findings', { condition: 'acute-myocardial-infarction', limit: 60 })
  const known = (row: { statement: string; outcome: { slug: string }; synthesisId: string | null }) => [row.statement, row.outcome.slug, row.synthesisId]
  expect(data.rows.map(known)).toEqual([...rows, ...moreRows].map(known))
  expect(text).toContain(rows[0].statement)
  for (const { certainty, effect, whyNotPooled } of data.rows) {
    expect((certainty.level === null) === (certainty.whyNone !== null)).toBe(true)
    if (effect === null) expect(whyNotPooled).not.toBeNull()
  }
  const short = (await call('summary_of_findings', { condition: 'acute-myocardial-infarction', limit: 2 })).data
  expect([short.rows.length, short.moreRows]).toEqual([2, data.rows.length - 2])
  const none = await call('summary_of_findings', { condition: 'migraine', comparison: 'NONE', agent: 'NONE' })
  expect(none.isError || none.data.rows.length >= 0).toBe(true)
})

test('a claim has the verdict of the curators, and a text without one has none', async () => {
  const { claims } = await service.ask('{ claims(first: 1) { nodes { slug verdict statement } } }')
  const [known] = claims.nodes
  const bySlug = (await call('check_claim', { claim: known.slug })).data
  expect(bySlug.matches).toEqual([expect.objectContaining({ slug: known.slug, verdict: known.verdict, statement: known.statement })])
  expect((await call('check_claim', { text: known.statement })).data.matches.map(({ slug }: { slug: string }) => slug)).toContain(known.slug)
  const { data, text } = await call('check_claim', { text: 'magnesium oxide makes migraine vanish within a fortnight' })
  expect(data.matches).toEqual([])
  expect(text).toMatch(/^No checked claim matches, so there is no verdict/)
  expect(data.termsFound.map(({ slug }: { slug: string }) => slug)).toEqual(expect.arrayContaining(['migraine', 'magnesium-oxide']))
  expect(data.evidenceToLookAt.length).toBeGreaterThan(0)
})

test('a dose is converted as the API does, with where the share comes from', async () => {
  const { convertDose } = await service.ask(
    '{ convertDose(amount: 400, unit: MG, basis: NOT_STATED, form: "magnesium oxide") { elementalMgLow elementalMgHigh note } }',
  )
  const { data } = await call('convert_dose', { amount: 400, unit: 'MG', form: 'magnesium oxide' })
  expect([data.elementalMg, data.whyInterval]).toEqual([{ low: convertDose.elementalMgLow, high: convertDose.elementalMgHigh }, convertDose.note])
  expect(data.sources[0]).toContain('computed from the formula MgO')
})

test.each([
  ['tarleton-2017'],
  ['10.1371/journal.pone.0180067'],
  ['https://doi.org/10.1371/JOURNAL.PONE.0180067'],
  ['28654669'],
  ['PMC5487054'],
  ['NCT02466087'],
])('the study %s is found by that name', async (ref) => {
  const { data } = await call('get_study', { ref })
  expect(data.study).toMatchObject({ slug: 'tarleton-2017', doi: '10.1371/journal.pone.0180067' })
  expect(data.results.length).toBeGreaterThan(0)
  expect((await call('get_study', { ref: data.study.id })).data.study.slug).toBe('tarleton-2017')
})

test('a retraction is said first', async () => {
  const { data, text } = await call('get_study', { ref: 'asemi-2015' })
  expect([text.split(':')[0], data.standing.status, data.study.status]).toEqual(['RETRACTED', 'RETRACTED', 'RETRACTED'])
})

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ['find_evidence', { condition: 'migrane' }, { code: 'BAD_USER_INPUT', reason: 'UNKNOWN_TERM', suggestions: expect.arrayContaining(['migraine']) }],
  ['synthesize', { condition: 'migraine', form: 'magnesium oxid' }, { reason: 'UNKNOWN_TERM', suggestions: expect.arrayContaining(['magnesium-oxide']) }],
  ['summary_of_findings', { condition: 'nothing of the kind' }, { reason: 'UNKNOWN_TERM' }],
  ['find_evidence', { comparison: 'ACTIVE:nobody' }, { reason: 'UNKNOWN_COMPARISON' }],
  ['find_evidence', { yearFrom: 2020, yearTo: 2010 }, { code: 'BAD_USER_INPUT' }],
  ['find_evidence', { after: 'nonsense' }, { code: 'INVALID_CURSOR' }],
  ['find_evidence', { text: 'a\u0000b' }, { code: 'BAD_USER_INPUT' }],
  ['find_evidence', { conditon: 'migraine' }, { reason: 'BAD_PARAMETER', argument: 'conditon' }],
  ['find_evidence', { limit: 51 }, { reason: 'BAD_PARAMETER', argument: 'limit' }],
  ['find_evidence', { limit: '5' }, { reason: 'BAD_PARAMETER', argument: 'limit' }],
  ['synthesize', {}, { reason: 'BAD_PARAMETER', argument: 'condition' }],
  ['synthesize', { condition: 'migraine', baselineRisk: 1.5 }, { reason: 'BAD_PARAMETER', argument: 'baselineRisk' }],
  ['check_claim', {}, { reason: 'BAD_PARAMETER' }],
  ['check_claim', { claim: 'no-such-claim' }, { reason: 'UNKNOWN_TERM', argument: 'claim' }],
  ['convert_dose', { amount: 0, unit: 'MG', form: 'magnesium oxide' }, { reason: 'BAD_PARAMETER', argument: 'amount' }],
  ['convert_dose', { amount: 1e9, unit: 'G', form: 'magnesium oxide' }, { code: 'BAD_USER_INPUT' }],
  ['convert_dose', { amount: 1, unit: 'MG', form: 'chalk' }, { reason: 'UNKNOWN_TERM' }],
  ['get_study', { ref: 'tarlton-2017' }, { reason: 'UNKNOWN_STUDY', suggestions: expect.arrayContaining(['tarleton-2017']) }],
  ['find_terms', { text: ' ' }, { code: 'BAD_USER_INPUT' }],
])('%s of %j is an error of the tool that says what to mend', async (name, given, error) => {
  const result = await call(name, given)
  expect([result.isError, result.error]).toEqual([true, expect.objectContaining({ ...error, requestId: expect.any(String) })])
  expect(result.text.length).toBeGreaterThan(10)
})

test.each<[string, unknown, number, number]>([
  ['no JSON', '{"jsonrpc":', 400, -32_700],
  ['nothing', '', 400, -32_700],
  ['a batch', [initialize, initialize], 400, -32_600],
  ['a number', 5, 400, -32_600],
  ['null', null, 400, -32_600],
  ['no message', { hello: 'there' }, 400, -32_600],
  ['an unknown method', { jsonrpc: '2.0', id: 1, method: 'tools/destroy' }, 200, -32_601],
  ['a subscription', { jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params: {} }, 400, -32_601],
  ['an unknown tool', toolCall('prescribe', {}), 200, -32_602],
  ['arguments that are no object', toolCall('find_terms', 'migraine'), 200, -32_602],
  ['too deep', toolCall('find_terms', JSON.parse(`${'['.repeat(70)}${']'.repeat(70)}`)), 400, -32_600],
])('%s is refused with the error that the protocol has for it', async (_, body, status, code) => {
  const response = await send(body)
  const answer = (await response.json()) as { error: { code: number; message: string } }
  expect([response.status, answer.error.code, answer.error.message.length > 5]).toEqual([status, code, true])
})

test.each<[string, RequestInit, number, string]>([
  ['GET', { method: 'GET', headers: { accept: 'text/event-stream' } }, 405, 'METHOD_NOT_ALLOWED'],
  ['DELETE', { method: 'DELETE' }, 405, 'METHOD_NOT_ALLOWED'],
  ['another media type', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' }, 400, 'BAD_REQUEST'],
  ['an unknown media type', { method: 'POST', headers: { 'content-type': 'application/xml' }, body: '<a/>' }, 415, 'BAD_REQUEST'],
  ['an Accept that takes no JSON', { method: 'POST', headers: { 'content-type': 'application/json', accept: 'text/html' }, body: '{}' }, 406, 'NOT_ACCEPTABLE'],
  [
    'a body that is too large',
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ x: 'x'.repeat(200_000) }) },
    413,
    'BODY_TOO_LARGE',
  ],
  [
    'an unknown key',
    { method: 'POST', headers: { 'content-type': 'application/json', 'x-api-key': makeKey().text }, body: JSON.stringify(initialize) },
    401,
    'UNAUTHENTICATED',
  ],
])('%s is refused as everywhere', async (_, init, status, code) => {
  const response = await fetch(`${service.url}/mcp`, init)
  const { errors } = (await response.json()) as { errors: { extensions: Record<string, unknown> }[] }
  expect([response.status, errors[0]?.extensions]).toEqual([status, expect.objectContaining({ code, requestId: expect.any(String) })])
  if (status === 405) expect(response.headers.get('allow')).toBe('POST')
})

test('a client by hand needs no session, and JSON alone will do', async () => {
  const opened = await send(initialize, { accept: 'application/json' })
  expect([opened.status, opened.headers.get('content-type'), opened.headers.get('mcp-session-id')]).toEqual([
    200,
    expect.stringContaining('application/json'),
    null,
  ])
  expect(await opened.json()).toMatchObject({ id: 1, result: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, instructions: expect.any(String) } })
  expect((await send({ jsonrpc: '2.0', method: 'notifications/initialized' })).status).toBe(202)
  const called = await send(toolCall('convert_dose', { amount: 1, unit: 'G', form: 'magnesium oxide' }), { 'mcp-protocol-version': '2025-06-18' })
  expect(await called.json()).toMatchObject({ id: 7, result: { structuredContent: { given: { amount: 1 } } } })
  expect((await send(toolCall('convert_dose', {}), { 'mcp-protocol-version': '1999-01-01' })).status).toBe(400)
})

test('the revision without a handshake is answered too', async () => {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'by hand', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const response = await send(
    { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'find_terms', arguments: { text: 'migraine' }, _meta: meta } },
    { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'find_terms' },
  )
  expect([response.status, await response.json()]).toEqual([
    200,
    expect.objectContaining({ result: expect.objectContaining({ structuredContent: expect.anything() }) }),
  ])
})

test('operations of tools are logged and counted as those of the API, under the request’s id', async () => {
  logged.splice(0)
  const response = await send(toolCall('find_evidence', { condition: 'migraine', limit: 1 }), { 'x-request-id': 'asked-by-hand' })
  expect(response.headers.get('x-request-id')).toBe('asked-by-hand')
  const lines = logged.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines).toContainEqual(expect.objectContaining({ msg: 'operation', operation: 'AssistantEvidence', reqId: 'asked-by-hand' }))
})

test('tools cost what their operations cost, by key or address', async () => {
  const actor = { kind: 'COMMAND_LINE', name: 'somebody@here' } as const
  const limited = await startService((database) => ({
    findKeyHolder: keyRing(database),
    budgets: { anonymous: { requests: 100, cost: 2_000 }, withKey: { requests: 100, cost: 1_000_000 } },
  }))
  try {
    const key = await createKey(limited.database, { name: 'a reader', scopes: ['READ'], costPerMinute: null }, actor)
    const ask = (headers: Record<string, string>) => send(toolCall('find_evidence', { condition: 'migraine', limit: 20 }), headers, limited.url)
    const answers = [await ask({}), await ask({}), await ask({})]
    const last = answers.at(-1)
    expect(last?.headers.get('ratelimit')).toContain('"cost"')
    expect(last?.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await last?.json()).toMatchObject({ result: { isError: true, content: [{ text: expect.stringContaining('RATE_LIMITED') }, expect.anything()] } })
    expect(await (await ask({ authorization: `Bearer ${key}` })).json()).toMatchObject({ result: { structuredContent: { more: { shown: 20 } } } })
  } finally {
    await limited.stop()
  }
})

test('a question that was answered from the same data costs a request alone', async () => {
  const keeping = await startService({
    config: { resultCacheBytes: 10_000_000 },
    budgets: { anonymous: { requests: 100, cost: 2_000 }, withKey: { requests: 1, cost: 1 } },
  })
  try {
    const ask = () => send(toolCall('find_evidence', { condition: 'migraine', limit: 20 }), {}, keeping.url)
    const [first, second, third] = [await (await ask()).json(), await (await ask()).json(), await (await ask()).json()]
    expect(first).toMatchObject({ result: { structuredContent: { more: { shown: 20 } } } })
    expect([second, third]).toEqual([first, first])
  } finally {
    await keeping.stop()
  }
})

test('pages of others may ask only where the operator names them, and addresses begin with the base path', async () => {
  const closed = await startService({ config: { corsOrigins: ['https://known.example'], basePath: '/magnesium', trustedProxies: [] } })
  try {
    const ask = (headers: Record<string, string>) => send(toolCall('get_study', { ref: 'tarleton-2017' }), headers, `${closed.url}/magnesium`)
    const refused = await ask({ origin: 'https://rebound.example' })
    expect([refused.status, await refused.json()]).toEqual([
      403,
      { errors: [{ message: expect.any(String), extensions: expect.objectContaining({ code: 'FORBIDDEN' }) }] },
    ])
    for (const headers of [{}, { origin: 'https://known.example' }])
      expect(await (await ask(headers)).json()).toMatchObject({
        result: { structuredContent: { study: { page: `${closed.url}/magnesium/studies/tarleton-2017` } } },
      })
  } finally {
    await closed.stop()
  }
})

test('a database that is away is said by code', async () => {
  const away = await startService({ contextFor: () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })) })
  try {
    expect(await (await send(toolCall('find_terms', { text: 'migraine' }), {}, away.url)).json()).toMatchObject({
      result: { isError: true, content: [{ text: expect.stringContaining('SERVICE_UNAVAILABLE') }, expect.anything()] },
    })
  } finally {
    await away.stop()
  }
})

/** Values that a JSON Schema of the tools allows. */
function valuesOf(described: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> {
  const {
    type,
    enum: words,
    items,
    properties = {},
    required = [],
  } = described as {
    type?: string
    enum?: unknown[]
    items?: Record<string, unknown>
    properties?: Record<string, Record<string, unknown>>
    required?: string[]
  }
  const { minimum = -1e6, maximum = 1e6, exclusiveMinimum, exclusiveMaximum, maxLength = 100, minLength = 0 } = described as Record<string, number | undefined>
  if (words !== undefined) return fc.constantFrom(...words)
  if (type === 'array') return fc.array(valuesOf(items ?? {}), { maxLength: 3 })
  if (type === 'boolean') return fc.boolean()
  if (type === 'integer') return fc.integer({ min: Math.max(minimum, -1e6), max: Math.min(maximum, 1e6) })
  if (type === 'number')
    return fc.double({ min: exclusiveMinimum ?? minimum, max: exclusiveMaximum ?? maximum, noNaN: true, minExcluded: true, maxExcluded: true })
  if (type === 'string')
    return fc.oneof(
      fc.constantFrom('migraine', 'magnesium-oxide', 'headache-severity', 'INACTIVE', 'ACTIVE:valproate', 'tarleton-2017', 'magnesium'),
      fc.string({ minLength, maxLength: Math.min(maxLength, 60), unit: 'binary' }),
    )
  return fc.record(Object.fromEntries(Object.entries(properties).map(([name, inside]) => [name, valuesOf(inside)])), { requiredKeys: required })
}

test.each(tools)(
  'whatever arguments $name allows, the answer fits its description or is a coded error, and never a defect',
  async ({ name, inputSchema, outputSchema }) => {
    const fits = new Ajv2020({ strict: false, validateFormats: false }).compile(outputSchema)
    await fc.assert(
      fc.asyncProperty(valuesOf(inputSchema), async (given) => {
        const response = await send(toolCall(name, given))
        expect(response.status).toBe(200)
        const { result } = (await response.json()) as { result: { isError?: boolean; content: { text: string }[]; structuredContent?: unknown } }
        if (result.isError === true)
          expect(JSON.parse(result.content[1]?.text ?? '')).not.toMatchObject({ errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] })
        else expect([fits(result.structuredContent), fits.errors]).toEqual([true, null])
      }),
      { numRuns: 25 },
    )
  },
)
