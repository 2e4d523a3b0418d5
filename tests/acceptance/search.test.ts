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

// Lay questions, and the kind and slug of what must come first.
test.each([
  ['does magnesium help migraine', 'CONDITION migraine'],
  ['best magnesium for anxiety', 'CONDITION anxiety'],
  ['Is magnesium good for high blood pressure?', 'CONDITION hypertension'],
  ['magnesium supplements for constipation', 'CONDITION constipation'],
  ['magnesium after a heart attack', 'CONDITION myocardial-infarction'],
  ['leg cramps at night', 'CONDITION nocturnal-leg-cramps'],
  ['trouble sleeping', 'CONDITION insomnia'],
  ['what is magnesium glycinate good for', 'FORM magnesium-glycinate'],
  ['magnesium citrate vs oxide', 'FORM magnesium-citrate'],
  ['which magnesium is best', 'FORM magnesium'],
  ['does magnesium cause diarrhea', 'OUTCOME gastrointestinal-symptoms'],
  ['side effects of magnesium', 'OUTCOME adverse-events'],
  ['can I take magnesium with antibiotics', 'CLAIM c125-tetracyclines-absorption'],
  ['ISIS-4', 'STUDY isis-4-1995'],
])('the question "%s" leads to %s', async (text, first) => {
  const { search } = await service.ask('query ($text: String!) { search(text: $text, first: 1) { nodes { kind slug } } }', { text })
  expect(search.nodes.map(({ kind, slug }: { kind: string; slug: string }) => `${kind} ${slug}`)).toEqual([first])
})

test('"magnesium" beside other words changes nothing of what is found first', async () => {
  for (const text of ['sleep', 'migraine', 'diabetes', 'asthma', 'pain after surgery'])
    expect((await slugsOf(`magnesium for ${text}`))[0]).toBe((await slugsOf(text))[0])
})

test('hits are counted by kind, and every hit is of the kinds asked for', async () => {
  const { all, studies } = await service.ask(`{
    all: search(text: "sleep", first: 500) { totalCount countByKind { kind count } nodes { kind } }
    studies: search(text: "sleep", kinds: [STUDY]) { totalCount countByKind { kind count } }
  }`)
  const counted = new Map<string, number>()
  for (const { kind } of all.nodes) counted.set(kind, (counted.get(kind) ?? 0) + 1)
  expect(new Map(all.countByKind.map(({ kind, count }: { kind: string; count: number }) => [kind, count]))).toEqual(counted)
  expect(all.totalCount).toBe(all.nodes.length)
  expect(studies.countByKind).toEqual([{ kind: 'STUDY', count: studies.totalCount }])
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
