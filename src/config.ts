import path from 'node:path'
import ipaddr from 'ipaddr.js'
import { StartupError } from './startupError.js'

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

export interface Config {
  readonly port: number
  readonly host: string
  /** Path under which others see the service: '' or '/magnesium', without a slash at its end. */
  readonly basePath: string
  /** Null: an embedded Postgres under `dataFolder`. */
  readonly databaseUrl: string | null
  /** Absolute. */
  readonly dataFolder: string
  /** Copies that follow the primary. */
  readonly databaseReplicaUrls: readonly string[]
  readonly replicaLagLimitMs: number
  readonly databasePoolSize: number
  readonly statementTimeoutMs: number
  readonly logLevel: LogLevel
  /** Origins whose pages may ask; '*' for any. */
  readonly corsOrigins: '*' | readonly string[]
  readonly bodyLimitBytes: number
  readonly resultCacheBytes: number
  readonly introspection: boolean
  /** Between the signal and the end of listening, with readiness refused. */
  readonly shutdownDelayMs: number
  readonly shutdownGraceMs: number
  /** Addresses and networks; null: nobody's word is taken. */
  readonly trustedProxies: readonly string[] | null
  /** Null: every process counts and keeps by itself. */
  readonly redisUrl: string | null
  /** Of one caller, see src/http/budgets.ts; 0 for no limit. */
  readonly requestsPerMinute: number
  readonly costPerMinute: number
  readonly requestsPerMinuteWithKey: number
  readonly costPerMinuteWithKey: number
  readonly hstsSeconds: number
  /** Null: the metrics are at /metrics of the service's own port. */
  readonly metricsPort: number | null
  /** Names of operations to count by, beside those of the dashboard and of the examples. */
  readonly metricsOperations: readonly string[]
  /** Null: no traces. */
  readonly otlpEndpoint: string | null
  /** As RFC 9116 writes it: mailto: or https:. Null: nobody is named. */
  readonly securityContact: string | null
  /** Null: nobody to write to; the sources below then may answer more slowly. */
  readonly contactEmail: string | null
  readonly ncbiApiKey: string | null
  readonly pubmedUrl: string
  readonly europePmcUrl: string
  readonly crossrefUrl: string
  readonly clinicalTrialsUrl: string
}

/** One environment variable: how it is documented, and how its text becomes a value. */
export interface Setting<Value> {
  readonly variable: string
  readonly meaning: string
  /** As text, the way it would be written in the environment; null where there is none. */
  readonly fallback: string | null
  /** Its value may hold a secret, such as the password of an address, and is never printed. */
  readonly mayHoldSecret?: true
  /** @throws {RangeError} saying what the text must be */
  readonly read: (text: string | null) => Value
}

