import fc from 'fast-check'
import { buildServiceSchema } from '../../src/schema.js'
import { startService, type Service } from '../support/service.js'
import { leaks } from './leaks.js'
import { operationOf } from './operations.js'

const runs = Number(process.env['FUZZ_RUNS'] ?? 1_000)
/** CI asks the same operations in every run, so that a change is judged by itself; developers' runs ask new ones. */
const seed = Number(process.env['FUZZ_SEED'] ?? (process.env['CI'] ? 20261129 : Date.now() % 2 ** 31))
/** What no operation within the limits may take: the statement timeout of the service, and as much again for what is computed. */
const budgetMs = 20_000

let service: Service
beforeAll(async () => {
  service = await startService({ config: { resultCacheBytes: 1_000_000 } })
})
afterAll(() => service.stop())

test(
  `${runs} random operations (FUZZ_RUNS): no failure of the service, nothing of its inside, none slower than ${budgetMs / 1_000} s (FUZZ_SEED=${seed})`,
  async () => {
    const schema = buildServiceSchema()
    const answered = { data: 0, errors: 0 }
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (draw) => {
        const operation = operationOf(schema, draw)
        const startedAt = performance.now()
        const response = await fetch(`${service.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(operation),
        })
        const text = await response.text()
        const took = performance.now() - startedAt
        const codes = [...text.matchAll(/"code":"([A-Z_]+)"/g)].map(([, code]) => code)
        answered[codes.length === 0 ? 'data' : 'errors'] += 1
        const faults = [
          ...(response.status >= 500 ? [`status ${response.status}`] : []),
          ...(codes.includes('INTERNAL_SERVER_ERROR') || codes.includes('SERVICE_UNAVAILABLE') ? [`codes ${codes.join(', ')}`] : []),
          ...leaks(text),
          ...(took > budgetMs ? [`took ${Math.round(took)} ms`] : []),
        ]
        if (faults.length > 0)
          throw new Error(`${faults.join('; ')}\n${operation.query}\n${JSON.stringify({ ...operation, query: undefined })}\n${text.slice(0, 2_000)}`)
      }),
      { numRuns: runs, seed, verbose: 0 },
    )
    // Neither nonsense alone, which no service would have to think about, nor harmless questions alone.
    expect(answered.data).toBeGreaterThan(runs / 20)
    expect(answered.errors).toBeGreaterThan(runs / 20)
  },
  30 * 60_000,
)
