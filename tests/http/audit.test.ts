import { serverAudits } from 'graphql-http'
import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

// The GraphQL-over-HTTP specification, by the audit suite of its reference implementation.
const audits = serverAudits({ url: () => `${service.url}/graphql` })

test.each(audits.filter(({ name }) => /^(MUST|SHOULD)/.test(name)))('$name', async ({ fn }) => {
  expect(await fn()).toMatchObject({ status: 'ok' })
})