/** Every setting there is, in the order of the README's table. */
export const settings: { readonly [Name in keyof Config]: Setting<Config[Name]> } = {
  port: { variable: 'PORT', meaning: 'Port to listen on; 0 for any free one.', fallback: '4000', read: integer(0, 65_535) },
  host: {
    variable: 'HOST',
    meaning: 'Address to listen on: `localhost` for this machine only, `0.0.0.0` for every network.',
    fallback: 'localhost',
    read: given(hostName),
  },
  basePath: {
    variable: 'BASE_PATH',
    meaning: 'Path under which a proxy shows the service, such as `/magnesium`; the proxy may strip it or pass it on.',
    fallback: null,
    read: (text) => (text === null ? '' : basePath(text)),
  },
  databaseUrl: {
    variable: 'DATABASE_URL',
    meaning: 'Postgres to use, `postgresql://user:password@host:port/database`; without it an embedded one is started.',
    fallback: null,
    mayHoldSecret: true,
    read: optional(postgresUrl),
  },
  dataFolder: {
    variable: 'DATA_FOLDER',
    meaning: 'Where the embedded Postgres keeps its data.',
    fallback: './data',
    read: given((text) => path.resolve(text)),
  },
  databaseReplicaUrls: {
    variable: 'DATABASE_REPLICA_URLS',
    meaning: 'Streaming replicas of `DATABASE_URL` to read from, as addresses like it, separated by commas.',
    fallback: null,
    mayHoldSecret: true,
    read: (text) => (text === null ? [] : text.split(',').map((url) => postgresUrl(url.trim()))),
  },
  replicaLagLimitMs: {
    variable: 'REPLICA_LAG_LIMIT_MS',
    meaning: 'A replica that is further behind is not read from.',
    fallback: '10000',
    read: integer(100, 3_600_000),
  },
  databasePoolSize: {
    variable: 'DATABASE_POOL_SIZE',
    meaning: 'Connections to Postgres at most; as many to each replica.',
    fallback: '10',
    read: integer(1, 1_000),
  },
  statementTimeoutMs: {
    variable: 'STATEMENT_TIMEOUT_MS',
    meaning: 'A statement that takes longer is cancelled and answered with the code TIMEOUT; 0 for never.',
    fallback: '10000',
    read: integer(0, 3_600_000),
  },
  logLevel: {
    variable: 'LOG_LEVEL',
    meaning: `How much is logged: ${logLevels.map((level) => `\`${level}\``).join(', ')}.`,
    fallback: 'info',
    read: given(oneOf(logLevels)),
  },
  corsOrigins: {
    variable: 'CORS_ORIGINS',
    meaning: 'Web pages that may ask, as origins separated by commas; `*` for any.',
    fallback: '*',
    mayHoldSecret: true,
    read: given(origins),
  },
  bodyLimitBytes: { variable: 'BODY_LIMIT_BYTES', meaning: 'Largest request body.', fallback: '262144', read: integer(1_024, 100_000_000) },
  resultCacheBytes: {
    variable: 'RESULT_CACHE_BYTES',
    meaning: 'Room for answers that are kept in memory until the data change; 0 for none.',
    fallback: '67108864',
    read: integer(0, 100_000_000_000),
  },
  introspection: {
    variable: 'INTROSPECTION',
    meaning: 'Whether clients may ask for the schema, which the playground needs: `true` or `false`.',
    fallback: 'true',
    read: given((text) => oneOf(['true', 'false'])(text) === 'true'),
  },
  shutdownDelayMs: {
    variable: 'SHUTDOWN_DELAY_MS',
    meaning:
      'How long the service still answers after SIGTERM while `/health/ready` says 503, so that a balancer sends no more requests before the port closes.',
    fallback: '1000',
    read: integer(0, 600_000),
  },
  shutdownGraceMs: {
    variable: 'SHUTDOWN_GRACE_MS',
    meaning: 'How long requests under way may take to finish when the service is stopped.',
    fallback: '10000',
    read: integer(0, 600_000),
  },
  trustedProxies: {
    variable: 'TRUST_PROXY',
    meaning: 'Proxies before the service, as addresses or networks separated by commas: their `X-Forwarded-For` then tells who asks.',
    fallback: null,
    read: optional(proxies),
  },
  redisUrl: {
    variable: 'REDIS_URL',
    meaning: 'Redis that several processes share for limits and kept answers, `redis://user:password@host:port`; without it each has its own.',
    fallback: null,
    mayHoldSecret: true,
    read: optional(redisAddress),
  },
  requestsPerMinute: {
    variable: 'REQUESTS_PER_MINUTE',
    meaning: 'Requests of one address without a key; 0 for no limit.',
    fallback: '60000',
    read: integer(0, 1_000_000_000),
  },
  costPerMinute: {
    variable: 'COST_PER_MINUTE',
    meaning: 'Cost of operations of one address without a key; 0 for no limit.',
    fallback: '60000000',
    read: integer(0, 1_000_000_000),
  },
  requestsPerMinuteWithKey: {
    variable: 'KEY_REQUESTS_PER_MINUTE',
    meaning: 'Requests with one key of the scope `read`; 0 for no limit.',
    fallback: '600000',
    read: integer(0, 1_000_000_000),
  },
  costPerMinuteWithKey: {
    variable: 'KEY_COST_PER_MINUTE',
    meaning: 'Cost of operations with one key of the scope `read`; 0 for no limit.',
    fallback: '600000000',
    read: integer(0, 1_000_000_000),
  },
  hstsSeconds: {
    variable: 'HSTS_SECONDS',
    meaning: 'How long browsers shall come by TLS only (`Strict-Transport-Security`); 0 where the service is not behind TLS.',
    fallback: '0',
    read: integer(0, 100_000_000),
  },
  metricsPort: {
    variable: 'METRICS_PORT',
    meaning: 'Port of their own for the metrics, which then are not at `/metrics` of the service; 0 for any free one.',
    fallback: null,
    read: optional(integer(0, 65_535)),
  },
  metricsOperations: {
    variable: 'METRICS_OPERATIONS',
    meaning: 'Names of your own operations that the metrics tell apart, separated by commas; every other is counted as `other`.',
    fallback: null,
    read: (text) => (text === null ? [] : operationNames(text)),
  },
  otlpEndpoint: {
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    meaning: 'Where traces are sent, as OTLP over HTTP: `http://localhost:4318`; without it none are made.',
    fallback: null,
    mayHoldSecret: true,
    read: optional(webAddress),
  },
  securityContact: {
    variable: 'SECURITY_CONTACT',
    meaning: 'Where to report a vulnerability, an e-mail address or a web page; shown at `/.well-known/security.txt`.',
    fallback: null,
    read: optional(contact),
  },
  contactEmail: {
    variable: 'CONTACT_EMAIL',
    meaning: 'Where the operators of PubMed, Europe PMC, Crossref and ClinicalTrials.gov can reach whoever fetches from them; they ask for it.',
    fallback: null,
    read: optional(emailAddress),
  },
  ncbiApiKey: {
    variable: 'NCBI_API_KEY',
    meaning: 'Key of the E-utilities, which then may be asked ten times a second instead of three.',
    fallback: null,
    mayHoldSecret: true,
    read: optional((text) => text),
  },
  pubmedUrl: {
    variable: 'PUBMED_URL',
    meaning: 'Where the E-utilities of PubMed are.',
    fallback: 'https://eutils.ncbi.nlm.nih.gov/entrez/eutils',
    mayHoldSecret: true,
    read: given(webAddress),
  },
  europePmcUrl: {
    variable: 'EUROPE_PMC_URL',
    meaning: 'Where Europe PMC is.',
    fallback: 'https://www.ebi.ac.uk/europepmc/webservices/rest',
    mayHoldSecret: true,
    read: given(webAddress),
  },
  crossrefUrl: {
    variable: 'CROSSREF_URL',
    meaning: 'Where Crossref is.',
    fallback: 'https://api.crossref.org',
    mayHoldSecret: true,
    read: given(webAddress),
  },
  clinicalTrialsUrl: {
    variable: 'CLINICAL_TRIALS_URL',
    meaning: 'Where ClinicalTrials.gov is, its API of version 2.',
    fallback: 'https://clinicaltrials.gov/api/v2',
    mayHoldSecret: true,
    read: given(webAddress),
  },
}

