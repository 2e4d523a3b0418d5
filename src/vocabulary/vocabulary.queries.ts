import sql, { join, type Sql } from 'sql-template-tag'
import { z } from 'zod'
import type { Database } from '../database/client.js'
import { rows } from '../database/query.js'
import { PublicError } from '../errors.js'
import type { Context } from '../graphql/context.js'
import { encodeId } from '../graphql/nodeId.js'
import { looksLikeCode } from './codes.js'
import { compositionOfForm, Hierarchy, nounOf, Terms, UnknownTerm, type TermKind, type Vocabulary } from './vocabulary.js'

/** The vocabularies of the context's data revision; read once for all requests of it. */
export function vocabularyOf(context: Context): Promise<Vocabulary> {
  return context.perRevision(loadVocabulary)
}

const unitConversions = z.array(z.object({ from: z.string(), to: z.string(), factor: z.number(), offset: z.number().optional(), source: z.string() }))

/** Reads every vocabulary: a few hundred terms. */
export async function loadVocabulary(database: Database): Promise<Vocabulary> {
  const { prisma } = database
  const inOrder = { orderBy: { name: 'asc' } } as const
  const [conditions, forms, outcomes, instruments, treatments, units] = await Promise.all([
    prisma.condition.findMany({ ...inOrder, include: { codes: true, parents: true } }),
    prisma.magnesiumForm.findMany({ ...inOrder, include: { codes: true, parents: true, mayBe: { include: { alternative: true } } } }),
    prisma.outcome.findMany({ ...inOrder, include: { codes: true, instruments: true } }),
    prisma.instrument.findMany({ ...inOrder, include: { codes: true } }),
    prisma.treatment.findMany({ ...inOrder, include: { codes: true } }),
    rows<{ unit: string }>(database, sql`SELECT DISTINCT unit FROM evidence_row WHERE unit IS NOT NULL ORDER BY unit`),
  ])
  const parentKeys = (parents: readonly { parentId: number }[]) => parents.map(({ parentId }) => parentId)
  return {
    conditions: new Hierarchy(
      'CONDITION',
      conditions.map(({ id, parents, ...term }) => ({ ...term, id: encodeId('Condition', term.slug), key: id, parentKeys: parentKeys(parents) })),
    ),
    forms: new Hierarchy(
      'FORM',
      forms.map(({ id, parents, mayBe, ...form }) => {
        const alternatives = mayBe.map(({ alternative }) => alternative)
        const atoms = [form, ...alternatives].flatMap(({ magnesiumAtoms }) => magnesiumAtoms ?? [])
        return {
          ...form,
          id: encodeId('MagnesiumForm', form.slug),
          key: id,
          parentKeys: parentKeys(parents),
          composition: compositionOfForm(
            form,
            atoms,
            alternatives.map(({ name }) => name),
          ),
        }
      }),
    ),
    outcomes: new Terms(
      'OUTCOME',
      outcomes.map(({ id, instruments: measuredBy, conversions, ...term }) => ({
        ...term,
        conversions: unitConversions.parse(conversions),
        id: encodeId('Outcome', term.slug),
        key: id,
        instrumentKeys: measuredBy.map(({ instrumentId }) => instrumentId),
      })),
    ),
    instruments: new Terms(
      'INSTRUMENT',
      instruments.map(({ id, ...term }) => ({ ...term, id: encodeId('Instrument', term.slug), key: id })),
    ),
    treatments: new Terms(
      'TREATMENT',
      treatments.map(({ id, ...term }) => ({ ...term, id: encodeId('Treatment', term.slug), key: id })),
    ),
    units: units.map(({ unit }) => unit),
  }
}

/** Of the names in term_name: codes stand behind names and synonyms. */
export const rankOfCodes = 2

export interface MatchedTerm {
  /** Place of the text in the list that was asked. */
  readonly position: number
  readonly kind: TermKind
  readonly slug: string
  /** The name, synonym or code that came closest. */
  readonly matched: string
  /** 1 for the same name, down to 0. */
  readonly score: number
}

/**
 * Terms whose names are nearest to each text, best first: exact names, then trigram similarity of names and of words in them. Codes are like nothing:
 * none is matched here, and a text that looks like one matches only names that hold it as a word ("B12").
 */
