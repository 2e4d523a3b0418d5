import { randomUUID } from 'node:crypto'
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled'
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import compress from '@fastify/compress'
import cors from '@fastify/cors'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { GraphQLSchema } from 'graphql'
import { errorCodes, PublicError, type ErrorCode, type ErrorDetails } from '../errors.js'
import type { Context } from '../graphql/context.js'
import { formatError, knownFailure } from '../graphql/formatError.js'
import { costLimit, limitRules, limits } from '../graphql/limits.js'
import type { Example } from './examples.js'
import { registerHealth, type Readiness } from './health.js'
import { logOperations, statusOfRequestErrors } from './operations.js'
import { registerWeb } from './web.js'

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
  /** Looks on at operations: metrics. */
  readonly plugins?: readonly ApolloServerPlugin<Context>[]
  /** Runs one operation: in a trace. */
  readonly aroundOperation?: <Result>(work: () => Promise<Result>) => Promise<Result>
  /** Adds what features serve beside the API: plots. */
  readonly addRoutes?: (app: FastifyInstance) => void
  /** Where log lines go, one call each; standard output where absent. */
  readonly logTo?: { write(line: string): void }
}

/** The HTTP server: API at /graphql, playground at /playground, health at /health/…; it listens when told to. */
export async function createApp({
  config,
  schema,
  contextFor,
  isReady,
  examples,
  plugins = [],
  aroundOperation = (work) => work(),
  addRoutes,
  logTo,
}: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: config.bodyLimitBytes,
    logger: {
      level: config.logLevel,
      ...(logTo && { stream: logTo }),
      // Without what follows the path: a GET request's variables stand there.
      serializers: { req: ({ method, url, ip }: FastifyRequest) => ({ method, path: pathOf(url), remoteAddress: ip }) },
    },
    requestIdHeader: false,
    genReqId: ({ headers }) => saneRequestId(headers['x-request-id']) ?? randomUUID(),
    routerOptions: { ignoreTrailingSlash: true },
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  })
  app.addHook('onSend', async (request, reply) => void reply.header('x-request-id', request.id))
  app.setErrorHandler(answerError)
  app.setNotFoundHandler((request, reply) => {
    const isBrowser = request.method === 'GET' && request.headers.accept?.includes('text/html') === true
    return isBrowser
      ? pages.lost(reply)
      : sendError(request, reply, 'NOT_FOUND', `there is nothing at ${pathOf(request.url)}: the API is at /graphql, the playground at /playground`)
  })
  // Anybody's page may ask: the API only reads, and takes no cookies.
  await app.register(cors, {
    origin: config.corsOrigins === '*' ? '*' : [...config.corsOrigins],
    methods: ['GET', 'POST', 'OPTIONS'],
    exposedHeaders: ['x-request-id'],
  })
  await app.register(compress, { threshold: 2_048, encodings: ['gzip', 'deflate'], customTypes: readable })

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
    // Cache hints would be asked of every field of every answer; answers are kept by data revision, not by field.
    // Traces are made for gateways that ask for them, and only then.
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTrace({ includeErrors: { masked: true } }),
      costLimit,
      logOperations,
      statusOfRequestErrors,
      ...plugins,
    ],
  })
  await apollo.start()
  app.addHook('onClose', () => apollo.stop())
  app.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS'],
    handler: async function (request, reply) {
      const unusable = unusableBody(request)
      if (unusable !== null) return sendError(request, reply, 'BAD_REQUEST', unusable)
      return aroundOperation(async () => {
        // Made here rather than by Apollo, which would tell neither the log nor the caller why it cannot be made.
        const context = Object.assign(await contextFor(), { log: request.log, requestId: request.id })
        return fastifyApolloHandler(apollo, { context: () => Promise.resolve(context) }).call(this, request, reply)
      })
    },
  })
  app.route({
    url: '/graphql',
    method: ['PUT', 'PATCH', 'DELETE'],
    handler: (request, reply) =>
      sendError(request, reply.header('allow', 'GET, POST'), 'METHOD_NOT_ALLOWED', `${request.method} is not understood: use GET or POST`),
  })

  registerHealth(app, isReady)
  const pages = registerWeb(app, examples)
  addRoutes?.(app)
  return app
}

/** Content types that compress: every kind of text. */
const readable = /^text\/|json|xml|javascript|x-research-info-systems|x-bibtex/

/** A caller's own id is kept where it is one: it goes into logs and a header. */
function saneRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.:-]{1,80}$/.test(header) ? header : undefined
}

const pathOf = (url: string) => url.split('?')[0]

/** What is wrong with a body before anybody reads the operation in it; null if nothing is. */
function unusableBody({ method, body }: FastifyRequest): string | null {
  if (method !== 'POST') return null
  if (Array.isArray(body)) return 'operations are not taken in batches: send one in each request'
  if (typeof body === 'string') return 'the body is plain text: send JSON, as application/json'
  const isEmpty = typeof body !== 'object' || body === null || Object.keys(body).length === 0
  return isEmpty ? 'the body holds no operation: send JSON such as {"query": "{ dataset { release } }"}' : null
}

/** Errors outside GraphQL, in GraphQL's shape. */
function answerError(error: FastifyError | PublicError, request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof PublicError) return sendError(request, reply, error.code, error.message, error.details)
  if (error.statusCode === 413) return sendError(request, reply, 'BODY_TOO_LARGE', 'the request body is larger than this service takes')
  if (error.statusCode !== undefined && error.statusCode < 500) return sendError(request, reply.code(error.statusCode), 'BAD_REQUEST', error.message)
  request.log.error({ err: error }, 'request failed')
  const known = knownFailure(error)
  return sendError(request, reply, known?.code ?? 'INTERNAL_SERVER_ERROR', known?.message ?? 'Internal server error', known?.details)
}

/** The codes of errors answered outside GraphQL, for what counts them. */
export const answeredErrors = new WeakMap<FastifyRequest, ErrorCode>()

/** Sent with the status that the code is like, unless the reply has one of its own. */
function sendError(request: FastifyRequest, reply: FastifyReply, code: ErrorCode, message: string, details: ErrorDetails = {}) {
  answeredErrors.set(request, code)
  return reply
    .code(reply.statusCode === 200 ? errorCodes[code].like : reply.statusCode)
    .type('application/json; charset=utf-8')
    .send({ errors: [{ message, extensions: { code, ...details, requestId: request.id } }] })
}
