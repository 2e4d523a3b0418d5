import fc from 'fast-check'
import { changeLimits } from '../../src/changes/change.js'
import { corpusChanges, type CorpusChange } from '../../src/corpus/changes.js'
import { readCorpus, type Corpus } from '../../src/corpus/files.js'
import type { PublicationEntry, StudyEntry } from '../../src/corpus/format.js'

let corpus: Corpus
beforeAll(async () => {
  corpus = (await readCorpus('prisma/corpus')).corpus
})

const study = (slug: string) => corpus.studies.find((entry) => entry.slug === slug) as StudyEntry // of the corpus
const withStudy = (changed: StudyEntry): Corpus => ({ ...corpus, studies: corpus.studies.map((entry) => (entry.slug === changed.slug ? changed : entry)) })
const withReport = (change: (entry: PublicationEntry) => PublicationEntry): Corpus => {
  const tarleton = study('tarleton-2017')
  const [first, ...others] = tarleton.publications
  return withStudy({ ...tarleton, publications: [change(first as PublicationEntry), ...others] })
}
const told = (changes: readonly CorpusChange[]) => changes.map(({ kind, type, slug, what }) => ({ kind, subject: `${type} ${slug}`, what }))

test('the same corpus has no changes, whether it is the same object or a copy', () => {
  expect(corpusChanges(corpus, corpus)).toEqual([])
  expect(corpusChanges(corpus, structuredClone(corpus))).toEqual([])
})

test('a corrected value is told by its path of slugs, with what it was and is', () => {
  const tarleton = study('tarleton-2017')
  const [result, ...results] = tarleton.results
  if (result?.reported[0] === undefined) throw new Error('the study must report an effect')
  const estimate = Number(result.reported[0].estimate)
  const changed = { ...result, reported: [{ ...result.reported[0], estimate: estimate + 0.2 }] }
  const path = result.reported.length === 1 ? 'reported' : 'reported[0]'
  expect(told(corpusChanges(corpus, withStudy({ ...tarleton, results: [changed, ...results] })))[0]).toEqual({
    kind: 'CHANGED',
    subject: 'Study tarleton-2017',
    what: expect.arrayContaining([`results.${result.slug}.${path}.estimate: ${estimate} → ${estimate + 0.2}`]),
  })
})

test('what is added or removed as a whole is named', () => {
  const tarleton = study('tarleton-2017')
  const [result, ...results] = tarleton.results
  const less = withStudy({ ...tarleton, results, notes: [...tarleton.notes, 'a further note'] })
  expect(corpusChanges(corpus, less)[0]?.what).toEqual(
    expect.arrayContaining([`results.${result?.slug}: removed`, expect.stringMatching(/^notes.*: added a further note$/)]),
  )
  expect(corpusChanges(less, corpus)[0]?.what).toEqual(expect.arrayContaining([`results.${result?.slug}: added`]))
})

test('a notice is a change of status of its publication, and of nothing else', () => {
  const retracted = withReport((entry) => ({
    ...entry,
    statusEvents: [...entry.statusEvents, { status: 'RETRACTED', date: '2026-01-02', source: 'the journal' }],
  }))
  const [change, ...others] = corpusChanges(corpus, retracted)
  expect(others).toEqual([])
  expect(change).toMatchObject({ kind: 'STATUS', type: 'Publication', conditions: expect.arrayContaining(['depression']) })
  expect(change?.what[0]).toBe('status: CURRENT → RETRACTED')
  expect(corpusChanges(retracted, corpus)[0]?.what[0]).toBe('status: RETRACTED → CURRENT')
})

test('a publication comes and goes with its study, and alone is a change of its own', () => {
  const without = { ...corpus, studies: corpus.studies.filter(({ slug }) => slug !== 'tarleton-2017') }
  expect(told(corpusChanges(without, corpus))).toEqual([
    { kind: 'ADDED', subject: 'Study tarleton-2017', what: [study('tarleton-2017').title, expect.stringMatching(/arms?, \d+ results?/)] },
  ])
  expect(told(corpusChanges(corpus, without))).toEqual([{ kind: 'REMOVED', subject: 'Study tarleton-2017', what: [study('tarleton-2017').title] }])
  const tarleton = study('tarleton-2017')
  const report: PublicationEntry = {
    ...(tarleton.publications[0] as PublicationEntry),
    slug: 'invented-report',
    title: 'Invented',
    doi: undefined,
    statusEvents: [],
  }
  const more = withStudy({ ...tarleton, publications: [...tarleton.publications, report] })
  expect(told(corpusChanges(corpus, more))).toEqual([{ kind: 'ADDED', subject: 'Publication invented-report', what: ['Invented'] }])
})

