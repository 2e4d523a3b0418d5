import type { ApolloServerPlugin } from '@apollo/server'
import type { FastifyBaseLogger } from 'fastify'
import { Kind, OperationTypeNode } from 'graphql'
import type { Context } from '../graphql/context.js'
import { isInternal } from '../graphql/formatError.js'

/** What a request's context carries besides the features': for the log. */
type LoggedContext = Context & { readonly log?: FastifyBaseLogger; readonly requestId?: string }

/** One line for each operation, with its name and duration but none of its values; internal errors whole, under the request's id. */
export const logOperations: ApolloServerPlugin<LoggedContext> = {
  requestDidStart: ({ contextValue }) => {
    const startedAt = performance.now()
    return Promise.resolve({
      didEncounterErrors: ({ errors }) => {
        for (const error of errors) if (isInternal(error)) contextValue.log?.error({ err: error.originalError ?? error, path: error.path }, 'operation failed')
        return Promise.resolve()
      },
      willSendResponse: ({ operationName, operation, response, errors }) => {
        const codes = errors?.map(({ extensions }) => extensions['code'])
        contextValue.log?.info(
          { operation: operationName, kind: operation?.operation, ms: Math.round((performance.now() - startedAt) * 10) / 10, ...(codes && { codes }) },
          'operation',
        )
        if (contextValue.requestId !== undefined && response.body.kind === 'single') {
          const { errors: shown } = response.body.singleResult
          if (shown)
            response.body.singleResult.errors = shown.map((error) => ({ ...error, extensions: { ...error.extensions, requestId: contextValue.requestId } }))
        }
        return Promise.resolve()
      },
    })
  },
}

/**
 * Under application/json a request that is one of GraphQL is answered with 200, whatever became of the operation, as
 * GraphQL over HTTP asks; under application/graphql-response+json the status tells.
 */
export const statusOfRequestErrors: ApolloServerPlugin = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse: ({ request, response, document }) => {
        // Nothing is changed over GET, which a status tells that every client looks at.
        const isChange = document?.definitions.some(
          (definition) => definition.kind === Kind.OPERATION_DEFINITION && definition.operation !== OperationTypeNode.QUERY,
        )
        if (isChange === true && request.http?.method === 'GET') return Promise.resolve()
        const modern = request.http?.headers.get('accept')?.includes('application/graphql-response+json')
        if (modern || response.body.kind !== 'single' || response.http.status !== 400) return Promise.resolve()
        const { data, errors } = response.body.singleResult
        const malformed = errors?.some(({ extensions }) => extensions?.['code'] === 'BAD_REQUEST')
        if (data === undefined && !malformed) response.http.status = 200
        return Promise.resolve()
      },
    }),
}
