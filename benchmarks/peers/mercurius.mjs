// Mercurius with its compiler on, over the service's schema, with resolvers that are only the service's statements and plain loops over their rows:
// node mercurius.mjs <url> <statements.json> <schema.graphql>
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import mercurius from 'mercurius'
import pg from 'pg'
import { answers } from '../answers.mjs'

const [url = '', file = '', schemaFile = ''] = process.argv.slice(2)
const recorded = JSON.parse(readFileSync(file, 'utf8'))
const pool = new pg.Pool({ connectionString: url, max: 10 })
const answer = await answers(pool)

/** A request says which of the recorded ones it is: no filter is read and no SQL put together here. */
const resolve =
  (field) =>
  async (_, __, { asked: [operation, asking] }) =>
    (await answer(recorded[operation], asking))[field]

// Its compiler unfolds the types of variables, without end where a filter holds filters.
const schema = readFileSync(schemaFile, 'utf8').replaceAll(/^  (and|or|not): \[?\w+Filter!?\]?$/gm, '  $1: Boolean')

const app = Fastify({ bodyLimit: 1_000_000 })
await app.register(mercurius, {
  schema: `${schema}\nscalar _Any\nunion _Entity = Study\nextend type Query { _entities(representations: [_Any!]!): [_Entity]! }`,
  resolvers: {
    Query: Object.fromEntries(['evidence', 'study', 'studiesByIdentifiers', 'search', '_entities'].map((field) => [field, resolve(field)])),
    _Entity: { resolveType: () => 'Study' },
  },
  context: ({ headers }) => ({ asked: headers['x-asked'].split(' ').map(Number) }),
  // Requests are counted twice, so that 1 would be passed over.
  jit: 2,
})
await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.({ port: app.server.address().port })
process.on('SIGTERM', () => process.exit(0))
process.on('disconnect', () => process.exit(0))
