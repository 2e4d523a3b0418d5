import { BibLatexParser, CSLParser, NBIBParser, RISParser } from 'biblatex-csl-converter'
import { readCorpus } from '../../src/corpus/files.js'
import type { ReferenceFormatName } from '../../src/references/formats.js'
import { referencesOfStudies, written } from './support.js'

/** Another program reads what we write: biblatex-csl-converter, the converter of Fidus Writer. */
const { corpus } = await readCorpus('prisma/corpus')
const ofCorpus = referencesOfStudies(corpus.studies)

type Rich = readonly { readonly text?: string }[]
interface Entry {
  readonly fields: {
    readonly title?: Rich
    readonly journaltitle?: Rich
    readonly author?: readonly { readonly family?: Rich; readonly literal?: Rich; readonly prefix?: Rich; readonly useprefix?: boolean }[]
    readonly date?: string
    readonly doi?: string
    readonly volume?: Rich
  }
}

const plainText = (rich: Rich | undefined) => (rich ?? []).map(({ text }) => text ?? '').join('')

const readers: Readonly<Record<ReferenceFormatName, (file: string) => Entry[]>> = {
  ris: (file) => Object.values(new RISParser(file).parse().entries as Record<string, Entry>),
  nbib: (file) => Object.values(new NBIBParser(file).parse().entries as Record<string, Entry>),
  bib: (file) => Object.values(new BibLatexParser(file, { processUnexpected: true, processUnknown: true }).parse().entries as unknown as Record<string, Entry>),
  'csl.json': (file) =>
    Object.values(
      new CSLParser(Object.fromEntries((JSON.parse(file) as { id: string }[]).map((item) => [item.id, item]))).parse() as unknown as Record<string, Entry>,
    ),
}

test.each(Object.entries(readers) as [ReferenceFormatName, (file: string) => Entry[]][])(
  '%s: another reader finds the same titles, authors, journals, years and DOIs',
  async (format, read) => {
    const entries = read(await written(format, ofCorpus))
    expect(entries).toHaveLength(ofCorpus.length)
    const told = entries.map(({ fields }) => ({
      // NBIB has a full stop after every title, which its readers take off: a title that ends in one has two.
      title: plainText(fields.title).replace(format === 'nbib' ? /(?<!\.)\.\.$/ : /$^/, '.'),
      journal: plainText(fields.journaltitle) || null,
      authors: (fields.author ?? [])
        .map(({ literal, prefix, family }) => plainText(literal) || [plainText(prefix), plainText(family)].filter((part) => part !== '').join(' '))
        .filter((name) => !/^(et al\.|others)$/.test(name)),
      year: fields.date === undefined ? null : Number(fields.date.slice(0, 4)),
      doi: fields.doi?.toLowerCase() ?? null,
      volume: plainText(fields.volume) || null,
    }))
    expect(told).toEqual(
      ofCorpus.map(({ kind, title, journal, authors, year, doi, volume }) => ({
        title,
        journal,
        authors: authors.map((author) => ('corporate' in author ? author.corporate : author.family)),
        year,
        // This reader's model of BibLaTeX knows no DOI of an unpublished work, as which preprints are written.
        doi: format === 'bib' && kind === 'PREPRINT' ? null : doi,
        volume,
      })),
    )
  },
)
