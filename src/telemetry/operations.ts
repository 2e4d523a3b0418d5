import type { ApolloServerPlugin } from '@apollo/server'
import { Kind, type FragmentDefinitionNode, type GraphQLSchema, type OperationDefinitionNode, type SelectionSetNode } from 'graphql'
import { errorCodes } from '../errors.js'
import type { Context } from '../graphql/context.js'
import type { Metrics } from './metrics.js'

/** What a request's context carries besides the features': what the limit of cost found. */
type CostedContext = Context & { readonly cost?: number | null }

export interface MeasuredOperations {
  readonly metrics: Metrics
  readonly schema: GraphQLSchema
  /** Names that are shown as they are. Every other is shown as "other": callers choose names, and each would be kept for ever. */
  readonly names: ReadonlySet<string>
}

/** Counts operations, how long they took, what they cost and the errors they ended in. */
export function measureOperations({ metrics, schema, names }: MeasuredOperations): ApolloServerPlugin<CostedContext> {
  const rootFields = new Set([schema.getQueryType(), schema.getMutationType()].flatMap((type) => Object.keys(type?.getFields() ?? {})))
  const label = (operation: OperationDefinitionNode | undefined, name: string | null | undefined) => {
    if (operation === undefined) return 'refused'
    if (name == null) return 'anonymous'
    return names.has(name) ? name : 'other'
  }
  return {
    requestDidStart: () => {
      const startedAt = performance.now()
      return Promise.resolve({
        willSendResponse: ({ operation, operationName, document, response, contextValue }) => {
          const labelled = label(operation, operationName)
          const errors = response.body.kind === 'single' ? (response.body.singleResult.errors ?? []) : []
          metrics.operations.inc({ operation: labelled, kind: operation?.operation ?? 'none', outcome: errors.length > 0 ? 'error' : 'ok' })
          metrics.operationSeconds.observe({ operation: labelled }, (performance.now() - startedAt) / 1_000)
          for (const { extensions } of errors) countError(metrics, extensions?.['code'])
          if (typeof contextValue.cost === 'number') metrics.operationCost.observe(contextValue.cost)
          if (operation !== undefined && document !== undefined) {
            const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
            for (const field of topOf(operation.selectionSet, fragments)) if (rootFields.has(field)) metrics.rootFields.inc({ field })
          }
          return Promise.resolve()
        },
      })
    },
    // Requests that hold no operation never start one.
    invalidRequestWasReceived: () => {
      countError(metrics, 'BAD_REQUEST')
      return Promise.resolve()
    },
  }
}

export function countError(metrics: Metrics, code: unknown): void {
  metrics.errors.inc({ code: typeof code === 'string' && code in errorCodes ? code : 'other' })
}

/** Names of the fields at the top, each once, those of fragments included. */
function topOf(level: SelectionSetNode, fragments: readonly FragmentDefinitionNode[], seen = new Set<string>()): Set<string> {
  const names = new Set<string>()
  for (const selection of level.selections) {
    if (selection.kind === Kind.FIELD) {
      names.add(selection.name.value)
      continue
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      if (seen.has(selection.name.value)) continue
      seen.add(selection.name.value)
    }
    const inside =
      selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet : fragments.find(({ name }) => name.value === selection.name.value)?.selectionSet
    if (inside) for (const name of topOf(inside, fragments, seen)) names.add(name)
  }
  return names
}

/** The operations of the dashboard, as src/web names them; a test holds the list to it. */
export const dashboardOperations = [
  'About',
  'AboutData',
  'ClaimPage',
  'Claims',
  'Compare',
  'ConditionPage',
  'Conditions',
  'ConvertDose',
  'DoseResponse',
  'EvidencePage',
  'FormPage',
  'Forms',
  'Home',
  'Map',
  'MovedConclusions',
  'News',
  'Safety',
  'Search',
  'Studies',
  'StudyPage',
  'Subjects',
  'Suggestions',
  'SynthesisId',
  'SynthesisPage',
] as const

/** The operations of the tools of assistants, as src/mcp names them; a test holds the list to it. */
export const assistantOperations = [
  'AssistantCertainty',
  'AssistantClaim',
  'AssistantClaimSearch',
  'AssistantClaimsAbout',
  'AssistantCount',
  'AssistantDose',
  'AssistantEvidence',
  'AssistantFindings',
  'AssistantStudy',
  'AssistantStudyById',
  'AssistantStudyNames',
  'AssistantStudySearch',
  'AssistantSynthesis',
  'AssistantTerms',
  'AssistantWords',
] as const

/** The names that metrics tell apart: the dashboard's, those of assistants' tools, the examples' and those that the configuration adds. */
export function knownOperations(examples: readonly { readonly query: string }[], further: readonly string[]): ReadonlySet<string> {
  const ofExamples = examples.flatMap(({ query }) => [...query.matchAll(/^\s*(?:query|mutation)\s+(\w+)/gm)].map(([, name = '']) => name))
  return new Set([...dashboardOperations, ...assistantOperations, ...ofExamples, ...further])
}
