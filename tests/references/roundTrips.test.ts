import fc from 'fast-check'
import { readCorpus } from '../../src/corpus/files.js'
import { referenceFormatNames } from '../../src/references/formats.js'
import { registrationOf } from '../../src/references/gather.js'
import { plainText } from '../../src/references/markup.js'
import { pageRange } from '../../src/references/pages.js'
import { referenceKinds, type Reference, type ReferenceAuthor } from '../../src/references/reference.js'
import { plain, references, referencesOfStudies, written } from './support.js'

/** NBIB has no place for a key. No format has one for mark-up, which readers take out, nor for shortened pages. */
const kept = (format: string, reference: Reference): Reference => {
  const plainLine = (text: string) => plainText(text).replace(/\s+/g, ' ').trim()
  return {
    ...reference,
    ...{
      // PubMed's own full stop is taken off; of two, which no title ends in, the first is left.
      title: format === 'nbib' ? plainLine(reference.title).replace(/(^|[^.])\.\.$/, '$1.') : plainLine(reference.title),
      journal: reference.journal === null ? null : plainLine(reference.journal),
      pages: pageRange(reference.pages ?? undefined),
    },
    authors: reference.authors.map((author) => ('corporate' in author ? { corporate: plainLine(author.corporate) } : author)),
    ...(format === 'nbib' && { key: null }),
  }
}

const { corpus } = await readCorpus('prisma/corpus')
const ofCorpus = referencesOfStudies(corpus.studies)

test.each(referenceFormatNames)('%s: every publication of the corpus comes back as it was, and is written the same again', async (format) => {
  const file = await written(format, ofCorpus)
  const back = await references(format, file)
  expect(back).toEqual(ofCorpus.map((reference) => kept(format, reference)))
  expect(await written(format, back)).toBe(
    await written(
      format,
      ofCorpus.map((reference) => kept(format, reference)),
    ),
  )
})

const awkward: Readonly<Record<string, Partial<Reference>>> = {
  'two hundred authors': { authors: Array.from({ length: 200 }, (_, place) => ({ family: `Author${place}`, given: `G. ${place}` })) },
  'a group among people': {
    authors: [{ family: 'Woods', given: 'Kent L.' }, { corporate: 'LIMIT-2 Study Group, Leicester' }, { family: 'Fletcher', given: null }],
  },
  'only the first author seen': { authors: [{ family: 'Goodacre', given: null }], authorsIncomplete: true },
  'no author, journal, year or identifier': {
    ...{ authors: [], journal: null, year: null, date: null, volume: null, issue: null, pages: null },
    doi: null,
    pmid: null,
    pmcid: null,
  },
  'particles and suffixes': {
    authors: [
      { family: 'van der Berg', given: 'Jörg' },
      { family: 'de Groot', given: null },
      { family: 'King', given: 'Martin L., Jr.' },
      { family: 'O’Brien-Smith', given: "D'Arcy" },
    ],
  },
  'several registries': { registrations: ['NCT02466087', 'ISRCTN04417063', '2015-003749-24', 'CHICTR-TRC-13003373', 'SOME-REGISTRY 77/A'] },
  'a Russian title': { title: 'Роль магния в лечении депрессии: рандомизированное исследование', authors: [{ family: 'Громова', given: 'О. А.' }] },
  'Chinese and accents': {
    title: '镁与偏头痛 – étude randomisée à double insu, œdème, İstanbul, ﬁn',
    authors: [
      { family: '王', given: '小明' },
      { family: 'Müller-Łukasiewicz', given: 'Zoë' },
    ],
  },
  'signs of LaTeX': { title: String.raw`5% of {x} & $y_1$ #1 ~ ^2 \alpha "quoted" 'q' a\b`, note: String.raw`100% \textit{not} italic_` },
  'signs of mark-up': { title: 'p < 0.05 and y > 2 & z <i>is</i> &amp; so', note: 'a <b> c' },
  'dashes and pages': { pages: '1161-1169', title: 'Magnesium -- a review – of — dashes' },
  'abbreviated pages': { pages: '123-30' },
  'pages of a supplement': { pages: 'S12-S19' },
  'pages in words': { pages: '45-51; discussion 52' },
  'a DOI of old': { doi: '10.1002/(sici)1097-0258(19980815)17:15/16<1661::aid-sim968>3.0.co;2-2' },
  'a DOI with mark-up in it': { doi: '10.1000/<i>(<b>1</b>2' },
  'a date in another year': { year: 2016, date: '2017-01-03' },
  'a note of several lines': { note: 'first line\n\nthird line: TY - JOUR\nER -\nPMID- 1' },
  'a title like a tag': { title: 'ER - what happened in the emergency room' },
  'a title that ends in a period': { title: 'Magnesium.' },
  'a very long title': { title: 'magnesium '.repeat(300).trim() },
  'a very long word': { title: `a ${'m'.repeat(500)} b` },
  'types with commas': { types: ['Research Support, N.I.H., Extramural', 'Retracted Publication'] },
}

