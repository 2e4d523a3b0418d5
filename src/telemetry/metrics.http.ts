import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import { answeredErrors } from '../http/app.js'
import type { Metrics } from './metrics.js'
import { countError } from './operations.js'

/** Counts every response of the app by its route, never by the address that was asked; and the errors answered outside GraphQL. */
export function measureResponses(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    metrics.responses.inc({ route, method: methods.has(request.method) ? request.method : 'other', status: String(reply.statusCode) })
    metrics.responseSeconds.observe({ route }, reply.elapsedTime / 1_000)
    const code = answeredErrors.get(request)
    if (code !== undefined) countError(metrics, code)
    done()
  })
}

const methods = new Set(['GET', 'HEAD', 'POST', 'OPTIONS'])

/** The metrics at /metrics, in the text format of Prometheus. */
export function registerMetrics(app: FastifyInstance, { registry }: Metrics): void {
  app.get('/metrics', { logLevel: 'warn' }, async (_, reply) =>
    reply
      .type(registry.contentType)
      .header('cache-control', 'no-store')
      .send(await registry.metrics()),
  )
}

/** Serves the metrics, and nothing else, on a port of their own. */
export async function listenForMetrics(metrics: Metrics, { host, port }: { readonly host: string; readonly port: number }) {
  const app = Fastify({ logger: false })
  registerMetrics(app, metrics)
  await app.listen({ host, port })
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() } // listening on TCP, so the address has a port
}