test.each<[string, string, (from: Corpus) => Corpus]>([
  ['a condition', 'Condition', (from) => ({ ...from, conditions: from.conditions.slice(1) })],
  ['a form', 'MagnesiumForm', (from) => ({ ...from, forms: from.forms.slice(1) })],
  ['an outcome', 'Outcome', (from) => ({ ...from, outcomes: from.outcomes.slice(1) })],
  ['an instrument', 'Instrument', (from) => ({ ...from, instruments: from.instruments.slice(1) })],
  ['a treatment', 'Treatment', (from) => ({ ...from, treatments: from.treatments.slice(1) })],
  ['an interaction', 'Interaction', (from) => ({ ...from, interactions: from.interactions.slice(1) })],
  ['a contraindication', 'Contraindication', (from) => ({ ...from, contraindications: from.contraindications.slice(1) })],
  ['a document with its claims', 'SourceDocument', (from) => ({ ...from, documents: from.documents.slice(1) })],
  [
    'a claim',
    'Claim',
    (from) => ({
      ...from,
      documents: from.documents
        .map((document) => ({ ...document, claims: document.claims.slice(1) }))
        .slice(0, 1)
        .concat(from.documents.slice(1)),
    }),
  ],
])('%s that is removed or added is one change', (_, type, without) => {
  const less = without(corpus)
  expect(corpusChanges(corpus, less)).toMatchObject([{ kind: 'REMOVED', type }])
  expect(corpusChanges(less, corpus)).toMatchObject([{ kind: 'ADDED', type }])
})

test('a change is bounded in lines and letters, and says how much more there is', () => {
  const tarleton = study('tarleton-2017')
  const notes = Array.from({ length: 100 }, (_, index) => `${index} ${'long '.repeat(500)}`)
  const what = corpusChanges(corpus, withStudy({ ...tarleton, notes }))[0]?.what ?? []
  expect(what).toHaveLength(changeLimits.lines)
  expect(what.at(-1)).toMatch(/^and \d+ more$/)
  expect(Math.max(...what.map(({ length }) => length))).toBeLessThanOrEqual(changeLimits.lineLength)
})

/** What is there after changes, given what was: subjects with the last kind of change. */
const followed = (present: ReadonlySet<string>, changes: readonly CorpusChange[]) => {
  const after = new Set(present)
  for (const { kind, type, slug } of changes) {
    if (kind === 'ADDED') after.add(`${type} ${slug}`)
    if (kind === 'REMOVED') after.delete(`${type} ${slug}`)
  }
  return after
}

test('what changes from a state to a third is what changes through any second', () => {
  const states = fc
    .subarray([0, 1, 2, 3, 4, 5])
    .chain((places) => fc.record({ places: fc.constant(places), randomized: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 6, maxLength: 6 }) }))
  const state = ({ places, randomized }: { places: number[]; randomized: number[] }): Corpus => ({
    ...corpus,
    studies: places.map((place) => ({ ...(corpus.studies[place] as StudyEntry), participantsRandomized: randomized[place] })),
  })
  fc.assert(
    fc.property(states, states, states, (first, second, third) => {
      const [a, b, c] = [state(first), state(second), state(third)]
      const direct = corpusChanges(a, c)
      const through = [...corpusChanges(a, b), ...corpusChanges(b, c)]
      const studiesOf = ({ studies }: Corpus) => new Set(studies.map(({ slug }) => `Study ${slug}`))
      expect(followed(studiesOf(a), direct)).toEqual(studiesOf(c))
      expect(followed(studiesOf(a), through)).toEqual(studiesOf(c))
      // Whatever differs in the end was told on the way.
      const touched = new Set(through.map(({ type, slug }) => `${type} ${slug}`))
      expect(direct.filter(({ type, slug }) => !touched.has(`${type} ${slug}`))).toEqual([])
      // And a value told from one to the other is told on the way with the same ends.
      for (const { kind, slug, what } of direct) {
        if (kind !== 'CHANGED' || through.some((change) => change.slug === slug && change.kind !== 'CHANGED')) continue
        const ends = (text: string) => /: (.*) → (.*)$/.exec(text)?.slice(1) ?? []
        const onTheWay = through.filter((change) => change.slug === slug).map((change) => ends(change.what[0] ?? ''))
        expect([onTheWay[0]?.[0], onTheWay.at(-1)?.[1]]).toEqual(ends(what[0] ?? ''))
      }
    }),
    { numRuns: 50 },
  )
})
