/** An operation to measure, with the variables of many different askings, so that no single answer is repeated all the time. */
export interface Operation {
  readonly name: OperationName
  readonly query: string
  readonly variables: readonly Record<string, unknown>[]
}

export const operationNames = [
  'evidence page, condition and form',
  'evidence page, rare filter',
  'evidence page, common filter by benefit',
  'deep page (after 100,000 rows)',
  'study page, everything nested',
  'join of 100 DOIs',
  'facets of a filter',
  'full-text search',
  'summaries of a condition',
  'synthesis of 100 effects',
  '_entities of 200 keys',
] as const
export type OperationName = (typeof operationNames)[number]

/** What only the service computes: a server of rows has nothing of the kind. */
export const computed: ReadonlySet<OperationName> = new Set(['summaries of a condition', 'synthesis of 100 effects'])

// No citation: a server of rows cannot put one together, and answers are compared.
const row = `slug standardizedBenefit direction participants effect { measure estimate standardError ciLower ciUpper pValue }
  study { slug title year design } population { label participants meanAge femalePercent } intervention { label role doses { form { slug name } route elementalMgPerDayLow elementalMgPerDayHigh startDay endDay } }
  comparator { label role } outcome { slug name } condition { slug name } form { slug name }`
const page = `query ($filter: EvidenceFilter, $order: [EvidenceOrder!], $after: String) { evidence(filter: $filter, orderBy: $order, first: 20, after: $after) { pageInfo { endCursor hasNextPage } nodes { ${row} } } }`

/** What the data hold, for variables that find something. */
export interface Known {
  /** Slugs, the most frequent first. */
  readonly conditions: readonly string[]
  readonly forms: readonly string[]
  readonly outcomes: readonly string[]
  /** Cursors a tenth of the way into a broad list ordered by benefit. */
  readonly deep: readonly string[]
  readonly studies: readonly string[]
  /** Filters that select about a hundred effects of one measure. */
  readonly hundreds: readonly Record<string, unknown>[]
}

/** The operations of the report. */
export function operations({ conditions, forms, outcomes, deep, studies, hundreds }: Known): Operation[] {
  const many = <Item>(count: number, make: (index: number) => Item) => Array.from({ length: count }, (_, index) => make(index))
  const at = <Item>(items: readonly Item[], index: number) => items[index % items.length]
  const middle = conditions.slice(3, 15)
  // With its default said: Mercurius's compiler reads none inside a list.
  const byBenefit = [{ field: 'STANDARDIZED_BENEFIT', direction: 'DESC', nulls: 'LAST' }]
  const conditionAndForm = (index: number) => ({
    filter: { conditions: [at(middle, index)], includeNarrower: false, forms: [at(forms.slice(0, 10), index)], year: { gte: 1981 + (index % 30) } },
  })
  return [
    { name: 'evidence page, condition and form', query: page, variables: many(120, conditionAndForm) },
    {
      name: 'evidence page, rare filter',
      query: page,
      variables: many(120, (index) => ({
        filter: { conditions: [at(conditions.slice(-12), index)], outcomes: [at(outcomes.slice(0, 20), index)], includeNarrower: false },
        order: byBenefit,
      })),
    },
    {
      name: 'evidence page, common filter by benefit',
      query: page,
      variables: many(120, (index) => ({ filter: { designs: ['RCT_PARALLEL'], participants: { gte: 10 + index } }, order: byBenefit })),
    },
    {
      name: 'deep page (after 100,000 rows)',
      query: page,
      variables: deep.map((after) => ({ filter: { designs: ['RCT_PARALLEL'] }, order: byBenefit, after })),
    },
    {
      name: 'study page, everything nested',
      query: `query ($slug: String!) { study(slug: $slug) { slug title year design participantsAnalysed masking { participants providers assessors } authors { family } populations { label participants meanAge femalePercent conditions { slug name } } arms { label role doses { form { slug name } route elementalMgPerDayLow elementalMgPerDayHigh startDay endDay } } evidence(first: 50) { nodes { slug outcome { slug name } condition { slug name } effect { measure estimate standardError ciLower ciUpper pValue } direction standardizedBenefit participants population { label } intervention { label } comparator { label } } } publications { doi pmid title year } } }`,
      variables: studies.slice(0, 150).map((slug) => ({ slug })),
    },
    {
      name: 'join of 100 DOIs',
      query: 'query ($identifiers: [String!]!) { studiesByIdentifiers(identifiers: $identifiers) { slug title year doi pmid design } }',
      variables: many(40, (index) => ({
        identifiers: many(100, (offset) => `10.99999/generated.${1 + ((index * 7919 + offset * 97) % Math.min(studies.length, 4_000))}`),
      })),
    },
    {
      name: 'facets of a filter',
      query:
        'query ($filter: EvidenceFilter) { evidence(filter: $filter, first: 0) { totalCount facets { forms { slug count studies } outcomes { slug count studies } designs { value count studies } directions { value count studies } } } }',
      variables: many(60, conditionAndForm),
    },
    {
      name: 'full-text search',
      query: 'query ($text: String!) { search(text: $text, first: 20) { nodes { kind slug title score } } }',
      variables: many(40, (index) => ({
        text: `${at(['Novak', 'Sato', 'Weber', 'Costa', 'Rossi'], index)} ${['migraine', 'depression', 'insomnia', 'stroke'][index % 4]} ${1990 + (index % 33)}`,
      })),
    },
    {
      name: 'summaries of a condition',
      query:
        'query ($filter: EvidenceFilter) { evidenceSummaries(filter: $filter, groupBy: [OUTCOME]) { group effects studies participants favoursMagnesium favoursComparator noClearDifference unclear measure estimate ciLower ciUpper i2 standardizedBenefit certainty { level } } }',
      // So many that lists kept in memory do not answer them.
      variables: many(1_200, (index) => ({
        filter: {
          conditions: [at(conditions.slice(-40), index)],
          includeNarrower: false,
          year: { gte: 1981 + (index % 30) },
          participants: { gte: 12 + Math.floor(index / 120) },
        },
      })),
    },
    {
      name: 'synthesis of 100 effects',
      query:
        'query ($input: SynthesisInput!) { synthesis(input: $input) { measure k studies participants estimate standardError ciLower ciUpper pValue predictionLower predictionUpper heterogeneity { q df pValue tau2 i2 } contributions { label estimate standardError ciLower ciUpper weightPercent } smallStudyEffects { egger { statistic pValue } } } }',
      variables: hundreds.map((filter) => ({ input: { filter } })),
    },
    {
      name: '_entities of 200 keys',
      query:
        'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Study { slug title year design participantsAnalysed } } }',
      variables: many(40, (index) => ({
        representations: many(200, (offset) => ({ __typename: 'Study', slug: at(studies.slice(0, 4_000), index * 7919 + offset * 17) })),
      })),
    },
  ]
}

/** What must be equal: cursors are a server's own affair, and values that occur equally often have no order. */
export function comparable(answer: unknown): unknown {
  if (Array.isArray(answer)) {
    const items = answer.map(comparable)
    return items.every((item) => typeof item === 'object' && item !== null && 'count' in item && 'studies' in item)
      ? items.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
      : items
  }
  if (typeof answer !== 'object' || answer === null) return answer
  return Object.fromEntries(
    Object.entries(answer)
      .filter(([name]) => name !== 'endCursor')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, comparable(value)]),
  )
}
