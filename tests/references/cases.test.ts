import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { authorsIn } from '../../src/references/authors.js'
import { formatOf, type ReferenceFormatName } from '../../src/references/formats.js'
import { plainText } from '../../src/references/markup.js'
import { pageRange } from '../../src/references/pages.js'
import type { ReadReference } from '../../src/references/reference.js'
import { readTitle } from '../../src/references/status.js'
import { plain, read, written } from './support.js'

/** Files as programs and services write them; all of what they say is invented. */
const recordsOf = (name: string) => read(formatOf(name, '') ?? 'ris', readFileSync(`tests/fixtures/intake/references/${name}`))
const referencesOf = async (name: string) => (await recordsOf(name)).flatMap((record) => ('reference' in record ? [record] : []))
/** The only record of a text. */
async function only(format: ReferenceFormatName, content: string): Promise<ReadReference> {
  const [record] = await read(format, content)
  if (record === undefined || !('reference' in record)) throw new Error(`no reference: ${JSON.stringify(record)}`)
  return record
}
const ris = (...fields: string[]) => only('ris', ['TY  - JOUR', 'TI  - A title', ...fields, 'ER  - ', ''].join('\n'))

test.each<[string, readonly object[]]>([
  ['accession-of-another-database.ris', [{ pmid: null }]],
  [
    'authors-on-one-line.ris',
    [
      {
        authors: [
          { family: 'Purl', given: 'Anna B.' },
          { family: 'Stitch', given: 'Marco' },
          { family: 'Loom', given: 'Zoë de la' },
        ],
      },
      {
        authors: [
          { family: 'Purl', given: 'Anna' },
          { family: 'Stitch', given: 'Marco' },
          { family: 'Loom', given: 'Zoe' },
          { family: 'Needle', given: 'Ben' },
        ],
      },
    ],
  ],
  ['blank-line-in-abstract.nbib', [{ title: 'Magnesium and the paragraphs of abstracts', year: 2018 }]],
  ['brace-left-open.bib', [{ title: 'A good entry before' }, { title: 'A good entry after' }]],
  ['byte-order-mark-crlf.ris', [{ title: 'Magnesium with a byte order mark' }]],
  [
    'crossref-markup.bib',
    [
      { title: 'Magnesium and Salmo in Mg2+ ponds' },
      { title: 'Magnesium if serum <0.7 mmol/l and p > 0.05' },
      {
        pmid: null,
        pmcid: 'PMC5487054',
        authors: [
          { family: 'García', given: 'María' },
          { family: 'Viel', given: 'A.' },
        ],
        authorsIncomplete: true,
      },
      { year: 2017 },
    ],
  ],
  ['databank-numbers.nbib', [{ registrations: ['NCT09999991', 'ISRCTN99999991', '2019-009999-10', 'ACTRN12619999999999'] }]],
  [
    'dates.ris',
    [
      { year: 2021, date: '2021-01-15' },
      { year: null, date: null },
      { year: 2005, date: null },
    ],
  ],
  ['doi-in-other-tags.ris', [{ doi: '10.5555/m3.lathe.2014', types: [] }, { doi: '10.5555/n1.dorr.2013', note: null }, { doi: '10.5555/l3.rail.2012' }]],
  [
    'doi-with-escapes.bib',
    [
      { doi: '10.5555/978-3-030-00001-1_12' },
      { doi: '10.5555/abc_def' },
      { doi: '10.5555/abc_ghi' },
      { doi: '10.5555/(sici)1097-0258(19980815)17:15<1661::aid-inv968>3.0.co;2-2' },
      { doi: '10.5555/(sici)1097-0258(19980815)17:16<1661::aid-inv969>3.0.co;2-2' },
      { doi: '10.5555/(sici)1<2>3' },
      { doi: '10.5555/url.only' },
      { pmid: '28654669', note: null },
    ],
  ],
  ['double-blanks.ris', [{ title: 'Magnesium with double blanks' }]],
  ['end-tag-missing.ris', [{ year: 2020 }, { year: 2021 }]],
  ['entities.bib', [{ title: 'Magnesium & calcium in Homo sapiens', journal: 'Blood & Bones' }, { title: 'Magnesium in vitro and Mg2+' }]],
  [
    'identifiers-in-notes.csl.json',
    [
      { pmid: '28654669', pmcid: 'PMC5487054', note: null },
      { pmid: null, pmcid: 'PMC5487054' },
    ],
  ],
  ['keys-used-twice.bib', [{ doi: '10.5555/plumb' }, { doi: '10.5555/paint' }, { doi: '10.5555/pott' }]],
  ['list-of-an-api.csl.json', [{ title: 'Magnesium in a list', doi: '10.5555/list' }]],
  [
    'macro-not-defined.bib',
    [
      { journal: 'Journal of Inventions' },
      { year: null },
      { year: 2017 },
      { year: 2017 },
      { journal: 'unknownjournal' },
      { authorsIncomplete: true, authors: [{ family: 'Viel', given: 'A.' }] },
      { title: 'Magnesium by names' },
    ],
  ],
  [
    'markup-and-entities.ris',
    [{ title: 'Effect of Mg2+ on calcium & potassium: in vitro notes', authors: [{ family: "O'Flint", given: 'Seán' }], journal: 'Blood & Bones' }],
  ],
  [
    'markup-and-subtitle.csl.json',
    [
      { title: 'Magnesium in vitro: Mg2+ & pH' },
      { title: 'Magnesium of sailors: a trial at sea', authors: [{ corporate: 'SALT Group' }, { family: 'See', given: 'A., Jr.' }] },
      { title: 'Magnesium of lines' },
    ],
  ],
  ['no-title.ris', [{ title: 'A good record before the bad one' }]],
  [
    'nulls-and-dates.csl.json',
    [
      { year: 2019, authors: [{ family: 'Null', given: null }] },
      { year: null },
      { date: '2019-04-05' },
      { date: '2019-04-05' },
      { year: 2019 },
      { date: '2019-04-05' },
      { authors: [{ family: 'Eins', given: 'A.' }] },
      { authors: [{ family: 'Eins', given: 'A.' }] },
      { doi: null, pmid: null },
    ],
  ],
  ['one-item-a-line.csl.json', [{ key: 'l1' }, { key: 'l2' }]],
  ['pages.ris', [{ pages: '123-130' }, { pages: '101-108' }, { pages: '55' }, { pages: '104417' }]],
  ['pmcid-digits-of-a-known-pmid.csl.json', [{ pmid: null, pmcid: 'PMC28654669' }]],
  ['pmcid-digits-only.nbib', [{ pmid: '99990077', pmcid: 'PMC5487054' }]],
  ['pmcid-digits-only.ris', [{ pmid: null, pmcid: 'PMC5487054' }]],
  ['pmid-in-other-tags.ris', [{ pmid: '28654669' }, { pmid: '28654669', note: null }, { pmid: '28654669' }]],
  ['single-object.csl.json', [{ title: 'Magnesium asked of the resolver: a single object', date: '2016-12-23' }]],
  ['text-between-records.ris', [{ year: 2018 }, { year: 2017 }]],
  [
    'titles.nbib',
    [
      { title: '[Magnesium for the cramps of bakers]', pages: '101-108' },
      { title: 'Magnesium for apprentices: does it help?' },
      { title: 'Magnesium for masters' },
    ],
  ],
  [
    'years-names-and-groups.bib',
    [
      { authorsIncomplete: true },
      { year: null },
      { year: 2017 },
      { year: 2017 },
      { authorsIncomplete: true },
      { title: 'Magnesium if serum <0.7 mmol/l and p > 0.05: 50% more' },
    ],
  ],
])('%s is read', async (name, expected) => {
  const references = (await referencesOf(name)).map(({ reference }) => reference)
  expect(references).toHaveLength(expected.length)
  expect(references).toMatchObject(expected)
})

