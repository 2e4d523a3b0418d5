import fc from 'fast-check'
import { readConfig, settings } from '../src/config.js'

const readFrom = (environment: Record<string, string>) => readConfig(environment)

test('an empty environment gives a local service with an embedded database', () => {
  expect(readFrom({})).toMatchObject({ port: 4000, host: 'localhost', databaseUrl: null, databasePoolSize: 10, corsOrigins: '*', introspection: true })
  expect(readFrom({ PORT: '', DATABASE_URL: ' ' })).toEqual(readFrom({}))
})

test('the configuration cannot be changed once read', () => {
  expect(Object.isFrozen(readFrom({}))).toBe(true)
})

test('every problem is reported at once', () => {
  expect(() => readFrom({ PORT: 'http', LOG_LEVEL: 'loud', INTROSPECTION: 'yes' })).toThrow(
    'PORT must be a whole number from 0 to 65535, got "http"\nLOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, got "loud"\nINTROSPECTION must be one of true, false, got "yes"',
  )
})

test.each([
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PORT', '4e3'],
  ['HOST', 'http://localhost'],
  ['DATABASE_URL', 'mysql://localhost/evidence'],
  ['DATABASE_URL', 'evidence'],
  ['DATABASE_URL', 'postgresql://localhost/evidence?schema=other'],
  ['DATABASE_POOL_SIZE', '0'],
  ['STATEMENT_TIMEOUT_MS', '1.5'],
  ['CORS_ORIGINS', 'example.org'],
  ['CORS_ORIGINS', 'https://example.org/path'],
  ['BODY_LIMIT_BYTES', '12'],
  ['SHUTDOWN_GRACE_MS', 'long'],
  ['TRUST_PROXY', 'true'],
  ['TRUST_PROXY', '10.0.0.1,proxy.example'],
  ['TRUST_PROXY', '10.0.0.0/33'],
  ['REDIS_URL', 'localhost:6379'],
  ['REQUESTS_PER_MINUTE', '-1'],
  ['KEY_COST_PER_MINUTE', '1e9'],
  ['HSTS_SECONDS', 'a year'],
  ['CONTACT_EMAIL', 'curator'],
  ['PUBMED_URL', 'eutils.ncbi.nlm.nih.gov'],
  ['CROSSREF_URL', 'https://api.crossref.org?mailto=me'],
  ['REDIS_URL', 'redis://:p%w@localhost:6379'],
  ['REDIS_URL', 'redis://localhost:6379/cache'],
  ['PUBMED_URL', 'https://curator:secret@eutils.ncbi.nlm.nih.gov'],
])('%s refuses %s', (variable, value) => {
  const { mayHoldSecret = false } = Object.values(settings).find((setting) => setting.variable === variable) ?? {}
  expect(() => readFrom({ [variable]: value })).toThrow(new RegExp(`^${variable} must `))
  // What may hold a secret is not repeated; everything else is.
  const isRepeated = !mayHoldSecret && !value.includes('://')
  expect(refusalOf({ [variable]: value }).includes(`, got ${JSON.stringify(value)}`)).toBe(isRepeated)
})

const refusalOf = (environment: Record<string, string>): string => {
  try {
    readFrom(environment)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

/** Letters that stand in no message, so that finding them means that a part of the password was told. */
const word = fc.constantFrom('QXZJ', 'JQQX', 'ZXQV', 'VJXZ')
const password = fc
  .array(fc.oneof(word, fc.constantFrom('@', '/', '#', '?', '%', ':', ' ', '&', '=', ',', '\\', '"', '%2F', '%zz'), fc.nat(99_999).map(String)), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(''))
  .filter((text) => /[A-Z]{4}/.test(text))
const written = fc.constantFrom<(secret: string) => string>(
  (secret) => `postgresql://evidence:${secret}@127.0.0.1:5432/evidence`,
  (secret) => `postgresql://evidence:${secret}@/evidence`,
  (secret) => `postgresql://127.0.0.1/evidence?password=${secret}`,
  (secret) => `mysql://evidence:${secret}@127.0.0.1:5432/evidence`,
  (secret) => `redis://:${secret}@localhost:6379`,
  (secret) => `https://evidence:${secret}@example.org/path`,
  (secret) => `evidence:${secret}@example.org`,
)

test('no setting that is refused tells a part of a password, whichever variable it was put into', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(settings)), written, password, ({ variable }, address, secret) => {
      expect(refusalOf({ [variable]: address(secret) })).not.toMatch(/QXZJ|JQQX|ZXQV|VJXZ/)
    }),
    { numRuns: 2_000 },
  )
})

test('a database’s address that is accepted has its password where the driver looks for it', () => {
  fc.assert(
    fc.property(password, (secret) => {
      const address = `postgresql://evidence:${secret}@127.0.0.1:5432/evidence`
      if (refusalOf({ DATABASE_URL: address }) !== '') return expect(secret).toMatch(/[/#?]/)
      const { hostname, pathname, search } = new URL(address)
      expect([hostname, pathname, search]).toEqual(['127.0.0.1', '/evidence', ''])
    }),
    { numRuns: 2_000 },
  )
})

test('proxies are addresses, networks or the names of networks', () => {
  expect(readFrom({ TRUST_PROXY: '10.0.0.1, 10.1.0.0/16,loopback,2001:db8::/32' }).trustedProxies).toEqual([
    '10.0.0.1',
    '10.1.0.0/16',
    'loopback',
    '2001:db8::/32',
  ])
  expect(readFrom({}).trustedProxies).toBeNull()
})

test('several origins may ask', () => {
  expect(readFrom({ CORS_ORIGINS: 'https://example.org, http://localhost:3000' }).corsOrigins).toEqual(['https://example.org', 'http://localhost:3000'])
})

test('each setting has a variable of its own and says what it means', () => {
  const all = Object.values(settings)
  expect(new Set(all.map(({ variable }) => variable)).size).toBe(all.length)
  for (const { meaning } of all) expect(meaning).toMatch(/\.$/)
})

test('the services that records are fetched from have addresses that can be replaced', () => {
  expect(readFrom({})).toMatchObject({ crossrefUrl: 'https://api.crossref.org', contactEmail: null, ncbiApiKey: null })
  expect(readFrom({ CROSSREF_URL: 'http://127.0.0.1:9/crossref/', CONTACT_EMAIL: 'curator@example.org' })).toMatchObject({
    crossrefUrl: 'http://127.0.0.1:9/crossref',
    contactEmail: 'curator@example.org',
  })
})
