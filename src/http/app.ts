import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled'
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace'
import compress from '@fastify/compress'
import cors from '@fastify/cors'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { printSchema, type GraphQLSchema } from 'graphql'
import { errorCodes, PublicError, type ErrorCode, type ErrorDetails } from '../errors.js'
import { closedSchema } from '../graphql/closedSchema.js'
import type { Context } from '../graphql/context.js'
import { formatError, knownFailure } from '../graphql/formatError.js'
import { costLimit, limitRules, limits } from '../graphql/limits.js'
import { registerAddresses } from './addresses.js'
import { admitCallers, allowanceOf } from './admission.js'
import { KeptAnswers } from './answers.js'
import { withoutBasePath } from './basePath.js'
import { openBudgets, type BudgetOptions } from './budgets.js'
import { withoutSecrets, type FindKeyHolder } from './caller.js'
import type { Example } from './examples.js'
import { noteWholeAnswers, registerGraphql, type AskFor } from './graphql.js'
import { browserHeaders } from './headers.js'
import { registerHealth, type Readiness } from './health.js'
import { logOperations, statusOfRequestErrors } from './operations.js'
import { registerWeb } from './web.js'

export interface HttpConfig {
  readonly corsOrigins: '*' | readonly string[]
  readonly bodyLimitBytes: number
  readonly logLevel: string
  readonly introspection: boolean
  /** Path under which callers find the service, as '/magnesium'; default ''. */
  readonly basePath?: string
  /** Room for answers that are kept; default 0, for none. */
  readonly resultCacheBytes?: number
  /** Proxies whose word on the caller's address is taken, as addresses or networks; default none. */
  readonly trustedProxies?: readonly string[] | null
  /** mailto: or https:, for reports of vulnerabilities; default nobody. */
  readonly securityContact?: string | null
  /** See `tellBrowsers`; default 0. */
  readonly hstsSeconds?: number
}

/** How long a caller may take to send a request, in milliseconds; published in docs/limits.md. Slower connections are closed with 408. */
export const patience = { headersMs: 10_000, requestMs: 30_000, checkedEveryMs: 2_000 } as const

export interface AppOptions {
  readonly config: HttpConfig
  readonly schema: GraphQLSchema
  /** As it is published; by default as it is. */
  readonly schemaText?: string
  readonly contextFor: (signal?: AbortSignal) => Promise<Context>
  readonly isReady: () => Promise<Readiness>
  /** Kept connections are then closed with their next answer, so that callers open others elsewhere; default never. */
  readonly isStopping?: () => boolean
  /** Operations that the playground offers as tabs. */
  readonly examples: readonly Example[]
  /** Knows keys; without it every key is unknown. */
  readonly findKeyHolder?: FindKeyHolder
  /** What callers may ask in a minute; without it as much as they like. */
  readonly budgets?: BudgetOptions
  /** Where answers are kept; by default as much as `config` gives them room. */
  readonly answers?: KeptAnswers
  /** Looks on at operations: metrics. */
  readonly plugins?: readonly ApolloServerPlugin<Context>[]
  /** Runs one operation: in a trace. */
  readonly aroundOperation?: <Result>(work: () => Promise<Result>) => Promise<Result>
  /** Adds what features serve beside the API: plots. What they ask of the API on behalf of a request, they ask by `askFor`. */
  readonly addRoutes?: (app: FastifyInstance, askFor: AskFor) => void
  /** Told every route there is. */
  readonly onRoute?: (route: { readonly method: string | string[]; readonly url: string }) => void
  /** As `patience`, where absent. */
  readonly patience?: { readonly headersMs: number; readonly requestMs: number; readonly checkedEveryMs: number }
  /** Where log lines go, one call each; standard output where absent. */
  readonly logTo?: { write(line: string): void }
}

