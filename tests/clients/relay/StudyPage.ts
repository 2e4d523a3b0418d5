import { graphql } from 'relay-runtime'

/** One study by its global id, its effects page by page: what is refetched is refetched through `node`. */
export const query = graphql`
  query StudyPageQuery($id: ID!) {
    node(id: $id) {
      ...StudyPage_study @alias(as: "study")
    }
  }
`

export const study = graphql`
  fragment StudyPage_study on Study
  @refetchable(queryName: "StudyPageEvidenceQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 1 }, after: { type: "String" }) {
    slug
    citation
    evidence(first: $first, after: $after) @connection(key: "StudyPage_evidence") {
      edges {
        node {
          slug
        }
      }
    }
  }
`

/** Refetched alone, when a reader asks for an effect's details. */
export const details = graphql`
  fragment StudyPage_details on Evidence @refetchable(queryName: "StudyPageDetailsQuery") {
    slug
    derivation {
      formula
    }
  }
`