test.each([
  ['tabs-for-blanks.ris', /^line 1: a record must begin with/],
  ['latin-1.ris', /^line 2: the bytes are not UTF-8/],
  ['another-hosts-download.nbib', /^line 1: a line must begin with a tag/],
])('%s is refused by its line', async (name, message) => {
  await expect(recordsOf(name)).rejects.toThrow(message)
})

test('what is not read is told: faults and skipped lines by their line, and remarks of a record', async () => {
  const rest = async (name: string) => (await recordsOf(name)).filter((record) => !('reference' in record))
  const remarks = async (name: string) => (await referencesOf(name)).flatMap((record) => record.remarks)
  expect(await rest('brace-left-open.bib')).toEqual([{ fault: 'the entry bad has a brace that is not closed', line: 2 }])
  expect(await rest('no-title.ris')).toEqual([{ fault: 'the record has no title', line: 7 }])
  expect(await rest('text-between-records.ris')).toEqual([{ skipped: 4, line: 1 }])
  expect(await remarks('end-tag-missing.ris')).toEqual(['the record has no end (ER) before line 6', 'the file ends before the end (ER) of the record'])
  expect(await remarks('macro-not-defined.bib')).toEqual(['"in press" is no year', 'journal is unknownjournal, which no @string of the file defines'])
})