/** The HTTP server: API at /graphql, playground at /playground, health at /health/…; it listens when told to. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const {
    config,
    schema,
    contextFor,
    isReady,
    isStopping = () => false,
    examples,
    findKeyHolder = () => Promise.resolve(null),
    budgets,
    addRoutes,
    logTo,
    plugins = [],
    aroundOperation = (work) => work(),
  } = options
  const { headersMs, requestMs, checkedEveryMs } = options.patience ?? patience
  const { basePath = '' } = config
  const tellBrowsers = browserHeaders(config.hstsSeconds ?? 0)
  const app = Fastify({
    trustProxy: config.trustedProxies == null ? false : [...config.trustedProxies],
    bodyLimit: config.bodyLimitBytes,
    logger: {
      level: config.logLevel,
      ...(logTo && { stream: logTo }),
      hooks: { streamWrite: withoutSecrets },
      // Without what follows the path: a GET request's variables stand there.
      serializers: { req: ({ method, url, ip }: FastifyRequest) => ({ method, path: pathOf(url), remoteAddress: ip }) },
    },
    requestTimeout: requestMs,
    http: { headersTimeout: headersMs, connectionsCheckingInterval: checkedEveryMs },
    requestIdHeader: false,
    genReqId: ({ headers }) => saneRequestId(headers['x-request-id']) ?? randomUUID(),
    // A request on a kept connection is answered while the service closes; its own 503 would have neither code nor id.
    return503OnClosing: false,
    clientErrorHandler: refuseUnreadable(config.corsOrigins),
    // Fastify's own measures what is not compressed yet.
    exposeHeadRoutes: false,
    routerOptions: { ignoreTrailingSlash: true },
    rewriteUrl: ({ url = '/' }) => withoutBasePath(url, basePath),
    // Before any hook: what a hook tells browsers is told here.
    frameworkErrors: (error, request, reply) => {
      tellBrowsers(request, reply)
      void answerError(error, request, reply)
    },
  })
  let isClosing = false
  app.addHook('preClose', (done) => {
    isClosing = true
    done()
  })
  answerHead(app)
  const methodsAt = collectMethods(app)
  if (options.onRoute !== undefined) app.addHook('onRoute', options.onRoute)
  app.addHook('onRequest', async (request, reply) => tellBrowsers(request, reply))
  app.addHook('onSend', async (request, reply) => {
    void reply.header('x-request-id', request.id)
    if (isClosing || isStopping()) void reply.header('connection', 'close')
  })
  app.setErrorHandler(answerError)
  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsAt(pathOf(request.url) ?? '')
    if (allowed.length > 0) {
      void reply.header('allow', allowed.join(', '))
      return sendError(request, reply, 'METHOD_NOT_ALLOWED', `${request.method} is not understood here: use ${allowed.join(' or ')}`)
    }
    const isBrowser = ['GET', 'HEAD'].includes(request.method) && request.headers.accept?.includes('text/html') === true
    return isBrowser
      ? pages.lost(reply)
      : sendError(
          request,
          reply,
          'NOT_FOUND',
          `there is nothing at ${pathOf(request.originalUrl)}: the API is at ${basePath}/graphql, the playground at ${basePath}/playground`,
        )
  })
  // Anybody's page may ask: the API only reads, and takes no cookies.
  await app.register(cors, {
    origin: config.corsOrigins === '*' ? '*' : [...config.corsOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'OPTIONS'],
    // Browsers ask again after five seconds unless they are told; two hours is the most that any of them takes.
    maxAge: 7_200,
    // OPTIONS of somebody who is no browser is answered as well.
    strictPreflight: false,
    exposedHeaders: ['x-request-id', 'etag', 'retry-after', 'ratelimit', 'ratelimit-policy'],
  })
  admitCallers(app, { findKeyHolder, budgets: budgets === undefined ? null : openBudgets(budgets) })
  await app.register(compress, { threshold: 2_048, encodings: ['gzip', 'deflate'], customTypes: readable })

  const apollo = new ApolloServer<Context>({
    schema,
    logger: app.log,
    // The rule below closes it, together with the schema for gateways, and names no library.
    introspection: true,
    includeStacktraceInErrorResponses: false,
    formatError,
    validationRules: config.introspection ? limitRules : [...limitRules, closedSchema],
    parseOptions: { maxTokens: limits.tokens },
    // Forged requests need a visitor's standing (a cookie, a network) and something to change; here is neither.
    csrfPrevention: false,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    // Cache hints would be asked of every field of every answer; answers are kept by data revision, not by field.
    // Traces are made for gateways that ask for them, and only then.
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginInlineTrace({ includeErrors: { masked: true } }),
      costLimit,
      logOperations,
      statusOfRequestErrors,
      noteWholeAnswers,
      ...plugins,
    ],
  })
  await apollo.start()
  app.addHook('onClose', () => apollo.stop())
  const askFor = registerGraphql(app, {
    apollo,
    basePath,
    contextFor,
    aroundOperation,
    allowanceOf,
    answers: options.answers ?? new KeptAnswers(config.resultCacheBytes ?? 0),
  })
  registerHealth(app, isReady)
  registerAddresses(app, {
    basePath,
    schemaText: config.introspection ? (options.schemaText ?? printSchema(schema)) : null,
    securityContact: config.securityContact ?? null,
  })
  const pages = registerWeb(app, examples, basePath)
  addRoutes?.(app, askFor)
  return app
}

/** Answers HEAD by the handler of GET and with its headers, those of compression included; Node leaves the body out. */
function answerHead(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.method === 'GET') app.route({ ...route, method: 'HEAD' })
  })
}

