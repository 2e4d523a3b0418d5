import { RevisionMemo } from '../../src/graphql/context.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

let clone: ClonedDatabase
beforeAll(async () => {
  clone = await cloneDatabase()
})
afterAll(() => clone.drop())

test('what all requests share is made once; what failed is made again for the next', async () => {
  const memo = new RevisionMemo(clone.database, { id: 1, revision: 'one' })
  let made = 0
  const make = async () => {
    made += 1
    await Promise.resolve()
    if (made === 1) throw new Error('the database went away')
    return made
  }
  await expect(memo.get(make, clone.database)).rejects.toThrow('went away')
  expect(await Promise.all([memo.get(make, clone.database), memo.get(make, clone.database)])).toEqual([2, 2])
  expect(made).toBe(2)
})
