import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Bundle, Citation, Evidence, EvidenceVariable } from 'fhir/r5.js'
import { findDataRevision } from '../../src/dataset/dataset.queries.js'
import { fhirId } from '../../src/download/fhir/ids.js'
import { contextOver, RevisionMemo } from '../../src/graphql/context.js'
import { findStudiesBySlug, readStudies } from '../../src/study/study.queries.js'
import { startService, type Service } from '../support/service.js'

let service: Service
let whole: Bundle
beforeAll(async () => {
  service = await startService()
  whole = await bundle({ retracted: 'INCLUDE', subjects: [] })
})
afterAll(() => service.stop())

const download = (filter: object) => fetch(`${service.url}/download/evidence.fhir.json?${new URLSearchParams({ filter: JSON.stringify(filter) }).toString()}`)
const bundle = async (filter: object) => (await (await download(filter)).json()) as Bundle

const resources = <Type extends Evidence | EvidenceVariable | Citation>(of: Bundle, type: Type['resourceType']) =>
  (of.entry ?? []).flatMap(({ resource }) => (resource?.resourceType === type ? [resource as Type] : []))

/** Every reference in a resource. */
function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => (name === 'reference' && typeof inner === 'string' ? [inner] : referencesIn(inner)))
}

/** Nothing of the kind that FHIR forbids: null, an empty list or object or text. */
function emptyIn(value: unknown, at: string): string[] {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return [at]
  if (typeof value !== 'object') return []
  const inner = Object.entries(value as object)
  return inner.length === 0 ? [at] : inner.flatMap(([name, part]) => emptyIn(part, `${at}.${name}`))
}

test('the file is FHIR JSON with a name of its own', async () => {
  const response = await download({ conditions: ['migraine'] })
  expect(response.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8; fhirVersion=5.0')
  expect(response.headers.get('content-disposition')).toMatch(/filename="magnesium-evidence-[0-9a-f]{8}\.fhir\.json"$/)
})

test('every resource is there once, under an address and an id that FHIR takes, and every reference is to one of them', () => {
  const entries = whole.entry ?? []
  const names = entries.map(({ resource }) => `${resource?.resourceType}/${resource?.id}`)
  expect(new Set(names).size).toBe(names.length)
  entries.forEach(({ fullUrl, resource }, place) => {
    expect(resource?.id).toMatch(/^[A-Za-z0-9\-.]{1,64}$/)
    expect(fullUrl).toBe(`${service.url}/fhir/${names[place]}`)
  })
  // R5, "Resolving references in Bundles": an absolute reference names the entry with that fullUrl, version aside.
  const addresses = new Set(entries.map(({ fullUrl }) => fullUrl))
  expect(referencesIn(whole).length).toBeGreaterThan(entries.length)
  expect([...new Set(referencesIn(whole))].filter((reference) => !URL.canParse(reference) || !addresses.has(reference))).toEqual([])
  expect(emptyIn(whole, 'Bundle')).toEqual([])
})

test('an Evidence says what was compared with what, in the words of the API', async () => {
  const filter = { conditions: ['migraine'] }
  const { evidence } = await service.ask('query ($filter: EvidenceFilter) { evidence(filter: $filter, first: 500) { nodes { id comparison { label } } } }', {
    filter,
  })
  const told = resources<Evidence>(await bundle(filter), 'Evidence').map(({ identifier, variableDefinition }) => [
    identifier?.[0]?.value,
    variableDefinition.find(({ description }) => description !== undefined)?.description,
  ])
  const nodes: { id: string; comparison: { label: string } }[] = evidence.nodes
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(nodes.map(({ id, comparison }) => [id, comparison.label])))
  expect(new Set(nodes.map(({ comparison }) => comparison.label)).size).toBeGreaterThan(3)
})

test.each([{}, { conditions: ['migraine'] }, { measures: ['OR'] }, { subjects: ['ANIMAL'] }, { retracted: 'ONLY' }, { year: { gte: 2099 } }])(
  'the Evidence of %j is what the API answers, number for number',
  async (filter) => {
    const told = resources<Evidence>(await bundle(filter), 'Evidence')
    const nodes: Record<string, Record<string, unknown>>[] = []
    for (let after: string | null = null, more = true; more;) {
      const { evidence }: { evidence: { nodes: typeof nodes; pageInfo: { hasNextPage: boolean; endCursor: string } } } = await service.ask(
        'query ($filter: EvidenceFilter, $after: String) { evidence(filter: $filter, first: 500, after: $after) { pageInfo { hasNextPage endCursor } nodes { id participants effect { estimate ciLower ciUpper standardError pValue } } } }',
        { filter, after },
      )
      nodes.push(...evidence.nodes)
      more = evidence.pageInfo.hasNextPage
      after = evidence.pageInfo.endCursor
    }
    expect(
      told.map(({ identifier, statistic }) => {
        const [effect] = statistic ?? []
        const attribute = (text: RegExp) => effect?.attributeEstimate?.find(({ type }) => text.test(type?.text ?? ''))
        const range = attribute(/^confidence/)?.range
        return {
          id: identifier?.[0]?.value,
          participants: effect?.sampleSize?.numberOfParticipants ?? null,
          effect: {
            estimate: effect?.quantity?.value ?? null,
            ciLower: range?.low?.value ?? null,
            ciUpper: range?.high?.value ?? null,
            standardError: attribute(/^standard error/)?.quantity?.value ?? null,
            pValue: attribute(/^p-value/)?.quantity?.value ?? null,
          },
        }
      }),
    ).toEqual(nodes)
  },
)

