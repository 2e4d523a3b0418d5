import { createRequire } from 'node:module'
import type { ApolloServerPlugin } from '@apollo/server'
import { SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { PrismaInstrumentation } from '@prisma/instrumentation'
import type { FastifyInstance } from 'fastify'
import type { ErrorCode } from '../errors.js'
import type { Context } from '../graphql/context.js'
import { withoutBasePath } from '../http/basePath.js'
import { release } from '../version.js'

/** Traces of requests: HTTP, the GraphQL operation in it, the statements it sends. */
export interface Tracing {
  /** Runs one operation in a span of its own. */
  readonly aroundOperation: <Result>(work: () => Promise<Result>) => Promise<Result>
  /** Names that span. */
  readonly plugin: ApolloServerPlugin<Context>
  /** Names the span of a request by its route. */
  traceRoutes(app: FastifyInstance): void
  /** Sends what is not sent yet. */
  stop(): Promise<void>
}

/**
 * Sends traces to where OTEL_EXPORTER_OTLP_ENDPOINT says, as OTLP over HTTP; the libraries read it, and their other variables, themselves. Spans carry
 * the text of statements and the names of operations, never a value: no variables, no literals of operations, nothing that follows a path.
 *
 * @param basePath path under which callers find the service
 */
export function startTracing(basePath = ''): Tracing {
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'magnesium-evidence', 'service.version': release }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  })
  provider.register()
  registerInstrumentations({
    tracerProvider: provider,
    instrumentations: [
      new HttpInstrumentation({
        disableOutgoingRequestInstrumentation: true,
        ignoreIncomingRequestHook: ({ url = '' }) => /^\/(health|metrics|assets)\b/.test(withoutBasePath(url, basePath)),
        // A GET request's variables stand after its path.
        startIncomingSpanHook: ({ url = '' }) => (url.includes('?') ? { 'url.query': 'REDACTED' } : {}),
      }),
      // What nobody asked for (readiness, the age of the data) makes no trace of its own.
      new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true }),
      new PrismaInstrumentation(),
    ],
  })
  // The instrumentations see what is required, not what is imported. Requiring gives the same objects, whose prototypes they change in place: it
  // matters not who imported them before.
  const require = createRequire(import.meta.url)
  for (const instrumented of ['http', 'pg']) require(instrumented)
  const tracer = trace.getTracer('magnesium-evidence', release)
  return {
    aroundOperation: (work) =>
      tracer.startActiveSpan('graphql', async (span) => {
        try {
          return await work()
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR })
          throw error
        } finally {
          span.end()
        }
      }),
    plugin: nameOperations,
    traceRoutes: (app) => {
      app.addHook('onRequest', ({ method, routeOptions: { url: route } }, _, done) => {
        if (route !== undefined) trace.getActiveSpan()?.updateName(`${method} ${route}`).setAttribute('http.route', route)
        done()
      })
    },
    stop: () => provider.shutdown(),
  }
}

/** Codes that say the service failed, rather than that the caller did. */
const failures: ReadonlySet<unknown> = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE', 'TIMEOUT'] satisfies ErrorCode[])

const nameOperations: ApolloServerPlugin<Context> = {
  requestDidStart: () => {
    const span = trace.getActiveSpan()
    return Promise.resolve({
      didResolveOperation: ({ operation, operationName }) => {
        span?.updateName(`${operation?.operation ?? 'graphql'} ${operationName?.slice(0, 100) ?? '(anonymous)'}`)
        if (operation !== undefined) span?.setAttribute('graphql.operation.type', operation.operation)
        if (operationName != null) span?.setAttribute('graphql.operation.name', operationName.slice(0, 100))
        return Promise.resolve()
      },
      willSendResponse: ({ response: { body } }) => {
        const codes = body.kind === 'single' ? (body.singleResult.errors ?? []).map(({ extensions }) => String(extensions?.['code'])) : []
        if (codes.length > 0) span?.setAttribute('graphql.error.codes', codes)
        if (codes.some((code) => failures.has(code))) span?.setStatus({ code: SpanStatusCode.ERROR })
        return Promise.resolve()
      },
    })
  },
}
