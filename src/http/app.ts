import { randomUUID } from 'node:crypto'
import { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import compress from '@fastify/compress'
import cors from '@fastify/cors'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { GraphQLSchema } from 'graphql'
import type { ErrorCode } from '../errors.js'
import type { Context } from '../graphql/context.js'
import { formatError } from '../graphql/formatError.js'
import { costLimit, limitRules, limits } from '../graphql/limits.js'
import type { Example } from './examples.js'
import { registerHealth, type Readiness } from './health.js'
import { logOperations, statusOfRequestErrors } from './operations.js'
import { registerPlayground } from './playground.js'

export interface HttpConfig {
  readonly corsOrigins: '*' | readonly string[]
  readonly bodyLimitBytes: number
  readonly logLevel: string
  readonly introspection: boolean
}

export interface AppOptions {
  readonly config: HttpConfig
  readonly schema: GraphQLSchema
  readonly contextFor: () => Promise<Context>
  readonly isReady: () => Promise<Readiness>
  /** Operations that the playground offers as tabs. */
  readonly examples: readonly Example[]
}

/** The HTTP server: API at /graphql, playground at /playground, health at /health/…; it listens when told to. */
export async function createApp({ config, schema, contextFor, isReady, examples }: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: config.bodyLimitBytes,
    logger: { level: config.logLevel, redact: ['req.headers.authorization', 'req.headers.cookie'] },
    requestIdHeader: false,
    genReqId: ({ headers }) => saneRequestId(headers['x-request-id']) ?? randomUUID(),
    routerOptions: { ignoreTrailingSlash: true },
  })
  app.addHook('onSend', async (request, reply) => void reply.header('x-request-id', request.id))
  app.setErrorHandler(answerError)
  app.setNotFoundHandler((request, reply) =>
    sendError(request, reply, 404, 'NOT_FOUND', `there is nothing at ${request.url.split('?')[0]}: the API is at /graphql, the playground at /playground`),
  )
  // Anybody's page may ask: the API only reads, and takes no cookies.
  await app.register(cors, {
    origin: config.corsOrigins === '*' ? '*' : [...config.corsOrigins],
    methods: ['GET', 'POST', 'OPTIONS'],
    exposedHeaders: ['x-request-id'],
  })
  await app.register(compress, { threshold: 2_048, encodings: ['gzip', 'deflate'] })

  const apollo = new ApolloServer<Context>({
    schema,
    introspection: config.introspection,
    includeStacktraceInErrorResponses: false,
    formatError,
    validationRules: limitRules,
    parseOptions: { maxTokens: limits.tokens },
    // Forged requests need a visitor's standing (a cookie, a network) and something to change; here is neither.
    csrfPrevention: false,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    plugins: [costLimit, logOperations, statusOfRequestErrors],
  })
  await apollo.start()
  app.addHook('onClose', () => apollo.stop())
  const handler = fastifyApolloHandler(apollo, { context: async (request) => Object.assign(await contextFor(), { log: request.log, requestId: request.id }) })
  app.route({ url: '/graphql', method: ['GET', 'POST', 'OPTIONS'], handler })

  registerHealth(app, isReady)
  registerPlayground(app, examples)
  app.get('/', (_, reply) => reply.redirect('/playground'))
  return app
}

/** A caller's own id is kept where it is one: it goes into logs and a header. */
function saneRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.:-]{1,80}$/.test(header) ? header : undefined
}

/** Errors outside GraphQL, in GraphQL's shape. */
function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  if (error.statusCode === 413) return sendError(request, reply, 413, 'BODY_TOO_LARGE', 'the request body is larger than this service takes')
  if (error.statusCode !== undefined && error.statusCode < 500) return sendError(request, reply, error.statusCode, 'BAD_REQUEST', error.message)
  const unreachable = /ECONNREFUSED|terminat|timeout exceeded/i.test(`${error.code} ${error.message}`)
  request.log.error({ err: error }, 'request failed')
  return unreachable
    ? sendError(request, reply, 503, 'SERVICE_UNAVAILABLE', 'the database does not answer; try again shortly')
    : sendError(request, reply, 500, 'INTERNAL_SERVER_ERROR', 'Internal server error')
}

function sendError(request: FastifyRequest, reply: FastifyReply, status: number, code: ErrorCode, message: string) {
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send({ errors: [{ message, extensions: { code, requestId: request.id } }] })
}
