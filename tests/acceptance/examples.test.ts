import { loadExamples } from '../../src/http/examples.js'
import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

// The playground's tabs: each must say what it is for, and answer.
test.each(await loadExamples('schema/examples'))('the example $name answers with data', async ({ query, variables }) => {
  expect(query).toMatch(/^# .+\n/)
  const data = (await service.ask(query, variables === undefined ? undefined : (JSON.parse(variables) as Record<string, unknown>))) as Record<string, unknown>
  for (const answer of Object.values(data)) {
    expect(answer).not.toBeNull()
    if (typeof answer === 'object' && answer !== null && 'nodes' in answer) expect(answer.nodes).not.toEqual([])
  }
})
