import type { ReplicaStanding, Replicas } from '../replicas/replicas.js'
import type { Metrics } from './metrics.js'

/** Shows where requests read, and how far replicas are behind. */
export function watchReplicas(metrics: Metrics, replicas: Replicas): void {
  for (const [name, { pool }] of replicas.databases) metrics.watchPool(name, pool)
  const each = (value: (standing: ReplicaStanding) => number | null) => async () => {
    const standings = await replicas.standings()
    return standings.flatMap((standing) => {
      const found = value(standing)
      return found === null ? [] : [{ labels: { replica: standing.name }, value: found }]
    })
  }
  metrics.gauge({
    name: 'magnesium_reads_total',
    help: 'Requests by the database that they read from.',
    kind: 'counter',
    labels: ['pool'],
    read: () => [...replicas.reads].map(([pool, value]) => ({ labels: { pool }, value })),
  })
  metrics.gauge({
    name: 'magnesium_replica_lag_seconds',
    help: 'Since when the primary has been further than the replica, at most.',
    labels: ['replica'],
    read: each(({ lagSeconds }) => lagSeconds),
  })
  metrics.gauge({
    name: 'magnesium_replica_asked',
    help: 'Whether the replica holds the newest evidence, is near enough and answers: 1 or 0.',
    labels: ['replica'],
    read: each(({ isAsked }) => Number(isAsked)),
  })
}
