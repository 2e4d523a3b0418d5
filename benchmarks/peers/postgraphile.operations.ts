// The operations as PostGraphile is asked them, and its answers in the service's shape. Keys are given where the service takes slugs, which saves it look-ups.
import type { Operation, OperationName } from '../operations.js'

/** Keys of terms by their slugs, and back. */
export interface Terms {
  readonly condition: ReadonlyMap<string, number>
  readonly form: ReadonlyMap<string, number>
  readonly outcome: ReadonlyMap<string, number>
}

type Variables = Record<string, unknown>
type Json = Record<string, unknown>

export interface PeerOperation {
  readonly query: string
  readonly variables: (asking: Variables) => Variables
  /** In the shape of the service's answer. */
  readonly answer: (data: Json, asking: Variables) => unknown
}

interface Nodes<Node = Json> {
  readonly nodes: readonly Node[]
}

const dose = 'form { slug name } route elementalMgPerDayLow elementalMgPerDayHigh startDay endDay'
const doses = `doses(orderBy: [PHASE_ASC, ROW_ID_ASC]) { nodes { ${dose} } }`
const numbers = 'measure estimate standardError ciLower ciUpper pValue'
const row = `slug standardizedBenefit direction participants ${numbers} study { slug title year design } population { label participants meanAge femalePercent }
  intervention { label role ${doses} } comparator { label role } outcome { slug name } condition { slug name } form { slug name }`
const page = `query ($filter: EvidenceFilter, $order: [EvidenceOrderBy!], $after: Cursor) { evidence: allEvidences(filter: $filter, orderBy: $order, first: 20, after: $after) { pageInfo { endCursor hasNextPage } nodes { ${row} } } }`
const grouped = (groupBy: string) => `groupedAggregates(groupBy: [${groupBy}]) { keys sum { effects } distinctCount { studyId } }`

const listed = ({ nodes }: Nodes) => nodes
const armOf = (arm: Json | null): Json | null => (arm === null ? null : { ...arm, ...('doses' in arm && { doses: listed(arm['doses'] as Nodes) }) }) // as asked above
const effectOf = ({ measure, estimate, standardError, ciLower, ciUpper, pValue, ...rest }: Json): Json => ({
  ...rest,
  effect: { measure, estimate, standardError, ciLower, ciUpper, pValue },
  intervention: armOf(rest['intervention'] as Json | null), // as asked above
  comparator: armOf(rest['comparator'] as Json | null), // as asked above
})