/**
 * Reads the configuration from environment variables; an empty one counts as absent.
 *
 * @throws {StartupError} naming every variable whose value cannot be used, what it must be, and the value unless that may hold a secret
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = []
  const entries = Object.entries(settings).map(([name, { variable, fallback, mayHoldSecret, read }]) => {
    const text = environment[variable]?.trim() || fallback
    try {
      return [name, read(text)] as const
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      problems.push(`${variable} ${error.message}${mayHoldSecret === true || looksLikeAddress(text) ? '' : `, got ${JSON.stringify(text)}`}`)
      return [name, null] as const
    }
  })
  if (problems.length > 0) throw new StartupError(problems.join('\n'))
  return Object.freeze(Object.fromEntries(entries)) as unknown as Config // one entry for each setting, and each read as its type
}

function basePath(text: string): string {
  const path = text.replace(/\/+$/, '')
  if (!/^(?:\/[\w~-][\w.~-]*)*$/.test(path)) throw new RangeError('must be a path such as /magnesium, of letters, digits and - . _ ~ between slashes')
  return path
}

function contact(text: string): string {
  if (/^https:\/\/[^\s@]+$/.test(text) && URL.canParse(text)) return text
  return `mailto:${emailAddress(text.replace(/^mailto:/, ''))}`
}

/** An address in the variable of another setting holds its password there too. */
const looksLikeAddress = (text: string | null) => text !== null && /@|:\/\//.test(text)

