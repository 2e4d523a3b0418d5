import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PublicError } from '../errors.js'
import type { AskFor } from '../http/graphql.js'
import { requireMediaType } from '../http/negotiation.js'
import { faultAnswer, faultOf, noJson, type RpcFault } from './message.js'

export interface McpRoute {
  readonly askFor: AskFor
  /** Path under which callers find the service, '' or '/magnesium'. */
  readonly basePath: string
  /** Pages that may ask, as for the rest of the service. */
  readonly corsOrigins: '*' | readonly string[]
}

/** The Model Context Protocol at /mcp by POST, without sessions: any process answers any request, in JSON. */
export function registerMcp(app: FastifyInstance, { askFor, basePath, corsOrigins }: McpRoute): void {
  app.post('/mcp', {
    handler: async (request, reply) => {
      requireMediaType(request, 'application/json')
      requireOrigin(request, corsOrigins)
      if (typeof request.body === 'string') throw new PublicError('BAD_REQUEST', 'the body must be JSON, sent as application/json, got text/plain')
      const fault = faultOf(request.body)
      if (fault !== null) return refuse(request, reply, fault)
      // Loaded with the first request: the service starts without the protocol, and many never ask it.
      const { answerMcp } = await import('./exchange.js')
      const response = await answerMcp({
        headers: request.headers,
        body: request.body,
        url: `${request.protocol}://${request.host}${basePath}/mcp`,
        signal: abandonment(reply),
        requestId: request.id,
        session: { ask: (operation) => askFor(request, reply, operation), origin: `${request.protocol}://${request.host}`, basePath },
        onDefect: (error) => request.log.error({ err: error }, 'tool failed'),
      })
      for (const [name, value] of response.headers) void reply.header(name, value)
      return reply.code(response.status).send(response.body === null ? '' : await response.text())
    },
    // A text that is no JSON has an error of its own in the protocol; everything else is refused as everywhere.
    errorHandler: (error: FastifyError | PublicError, request, reply) => {
      if (error instanceof PublicError || error.statusCode !== 400) void reply.send(error)
      else void refuse(request, reply, noJson(error.message))
    },
  })
}

/** An error of the protocol itself, with the code that the rest of the service gives. */
const refuse = (request: FastifyRequest, reply: FastifyReply, fault: RpcFault) =>
  reply
    .code(400)
    .type('application/json; charset=utf-8')
    .send(faultAnswer(fault, request.body, { code: 'BAD_REQUEST', requestId: request.id }))

/**
 * A page of somebody else may not ask where the operator names the pages that may: a browser sends its origin, also that of a name that was bound to this
 * machine anew.
 *
 * @throws {PublicError} FORBIDDEN
 */
function requireOrigin({ headers: { origin } }: FastifyRequest, corsOrigins: McpRoute['corsOrigins']): void {
  if (origin !== undefined && corsOrigins !== '*' && !corsOrigins.includes(origin))
    throw new PublicError('FORBIDDEN', `pages of ${origin.slice(0, 100)} may not ask here: the operator names those that may in CORS_ORIGINS`)
}

function abandonment(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return controller.signal
}