/** @returns how PostGraphile is asked, or why it cannot be */
export function postgraphileOperations(terms: Terms, deep: ReadonlyMap<string, string>): Readonly<Record<OperationName, PeerOperation | string>> {
  const filterOf = ({ conditions, forms, outcomes, designs, participants, year }: Variables) => {
    const key = (kind: keyof Terms, slugs: unknown) => terms[kind].get((slugs as string[])[0] ?? '') // filters of the operations have one of each
    return {
      subjects: { equalTo: 'HUMAN' },
      retracted: { equalTo: false },
      ...(conditions !== undefined && { conditionId: { equalTo: key('condition', conditions) } }),
      ...(outcomes !== undefined && { outcomeId: { equalTo: key('outcome', outcomes) } }),
      ...(designs !== undefined && { design: { in: designs } }),
      ...(participants !== undefined && { participants: { greaterThanOrEqualTo: (participants as { gte: number }).gte } }), // as in operations.ts
      ...(year !== undefined && { year: { greaterThanOrEqualTo: (year as { gte: number }).gte } }), // as in operations.ts
      ...(forms !== undefined && {
        or: [{ formId: { equalTo: key('form', forms) } }, { formId: { isNull: true }, formIds: { overlaps: [key('form', forms)] } }],
      }),
    }
  }
  const slugOf = (kind: keyof Terms) => new Map([...terms[kind]].map(([slug, key]) => [String(key), slug]))
  const [formSlugs, outcomeSlugs] = [slugOf('form'), slugOf('outcome')]
  const list: PeerOperation = {
    query: page,
    variables: ({ filter, order, after }) => ({
      filter: filterOf(filter as Variables), // as in operations.ts
      order: order === undefined ? ['STUDY_ORDER_ASC', 'ROW_ID_ASC'] : ['BENEFIT_ORDER_DESC', 'ROW_ID_DESC'],
      ...(after !== undefined && { after: deep.get(String(after)) }),
    }),
    answer: (data) => {
      const { pageInfo, nodes } = data['evidence'] as Nodes & { pageInfo: unknown } // as asked above
      return { evidence: { pageInfo, nodes: nodes.map(effectOf) } }
    },
  }
  return {
    'evidence page, condition and form': list,
    'evidence page, rare filter': list,
    'evidence page, common filter by benefit': list,
    'deep page (after 100,000 rows)': list,
    'study page, everything nested': {
      query: `query ($slug: String!) { study: studyBySlug(slug: $slug) { slug title year design participantsAnalysed maskingParticipants maskingProviders maskingAssessors
        populations(orderBy: POSITION_ASC) { nodes { label participants meanAge femalePercent conditions(orderBy: CONDITION_ID_ASC) { nodes { condition { slug name } } } } }
        arms(orderBy: POSITION_ASC) { nodes { label role ${doses} } }
        evidence(first: 50, orderBy: ROW_ID_ASC) { nodes { slug outcome { slug name } condition { slug name } ${numbers} direction standardizedBenefit participants population { label } intervention { label } comparator { label } } }
        publications(orderBy: POSITION_ASC) { nodes { publication { doi pmid title year authors(orderBy: POSITION_ASC) { nodes { family } } } } } } }`,
      variables: (asking) => asking,
      answer: ({ study }) => {
        const { maskingParticipants, maskingProviders, maskingAssessors, populations, arms, evidence, publications, ...rest } = study as Json &
          Record<string, Nodes> // as asked above
        const reports = listed(publications as Nodes).map(({ publication }) => publication as Json & { authors: Nodes }) // as asked above
        return {
          study: {
            ...rest,
            masking: { participants: maskingParticipants, providers: maskingProviders, assessors: maskingAssessors },
            authors: reports[0]?.authors.nodes ?? [],
            populations: listed(populations as Nodes).map(({ conditions, ...population }) => ({
              ...population,
              conditions: listed(conditions as Nodes).map(({ condition }) => condition), // as asked above
            })),
            arms: listed(arms as Nodes).map(armOf),
            evidence: { nodes: listed(evidence as Nodes).map(effectOf) },
            publications: reports.map(({ doi, pmid, title, year }) => ({ doi, pmid, title, year })),
          },
        }
      },
    },
    'join of 100 DOIs': {
      query: `query ($dois: [String!]!) { allPublications(filter: { doi: { in: $dois } }) { nodes { doi pmid studies(orderBy: POSITION_ASC) { nodes { study { slug title year design } } } } } }`,
      variables: ({ identifiers }) => ({ dois: identifiers }),
      answer: (data, { identifiers }) => {
        const { nodes } = data['allPublications'] as Nodes<{ doi: string; pmid: string; studies: Nodes<{ study: Json }> }> // as asked above
        const found = new Map(nodes.map(({ doi, pmid, studies }) => [doi, { ...studies.nodes[0]?.study, doi, pmid }]))
        return { studiesByIdentifiers: (identifiers as string[]).map((doi) => found.get(doi) ?? null) }
      },
    },
    'facets of a filter': {
      query: `query ($filter: EvidenceFilter) { evidence: allEvidences(filter: $filter) { totalCount forms: ${grouped('FORM_ID')} outcomes: ${grouped('OUTCOME_ID')} designs: ${grouped('DESIGN')} directions: ${grouped('DIRECTION')} } }`,
      variables: ({ filter }) => ({ filter: filterOf(filter as Variables) }), // as in operations.ts
      answer: (data) => {
        type Group = { keys: (string | null)[]; sum: { effects: string }; distinctCount: { studyId: string } }
        const { totalCount, ...facets } = data['evidence'] as { totalCount: number } & Record<string, Group[]> // as asked above
        const counts = (name: string, tell: (key: string) => Json) =>
          (facets[name] ?? []).flatMap(({ keys: [key], sum, distinctCount }) =>
            key == null ? [] : [{ ...tell(key), count: Number(sum.effects), studies: Number(distinctCount.studyId) }],
          )
        return {
          evidence: {
            totalCount,
            facets: {
              forms: counts('forms', (key) => ({ slug: formSlugs.get(key) })),
              outcomes: counts('outcomes', (key) => ({ slug: outcomeSlugs.get(key) })),
              designs: counts('designs', (value) => ({ value })),
              directions: counts('directions', (value) => ({ value })),
            },
          },
        }
      },
    },
    'full-text search': {
      query: 'query ($text: String!) { search: found(words: $text, first: 20) { nodes { kind slug title score } } }',
      variables: (asking) => asking,
      answer: (data) => data,
    },
    'summaries of a condition': 'has no pooling',
    'synthesis of 100 effects': 'has no synthesis',
    // Version 5 has no Federation of its own: the same studies by the same keys, as a list.
    '_entities of 200 keys': {
      query: 'query ($slugs: [String!]!) { allStudies(filter: { slug: { in: $slugs } }) { nodes { slug title year design participantsAnalysed } } }',
      variables: ({ representations }) => ({ slugs: (representations as { slug: string }[]).map(({ slug }) => slug) }), // as in operations.ts
      answer: (data, { representations }) => {
        const { nodes } = data['allStudies'] as Nodes<{ slug: string }> // as asked above
        const found = new Map(nodes.map((study) => [study.slug, study]))
        return { _entities: (representations as { slug: string }[]).map(({ slug }) => found.get(slug) ?? null) }
      },
    },
  }
}

/** Cursors of PostGraphile's own for the rows that the service's deep cursors stand at, in the same order. */
export const deepCursorQuery = `query ($offset: Int!, $first: Int!) { allEvidences(filter: { design: { in: [RCT_PARALLEL] }, subjects: { equalTo: HUMAN }, retracted: { equalTo: false }, standardizedBenefit: { isNull: false } }, orderBy: [BENEFIT_ORDER_DESC, ROW_ID_DESC], offset: $offset, first: $first) { edges { cursor } } }`

export const asked = (operation: Operation, peer: PeerOperation, asking: number): string =>
  JSON.stringify({ query: peer.query, variables: peer.variables(operation.variables[asking] ?? {}) })