function given<Value>(read: (text: string) => Value): (text: string | null) => Value {
  return (text) => {
    if (text === null) throw new RangeError('must be set')
    return read(text)
  }
}

function optional<Value>(read: (text: string) => Value): (text: string | null) => Value | null {
  return (text) => (text === null ? null : read(text))
}

function integer(least: number, most: number): (text: string | null) => number {
  return given((text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > most) throw new RangeError(`must be a whole number from ${least} to ${most}`)
    return value
  })
}

function oneOf<const Choice extends string>(choices: readonly Choice[]): (text: string) => Choice {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text)
    if (choice === undefined) throw new RangeError(`must be one of ${choices.join(', ')}`)
    return choice
  }
}

function operationNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim())
  if (names.length > 200 || !names.every((name) => /^[_A-Za-z]\w{0,99}$/.test(name)))
    throw new RangeError('must be at most 200 names of operations, separated by commas')
  return names
}

function hostName(text: string): string {
  if (/[\s/@]/.test(text)) throw new RangeError('must be a host name or an address')
  return text
}

function emailAddress(text: string): string {
  if (!/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(text)) throw new RangeError('must look like someone@example.org')
  return text
}

/**
 * The parts of an address. A password with one of / # ? ends its host for a parser, which then takes the rest for a path: the @ that follows shows it.
 *
 * @throws {RangeError} never with a part of the address
 */
function addressOf(text: string, { protocols, example }: { readonly protocols: readonly string[]; readonly example: string }): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !protocols.includes(url.protocol) || url.hash !== '' || `${url.pathname}${url.search}`.includes('@'))
    throw new RangeError(`must look like ${example}${example.includes('@') ? ', with / # ? % and @ of a password as %2F %23 %3F %25 and %40' : ''}`)
  return url
}

/** Without a slash at its end. */
function webAddress(text: string): string {
  const url = addressOf(text, { protocols: ['http:', 'https:'], example: 'https://example.org/path' })
  if (url.search !== '') throw new RangeError('must look like https://example.org/path, without a query')
  if (url.username !== '' || url.password !== '') throw new RangeError('must look like https://example.org/path, without a user and a password')
  return text.replace(/\/+$/, '')
}

function redisAddress(text: string): string {
  const example = 'redis://user:password@host:port'
  const url = addressOf(text, { protocols: ['redis:', 'rediss:'], example })
  if (!/^(?:\/\d*)?$/.test(url.pathname)) throw new RangeError(`must look like ${example} or ${example}/0, with the number of a database`)
  if (![url.username, url.password].every(isPercentEncoded)) throw new RangeError(`must look like ${example}, with a % of its password as %25`)
  return text
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

function proxies(text: string): string[] {
  const all = text.split(',').map((one) => one.trim())
  const named = ['loopback', 'linklocal', 'uniquelocal']
  if (!all.every((one) => named.includes(one) || ipaddr.isValid(one) || ipaddr.isValidCIDR(one)))
    throw new RangeError(`must list addresses and networks such as 10.0.0.1, 10.0.0.0/8 or one of ${named.join(', ')}`)
  return all
}

function postgresUrl(text: string): string {
  const url = addressOf(text, { protocols: ['postgres:', 'postgresql:'], example: 'postgresql://user:password@host:port/database' })
  const schema = url.searchParams.get('schema')
  if (schema !== null && schema !== 'public') throw new RangeError('must not name another schema than public')
  return text
}

function origins(text: string): '*' | readonly string[] {
  if (text === '*') return '*'
  return text.split(',').map((part) => {
    const origin = part.trim()
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      throw new RangeError('must be * or origins such as https://example.org, separated by commas')
    return origin
  })
}
