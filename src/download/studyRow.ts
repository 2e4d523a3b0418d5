import sql, { type Sql } from 'sql-template-tag'
import type { SortKey } from '../graphql/keyset.js'
import { studyRecord, type PublicationRecord, type StudyDocument, type StudyRecord } from '../study/study.js'
import { kindWords, registrationOf } from '../references/gather.js'
import type { Reference } from '../references/reference.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'
import type { Column } from './columns.js'
import { inOrder } from './evidenceRow.js'

/** What `studyStatement` selects. */
export interface StoredStudy {
  readonly document: StudyDocument
  readonly conditionKeys: readonly number[]
  readonly formKeys: readonly number[]
  readonly outcomeKeys: readonly number[]
  readonly participants: number | null
}

/** A study as downloads give it: the node of the API, and slugs of what it is about. */
export interface DownloadStudy {
  readonly node: StudyRecord
  readonly conditions: readonly string[]
  readonly forms: readonly string[]
  readonly outcomes: readonly string[]
  /** Analysed, or randomised where only that is known. */
  readonly participants: number | null
}

/** One statement for all studies that a filter selects, in an order of the API's. */
export function studyStatement(where: Sql, order: readonly SortKey[]): Sql {
  return sql`
    SELECT s.document, s.condition_ids AS "conditionKeys", s.form_ids AS "formKeys", s.outcome_ids AS "outcomeKeys", s.participants
    FROM study_row s WHERE ${where} ORDER BY ${inOrder(order)}`
}

export function downloadStudy({ document, conditionKeys, formKeys, outcomeKeys, participants }: StoredStudy, vocabulary: Vocabulary): DownloadStudy {
  const slugs = (terms: { get(key: number): { readonly slug: string } }, keys: readonly number[]) => keys.map((key) => terms.get(key).slug)
  return {
    node: studyRecord(document, vocabulary),
    conditions: slugs(vocabulary.conditions, conditionKeys),
    forms: slugs(vocabulary.forms, formKeys),
    outcomes: slugs(vocabulary.outcomes, outcomeKeys),
    participants,
  }
}

const listed = (values: readonly string[]) => (values.length === 0 ? null : values.join('; '))

/** Of studies.csv. */
export const studyTable: readonly Column<DownloadStudy>[] = [
  { name: 'study', type: 'text', meaning: 'slug of the study', of: ({ node }) => node.slug },
  { name: 'title', type: 'text', meaning: 'title', of: ({ node }) => node.title },
  { name: 'year', type: 'integer', meaning: 'year of the main report', of: ({ node }) => node.year },
  { name: 'journal', type: 'text', meaning: 'journal of the main report', of: ({ node }) => node.journal },
  { name: 'authors', type: 'text', meaning: 'authors of the main report, with semicolons', of: ({ node }) => listed(node.authors.map(authorWords)) },
  { name: 'doi', type: 'text', meaning: 'DOI of the main report', of: ({ node }) => node.doi },
  { name: 'pmid', type: 'text', meaning: 'PubMed’s id of the main report', of: ({ node }) => node.pmid },
  { name: 'pmcid', type: 'text', meaning: 'PubMed Central’s id of the main report', of: ({ node }) => node.pmcid },
  { name: 'registrations', type: 'text', meaning: 'ids in trial registries, with semicolons', of: ({ node }) => listed(node.registrations) },
  { name: 'evidence_kind', type: 'text', meaning: 'PRIMARY, META_ANALYSIS …', of: ({ node }) => node.evidenceKind },
  { name: 'design', type: 'text', meaning: 'design', of: ({ node }) => node.design },
  { name: 'subjects', type: 'text', meaning: 'HUMAN, ANIMAL or IN_VITRO', of: ({ node }) => node.subjects },
  { name: 'status', type: 'text', meaning: 'of the main report: CURRENT, CORRECTED, CONCERN or RETRACTED', of: ({ node }) => node.status },
  { name: 'countries', type: 'text', meaning: 'ISO 3166-1 alpha-2 codes, with semicolons', of: ({ node }) => listed(node.countries) },
  { name: 'cohorts', type: 'text', meaning: 'larger samples that its people are of, with semicolons', of: ({ node }) => listed(node.cohorts) },
  { name: 'participants_randomized', type: 'integer', meaning: 'participants randomised', of: ({ node }) => node.participantsRandomized },
  { name: 'participants_analysed', type: 'integer', meaning: 'participants analysed', of: ({ node }) => node.participantsAnalysed },
  { name: 'conditions', type: 'text', meaning: 'slugs of conditions studied, with semicolons', of: ({ conditions }) => listed(conditions) },
  { name: 'forms', type: 'text', meaning: 'slugs of forms given, with semicolons', of: ({ forms }) => listed(forms) },
  { name: 'outcomes', type: 'text', meaning: 'slugs of outcomes reported, with semicolons', of: ({ outcomes }) => listed(outcomes) },
  { name: 'citation', type: 'text', meaning: 'citation of the main report', of: ({ node }) => node.citation },
  { name: 'id', type: 'text', meaning: 'id of the study in the API', of: ({ node }) => node.id },
]

type Author = StudyRecord['authors'][number]

const authorWords = ({ family, given, corporate }: Author) => corporate ?? [family, given].filter((part) => part !== null).join(', ')

/**
 * The publications of studies as references, each once: the reports of a study, not the reviews that tabulate it. Registrations are the study's.
 */
export async function* referencesOf(batches: AsyncIterable<readonly DownloadStudy[]>): AsyncGenerator<Reference> {
  const given = new Set<string>()
  for await (const studies of batches) {
    for (const { node } of studies) {
      for (const publication of node.publications) {
        if (publication.role === 'TABULATED_IN' || given.has(publication.slug)) continue
        given.add(publication.slug)
        yield referenceOf(publication, node.registrations)
      }
    }
  }
}

function referenceOf(publication: PublicationRecord, registrations: readonly string[]): Reference {
  const { slug, title, authors, authorsIncomplete, journal, year, publishedOn, volume, issue, pages, doi, pmid, pmcid, types, note, role } = publication
  const kind = role === 'PREPRINT' ? 'PREPRINT' : 'ARTICLE'
  return {
    key: slug,
    kind,
    title,
    authors: authors.map(({ family, given, corporate }) => (family === null ? { corporate: corporate ?? '' } : { family, given })),
    ...{ authorsIncomplete, journal, year, date: publishedOn, volume, issue, pages, doi, pmid, pmcid, note },
    registrations: registrations.flatMap((text) => registrationOf(text) ?? []),
    types: types.filter((type) => type !== kindWords[kind]),
  }
}