test('a record tells of its retraction by links, types and title; a notice tells of another publication', async () => {
  const [known, bells, notice] = await referencesOf('retraction-2-retracted.nbib')
  expect(known?.changes).toEqual([{ status: 'RETRACTED', date: '2020-02', kind: 'Retraction in', notice: 'PMID 99990012' }])
  expect(bells?.changes).toHaveLength(1)
  expect(notice).toMatchObject({ changes: [], notice: { status: 'RETRACTED', role: null, about: [{ pmid: '99990002' }] } })
  const [sleep, named, kettles] = await referencesOf('retraction-title-2-retracted.ris')
  expect(sleep).toMatchObject({ reference: { title: 'Magnesium for the sleep of invented bell founders' }, changes: [{ status: 'RETRACTED' }], notice: null })
  expect(named?.notice?.about).toEqual([{ doi: null, pmid: null, title: 'Magnesium for the sleep of invented bell founders' }])
  expect(kettles).toMatchObject({ reference: { title: 'Magnesium for the whistling of kettles' }, changes: [{ status: 'RETRACTED' }] })
})

test.each([
  ['RIN', 'changes', 'RETRACTED'],
  ['PRIN', 'changes', 'CONCERN'],
  ['ECI', 'changes', 'CONCERN'],
  ['EIN', 'changes', 'CORRECTED'],
  ['CRI', 'changes', 'CORRECTED'],
  ['RPI', 'changes', 'CORRECTED'],
  ['RRI', 'changes', 'RETRACTED'],
  ['ROF', 'notice', 'RETRACTED'],
  ['ECF', 'notice', 'CONCERN'],
  ['EFR', 'notice', 'CORRECTED'],
])('nbib: %s tells of %s that are %s', async (tag, field, status) => {
  const record = await only('nbib', `PMID- 1\nTI  - A title.\n${tag.padEnd(4)}- J Invent. 2020 Feb;5(2):8. doi: 10.5555/n.1. PMID: 2\n`)
  expect([record[field as 'changes' | 'notice']].flat()).toMatchObject([{ status }])
})

test.each<[ReferenceFormatName, string]>([
  ['ris', 'TY  - JOUR\nTI  - A title\nM3  - Article; Retracted Publication\nER  - \n'],
  ['bib', '@article{a, title = {A title}, publicationtypes = {Retracted Publication}}'],
  ['csl.json', '{"title": "A title", "genre": "Retracted Publication"}'],
  ['csl.json', '{"title": "A title", "DOI": "10.5555/a", "updated-by": [{"type": "retraction", "label": "Retraction", "DOI": "10.5555/n"}]}'],
])('%s: the type says that it is retracted', async (format, content) => {
  expect((await only(format, content)).changes).toMatchObject([{ status: 'RETRACTED' }])
})

