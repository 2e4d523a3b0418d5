import fc from 'fast-check'
import { affectedStudies } from '../../src/corpus/affected.js'
import type { Corpus } from '../../src/corpus/files.js'
import { validCorpus } from '../../src/corpus/reading.js'
import { crossFileFaults } from '../../src/corpus/rules.js'
import { asDocument, connectedStudies, mutations } from './changes.js'

let corpus: Corpus
beforeAll(async () => {
  const whole = await validCorpus('prisma/corpus')
  corpus = { ...whole, studies: connectedStudies(whole), documents: [] }
})

const afterChanges = (changes: readonly { readonly name: string; readonly study: number; readonly pick: number }[]): Corpus =>
  changes.reduce<Corpus>((now, { name, study, pick }) => {
    const chosen = now.studies[study % now.studies.length]
    const change = name === 'a study less' ? null : mutations[name]
    if (chosen === undefined || change === undefined) return now
    const studies =
      change === null
        ? now.studies.filter((one) => one !== chosen)
        : now.studies.map((one) => (one === chosen ? asDocument(change(chosen, pick, now.studies)) : one))
    return { ...now, studies }
  }, corpus)

const change = fc.record({ name: fc.constantFrom('a study less', ...Object.keys(mutations)), study: fc.nat(1_000), pick: fc.nat(100) })

test('the invented corpus is sound to begin with', () => {
  expect(corpus.studies.length).toBeGreaterThan(40)
  expect(crossFileFaults(corpus)).toEqual([])
})

test('looking at the affected studies alone finds the faults that looking at all finds', () => {
  const found = new Set<boolean>()
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const after = afterChanges(changes)
      const affected = affectedStudies(corpus, after)
      const faults = crossFileFaults(after)
      found.add(faults.length > 0)
      expect(crossFileFaults(after, ({ slug }) => !affected.has(slug))).toEqual(faults)
    }),
    { numRuns: 20 },
  )
  expect(found.size).toBeGreaterThan(0)
})

test.each(Object.keys(mutations))('%s is seen in its study and in those that depend on it', (name) => {
  for (const study of [0, 23, corpus.studies.length - 1]) {
    const after = afterChanges([{ name, study, pick: study }])
    const affected = affectedStudies(corpus, after)
    expect(crossFileFaults(after, ({ slug }) => !affected.has(slug))).toEqual(crossFileFaults(after))
  }
})

test('what was accepted before is not a change, though it is read anew', () => {
  expect(affectedStudies(corpus, { ...corpus, studies: corpus.studies.map(asDocument) }).size).toBe(0)
})
