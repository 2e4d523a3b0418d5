import { PublicError } from '../errors.js'
import { requireEvidence, type EvidenceFilter } from '../evidence/evidence.filter.js'
import type { Context } from '../graphql/context.js'
import { groupBy as grouped } from '../grouping.js'
import { compareGroups, groupName, none, several, type SummaryGroup } from '../synthesis/groups.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { gapOf, type EvidenceGap } from './gap.js'
import { recent } from './recent.js'
import { groupKey } from './groupPools.js'
import { listSummaries, summaryLimits, tooManyGroups, type Summary, type SummaryList } from './summaryList.js'
import { countSubjects, findPublishedPools, type CellStudies, type PublishedPool } from './summary.queries.js'

export interface MapAxisRecord {
  readonly slug: string
  readonly name: string
}

export interface MapCellRecord {
  readonly row: string
  readonly column: string
  /** The summary of the first question that the cell answers; null where the filter selects nothing of the cell. */
  readonly summary: Summary | null
  /** One for each comparison and class of evidence, the first question first. */
  readonly summaries: readonly Summary[]
  readonly humanStudies: number
  readonly otherStudies: number
  readonly isPooledByReview: boolean
  readonly gap: EvidenceGap
}

export interface EvidenceMapRecord {
  readonly rows: readonly MapAxisRecord[]
  readonly columns: readonly MapAxisRecord[]
  readonly cells: readonly MapCellRecord[]
  /** Cells without any study are there too. */
  readonly isComplete: boolean
}

export interface MapQuestion {
  readonly filter: EvidenceFilter | null
  readonly rows: SummaryGroup
  readonly columns: SummaryGroup
}

/** Cells that are kept in memory under a data revision, of the maps asked for most recently. */
const cellsKept = 50_000

const recentMaps = () => recent<EvidenceMapRecord>(cellsKept, ({ cells }) => cells.length)

/**
 * The grid of two kinds of group: the same summaries as a list by both, and beside them the studies of any subjects, by which gaps are told.
 *
 * @throws {PublicError} BAD_USER_INPUT SAME_AXES, TOO_MANY_GROUPS, and what the filter refuses
 */
export async function mapEvidence(context: Context, { filter, rows, columns }: MapQuestion): Promise<EvidenceMapRecord> {
  if (rows === columns)
    throw new PublicError('BAD_USER_INPUT', `rows and columns of a map must differ, got ${rows} for both`, { reason: 'SAME_AXES', argument: 'columns' })
  const list = await listSummaries(context, { filter, groupBy: [rows, columns] })
  const vocabulary = await vocabularyOf(context)
  // An empty list restricts nothing: subjects of every kind.
  const where = await requireEvidence(context, { ...filter, subjects: [] })
  const name = JSON.stringify([rows, columns, filter, where.text, where.values])
  return context.perRevision(recentMaps).get(name, async () => {
    const limit = summaryLimits.groups
    const studies = await countSubjects(context.database, { where, groupBy: [rows, columns], limit }, vocabulary)
    if (studies.length > limit) throw tooManyGroups([rows, columns])
    const published = await context.perRevision(findPublishedPools)
    return mapOf({ rows, columns, list, studies, published: published.filter(withinTerms(filter ?? {}, vocabulary)) }, vocabulary)
  })
}

interface Found extends Pick<MapQuestion, 'rows' | 'columns'> {
  readonly list: SummaryList
  readonly studies: readonly CellStudies[]
  readonly published: readonly PublishedPool[]
}

function mapOf({ rows, columns, list, studies, published }: Found, vocabulary: Vocabulary): EvidenceMapRecord {
  const axis = (by: SummaryGroup, place: 0 | 1) =>
    [...new Set([...list.summaries, ...studies].map(({ group }) => group[place] ?? ''))]
      .sort(compareGroups(by, vocabulary))
      .map((slug) => ({ slug, name: groupName(by, slug, vocabulary) }))
  const [rowAxis, columnAxis] = [axis(rows, 0), axis(columns, 1)]
  const isComplete = rowAxis.length * columnAxis.length <= summaryLimits.mapSize
  const summaries = grouped(list.summaries, ({ group }) => groupKey(group))
  const counted = new Map(studies.map((cell) => [groupKey(cell.group), cell]))
  const cells = rowAxis.flatMap(({ slug: row }) =>
    columnAxis.flatMap(({ slug: column }): MapCellRecord[] => {
      const key = groupKey([row, column])
      const known = counted.get(key)
      if (known === undefined && !isComplete) return []
      const { humanStudies, otherStudies } = known ?? { humanStudies: 0, otherStudies: 0 }
      const isPooledByReview = published.some((pool) => isOf(pool, rows, row) && isOf(pool, columns, column))
      const gap = gapOf({ humanStudies, otherStudies, isPooledByReview })
      const ofCell = summaries.get(key) ?? []
      return [{ row, column, summary: ofCell[0] ?? null, summaries: ofCell, humanStudies, otherStudies, isPooledByReview, gap }]
    }),
  )
  return { rows: rowAxis, columns: columnAxis, cells, isComplete }
}

/** A published pool is of a group if it names just that term; one that names no form is of all forms, and so of none in particular. */
function isOf(pool: PublishedPool, by: SummaryGroup, value: string): boolean {
  if (by === 'CONDITION') return pool.condition === value
  if (by === 'OUTCOME') return pool.outcome === value
  if (by === 'FORM') return value === several || value === none ? pool.form === null : pool.form === value
  return true
}

/** Published pools of the terms that the filter names at its root; what else it says, a published pool does not tell. */
function withinTerms({ conditions, forms, outcomes, includeNarrower }: EvidenceFilter, vocabulary: Vocabulary): (pool: PublishedPool) => boolean {
  const slugs = (terms: { get(key: number): { readonly slug: string } }, keys: readonly number[]) => new Set(keys.map((key) => terms.get(key).slug))
  const ofConditions = conditions?.length ? slugs(vocabulary.conditions, vocabulary.conditions.keysNamed(conditions, includeNarrower)) : null
  const ofForms = forms?.length ? slugs(vocabulary.forms, vocabulary.forms.keysNamed(forms, includeNarrower)) : null
  const ofOutcomes = outcomes?.length ? new Set(outcomes.map((ref) => vocabulary.outcomes.named(ref).slug)) : null
  return (pool) =>
    (ofConditions?.has(pool.condition) ?? true) &&
    (ofOutcomes?.has(pool.outcome) ?? true) &&
    (ofForms === null || (pool.form !== null && ofForms.has(pool.form)))
}
