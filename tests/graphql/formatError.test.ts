import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { Prisma } from '../../src/generated/prisma/client.js'
import { openDatabase, type Database } from '../../src/database/client.js'
import { PublicError } from '../../src/errors.js'
import { formatError, isInternal } from '../../src/graphql/formatError.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

let clone: ClonedDatabase
let hurried: Database
beforeAll(async () => {
  clone = await cloneDatabase()
  hurried = openDatabase({ url: clone.url, poolSize: 1, statementTimeoutMs: 50 })
})
afterAll(async () => {
  await hurried.close()
  await clone.drop()
})

/** As a resolver's error reaches the formatter: inside a GraphQLError that knows its field. */
function shown(originalError: Error): GraphQLFormattedError {
  const error = new GraphQLError(originalError.message, { path: ['evidence'], originalError })
  return formatError({ message: error.message, path: ['evidence'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }, error)
}
const failureOf = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => Promise.reject(new Error('did not fail')),
    (error: Error) => error,
  )

const nowhere = openDatabase({ url: 'postgresql://nobody:nothing@127.0.0.1:1/none' })
test.each<[string, () => Promise<unknown>, string]>([
  ['a statement that takes too long', () => hurried.pool.query('SELECT pg_sleep(5)'), 'TIMEOUT'],
  ["a statement of Prisma's that takes too long", () => hurried.prisma.$queryRaw(Prisma.sql`SELECT pg_sleep(5)::text`), 'TIMEOUT'],
  ['a server that is not there', () => nowhere.pool.query('SELECT 1'), 'SERVICE_UNAVAILABLE'],
  ['a server that is not there, through Prisma', () => nowhere.prisma.condition.findMany(), 'SERVICE_UNAVAILABLE'],
  ['a connection that the server ends', () => clone.database.pool.query('SELECT pg_terminate_backend(pg_backend_pid())'), 'SERVICE_UNAVAILABLE'],
  ['a character that Postgres keeps in no text', () => clone.database.pool.query('SELECT $1::text', ['\u0000']), 'BAD_USER_INPUT'],
  ['a table that is not there', () => clone.database.pool.query('SELECT * FROM nonsense'), 'INTERNAL_SERVER_ERROR'],
])('%s is told by its code, and never by its text', async (_, work, code) => {
  const failure = await failureOf(work())
  expect(shown(failure)).toMatchObject({ path: ['evidence'], extensions: { code } })
  expect(JSON.stringify(shown(failure))).not.toContain(failure.message)
  expect(isInternal(failure)).toBe(code !== 'BAD_USER_INPUT')
})

// PostgreSQL 18, appendix A: class 53, insufficient resources; pg-pool 3: its message for a pool without a free connection.
test.each([Object.assign(new Error('sorry, too many clients already'), { code: '53300' }), new Error('timeout exceeded when trying to connect')])(
  'no connection free ($message) is told as unavailable',
  (failure) => {
    expect(shown(failure).extensions).toEqual({ code: 'SERVICE_UNAVAILABLE' })
  },
)

test('what is meant for the caller is shown with its details, and is no fault of the service', () => {
  const error = new PublicError('BAD_USER_INPUT', 'no condition is called "migrane"', { reason: 'UNKNOWN_TERM', suggestions: ['migraine'] })
  expect(shown(error)).toMatchObject({
    message: 'no condition is called "migrane"',
    extensions: { code: 'BAD_USER_INPUT', reason: 'UNKNOWN_TERM', suggestions: ['migraine'] },
  })
  expect(isInternal(error)).toBe(false)
})

test('every other error keeps its text to the log', () => {
  expect(shown(new TypeError("cannot read properties of undefined (reading 'secret')"))).toEqual({
    message: 'Internal server error',
    path: ['evidence'],
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  })
})
