import { graphql } from 'relay-runtime'

/** What a component that lists effects would say to Relay; compiled by a test, never run as it stands. */
export const query = graphql`
  query EvidenceTableQuery($filter: EvidenceFilter, $first: Int!) {
    ...EvidenceTable_page @arguments(filter: $filter, first: $first)
  }
`

export const page = graphql`
  fragment EvidenceTable_page on Query
  @refetchable(queryName: "EvidenceTablePageQuery")
  @argumentDefinitions(
    filter: { type: "EvidenceFilter" }
    orderBy: { type: "[EvidenceOrder!]" }
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
  ) {
    evidence(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before)
      @connection(key: "EvidenceTable_evidence", filters: ["filter", "orderBy"]) {
      totalCount
      edges {
        cursor
        node {
          id
          ...EvidenceTable_row
        }
      }
    }
  }
`

export const row = graphql`
  fragment EvidenceTable_row on Evidence {
    slug
    outcomeName
    direction
    standardizedBenefit
    effect {
      measure
      estimate
      ciLower
      ciUpper
    }
    study {
      citation
    }
  }
`