export function findNearestTerms(
  database: Database,
  texts: readonly string[],
  { kinds, limit }: { readonly kinds?: readonly TermKind[]; readonly limit: number },
): Promise<MatchedTerm[]> {
  const ofKind: Sql = kinds === undefined ? sql`true` : sql`kind IN (${join(kinds.map((kind) => sql`${kind}::search_kind`))})`
  return rows<MatchedTerm>(
    database,
    sql`
      WITH asked AS MATERIALIZED (
        SELECT normalized(text) AS text, is_code, position FROM unnest(${texts}::text[], ${texts.map(looksLikeCode)}::boolean[]) WITH ORDINALITY AS asked(text, is_code, position)
      )
      SELECT (asked.position - 1)::int AS position, best.kind, best.slug, best.matched, best.score
      FROM asked
      CROSS JOIN LATERAL (
        SELECT DISTINCT ON (kind, slug) kind, slug, name AS matched, rank,
          CASE WHEN normalized = asked.text THEN 1.0
            -- Likeness of the whole, helped by likeness of a part; a longer text may hold a name, but not one of a few letters.
            ELSE 0.99 * greatest(0.6 * similarity(normalized, asked.text) + 0.4 * word_similarity(asked.text, normalized),
              CASE WHEN length(normalized) >= 5 THEN 0.8 * word_similarity(normalized, asked.text) ELSE 0 END) END::float8 AS score
        FROM term_name WHERE rank < ${rankOfCodes} AND ${ofKind} AND (NOT asked.is_code OR ' ' || normalized || ' ' LIKE '% ' || asked.text || ' %')
        ORDER BY kind, slug, score DESC, rank, name
      ) best
      WHERE best.score >= 0.3
      ORDER BY asked.position, best.score DESC, best.rank, length(best.matched) DESC, best.slug`,
  ).then((matches) => texts.flatMap((_, position) => matches.filter((match) => match.position === position).slice(0, limit)))
}

/** Runs work that names terms; where one is unknown, the error tells the nearest ones. */
export async function namingNearestTerms<Value>(context: Context, work: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof UnknownTerm)) throw error
    const nearest = await findNearestTerms(context.database, [error.ref], { kinds: [error.kind], limit: 5 })
    const suggestions = nearest.map(({ slug }) => slug)
    const unlike = looksLikeCode(error.ref) ? 'codes are matched exactly, and none of its terms has this one' : 'ask the vocabulary for its names'
    const hint = suggestions.length === 0 ? unlike : `did you mean ${suggestions.map((slug) => `"${slug}"`).join(', ')}?`
    throw new PublicError('BAD_USER_INPUT', `no ${nounOf[error.kind]} is called "${error.ref}": ${hint}`, {
      reason: 'UNKNOWN_TERM',
      ref: error.ref,
      suggestions,
    })
  }
}

const evidenceOf = {
  condition: sql`SELECT DISTINCT closure.ancestor_id AS key FROM condition_closure closure WHERE EXISTS (SELECT 1 FROM evidence_row e WHERE e.condition_id = closure.descendant_id)`,
  magnesium_form: sql`SELECT DISTINCT closure.ancestor_id AS key FROM form_closure closure WHERE EXISTS (SELECT 1 FROM evidence_row e WHERE e.form_ids @> ARRAY[closure.descendant_id])`,
  outcome: sql`SELECT id AS key FROM outcome WHERE EXISTS (SELECT 1 FROM evidence_row e WHERE e.outcome_id = outcome.id)`,
  instrument: sql`SELECT id AS key FROM instrument WHERE EXISTS (SELECT 1 FROM evidence_row e WHERE e.instrument_id = instrument.id)`,
  treatment: sql`SELECT id AS key FROM treatment WHERE EXISTS (SELECT 1 FROM evidence_row e WHERE e.agents @> ARRAY[treatment.slug] OR e.combined_with @> ARRAY[treatment.slug])`,
} as const

/** Keys of the terms that some effect speaks to, themselves or through a narrower term. */
export async function keysWithEvidence(database: Database, table: keyof typeof evidenceOf): Promise<Set<number>> {
  return new Set((await rows<{ key: number }>(database, evidenceOf[table])).map(({ key }) => key))
}