test('measures carry the codes of FHIR and of STATO; a dose left open is a range', () => {
  const evidence = resources<Evidence>(whole, 'Evidence')
  const codes = new Map(
    evidence.flatMap(({ statistic }) => (statistic ?? []).map(({ statisticType }) => [statisticType?.text, statisticType?.coding?.map(({ code }) => code)])),
  )
  expect(codes.get('odds ratio')).toEqual(['C16932', 'STATO:0000182'])
  expect(codes.get('mean difference')).toEqual(['0000457', 'STATO:0000457'])
  expect(codes.get('hazard ratio')).toEqual(['C93150', 'STATO:0000677'])
  const doses = resources<EvidenceVariable>(whole, 'EvidenceVariable').flatMap(({ characteristic }) =>
    (characteristic ?? []).map(({ definitionByTypeAndValue }) => definitionByTypeAndValue),
  )
  expect(
    doses.some((dose) => dose?.valueQuantity?.code === 'mg/d' && (dose.type.coding ?? []).some(({ system }) => system === 'http://fdasis.nlm.nih.gov')),
  ).toBe(true)
  expect(doses.some((dose) => (dose?.valueRange?.low?.value ?? 0) < (dose?.valueRange?.high?.value ?? 0))).toBe(true)
})

test('a report is cited with its authors and identifiers', () => {
  const citation = resources<Citation>(whole, 'Citation').find(({ id }) => id === 'citation-tarleton-2017')
  expect(citation?.citedArtifact).toMatchObject({
    identifier: expect.arrayContaining([{ system: 'https://doi.org', value: '10.1371/journal.pone.0180067' }]),
    publicationForm: [expect.objectContaining({ publishedIn: { title: 'PLoS One' } })],
  })
  expect(citation?.citedArtifact?.contributorship?.entry?.[0]).toMatchObject({ contributor: { display: expect.stringContaining('Tarleton') }, rankingOrder: 1 })
})

test('the studies that a file is made of are kept neither for the request nor for others', async () => {
  const context = contextOver(new RevisionMemo(service.database, await findDataRevision(service.database)))
  const key = (await findStudiesBySlug(context, ['tarleton-2017']))[0]?.key ?? NaN
  const [once, again] = [await readStudies(context, [key]), await readStudies(context, [key])]
  expect(once.get(key)?.slug).toBe('tarleton-2017')
  expect(again.get(key)).toEqual(once.get(key))
  expect(again.get(key)).not.toBe(once.get(key))
})

test('ids of long slugs are cut, and differ', () => {
  const [one, other] = ['a', 'b'].map((end) => fhirId('evidence', `${'long-'.repeat(20)}${end}`))
  expect(one).toHaveLength(64)
  expect(one).not.toBe(other)
})

// The types are made from the structure definitions of R5 by another project: the compiler finds unknown fields, missing ones and words that are none.
describe('by the definitions of R5', () => {
  let folder: string
  beforeAll(async () => (folder = await mkdtemp(path.resolve('node_modules/.fhir-'))))
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** What the compiler says of resources, as literals of their types. */
  const faultsOf = async (name: string, given: readonly object[]): Promise<string> => {
    const files: string[] = []
    // A list of a thousand literals is more than the compiler takes at once.
    for (let from = 0; from < given.length; from += 150) {
      const file = path.join(folder, `${name}-${from}.ts`)
      const literals = JSON.stringify(given.slice(from, from + 150))
      await writeFile(
        file,
        `import type { Citation, Evidence, EvidenceVariable } from 'fhir/r5.js'\nexport const part: (Citation | Evidence | EvidenceVariable)[] = ${literals}\n`,
      )
      files.push(file)
    }
    const words = ['--noEmit', '--strict', '--skipLibCheck', '--ignoreConfig', '--module', 'nodenext', '--target', 'es2022', '--types', 'fhir', ...files]
    return new Promise((resolve) =>
      execFile(process.execPath, [path.resolve('node_modules/typescript/bin/tsc'), ...words], { maxBuffer: 64e6 }, (_, stdout, stderr) =>
        resolve(stdout + stderr),
      ),
    )
  }

  test('the whole corpus is sound', async () => {
    expect(
      (
        await faultsOf(
          'corpus',
          (whole.entry ?? []).flatMap(({ resource }) => resource ?? []),
        )
      ).slice(0, 2_000),
    ).toBe('')
  })

  test('what is not sound is found', async () => {
    const [evidence] = resources<Evidence>(whole, 'Evidence')
    expect(await faultsOf('status', [{ ...evidence, status: 'final' }])).toContain('\'"final"\' is not assignable')
    expect(await faultsOf('field', [{ ...evidence, effect: 1 }])).toContain("does not exist in type 'Evidence'")
    expect(await faultsOf('missing', [{ resourceType: 'Evidence', status: 'active' }])).toContain("'variableDefinition' is missing")
  })
})