test.each([
  ['RETRACTED: A title', 'A title'],
  ['Retracted: A title', 'A title'],
  ['RETRACTED ARTICLE: A title', 'A title'],
  ['[Retracted] A title', 'A title'],
  ['(RETRACTED ARTICLE) A title', 'A title'],
  ['WITHDRAWN: A title', 'A title'],
  ['Withdrawn – A title', 'A title'],
  ['A title (Retracted article. See vol. 45, p. 123, 2020)', 'A title'],
  ['A title [Retracted]', 'A title'],
])('"%s" is retracted', (given, title) => {
  expect(readTitle(given)).toMatchObject({ title, retracted: expect.stringMatching(/retracted|withdrawn/i), notice: null })
})

test.each([
  'Retracted arms in shoulder dystocia',
  'Withdrawal of magnesium in weaned infants',
  'Magnesium in alcohol withdrawal',
  'Retraction of the gingiva with magnesium chloride',
  'Correction of hypomagnesaemia in hikers',
  'Patients (withdrawn by their doctors) and magnesium',
])('"%s" is a title like any other', (title) => {
  expect(readTitle(title)).toEqual({ title, retracted: null, notice: null })
})

test.each([
  ['Retraction notice to "A title" [J. Invent. 12 (2019) 1-9]', 'RETRACTED', 'A title'],
  ['Retraction: A title', 'RETRACTED', 'A title'],
  ['Retraction Note to: A title', 'RETRACTED', 'A title'],
  ['Notice of Retraction: A title', 'RETRACTED', 'A title'],
  ['Retraction of “A title”', 'RETRACTED', 'A title'],
  ['Withdrawal notice: A title', 'RETRACTED', 'A title'],
  ['Expression of concern: A title', 'CONCERN', 'A title'],
  ['Editorial Expression of Concern on "A title"', 'CONCERN', 'A title'],
  ['Erratum to: A title', 'CORRECTED', 'A title'],
  ['Retraction', 'RETRACTED', null],
])('"%s" is a notice', (given, status, title) => {
  expect(readTitle(given).notice).toEqual({ status, title })
})

const digits = fc.stringMatching(/^[1-9][0-9]{0,8}$/)

test('digits in a field of one kind of identifier are never another', async () => {
  await fc.assert(
    fc.asyncProperty(digits, async (number) => {
      const ofKind = { pmid: number.length <= 8 ? number : null, pmcid: `PMC${number}` }
      const items = [
        await only('csl.json', JSON.stringify({ title: 'A title', PMCID: number })),
        await only('bib', `@article{a, title = {A title}, pmcid = {${number}}}`),
        await only('nbib', `TI  - A title.\nPMC - ${number}\n`),
        await ris(`C2  - ${number}`),
      ]
      for (const { reference } of items) expect(reference).toMatchObject({ doi: null, pmid: null, pmcid: ofKind.pmcid })
      for (const { reference } of [
        await only('csl.json', JSON.stringify({ title: 'A title', PMID: Number(number) })),
        await only('nbib', `PMID- ${number}\nTI  - A title.\n`),
      ])
        expect(reference).toMatchObject({ doi: null, pmid: ofKind.pmid, pmcid: null })
      for (const database of ['CINAHL', 'Embase', 'PsycINFO', 'Scopus', 'Web of Science', 'Global Health', 'PubMed Central'])
        expect((await ris(`AN  - ${number}`, `DB  - ${database}`)).reference.pmid).toBeNull()
      for (const tag of ['C1', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'M1', 'M2', 'U1', 'U2', 'DO', 'UR', 'N1', 'SN', 'ID'])
        expect((await ris(`${tag}  - ${number}`)).reference).toMatchObject({ doi: null, pmid: null, pmcid: null })
    }),
    { numRuns: 30 },
  )
})

