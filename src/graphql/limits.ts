import type { ApolloServerPlugin } from '@apollo/server'
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases'
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth'
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives'
import {
  getNullableType,
  GraphQLError,
  isListType,
  Kind,
  type ASTVisitor,
  type FragmentDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql'
import { getComplexity, type ComplexityEstimatorArgs } from 'graphql-query-complexity'
import { errorCodes, PublicError, type ErrorCode } from '../errors.js'
import type { Context } from './context.js'
import { defaultPageSize } from './keyset.js'

/** How large an operation may be; published in docs/limits.md, and held to it by a test. */
export const limits = {
  /** Fields inside fields; introspection of the schema is free. */
  depth: 14,
  aliases: 60,
  /** Questions at the top of an operation, each at least one statement in the database; aliases counted each. */
  rootFields: 30,
  directives: 60,
  /** Of the operation's text. */
  tokens: 5_000,
  /** See `costOf`. */
  cost: 50_000,
  /** With a key of the scope READ. */
  costWithKey: 200_000,
} as const

type Limit = keyof typeof limits

/** A rule of the validation phase that reports with our own code instead of throwing. */
const coded = (limit: Limit, code: ErrorCode, noun: string) => ({
  n: limits[limit],
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null, error: GraphQLError) => {
      const actual = Number(/found (\d+)/.exec(error.message)?.[1] ?? NaN)
      context?.reportError(beyond(limit, code, noun, actual))
    },
  ],
})

function beyond(limit: Limit, code: ErrorCode, noun: string, actual: number): GraphQLError {
  const found = Number.isNaN(actual) ? `more than ${limits[limit]} ${noun}` : `${actual} ${noun}`
  return new GraphQLError(`the operation has ${found}, at most ${limits[limit]} are allowed`, {
    extensions: { limitCode: code, limit: limits[limit], ...(!Number.isNaN(actual) && { actual }) },
  })
}

export const limitRules: ValidationRule[] = [
  maxDepthRule({ ...coded('depth', 'DEPTH_LIMIT_EXCEEDED', 'levels of fields'), ignoreIntrospection: true, flattenFragments: true }),
  maxAliasesRule(coded('aliases', 'ALIAS_LIMIT_EXCEEDED', 'aliases')),
  maxDirectivesRule(coded('directives', 'DIRECTIVE_LIMIT_EXCEEDED', 'directives')),
  rootFieldsRule,
  queriesOnlyRule,
]

/** GraphQL validates mutations of a schema that has none, and fails when it runs them. */
function queriesOnlyRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition: (operation) => {
      if (!context.getSchema().getRootType(operation.operation))
        context.reportError(new GraphQLError(`this service has no ${operation.operation}s: it only answers queries`, { nodes: operation }))
    },
  }
}

function rootFieldsRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition: (operation) => {
      const actual = fieldsOf(operation.selectionSet, (name) => context.getFragment(name), new Set()).size
      if (actual > limits.rootFields) context.reportError(beyond('rootFields', 'ROOT_FIELD_LIMIT_EXCEEDED', 'root fields', actual))
      return false
    },
  }
}

/** Names under which the fields of one level answer, those of its fragments included; each fragment is looked into once. */
function fieldsOf(level: SelectionSetNode, fragmentOf: (name: string) => FragmentDefinitionNode | null | undefined, seen: Set<string>): Set<string> {
  const names = new Set<string>()
  for (const selection of level.selections) {
    if (selection.kind === Kind.FIELD) {
      names.add((selection.alias ?? selection.name).value)
      continue
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      if (seen.has(selection.name.value)) continue
      seen.add(selection.name.value)
    }
    const inside = selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet : fragmentOf(selection.name.value)?.selectionSet
    if (inside) for (const name of fieldsOf(inside, fragmentOf, seen)) names.add(name)
  }
  return names
}

/**
 * A field costs 1, or as much as it declares where it computes; and what is inside it. A list costs its inside as often as it has rows: by
 * `first` or `last`, 20 of a connection where neither is given, or as many as the identifiers, ids, texts, refs or representations asked about. Introspection is free.
 */
function costOf({ type, field, args, childComplexity }: ComplexityEstimatorArgs): number {
  if (type.name.startsWith('__') || field.name.startsWith('__')) return 0
  const { complexity: own } = field.extensions // as type-graphql keeps what a field declares
  return (typeof own === 'number' ? own : 1) + rowsOf(field, args) * childComplexity
}

function rowsOf(field: ComplexityEstimatorArgs['field'], args: Readonly<Record<string, unknown>>): number {
  for (const name of ['identifiers', 'ids', 'texts', 'refs', 'representations']) if (Array.isArray(args[name])) return Math.max(1, args[name].length)
  const asked = [args['first'], args['last']].find((value) => typeof value === 'number')
  if (typeof asked === 'number') return Math.max(1, asked)
  // A plain list is whole without `first`; a connection has pages.
  return field.args.some(({ name }) => name === 'first') && !isListType(getNullableType(field.type)) ? defaultPageSize : 1
}

/** What a request's context carries besides the features': how much its operation may cost, and who pays for it. */
export interface Allowance {
  /** `limits.cost` where absent. */
  readonly costLimit?: number
  /** @throws {PublicError} where the caller has spent too much already */
  readonly spendCost?: (cost: number) => Promise<void>
}

/** Refuses an operation that would cost too much, before anything of it runs. */
export const costLimit: ApolloServerPlugin<Context & Allowance> = {
  requestDidStart: ({ contextValue: { costLimit: limit = limits.cost, spendCost } }) =>
    Promise.resolve({
      didResolveOperation: async ({ schema, document, request, operationName, contextValue }) => {
        const cost = costOfOperation({ schema, query: document, variables: request.variables ?? {}, ...(operationName != null && { operationName }) })
        Object.assign(contextValue, { cost }) // for what counts costs
        if (cost === null) return
        if (cost > limit) {
          const told = Number.isFinite(cost) ? cost : 'more than can be counted'
          throw refusal(
            new PublicError('COST_LIMIT_EXCEEDED', `the operation would cost ${told}, at most ${limit} is allowed: ask for fewer rows or fields`, {
              limit,
              ...(Number.isFinite(cost) && { actual: cost }),
            }),
          )
        }
        await spendCost?.(cost).catch((error: unknown) => {
          throw error instanceof PublicError ? refusal(error) : error
        })
      },
    }),
}

/** A refusal of the whole operation, with the status that it is like. */
function refusal({ code, message, details }: PublicError): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...details, http: { status: errorCodes[code].like } } })
}

/** The cost of an operation; null where its variables do not fit, which execution reports better. */
export function costOfOperation(operation: Omit<Parameters<typeof getComplexity>[0], 'estimators'>): number | null {
  try {
    return getComplexity({ ...operation, estimators: [costOf] })
  } catch (error) {
    // Fragments spread over and over: counting them was given up.
    return error instanceof GraphQLError && /maximum allowed number of nodes/.test(error.message) ? Infinity : null
  }
}
