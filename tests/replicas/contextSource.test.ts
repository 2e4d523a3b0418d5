import type { DataRevision } from '../../src/graphql/context.js'
import { contextSource } from '../../src/replicas/contextSource.js'
import { Replicas } from '../../src/replicas/replicas.js'
import { cloneDatabase, statementsOf, type ClonedDatabase } from '../support/database.js'

let clone: ClonedDatabase
beforeAll(async () => {
  clone = await cloneDatabase()
})
afterAll(() => clone.drop())

test('of many requests at once the first asks for the revision, and all that came meanwhile share the next asking', async () => {
  const contextFor = contextSource(new Replicas(clone.database))
  const statements = await statementsOf(clone.database, () => Promise.all(Array.from({ length: 20 }, () => contextFor())))
  expect(statements).toHaveLength(2)
})

test('who waits for an asking that fails asks again', async () => {
  class FailingOnce extends Replicas {
    #asked = 0
    override async newestRevision(): Promise<DataRevision> {
      this.#asked += 1
      if (this.#asked === 1) throw new Error('the connection broke')
      return super.newestRevision()
    }
  }
  const contextFor = contextSource(new FailingOnce(clone.database))
  const asked = await Promise.allSettled([contextFor(), contextFor(), contextFor()])
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
})
