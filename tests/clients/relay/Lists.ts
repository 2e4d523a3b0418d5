import { graphql } from 'relay-runtime'

/** Every list of the API as Relay pages it: each must be a connection by Relay's rules, or this does not compile. */
export const query = graphql`
  query ListsQuery {
    conditions(first: 3) @connection(key: "Lists_conditions") {
      edges {
        node {
          slug
          evidence(first: 1) @connection(key: "Lists_conditions_evidence") {
            edges {
              node {
                slug
              }
            }
          }
        }
      }
    }
    forms(first: 3) @connection(key: "Lists_forms") {
      edges {
        node {
          slug
          evidence(first: 1) @connection(key: "Lists_forms_evidence") {
            edges {
              node {
                slug
              }
            }
          }
        }
      }
    }
    outcomes(first: 3) @connection(key: "Lists_outcomes") {
      edges {
        node {
          slug
        }
      }
    }
    studies(first: 3) @connection(key: "Lists_studies") {
      edges {
        node {
          slug
        }
      }
    }
    pooledResults(first: 3) @connection(key: "Lists_pooledResults") {
      edges {
        node {
          slug
        }
      }
    }
    claims(first: 3) @connection(key: "Lists_claims") {
      edges {
        node {
          slug
        }
      }
    }
    search(text: "migraine", first: 3) @connection(key: "Lists_search") {
      edges {
        node {
          title
        }
      }
    }
  }
`