test.each([
  [['AN  - 28654669', 'DB  - PubMed'], '28654669'],
  [['AN  - 28654669', 'DB  - Ovid MEDLINE(R) ALL'], '28654669'],
  [['AN  - 28654669', 'DB  - MEDLINE', 'DP  - EBSCOhost'], '28654669'],
  [['AN  - 28654669'], '28654669'],
  [['AN  - 28654669', 'DP  - NLM'], '28654669'],
  [['AN  - PMID: 28654669', 'DB  - CINAHL'], '28654669'],
  [['AN  - MEDLINE:28654669', 'DB  - Web of Science'], '28654669'],
  [['AN  - 28654669', 'DP  - EBSCOhost'], null],
  [['AN  - 28654669', 'UR  - https://search.ebscohost.com/login.aspx?db=c8h&AN=28654669'], null],
  [['AN  - 28654669', 'N1  - Accession Number: 28654669. CINAHL'], null],
  [['AN  - 28654669', 'DB  - Embase;MEDLINE'], null],
  [['U2  - L616', 'C5  - 28654669'], null],
  [['U2  - L600123456', 'C7  - 28654669'], '28654669'],
  [['C3  - PUBMED 28654669,EMBASE 617083124', 'AN  - CN-01234567'], '28654669'],
  [['C2  - 28654669', 'DB  - Scopus'], '28654669'],
  [['UR  - https://europepmc.org/article/MED/28654669'], '28654669'],
])('ris: of %j the PMID is %s', async (fields, pmid) => {
  expect((await ris(...fields)).reference.pmid).toBe(pmid)
})

test.each([
  ['https://onlinelibrary.wiley.com/doi/abs/10.5555/x.1?af=R', '10.5555/x.1'],
  ['https://link.springer.com/content/pdf/10.5555/s00125-1.pdf', '10.5555/s00125-1'],
  ['https://www.frontiersin.org/articles/10.5555/fnut.2017.1/full', '10.5555/fnut.2017.1'],
  ['https://journals.plos.org/plosone/article?id=10.5555/journal.pone.1', '10.5555/journal.pone.1'],
  ['https://www.example.org/doi/full/10.5555/ajcn/65.2.1', '10.5555/ajcn/65.2.1'],
  ['https://static.example.org/esm/10.5555/s00125-1/MediaObjects/1.docx', null],
  ['https://example.org/28654669', null],
])('ris: the DOI of the address %s is %s', async (address, doi) => {
  expect((await ris(`UR  - ${address}`)).reference.doi).toBe(doi)
})

test('two landing pages of different publications identify neither, and text about a DOI is a note', async () => {
  expect((await ris('UR  - https://a.org/doi/10.5555/one', 'UR  - https://b.org/doi/10.5555/two')).reference.doi).toBeNull()
  expect((await ris('N1  - Comment on doi: 10.5555/one')).reference).toMatchObject({ doi: null, note: 'Comment on doi: 10.5555/one' })
  expect((await ris('DO  - 10.5555/one', 'N1  - doi: 10.5555/two')).reference).toMatchObject({ doi: '10.5555/one', note: 'doi: 10.5555/two' })
  expect((await ris('N1  - {:DOI: 10.5555/braced}', 'N1  - PMID: 12; PMCID: PMC34')).reference).toMatchObject({
    doi: '10.5555/braced',
    pmid: '12',
    pmcid: 'PMC34',
  })
})

test.each([
  ['123-130', '130', '123-130'],
  ['101-8', undefined, '101-108'],
  ['1161', '69', '1161-1169'],
  ['S12', 'S19', 'S12-S19'],
  ['S12', '9', 'S12-S19'],
  ['55', '55', '55'],
  ['55–55', undefined, '55'],
  ['e0180067', undefined, 'e0180067'],
  ['45-51; discussion 52', undefined, '45-51; discussion 52'],
  ['104417-1', undefined, '104417-1'],
  [undefined, '9', '9'],
])('the pages %s and %s are %s', (start, end, expected) => {
  expect(pageRange(start, end)).toBe(expected)
})

