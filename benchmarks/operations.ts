/** An operation to measure, with the variables of many different askings, so that no single answer is repeated all the time. */
export interface Operation {
  readonly name: string
  readonly query: string
  readonly variables: readonly Record<string, unknown>[]
}

const row = `slug standardizedBenefit direction participants effect { measure estimate standardError ciLower ciUpper pValue }
  study { slug title year citation design } population { label participants meanAge femalePercent } intervention { label role doses { form { slug name } route elementalMgPerDayLow elementalMgPerDayHigh startDay endDay } }
  comparator { label role } outcome { slug name } condition { slug name } form { slug name }`
const page = `query ($filter: EvidenceFilter, $order: [EvidenceOrder!], $after: String) { evidence(filter: $filter, orderBy: $order, first: 20, after: $after) { pageInfo { endCursor hasNextPage } nodes { ${row} } } }`

export interface Vocabulary {
  /** Slugs, the most frequent first. */
  readonly conditions: readonly string[]
  readonly forms: readonly string[]
  readonly outcomes: readonly string[]
}

/** The operations of the report, over the terms that the data hold and some cursors deep inside. */
export function operations({ conditions, forms, outcomes }: Vocabulary, deep: readonly string[], studies: number): Operation[] {
  const many = <Item>(count: number, make: (index: number) => Item) => Array.from({ length: count }, (_, index) => make(index))
  const at = <Item>(items: readonly Item[], index: number) => items[index % items.length]
  const middle = conditions.slice(3, 15)
  const byBenefit = [{ field: 'STANDARDIZED_BENEFIT', direction: 'DESC' }]
  return [
    {
      name: 'evidence page, condition and form',
      query: page,
      variables: many(120, (index) => ({
        filter: { conditions: [at(middle, index)], includeNarrower: false, forms: [at(forms.slice(0, 10), index)], year: { gte: 1981 + (index % 30) } },
      })),
    },
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
      name: 'facets of a filter',
      query:
        'query ($filter: EvidenceFilter) { evidence(filter: $filter, first: 0) { totalCount facets { forms { slug count studies } outcomes { slug count studies } designs { value count studies } directions { value count studies } } } }',
      variables: many(60, (index) => ({
        filter: { conditions: [at(middle, index)], includeNarrower: false, forms: [at(forms.slice(0, 10), index)], year: { gte: 1981 + (index % 30) } },
      })),
    },
    {
      name: 'join of 100 DOIs',
      query: 'query ($identifiers: [String!]!) { studiesByIdentifiers(identifiers: $identifiers) { slug title year doi pmid design } }',
      variables: many(40, (index) => ({
        identifiers: many(100, (offset) => `10.99999/generated.${1 + ((index * 7919 + offset * 97) % Math.min(studies, 4_000))}`),
      })),
    },
    {
      name: 'full-text search',
      query: 'query ($text: String!) { search(text: $text, first: 20) { nodes { kind slug title score } } }',
      variables: many(40, (index) => ({
        text: `${at(['Novak', 'Sato', 'Weber', 'Costa', 'Rossi'], index)} ${['migraine', 'depression', 'insomnia', 'stroke'][index % 4]} ${1990 + (index % 33)}`,
      })),
    },
    {
      name: 'study page',
      query: `query ($slug: String!) { study(slug: $slug) { slug title citation authors { family } design masking { participants } populations { label participants meanAge conditions { name } } arms { label role doses { form { name } elementalMgPerDayLow elementalMgPerDayHigh } } evidence(first: 50) { nodes { slug outcome { name } effect { measure estimate ciLower ciUpper } direction } } publications { doi title } } }`,
      variables: [],
    },
  ]
}
