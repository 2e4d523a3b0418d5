// The tables of the report of npm run bench.
import type { ContenderName } from './contenders.js'
import { connections, type Measured } from './measure.js'
import type { OperationName } from './operations.js'

export interface Result {
  readonly name: OperationName
  /** Statements of one request of the service. */
  readonly statements: number
  /** Answers compared before anything was timed. */
  readonly compared: number
  readonly measured: ReadonlyMap<ContenderName, Measured | string>
  /** The same few askings over and over. */
  readonly repeated: ReadonlyMap<ContenderName, Measured | string>
  /** Allocated by the service's JavaScript for a request, KiB. */
  readonly allocatedKiB: number
}

export const figure = (value: number): string =>
  Number.isNaN(value) ? '–' : value >= 100 ? String(Math.round(value)) : value >= 10 ? value.toFixed(1) : value.toFixed(2)

const rate = (measured: Measured | string | undefined) => (typeof measured === 'object' ? measured.requestsPerSecond : NaN)

export function comparison(results: readonly Result[], contenders: readonly ContenderName[]): string[] {
  return [
    '| operation | statements | server | requests/s | p50 ms | p99 ms | CPU of the server, ms a request | of Postgres | resident, MiB | failed |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...results.flatMap(({ name, statements, measured }) =>
      contenders.map((contender, index) => {
        const lead = index === 0 ? `${name} | ${statements}` : ' | '
        const one = measured.get(contender)
        if (typeof one !== 'object') return `| ${lead} | ${contender} | ${one ?? '–'} | | | | | | |`
        const cells = [
          figure(one.requestsPerSecond),
          one.p50,
          one.p99,
          figure(one.serverCpuMs),
          figure(one.databaseCpuMs),
          Math.round(one.residentMiB),
          one.failed,
        ]
        return `| ${lead} | ${contender} | ${cells.join(' | ')} |`
      }),
    ),
  ]
}

export function ratios(results: readonly Result[], contenders: readonly ContenderName[]): string[] {
  const others = contenders.filter((name) => name !== 'service')
  return [
    `| operation | ${others.map((name) => `÷ ${name}`).join(' | ')} | answers compared |`,
    `|---|${others.map(() => '---|').join('')}---|`,
    ...results.map(({ name, measured, compared }) => {
      const ratio = (other: ContenderName) => figure(rate(measured.get('service')) / rate(measured.get(other)))
      return `| ${[name, ...others.map(ratio), compared].join(' | ')} |`
    }),
  ]
}

export function repetition(results: readonly Result[], contenders: readonly ContenderName[]): string[] {
  return [
    `| operation | ${contenders.map((name) => `${name}, requests/s | p99 ms`).join(' | ')} | ÷ PostGraphile |`,
    `|---|${contenders.map(() => '---|---|').join('')}---|`,
    ...results.map(({ name, repeated }) => {
      const cells = contenders.flatMap((contender) => {
        const one = repeated.get(contender)
        return typeof one === 'object' ? [figure(one.requestsPerSecond), String(one.p99)] : ['–', '–']
      })
      return `| ${[name, ...cells, figure(rate(repeated.get('service, answers kept')) / rate(repeated.get('PostGraphile')))].join(' | ')} |`
    }),
  ]
}

interface Goal {
  readonly text: string
  readonly of: readonly Result[]
  readonly ratio: (result: Result) => number
  readonly least: number
}

/** The aims, with what was measured for each, the lowest first. */
export function goals(results: readonly Result[]): string[] {
  const over = (other: ContenderName) => (result: Result) => rate(result.measured.get('service')) / rate(result.measured.get(other))
  const again = ({ repeated }: Result) => rate(repeated.get('service, answers kept')) / rate(repeated.get('PostGraphile'))
  const pages = results.filter(({ name }) => name.startsWith('evidence page'))
  const besidePostgraphile = results.filter((result) => !Number.isNaN(over('PostGraphile')(result)))
  const all: Goal[] = [
    { text: 'An evidence page at least twice as often as PostGraphile', of: pages, ratio: over('PostGraphile'), least: 2 },
    { text: 'An evidence page at 0.6 of the limit or more', of: pages, ratio: over('limit'), least: 0.6 },
    { text: 'No operation slower than PostGraphile', of: besidePostgraphile, ratio: over('PostGraphile'), least: 1 },
    { text: 'Repeated operations at least five times as often as PostGraphile', of: besidePostgraphile, ratio: again, least: 5 },
  ]
  const row = ({ text, of, ratio, least }: Goal) => {
    if (of.length === 0) return `| ${text} | not measured | |`
    const measured = of.map((result) => ({ name: result.name, value: ratio(result) })).sort((a, b) => a.value - b.value)
    const isReached = measured.every(({ value }) => value >= least)
    return `| ${text} | ${isReached ? 'yes' : 'no'} | ${measured.map(({ name, value }) => `${name} ${figure(value)}`).join('; ')} |`
  }
  return ['| aim | reached | measured |', '|---|---|---|', ...all.map(row)]
}

export function allocations(results: readonly Result[]): string[] {
  return [
    '| operation | allocated by the service for a request, KiB |',
    '|---|---|',
    ...results.map(({ name, allocatedKiB }) => `| ${name} | ${figure(allocatedKiB)} |`),
  ]
}

export function method(rounds: number, seconds: number, peers: string): string[] {
  return [
    `Load generator, servers and Postgres share the machine. ${connections} connections; for each operation the servers alternate, ${rounds} rounds of ${seconds} s each after a warm-up, and the median round is shown. Variables differ from request to request, and connections ask them from different places of the list. All servers read the same database through at most 10 connections each, and their answers were found equal before anything was timed (cursors aside, which are each server's own).`,
    '',
    `- **service**: this one, its kept answers turned off (\`RESULT_CACHE_BYTES=0\`).`,
    `- **PostGraphile**: ${peers}, given views with names for the relations, the keys of terms where the service looks slugs up, the two orders that the service's indexes serve, and the service's own statement for the search, as a function. It has no pooling and no Federation: of \`_entities\` it is asked the same studies as a list.`,
    '- **naive**: type-graphql and Prisma, a resolver and a query for each relation and no loaders, on Apollo Server and Fastify.',
    "- **Mercurius**: with its compiler on, over the service's schema; told which recorded request it is asked, it runs the statements that the service sends for it and shapes their rows in plain loops.",
    '- **limit**: node:http with the same statements and the same loops, and no GraphQL at all. For what is pooled it only reads what the service reads and sends the rows.',
    '',
    'A server that did not answer every connection once in the warm-up is shown with one request at a time instead. Statements are those of a service that has been asked before: vocabulary and recently shown studies are in memory, in the limit and in Mercurius too. Processor time of a server holds its garbage collection; that of Postgres is of all its processes.',
  ]
}
