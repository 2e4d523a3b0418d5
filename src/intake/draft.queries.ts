import sql, { empty, type Sql } from 'sql-template-tag'
import { theService, type Actor } from '../audit/audit.js'
import { recordChange } from '../audit/audit.queries.js'
import type { Database } from '../database/client.js'
import { inTransaction, rows, type Transaction } from '../database/query.js'
import type { DraftKind, DraftStatus } from '../generated/prisma/enums.js'
import { differences, shortDifference } from '../corpus/differences.js'
import { checkedDocument, fingerprintOf, type Draft, type Proposal } from './draft.js'
import type { DraftSummary } from './draft.summary.js'
import { keepSkipped } from './skipped.queries.js'
import { Tally, type IntakeEntry, type IntakeReport } from './report.js'

export interface IntakeOptions {
  /** Does everything, and keeps nothing. */
  readonly dryRun?: boolean
  /** Who imports, for the record. */
  readonly by?: string | null
  /** Whose command or key it is, for the audit log. */
  readonly actor?: Actor
  /** After each record, with how many there were. */
  readonly onProgress?: (records: number) => void
}

/** What importers propose: told one after another, or worked out over the transaction that keeps them, which sees those kept before. */
export type Proposals = AsyncIterable<Proposal> | ((transaction: Transaction) => AsyncIterable<Proposal>)

/**
 * Keeps what an import proposes as drafts, all of it in one transaction or nothing. A draft that stands already is changed, or skipped where it
 * says the same; what a curator rejected or accepted is not proposed again.
 *
 * @throws whatever the proposals throw, with nothing kept
 */
export async function saveDrafts(
  database: Database,
  proposals: Proposals,
  { dryRun = false, by = null, actor = theService, onProgress = () => {} }: IntakeOptions = {},
): Promise<IntakeReport> {
  const tally = new Tally()
  const work = async (transaction: Transaction) => {
    // One import at a time. The lock comes before the transaction's snapshot, which then holds what the import before it kept.
    await rows(transaction, sql`LOCK TABLE draft IN SHARE UPDATE EXCLUSIVE MODE`)
    for await (const proposal of typeof proposals === 'function' ? proposals(transaction) : proposals) {
      const { entry, differs } = await outcomeOf(transaction, proposal, by)
      if (entry.outcome === 'REFUSED' || differs.length > 0) await keepDifferent(transaction, proposal, { entry, differs }, by)
      // A draft of a dry run has no id that stays.
      tally.add({ ...entry, ...(dryRun && entry.outcome === 'ADDED' && { id: null }), ...(differs.length > 0 && { differs: true }) })
      onProgress(tally.total)
    }
    if (dryRun) throw new DryRun()
    await recordProposals(transaction, tally.report(false), actor, by)
  }
  await inTransaction(database, work).catch((error: unknown) => {
    if (!(error instanceof DryRun)) throw error
  })
  return tally.report(dryRun)
}

/** One entry an import, where anything came of it. */
async function recordProposals(transaction: Transaction, { counts, entries }: IntakeReport, actor: Actor, by: string | null): Promise<void> {
  if (counts.ADDED + counts.CHANGED === 0) return
  const kept = entries.filter(({ outcome }) => outcome === 'ADDED' || outcome === 'CHANGED')
  const places = new Set(kept.map(({ origin }) => `${origin.format} ${origin.source}`))
  const [place = 'records'] = places
  const subject = places.size === 1 ? place : `${place} and ${places.size - 1} more`
  await recordChange(transaction, {
    actor,
    action: 'DRAFTS_PROPOSED',
    subject,
    details: { ...counts, drafts: kept.map(({ id }) => id), ...(by !== null && { by }) },
  })
}

/** Takes back what a dry run did. */
class DryRun extends Error {}

/** What became of a record, and what it has otherwise than what is known. */
interface Judged {
  readonly entry: IntakeEntry
  readonly differs: readonly string[]
}

async function keepDifferent(transaction: Transaction, proposal: Proposal, { entry, differs }: Judged, importedBy: string | null): Promise<void> {
  const { outcome, subject, id, origin } = entry
  const known = 'outcome' in proposal ? (proposal.known ?? null) : (proposal.matched?.slug ?? null)
  const why = differs.length > 0 ? differs.join('; ') : (entry.why ?? '')
  await keepSkipped(transaction, { outcome, subject, known, draft: id, why, ...origin, importedBy })
}

