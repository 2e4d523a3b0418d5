import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { deviationsElsewhere } from '../../src/corpus/deviations.js'
import { fileKinds, type StudyEntry } from '../../src/corpus/format.js'

const invented = fileKinds['studies/*.yaml'].parse(parse(readFileSync('tests/fixtures/findings/standard-error-as-deviation.yaml', 'utf8')))
const isi = { slug: 'isi', unit: '{score}' } as Parameters<typeof deviationsElsewhere>[0]['instruments'][number]

/** The invented trial under another name, with these deviations of its two arms. */
const named = (slug: string, deviations: readonly number[], change: Partial<StudyEntry['results'][number]> = {}): StudyEntry => ({
  ...invented,
  slug,
  results: invented.results.map((result) => ({
    ...result,
    ...change,
    armResults: result.armResults.map((arm, index) => ({ ...arm, sd: deviations[index] })),
  })),
})
const others = (study: StudyEntry, studies: readonly StudyEntry[]) => {
  const [result] = study.results
  if (result === undefined) throw new RangeError('the invented study has no result')
  return deviationsElsewhere({ studies, instruments: [isi] })(study, result)
}
const own = named('own', [0.65, 0.68])

test('one deviation of each other study on the instrument, the median of its arms', () => {
  expect(others(own, [own, named('one', [4, 5]), named('two', [4.4, 4.4])])).toEqual([4.5, 4.4])
})

test.each([
  ['another unit', { unit: '%' }],
  ['another kind of value', { valueKind: 'CHANGE' }],
  ['another instrument', { instrument: 'psqi' }],
] as const)('%s is another scale', (_, change) => {
  expect(others(own, [own, named('other', [4, 5], change)])).toEqual([])
})

test("a unit that is left out is the instrument's", () => {
  expect(others(own, [own, named('other', [4, 5], { unit: undefined })])).toEqual([4.5])
})

test('an outcome without an instrument is a scale where its unit is known', () => {
  const [bare, without] = [named('bare', [4, 5], { instrument: undefined }), named('without', [4, 5], { instrument: undefined, unit: undefined })]
  expect(others(bare, [bare, named('one', [2, 2], { instrument: undefined })])).toEqual([2])
  expect(others(without, [without, named('one', [2, 2], { instrument: undefined, unit: undefined })])).toEqual([])
})
