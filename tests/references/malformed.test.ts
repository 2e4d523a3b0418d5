import { formatOf, referenceFormatNames, type ReferenceFormatName } from '../../src/references/formats.js'
import { longestLine } from '../../src/references/textLines.js'
import { plain, read, references, referenceFile, written } from './support.js'

const refusal = async (format: ReferenceFormatName, content: string | Uint8Array): Promise<string> =>
  read(format, content).then(
    (records) => `read ${records.length} records`,
    (error: unknown) => String((error as Error).message),
  )

describe.each(referenceFormatNames)('%s', (format) => {
  test.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /^the file is empty$/],
    ['blank lines', '\n \r\n\n', /^the file is empty$/],
    ['a page of the web', '\n<!DOCTYPE html>\n<html><body>429 Too many requests</body></html>', /^line [12]: this is a page of the web/],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 75, 4, 0]), /compressed by gzip: unpack it first/],
    ['a zip archive', Buffer.from('PK\u0003\u0004\u0014\u0000\u0000\u0000\u0008\u0000'), /a zip archive/],
    ['a PDF', '%PDF-1.7\n%âãÏÓ\n', /a PDF/],
    ['Latin-1', Buffer.from('TY  - JOUR\nTI  - Magnésium\nER  - \n', 'latin1'), /^line 2: the bytes are not UTF-8/],
    ['bytes that no text has', Buffer.from('abc\ndef\0ghi\n'), /^line [12]: (the file holds bytes that no text has|a record must begin|a line must begin)/],
  ])('refuses %s by name', async (_, content, message) => {
    expect(await refusal(format, content)).toMatch(message)
  })

  test('a byte order mark is no part of the text', async () => {
    const file = await written(format, [plain])
    expect(await references(format, `\uFEFF${file}`)).toEqual(await references(format, file))
  })

  test.each(['utf16le', 'utf16be'])('%s is read by its mark', async (encoding) => {
    const file = await written(format, [plain, { ...plain, title: 'Роль магния' }])
    const little = Buffer.from(`\uFEFF${file}`, 'utf16le')
    expect(
      (await read(format, encoding === 'utf16le' ? little : little.swap16(), 7)).map((record) => ('reference' in record ? record.reference.title : record)),
    ).toEqual([plain.title, 'Роль магния'])
  })

  test('however the bytes come, they say the same', async () => {
    const file = (await written(format, [plain, { ...plain, title: 'Роль магния' }, plain])).replaceAll('\n', '\r\n')
    const whole = await read(format, file)
    for (const size of [1, 2, 3, 64]) expect(await read(format, file, size)).toEqual(whole)
  })
})

test.each<[ReferenceFormatName, string, string, RegExp]>([
  ['ris', 'tabs in the place of blanks', 'TY\t- JOUR\nTI\t- One\nER\t- \n', /^line 1: a record must begin with "TY {2}- ", got "TY\t- JOUR"/],
  ['ris', 'another format', 'PMID- 1\nTI  - One\n', /^line 1: a record must begin with "TY {2}- ", got "PMID- 1"/],
  ['nbib', 'another format', 'TY  - JOUR\n@article{x}\n', /^line [12]: a line must begin with a tag/],
  ['bib', 'no entry', 'just some text\n', /^line 1: there is no entry/],
  ['csl.json', 'an array cut off', '[\n{"title": "One"},\n{"title": "Tw', /^line 3: the file ends too early/],
  ['csl.json', 'a comma too many', '[\n{"title": "One"},\n]', /^line 3: this is not JSON/],
  ['csl.json', 'no item', '{"protocolSection": {}}', /^line 1: the file must hold an item, such as {"title": "…"}, or an array of items/],
])('%s: %s', async (format, _, content, message) => {
  expect(await refusal(format, content)).toMatch(message)
})

test.each<[ReferenceFormatName, string, number]>([
  ['ris', 'TY  - JOUR\nTI  - One\nER  - \nTY  - JOUR\nAU  - Nobody, N.\nER  - \nTY  - JOUR\nTI  - Three\nER  - \n', 4],
  ['nbib', 'PMID- 1\nTI  - One\n\nPMID- 2\nFAU - Nobody, N\n\nPMID- 3\nTI  - Three\n', 4],
  ['bib', '@article{a, title = {One}}\n@article{b,\n author = {Nobody}}\n@article{c, title = {Three}}', 2],
  ['csl.json', '[{"title": "One"},\n\n{"author": []}, {"title": "Three"}]', 3],
])('%s: a record without a title is a fault at its line, and the others stand', async (format, content, line) => {
  const records = await read(format, content)
  expect(records.map((record) => ('reference' in record ? record.reference.title : record))).toEqual([
    'One',
    { fault: 'the record has no title', line },
    'Three',
  ])
})

test.each(['ris', 'nbib'] as const)('%s: a line of 100 MB is refused at the first megabyte', async (format) => {
  let given = 0
  async function* endless() {
    yield Buffer.from(format === 'ris' ? 'TY  - JOUR\nTI  - ' : 'PMID- 1\nTI  - ')
    for (; given < 100 * longestLine; given += 65_536) yield Buffer.alloc(65_536, 'm')
  }
  await expect(referenceFile(format, endless())).rejects.toThrow('line 2: the line is longer than 1 MiB')
  expect(given).toBeLessThan(2 * longestLine)
})

test.each(['bib', 'csl.json'] as const)('%s: a file larger than is read at once is refused before it is in memory', async (format) => {
  let given = 0
  async function* endless() {
    for (; ; given += 1_048_576) yield Buffer.alloc(1_048_576, ' ')
  }
  await expect(referenceFile(format, endless())).rejects.toThrow(/^the file is larger than \d+ MiB/)
  expect(given).toBeLessThan(80 * 1_048_576)
})

test('the format is told by the name, else by the beginning', () => {
  expect(['a.RIS', 'b.nbib', 'c.bibtex', 'd.csl.json', 'e.json'].map((name) => formatOf(name, ''))).toEqual(['ris', 'nbib', 'bib', 'csl.json', 'csl.json'])
  expect(['TY  - JOUR\n', 'PMID- 123\n', '@article{', '[{', '\uFEFF\n@book{', 'hello'].map((text) => formatOf('export.txt', text))).toEqual([
    'ris',
    'nbib',
    'bib',
    'csl.json',
    'bib',
    null,
  ])
})
