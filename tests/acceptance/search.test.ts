import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const slugsOf = async (text: string): Promise<string[]> =>
  (await service.ask('query ($text: String!) { search(text: $text, first: 20) { nodes { slug } } }', { text })).search.nodes.map(
    ({ slug }: { slug: string }) => slug,
  )

test.each([
  ['an author', 'Peikert', 'peikert-1996'],
  ['an author and a year', 'Tarleton 2017', 'tarleton-2017'],
  ['a DOI', '10.1371/journal.pone.0180067', 'tarleton-2017'],
  ['a registry id', 'NCT02466087', 'tarleton-2017'],
  ['words of a finding', 'orotate survival heart failure', 'stepura-martynow-2009-mach'],
  ['a synonym of a term', 'high blood pressure', 'hypertension'],
  ['a misspelt term', 'migrane', 'migraine'],
  ['a misspelt author', 'Tarlton', 'tarleton-2017'],
  ['a misspelt word among right ones', 'magnesum orotate survival', 'stepura-martynow-2009-mach'],
])('%s finds what is meant: %s → %s', async (_, text, slug) => {
  expect(await slugsOf(text)).toContain(slug)
})

test('a term stands before the studies that only mention it', async () => {
  expect((await slugsOf('migraine'))[0]).toBe('migraine')
})

test.each([
  ['migrane', 'migraine'],
  ['Mg oxide', 'magnesium-oxide'],
  ['high blood pressure', 'hypertension'],
  ['MESH:D003866', 'depression'],
  ['PHQ-9', 'phq-9'],
  ['epsom salts', 'magnesium-sulfate-heptahydrate'],
])('the words "%s" are mapped to %s first', async (text, slug) => {
  const { mapTerms } = await service.ask('query ($texts: [String!]!) { mapTerms(texts: $texts) { slug score } }', { texts: [text] })
  expect(mapTerms[0].slug).toBe(slug)
})