describe.each(referenceFormatNames)('%s', (format) => {
  test.each(Object.entries(awkward))('nothing is lost of a reference with %s', async (_, change) => {
    const reference = { ...plain, ...change }
    const file = await written(format, [plain, reference, plain])
    expect(await references(format, file)).toEqual([plain, reference, plain].map((each) => kept(format, each)))
  })

  test('nothing is lost of any reference', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyReference, { maxLength: 4 }), async (given) => {
        if (given.length === 0) return
        const file = await written(format, given)
        expect(await references(format, file)).toEqual(given.map((reference) => kept(format, reference)))
      }),
      { numRuns: 150 },
    )
  })
})

const words = fc
  .array(fc.stringMatching(/^[A-Za-zÀ-žА-я0-9&%$#_{}~^\\<>"'()[\]/:;,.+*=!?@|-]{1,12}$/), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(' '))
const name = fc.stringMatching(/^[A-ZÀ-ÖА-Я][a-zà-öа-я'’-]{1,10}( [A-Z][a-z]{2,8})?$/).filter((text) => !/^(et al|others)/i.test(text))
const author: fc.Arbitrary<ReferenceAuthor> = fc.oneof(
  fc.record({ family: name, given: fc.option(fc.stringMatching(/^[A-Z][a-z.]{1,8}( [A-Z]\.)?$/)) }),
  fc.record({ corporate: words.filter((text) => !/,$|^(et al\.?|others)$/i.test(text)) }),
)
const anyReference: fc.Arbitrary<Reference> = fc.record({
  key: fc.stringMatching(/^[a-z][a-z0-9-]{1,12}[a-z0-9]$/),
  kind: fc.constantFrom(...referenceKinds),
  title: words,
  authors: fc.array(author, { maxLength: 5 }),
  authorsIncomplete: fc.boolean(),
  journal: fc.option(words),
  year: fc.option(fc.integer({ min: 1800, max: 2099 })),
  date: fc.constant(null),
  volume: fc.option(fc.integer({ min: 1, max: 999 }).map(String)),
  issue: fc.option(fc.stringMatching(/^[0-9]{1,3}( Suppl [0-9])?$/)),
  pages: fc.option(fc.stringMatching(/^[eS]?[0-9]{1,5}(-[eS]?[0-9]{1,5})?$/)),
  doi: fc.option(fc.stringMatching(/^10\.[0-9]{4}\/[a-z0-9()<>:;_-]{3,20}[a-z0-9]$/)),
  pmid: fc.option(fc.integer({ min: 10_000, max: 99_999_999 }).map(String)),
  pmcid: fc.option(fc.integer({ min: 1, max: 9_999_999 }).map((number) => `PMC${number}`)),
  registrations: fc.uniqueArray(
    fc.stringMatching(/^NCT[0-9]{8}$/).map((text) => registrationOf(text) ?? text),
    { maxLength: 3 },
  ),
  types: fc.uniqueArray(fc.constantFrom('Randomized Controlled Trial', 'Multicenter Study', 'Comment', 'Research Support, N.I.H., Extramural'), {
    maxLength: 3,
  }),
  note: fc.option(words),
})
