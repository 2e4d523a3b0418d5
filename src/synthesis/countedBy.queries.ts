import sql, { empty, join, type Sql } from 'sql-template-tag'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'
import { PublicError } from '../errors.js'
import type { CoherenceStatus, EffectDirection } from '../generated/prisma/enums.js'
import { groupBy } from '../grouping.js'
import { readIdentifier } from '../study/identifiers.js'
import type { Candidate } from './candidate.js'
import { candidateArms, candidateEffects, type ArmRow, type EffectRow } from './candidate.queries.js'

/** The numbers of an alternative report of a result, as a review counts it. */
export interface CountedNumbers {
  readonly evidence: string
  /** Where the review's counts were read. */
  readonly source: string
  readonly effects: readonly EffectRow[]
  readonly arms: readonly [ArmRow, ArmRow] | null
  readonly participants: number | null
  readonly direction: EffectDirection
  readonly standardizedBenefit: number | null
  readonly coherence: CoherenceStatus
}

/** Numbers of reports, by the slug of the result, for the replication inputs that a predicate over `pooled_result pr` selects. */
const numbersWhere = (where: Sql) => sql`
  SELECT DISTINCT r.slug AS evidence, pr.slug AS pooled, i.report_id AS report, rep.position, src.source,
    (SELECT json_agg(json_build_array(o.measure, o.is_default, o.estimate, o.standard_error, o.origin, o.assumptions) ORDER BY o.id) FROM effect o WHERE o.report_id = i.report_id)::text AS effects,
    (SELECT CASE WHEN count(*) = 2 THEN json_agg(json_strip_nulls(json_build_object(
        'n', a.n, 'events', a.events, 'percent', a.percent, 'mean', a.mean, 'sd', a.sd, 'se', a.se, 'ciLower', a.ci_lower, 'ciUpper', a.ci_upper, 'median', a.median, 'q1', a.q1, 'q3', a.q3, 'iqr', a.iqr, 'minimum', a.minimum, 'maximum', a.maximum
      )) ORDER BY a.arm_id <> c.intervention_arm_id) END
     FROM arm_result a WHERE a.report_id = i.report_id AND a.arm_id IN (c.intervention_arm_id, c.comparator_arm_id))::text AS arms,
    f.participants, f.direction, f.standardized_benefit AS "standardizedBenefit", f.coherence
  FROM replication_input i
  JOIN pooled_result pr ON pr.id = i.pooled_result_id
  JOIN result r ON r.id = i.result_id
  JOIN contrast c ON c.id = r.contrast_id
  JOIN result_report rep ON rep.id = i.report_id
  JOIN source src ON src.id = rep.source_id
  JOIN LATERAL (SELECT e.participants, e.direction, e.standardized_benefit, e.coherence FROM effect e WHERE e.report_id = i.report_id ORDER BY e.id LIMIT 1) f ON true
  WHERE ${where}
  ORDER BY pooled, evidence`

interface NumbersRow extends Omit<CountedNumbers, 'effects' | 'arms'> {
  readonly pooled: string
  readonly report: number
  /** 0 of the result's own numbers. */
  readonly position: number
  /** JSON. */
  readonly effects: string
  readonly arms: string | null
}

/** What each of the pooled results counts otherwise than the trials' own results, by its slug. */
export async function findCountsOfPools(database: Database, pooled: readonly string[]): Promise<Map<string, CountedNumbers[]>> {
  const found = await rows<NumbersRow>(database, numbersWhere(sql`pr.slug = ANY (${pooled}::text[]) AND rep.position > 0`))
  return new Map([...groupBy(found, (row) => row.pooled)].map(([slug, ofPool]) => [slug, ofPool.map(numbersOf)]))
}

/**
 * How a review, or one of its pooled results, counts trials otherwise than their own results here.
 *
 * @param ref slug of a pooled result; or slug, DOI, PMID or PMCID of a review
 * @throws {PublicError} BAD_USER_INPUT NO_COUNTS_OF_REVIEW, COUNTED_IN_TWO_WAYS
 */
export async function findCounts(database: Database, ref: string): Promise<CountedNumbers[]> {
  const found = await rows<NumbersRow>(database, numbersWhere(sql`pr.slug = ${ref} OR pr.study_id IN (${reviewNamed(ref)})`))
  if (found.length === 0)
    throw new PublicError(
      'BAD_USER_INPUT',
      `how "${ref.slice(0, 100)}" counts its trials is not recorded here: ask replications for the pooled results of which it is`,
      {
        reason: 'NO_COUNTS_OF_REVIEW',
        argument: 'asCountedBy',
      },
    )
  return [...groupBy(found, ({ evidence }) => evidence)].flatMap(([evidence, counted]) => {
    const [first, ...others] = groupBy(counted, ({ report }) => String(report)).values()
    const row = first?.[0]
    if (row === undefined || others.length > 0)
      throw new PublicError(
        'BAD_USER_INPUT',
        `the review counts ${evidence} in ${1 + others.length} ways: name one of its pooled results instead, such as ${[...new Set(counted.map(({ pooled }) => pooled))].slice(0, 6).join(', ')}`,
        { reason: 'COUNTED_IN_TWO_WAYS', argument: 'asCountedBy' },
      )
    return row.position === 0 ? [] : [numbersOf(row)]
  })
}

/** Keys of the study with a slug, or with a main report of an identifier, as SQL. */
function reviewNamed(ref: string): Sql {
  const identifier = readIdentifier(ref)
  const columns = { doi: sql`p.doi`, pmid: sql`p.pmid`, pmcid: sql`p.pmcid`, registration: null } as const
  const column = identifier === null ? null : columns[identifier.kind]
  const byReport =
    column === null || identifier === null
      ? empty
      : sql`UNION SELECT sp.study_id FROM study_publication sp JOIN publication p ON p.id = sp.publication_id WHERE sp.role <> 'TABULATED_IN' AND ${column} = ${identifier.value}`
  return join([sql`SELECT s.id FROM study s WHERE s.slug = ${ref}`, byReport], ' ')
}

function numbersOf({ evidence, source, effects, arms, participants, direction, standardizedBenefit, coherence }: NumbersRow): CountedNumbers {
  // Written by the statement above.
  const parsed = { effects: JSON.parse(effects) as EffectRow[], arms: arms === null ? null : (JSON.parse(arms) as [ArmRow, ArmRow]) }
  return { evidence, source, ...parsed, participants, direction, standardizedBenefit, coherence }
}

/** The candidates, with the review's numbers where it has others. */
export function countedOtherwise(candidates: readonly Candidate[], counts: readonly CountedNumbers[]): Candidate[] {
  const byEvidence = new Map(counts.map((numbers) => [numbers.evidence, numbers]))
  return candidates.map((candidate) => {
    const numbers = byEvidence.get(candidate.slug)
    if (numbers === undefined) return candidate
    const arms = candidateArms(numbers.arms, null)
    const control = arms?.comparator
    return {
      ...candidate,
      effects: candidateEffects(numbers.effects),
      arms,
      participants: numbers.participants,
      baselineRisk: control?.events != null && control.n != null && control.n > 0 ? control.events / control.n : null,
      direction: numbers.direction,
      standardizedBenefit: numbers.standardizedBenefit,
      coherence: numbers.coherence,
      absentReason: null,
      designEffect: null,
      countedAs: numbers.source,
    }
  })
}
