import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sql from 'sql-template-tag'
import { importCorpus } from '../../src/corpus/import.js'
import { rows } from '../../src/database/query.js'
import { acceptDrafts } from '../../src/intake/curation.js'
import { findDrafts, saveDrafts } from '../../src/intake/draft.queries.js'
import { referenceProposals } from '../../src/intake/references.import.js'
import { referenceFormatNames, referenceFormats, type ReferenceFormatName } from '../../src/references/formats.js'
import { each, references } from '../references/support.js'
import { startService, type Service } from '../support/service.js'

let full: Service
let empty: Service
/** Vocabularies, and no study or claim. */
let folder: string
beforeAll(async () => {
  ;[full, empty] = [await startService(), await startService()]
  folder = await mkdtemp(path.join(tmpdir(), 'magnesium-evidence-empty-'))
  for (const { name } of (await readdir('prisma/corpus', { withFileTypes: true })).filter((entry) => entry.isFile()))
    await copyFile(path.join('prisma/corpus', name), path.join(folder, name))
  await Promise.all(['studies', 'claims'].map((name) => mkdir(path.join(folder, name))))
})
afterAll(async () => {
  await Promise.all([full.stop(), empty.stop()])
  await rm(folder, { recursive: true })
})

const download = async ({ url }: Service, format: ReferenceFormatName) => (await fetch(`${url}/download/studies.${format}`)).text()

const imported = (format: ReferenceFormatName, file: string) => {
  const { read, title } = referenceFormats[format]
  return saveDrafts(empty.database, (transaction) =>
    referenceProposals(transaction, read(each([Buffer.from(file)])), { format: title, source: `all.${format}` }),
  )
}

test.each(referenceFormatNames)(
  'the publications of the whole corpus, as %s, are all new to an empty database; accepted and downloaded again they are the same file',
  async (format) => {
    await rows(empty.database, sql`DELETE FROM draft`)
    await importCorpus(empty.database, folder)
    const file = await download(full, format)
    const { counts } = await imported(format, file)
    // The one corrigendum of the corpus tells that its article is corrected.
    expect(counts).toEqual({ ADDED: counts.ADDED, CHANGED: 1, SKIPPED: 0, REFUSED: 0 })
    expect(counts.ADDED).toBeGreaterThan(200)

    const drafts = await findDrafts(empty.database, { status: 'DRAFT' })
    await acceptDrafts(
      empty.database,
      folder,
      drafts.map(({ id }) => id),
      { by: null, note: null, place: { made: { design: 'RCT_PARALLEL', evidenceKind: 'PRIMARY' }, role: 'PRIMARY_REPORT' } },
    )
    // All were placed as primary reports, which a preprint then is too.
    const asPlaced = (await references(format, file)).map((reference) =>
      reference.kind === 'PREPRINT' ? { ...reference, kind: 'ARTICLE' as const } : reference,
    )
    expect(byTitle(await references(format, await download(empty, format)))).toEqual(byTitle(asPlaced))

    const again = await imported(format, file)
    expect(again.counts).toEqual({ ADDED: 0, CHANGED: 0, SKIPPED: counts.ADDED + counts.CHANGED, REFUSED: 0 })
  },
)

/** Studies come in the order of the studies, which are others here. */
const byTitle = <Item extends { readonly title: string }>(items: readonly Item[]) => [...items].sort((one, other) => (one.title < other.title ? -1 : 1))
