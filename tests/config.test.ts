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
])('%s refuses %s', (variable, value) => {
  expect(() => readFrom({ [variable]: value })).toThrow(new RegExp(`^${variable} must .*, got "`))
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
