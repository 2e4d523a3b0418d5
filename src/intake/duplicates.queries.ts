import type { Database } from '../database/client.js'
import { inTransaction } from '../database/query.js'
import type { KeptDraft } from './draft.queries.js'
import { summaryOf } from './draft.summary.js'
import { findCandidates } from './matching.queries.js'
import { sameTitle } from './matching.titles.js'

/** A publication of the evidence, or of another open draft, that a draft may repeat. */
export interface LikelyDuplicate {
  readonly slug: string
  /** Of the other draft; null for a publication of the evidence. */
  readonly draft: number | null
  readonly title: string
  readonly firstAuthor: string | null
  readonly year: number | null
  readonly doi: string | null
  /** What they have in common: "DOI", "title", "most of the title". */
  readonly by: string
}

/** Titles that share so many of their trigrams are worth a look. */
const alike = 0.75

/** What a draft of something new may repeat: the same identifier, or a title like its own, whatever year and author; the likeliest first. */
export async function findLike(database: Database, draft: KeptDraft): Promise<LikelyDuplicate[]> {
  if (draft.kind === 'STATUS_EVENT' || draft.matched !== null) return []
  const { title } = summaryOf(draft, null)
  if (title === null) return []
  const reports = draft.kind === 'STUDY' ? (draft.document['publications'] as readonly Record<string, unknown>[]) : [draft.document] // checked when it was imported
  const found = await inTransaction(database, async (transaction) => {
    const likely: LikelyDuplicate[] = []
    for (const report of reports) {
      const wanted = {
        title: textOf(report['title']) ?? title,
        doi: textOf(report['doi'])?.toLowerCase() ?? null,
        pmid: textOf(report['pmid']),
        pmcid: textOf(report['pmcid']),
      }
      for (const { slug, draft: other, year, doi, author, ...candidate } of await findCandidates(transaction, wanted, '')) {
        const shared = (['doi', 'pmid', 'pmcid'] as const).filter(
          (name) => wanted[name] !== null && wanted[name]?.toLowerCase() === candidateOf({ doi, ...candidate }, name),
        )
        const by =
          shared.length > 0
            ? shared.map((name) => name.toUpperCase()).join(' and ')
            : sameTitle(wanted.title, candidate.title)
              ? 'title'
              : candidate.similarity >= alike
                ? 'most of the title'
                : null
        if (by !== null && other !== draft.id) likely.push({ slug, draft: other, title: candidate.title, firstAuthor: author, year, doi, by })
      }
    }
    return likely
  })
  return [...new Map(found.map((one) => [`${one.draft} ${one.slug}`, one])).values()].slice(0, 10)
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : null)
const candidateOf = (candidate: Readonly<Record<'doi' | 'pmid' | 'pmcid', string | null>>, name: 'doi' | 'pmid' | 'pmcid') =>
  candidate[name]?.toLowerCase() ?? null
