import type { FastifyInstance } from 'fastify'

export interface Readiness {
  readonly ready: boolean
  /** Why not, for whoever operates the service. */
  readonly reasons: readonly string[]
  /** How each replica of the database stands, where there are any. */
  readonly replicas?: readonly object[]
}

/** Whether the process lives, and whether it can answer questions now. */
export function registerHealth(app: FastifyInstance, isReady: () => Promise<Readiness>): void {
  app.get('/health/live', { logLevel: 'warn' }, () => ({ status: 'live' }))
  app.get('/health/ready', { logLevel: 'warn' }, async (_, reply) => {
    const { ready, ...told } = await isReady()
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', ...told })
  })
}
