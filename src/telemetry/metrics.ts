import type pg from 'pg'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** A number, or one for each set of labels. */
export type Reading = number | readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[]

/** Something that is counted elsewhere and looked at when the metrics are asked for. */
export interface Gauged {
  readonly name: string
  readonly help: string
  /** A counter only grows; default a gauge. */
  readonly kind?: 'counter' | 'gauge'
  /** Names of the labels its readings carry. Their values must come from a set that no caller can enlarge. */
  readonly labels?: readonly string[]
  /** A reading that fails, or is null, leaves the metric out rather than failing the others. */
  readonly read: () => Reading | null | Promise<Reading | null>
}

/** What a service counts of itself; one for each service, none shared in the process. */
export interface Metrics {
  readonly registry: Registry
  readonly operations: Counter<'operation' | 'kind' | 'outcome'>
  readonly operationSeconds: Histogram<'operation'>
  readonly operationCost: Histogram
  readonly rootFields: Counter<'field'>
  readonly errors: Counter<'code'>
  readonly responses: Counter<'route' | 'method' | 'status'>
  readonly responseSeconds: Histogram<'route'>
  /** Adds what another part of the service counts: its name must stand in docs/operations.md. */
  gauge(gauged: Gauged): void
  /** Shows the connections of a pool under its name: "primary", "replica". */
  watchPool(name: string, pool: pg.Pool): void
}

const secondsUpTo = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]
const costUpTo = [10, 50, 100, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000]

/** @param options.ofProcess whether memory, event loop and garbage collection are watched too, which cannot be undone: once a process */
export function createMetrics({ ofProcess = false } = {}): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const pools = new Map<string, pg.Pool>()
  const gauge = (gauged: Gauged) => addGauge(registry, gauged)
  if (ofProcess) collectDefaultMetrics({ register: registry })
  gauge({
    name: 'magnesium_database_connections',
    help: 'Connections to a database by what they do: in use, or idle.',
    labels: ['pool', 'state'],
    read: () =>
      [...pools].flatMap(([pool, { totalCount, idleCount }]) => [
        { labels: { pool, state: 'used' }, value: totalCount - idleCount },
        { labels: { pool, state: 'idle' }, value: idleCount },
      ]),
  })
  gauge({
    name: 'magnesium_database_connections_limit',
    help: 'Connections to a database at most.',
    labels: ['pool'],
    read: () => [...pools].map(([pool, { options }]) => ({ labels: { pool }, value: options.max })),
  })
  gauge({
    name: 'magnesium_database_waiting',
    help: 'Statements that wait for a free connection.',
    labels: ['pool'],
    read: () => [...pools].map(([pool, { waitingCount }]) => ({ labels: { pool }, value: waitingCount })),
  })
  return {
    registry,
    operations: new Counter({
      name: 'magnesium_operations_total',
      help: 'GraphQL operations answered, by name, kind and outcome.',
      labelNames: ['operation', 'kind', 'outcome'],
      registers,
    }),
    operationSeconds: new Histogram({
      name: 'magnesium_operation_duration_seconds',
      help: 'How long a GraphQL operation took, from its text to its answer.',
      labelNames: ['operation'],
      buckets: secondsUpTo,
      registers,
    }),
    operationCost: new Histogram({
      name: 'magnesium_operation_cost',
      help: 'What operations would cost, refused ones included; docs/limits.md says how it is counted.',
      buckets: costUpTo,
      registers,
    }),
    rootFields: new Counter({ name: 'magnesium_root_fields_total', help: 'Questions at the top of operations.', labelNames: ['field'], registers }),
    errors: new Counter({ name: 'magnesium_errors_total', help: 'Errors that callers were given, by code.', labelNames: ['code'], registers }),
    responses: new Counter({
      name: 'magnesium_http_responses_total',
      help: 'HTTP responses by route, method and status.',
      labelNames: ['route', 'method', 'status'],
      registers,
    }),
    responseSeconds: new Histogram({
      name: 'magnesium_http_response_duration_seconds',
      help: 'How long an HTTP response took, from the request to its last byte.',
      labelNames: ['route'],
      buckets: secondsUpTo,
      registers,
    }),
    gauge,
    watchPool: (name, pool) => void pools.set(name, pool),
  }
}

function addGauge(registry: Registry, { name, help, kind = 'gauge', labels = [], read }: Gauged): void {
  const add = (metric: Counter | Gauge, put: (reading: Readonly<Record<string, string>>, value: number) => void) => async () => {
    metric.reset()
    const reading = await Promise.resolve()
      .then(read)
      .catch(() => null)
    // Resetting a metric without labels leaves a zero, which nobody has counted.
    if (reading === null) return metric.remove()
    if (typeof reading === 'number') return put({}, reading)
    for (const { labels: of, value } of reading) put(of, value)
  }
  const options = { name, help, labelNames: [...labels], registers: [registry] }
  if (kind === 'counter') {
    const counter: Counter = new Counter({ ...options, collect: () => add(counter, (of, value) => counter.inc(of, value))() })
  } else {
    const found: Gauge = new Gauge({ ...options, collect: () => add(found, (of, value) => found.set(of, value))() })
  }
}
