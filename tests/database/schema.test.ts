import { readSchema, scriptBetween } from '../support/schemaScript.js'
import { cloneDatabase, emptyDatabase, type ClonedDatabase } from '../support/database.js'

let migrated: ClonedDatabase
let declared: ClonedDatabase
beforeAll(async () => {
  ;[migrated, declared] = await Promise.all([cloneDatabase(), emptyDatabase()])
  await declared.database.pool.query(await scriptBetween({ after: await readSchema() }, declared.url))
})
afterAll(() => Promise.all([migrated.drop(), declared.drop()]))

const both = async (question: string) => {
  const [ofMigrated, ofDeclared] = await Promise.all(
    [migrated, declared].map(async ({ database }) => (await database.pool.query<{ item: string }>(question)).rows.map(({ item }) => item)),
  )
  return { ofMigrated, ofDeclared }
}

// What Prisma's schema declares and what the migrations make are the same: neither lags behind the other.
test.each([
  [
    'columns',
    `SELECT format('%s.%s %s %s %s', table_name, column_name, udt_name, is_nullable, column_default) AS item FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> '_prisma_migrations' ORDER BY 1`,
  ],
  ['enum values', `SELECT format('%s.%s', typname, enumlabel) AS item FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid ORDER BY typname, enumsortorder`],
  [
    'primary and foreign keys',
    `SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) AS item FROM pg_constraint WHERE contype IN ('p', 'f') AND conrelid::regclass::text <> '_prisma_migrations' ORDER BY 1`,
  ],
])('the %s of a migrated database are those of the schema', async (_, question) => {
  const { ofMigrated, ofDeclared } = await both(question)
  expect(ofMigrated).toEqual(ofDeclared)
})

// Prisma's schema cannot say how an index is stored.
test('every index of the schema is in a migrated database, which has more', async () => {
  const { ofMigrated, ofDeclared } = await both(
    `SELECT regexp_replace(indexdef, ' WITH \\(.*?\\)', '') AS item FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1`,
  )
  expect(ofMigrated).toEqual(expect.arrayContaining(ofDeclared ?? []))
})