test.each([
  ['Tarleton, Emily K.', [{ family: 'Tarleton', given: 'Emily K.' }]],
  ['Smith, John, Jr.', [{ family: 'Smith', given: 'John, Jr.' }]],
  ['García López, María José', [{ family: 'García López', given: 'María José' }]],
  [
    'Purl AB, Stitch M',
    [
      { family: 'Purl', given: 'AB' },
      { family: 'Stitch', given: 'M' },
    ],
  ],
  ['Purl AB, Stitch M, et al.', [{ family: 'Purl', given: 'AB' }, { family: 'Stitch', given: 'M' }, { corporate: 'et al.' }]],
  [
    'Purl, Anna and Stitch, Marco',
    [
      { family: 'Purl', given: 'Anna' },
      { family: 'Stitch', given: 'Marco' },
    ],
  ],
  [
    'Anna Purl and Marco van der Berg',
    [
      { family: 'Purl', given: 'Anna' },
      { family: 'van der Berg', given: 'Marco' },
    ],
  ],
  ['Diabetes Control and Complications Trial', [{ corporate: 'Diabetes Control and Complications Trial' }]],
  ['LIMIT-2, Leicester,', [{ corporate: 'LIMIT-2, Leicester' }]],
])('the authors of "%s"', (text, authors) => {
  expect(authorsIn(text)).toEqual({ authors, isAmbiguous: false })
})

test('names that may be taken apart in several ways are read as one, with a remark', async () => {
  expect((await ris('AU  - Purl, Anna, Stitch, Marco')).remarks).toEqual(['several authors seem to stand in one line, and were read as one'])
})

test.each([
  ['a &amp;amp; b', 'a & b'],
  ['&amp;lt;i&amp;gt;in vitro&amp;lt;/i&amp;gt;', 'in vitro'],
  ['Estimating <inline-formula><tex-math>$Mg^{2+}$</tex-math></inline-formula> in <scp>MRI</scp> of <strike>x</strike>', 'Estimating Mg2+ in MRI of x'],
  ['<jats:title>A <jats:italic>b</jats:italic></jats:title>', ' A b '],
  ['serum <0.7 mmol/l, p > 0.05', 'serum <0.7 mmol/l, p > 0.05'],
  ['a <b and c> d', 'a <b and c> d'.replace('<b and c>', '')],
  ['R&D; AT&T', 'R&D; AT&T'],
  ['Garcı\u0301a', 'García'],
])('the plain text of %s', (text, expected) => {
  expect(plainText(text)).toBe(expected)
})

const broken: Readonly<Record<ReferenceFormatName, readonly string[]>> = {
  ris: ['TY  - JOUR\nAU  - Nobody, N.\nER  - \n', 'TY  - JOUR\nAU  - Nobody, N.\n', '1. \n', 'Link: http://localhost\n', 'TY\t- JOUR\nTI\t- Tabs\n'],
  nbib: ['PMID- 1\nFAU - Nobody, N\n\n', 'A line without a tag\n'],
  bib: [
    '@article{bad, title = {One {brace}, year = {2001}}\n',
    '@article{bad2, year = {2001}}\n',
    'text with a } between\n',
    '@comment{left {open\n',
    '@article{bad3, title {No equals sign}}\n',
  ],
  'csl.json': ['{"author": [], "DOI": null}', '"text"', '17', 'null', '{"title": {"a": 1}}'],
}

test.each(Object.entries(broken) as [ReferenceFormatName, readonly string[]][])('%s: a broken record costs no other', async (format, faults) => {
  const titles = ['First', 'Second', 'Third'].map((word) => `${word} magnesium trial`)
  const records = await Promise.all(titles.map((title) => written(format, [{ ...plain, title }])))
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...faults), fc.integer({ min: 1, max: 3 }), async (fault, place) => {
      const parts = records.toSpliced(place, 0, fault)
      const file = format === 'csl.json' ? `[${parts.map((part) => part.trim().replace(/^\[([^]*)\]$/, '$1')).join(',')}]` : parts.join('')
      const found = (await read(format, file)).flatMap((record) => ('reference' in record ? [record.reference.title] : []))
      expect(found).toEqual(titles)
    }),
    { numRuns: 30 },
  )
})
