import { readdirSync } from 'node:fs'
import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const asset = () => `/assets/${readdirSync('dist/web/assets').find((file) => file.endsWith('.js')) ?? ''}`
const data = "default-src 'none';frame-ancestors 'none'"
const ofPages = /^default-src 'none'; script-src 'self';.*; frame-ancestors 'self'$/
const embeddable = /^default-src 'none'; script-src 'self';(?!.*frame-ancestors)/
const plot = `/plots/forest.svg?${new URLSearchParams({ filter: JSON.stringify({ conditions: ['migraine'], measures: ['MD'] }) })}`

test.each<[string, () => string, string | RegExp]>([
  ['an answer of the API', () => '/graphql?query={__typename}', data],
  ['an error of the API', () => '/graphql?query={', data],
  ['what is not there', () => '/nowhere', data],
  ['an address that cannot be read', () => '/%zz', data],
  ['health', () => '/health/live', data],
  ['a download', () => '/download/evidence.csv', data],
  ['an error of a plot', () => '/plots/forest.svg?nothing=1', data],
  ['a plot', () => plot, "default-src 'none'; style-src 'unsafe-inline'"],
  ['the dashboard', () => '/', ofPages],
  ['a view', () => '/studies/tarleton-2017', ofPages],
  ['the playground', () => '/playground', ofPages],
  ['a page for pages of others', () => '/embed/conditions/migraine', embeddable],
  ['a part of a page', asset, data],
])('%s tells browsers what they may do with it', async (_, path, policy) => {
  const { headers } = await fetch(service.url + path())
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  const told = headers.get('content-security-policy')
  if (typeof policy === 'string') expect(told).toBe(policy)
  else expect(told).toMatch(policy)
  expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin')
  // Older browsers would not show a page that is made to be embedded.
  expect(headers.get('x-frame-options')).toBeNull()
  expect(headers.get('strict-transport-security')).toBeNull()
  expect(headers.get('x-powered-by')).toBeNull()
})

test('a page that got lost is as strict as one that did not', async () => {
  const { status, headers } = await fetch(`${service.url}/nowhere`, { headers: { accept: 'text/html' } })
  expect(status).toBe(404)
  expect(headers.get('content-security-policy')).toMatch(ofPages)
})

test('behind TLS browsers are told to come by TLS only', async () => {
  const behindTls = await startService({ config: { hstsSeconds: 31_536_000 } })
  try {
    for (const path of ['/', '/graphql?query={__typename}', '/nowhere'])
      expect((await fetch(behindTls.url + path)).headers.get('strict-transport-security')).toBe('max-age=31536000')
  } finally {
    await behindTls.stop()
  }
})