/** Learns every route from now on. @returns the methods that are understood at a path; none if nothing stands there */
function collectMethods(app: FastifyInstance): (path: string) => string[] {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    // "/plots/:file" and "/assets/*"; the catch-all of pages and preflights is of no path.
    if (url === '*' || url === '/*') return
    const pattern = url
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/:\w+/g, '[^/]+')
      .replace(/\*/g, '.*')
    routes.push({ pattern: new RegExp(`^${pattern}/?$`), methods: [method].flat() })
  })
  return (path) => [...new Set(routes.flatMap(({ pattern, methods }) => (pattern.test(path) ? methods : [])))].filter((method) => method !== 'OPTIONS').sort()
}

/** Answers, in GraphQL's shape, what Node cannot read as a request: headers that are too long or come too slowly, or no HTTP at all. */
function refuseUnreadable(corsOrigins: HttpConfig['corsOrigins']): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return ({ code }, socket) => {
    if (socket.destroyed || !socket.writable) return
    const [refusal, message] =
      code === 'HPE_HEADER_OVERFLOW'
        ? (['HEADERS_TOO_LARGE', 'the address or the headers are longer than this service takes: send a long operation by POST'] as const)
        : code === 'ERR_HTTP_REQUEST_TIMEOUT'
          ? (['REQUEST_TIMEOUT', 'the request took too long to arrive'] as const)
          : (['BAD_REQUEST', 'this is not a request of HTTP/1.1'] as const)
    const { like } = errorCodes[refusal]
    const requestId = randomUUID()
    const body = JSON.stringify({ errors: [{ message, extensions: { code: refusal, requestId } }] })
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'x-request-id': requestId,
      // The origin is in the headers that were not read.
      ...(corsOrigins === '*' && { 'access-control-allow-origin': '*' }),
      connection: 'close',
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 ${like} ${STATUS_CODES[like]}\r\n${lines.join('')}\r\n${body}`)
  }
}

/** Content types that compress: every kind of text. */
const readable = /^text\/|json|xml|graphql|javascript|x-research-info-systems|x-bibtex/

/** A caller's own id is kept where it is one: it goes into logs and a header. */
function saneRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.:-]{1,80}$/.test(header) ? header : undefined
}

const pathOf = (url: string) => url.split('?')[0]

/** Errors outside GraphQL, in GraphQL's shape. */
function answerError(error: FastifyError | PublicError, request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof PublicError) return sendError(request, reply, error.code, error.message, error.details)
  if (error.statusCode === 413) return sendError(request, reply, 'BODY_TOO_LARGE', 'the request body is larger than this service takes')
  if (error.statusCode === 415)
    return sendError(
      request,
      reply.code(415),
      'BAD_REQUEST',
      `the body must be JSON, sent as application/json, got ${request.headers['content-type'] ?? 'no content-type'}`,
    )
  if (error.statusCode !== undefined && error.statusCode < 500) return sendError(request, reply.code(error.statusCode), 'BAD_REQUEST', error.message)
  request.log.error({ err: error }, 'request failed')
  const known = knownFailure(error)
  return sendError(request, reply, known?.code ?? 'INTERNAL_SERVER_ERROR', known?.message ?? 'Internal server error', known?.details)
}

/** The codes of errors answered outside GraphQL, for what counts them. */
export const answeredErrors = new WeakMap<FastifyRequest, ErrorCode>()

/** Sent with the status that the code is like, unless the reply has one of its own. */
function sendError(request: FastifyRequest, reply: FastifyReply, code: ErrorCode, message: string, details: ErrorDetails = {}) {
  if (code === 'SERVICE_UNAVAILABLE' && !reply.hasHeader('retry-after')) void reply.header('retry-after', '5')
  if (code === 'UNAUTHENTICATED') void reply.header('www-authenticate', 'Bearer')
  answeredErrors.set(request, code)
  return reply
    .code(reply.statusCode === 200 ? errorCodes[code].like : reply.statusCode)
    .type('application/json; charset=utf-8')
    .send({ errors: [{ message, extensions: { code, ...details, requestId: request.id } }] })
}