async function outcomeOf(transaction: Transaction, proposal: Proposal, by: string | null): Promise<Judged> {
  const { origin, differs = [] } = proposal
  if ('outcome' in proposal) return { entry: { outcome: proposal.outcome, subject: proposal.subject, id: null, why: proposal.why, origin }, differs }
  const { kind, slug, matched, base, remark } = proposal
  const entry = (outcome: IntakeEntry['outcome'], id: number | null, why: string | null, different = differs): Judged => ({
    entry: { outcome, subject: slug, id, why, origin },
    differs: different,
  })
  const checked = checkedDocument(kind, proposal.document, matched !== undefined)
  if ('faults' in checked) return entry('REFUSED', null, checked.faults.join('; '))
  const document = JSON.stringify(checked.document)
  const [known] = await rows<KnownDraft>(
    transaction,
    sql`
      SELECT id, status, (document = ${document}::jsonb OR imported = ${document}::jsonb) IS TRUE AS "isSame", note, document, edited_at IS NOT NULL AS "isEdited",
        edited_by AS "editedBy"
      FROM draft
      WHERE kind = ${kind}::draft_kind AND (slug = ${slug} AND (status = 'DRAFT' OR document = ${document}::jsonb OR imported = ${document}::jsonb)
        OR imported ->> 'slug' = ${slug} AND imported = ${document}::jsonb)
      ORDER BY status <> 'DRAFT', id DESC LIMIT 1`,
  )
  if (known?.isSame) return entry('SKIPPED', known.id, sameAs[known.status](known.note))
  if (known?.isEdited) {
    const otherwise = differences(known.document, checked.document).map(shortDifference)
    const why = `was edited${known.editedBy === null ? '' : ` by ${known.editedBy}`} and stays so`
    return entry('SKIPPED', known.id, [why, ...otherwise].join('; '), [why, ...otherwise])
  }
  if (known !== undefined) {
    await rows(transaction, changed(known.id, document, proposal, by))
    return entry('CHANGED', known.id, clauses('the draft said something else', remark))
  }
  const [added] = await rows<{ id: number }>(
    transaction,
    sql`
      INSERT INTO draft (kind, slug, document, format, source, line, matched, matched_by, base, imported_by)
      VALUES (${kind}::draft_kind, ${slug}, ${document}::jsonb, ${origin.format}, ${origin.source}, ${origin.line}, ${matched?.slug ?? null}, ${matched?.by ?? null},
        ${base === undefined ? null : fingerprintOf(base)}, ${by})
      RETURNING id`,
  )
  return entry('ADDED', added?.id ?? null, clauses(matched === undefined ? undefined : `changes ${matched.slug}, known by ${matched.by}`, ...differs, remark))
}

interface KnownDraft {
  readonly id: number
  readonly status: DraftStatus
  readonly isSame: boolean
  readonly isEdited: boolean
  readonly editedBy: string | null
  readonly note: string | null
  readonly document: unknown
}

const clauses = (...told: readonly (string | undefined)[]) => told.filter((clause) => clause !== undefined).join('; ') || null

const sameAs: Readonly<Record<DraftStatus, (note: string | null) => string>> = {
  DRAFT: () => 'is a draft already',
  ACCEPTED: () => 'was accepted already',
  REJECTED: (note) => `was rejected${note === null ? '' : `: ${note}`}`,
}

function changed(id: number, document: string, { origin, matched, base }: Draft, by: string | null): Sql {
  return sql`
    UPDATE draft SET document = ${document}::jsonb, format = ${origin.format}, source = ${origin.source}, line = ${origin.line}, matched = ${matched?.slug ?? null},
      matched_by = ${matched?.by ?? null}, base = ${base === undefined ? null : fingerprintOf(base)}, imported_by = ${by}, changed_at = now()
    WHERE id = ${id}`
}

/** A draft as it is kept. */
export interface KeptDraft {
  readonly id: number
  readonly kind: DraftKind
  readonly slug: string
  readonly status: DraftStatus
  readonly document: Readonly<Record<string, unknown>>
  readonly format: string
  readonly source: string
  readonly line: number | null
  readonly matched: string | null
  readonly matchedBy: string | null
  readonly importedBy: string | null
  readonly importedAt: Date
  /** When an import or a curator changed it last. */
  readonly changedAt: Date
  readonly editedBy: string | null
  readonly editedAt: Date | null
  readonly decidedBy: string | null
  readonly decidedAt: Date | null
  readonly note: string | null
  /** Of the publication that it changes, or tells an event of; null for what is new. */
  readonly known: DraftSummary | null
}

export interface DraftFilter {
  readonly ids?: readonly number[]
  /** Those with greater ids. */
  readonly after?: number
  readonly status?: DraftStatus
  readonly kind?: DraftKind
  /** Files or web addresses, whole: see `matchingSources`. */
  readonly sources?: readonly string[]
}

/** Drafts in the order they came in. */
export function findDrafts(database: Database | Transaction, { ids, after, status, kind, sources }: DraftFilter, limit = 10_000): Promise<KeptDraft[]> {
  const where = [
    ids === undefined ? empty : sql` AND id = ANY (${ids}::int[])`,
    after === undefined ? empty : sql` AND id > ${after}`,
    status === undefined ? empty : sql` AND status = ${status}::draft_status`,
    kind === undefined ? empty : sql` AND kind = ${kind}::draft_kind`,
    sources === undefined ? empty : sql` AND source = ANY (${sources}::text[])`,
  ]
  return rows<KeptDraft>(
    database,
    sql`
      SELECT id, kind, slug, status, document, format, source, line, matched, matched_by AS "matchedBy", imported_by AS "importedBy", imported_at AS "importedAt",
        changed_at AS "changedAt", edited_by AS "editedBy", edited_at AS "editedAt", decided_by AS "decidedBy", decided_at AS "decidedAt", note,
        (SELECT json_build_object('title', p.title, 'year', p.year, 'doi', p.doi, 'firstAuthor',
            (SELECT coalesce(a.family, a.corporate) FROM publication_author a WHERE a.publication_id = p.id ORDER BY a.position LIMIT 1))
          FROM publication p WHERE kind <> 'STUDY' AND p.slug = coalesce(draft.matched, draft.document ->> 'publication')) AS known
      FROM draft WHERE true${where[0]}${where[1]}${where[2]}${where[3]}${where[4]} ORDER BY id LIMIT ${limit}`,
  )
}

/** Where drafts come from, by name. */
export async function findDraftSources(database: Database): Promise<string[]> {
  return (await rows<{ source: string }>(database, sql`SELECT DISTINCT source FROM draft ORDER BY source`)).map(({ source }) => source)
}
