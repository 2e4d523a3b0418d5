import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, bindSqlAdapterFactory } from '@prisma/driver-adapter-utils'

/**
 * The SQL that turns one Prisma schema into another, by Prisma's own engine: what a new migration begins with.
 *
 * @param schemas the schema before (nothing for an empty database) and after, as text
 * @param url any reachable Postgres; nothing in it is read or changed
 */
export async function scriptBetween({ before, after }: { readonly before?: string; readonly after: string }, url: string): Promise<string> {
  const { SchemaEngine } = await loadEngine()
  const engine = await SchemaEngine.new({ datamodels: [['schema.prisma', after]] }, () => {}, bindSqlAdapterFactory(new PrismaPg({ connectionString: url })))
  const datamodel = (content: string) => ({ tag: 'schemaDatamodel' as const, files: [{ path: 'schema.prisma', content }] })
  try {
    const { stdout } = await engine.diff({
      from: before === undefined ? { tag: 'empty' } : datamodel(before),
      to: datamodel(after),
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    })
    return stdout ?? ''
  } finally {
    engine.free()
  }
}

export const readSchema = () => readFile('prisma/schema.prisma', 'utf8')

/** What Prisma's own engine finds when it compares a database with prisma/migrations, as `prisma migrate status` does. */
export async function migrationHistory(names: readonly string[], url: string) {
  const { SchemaEngine } = await loadEngine()
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: url }))
  const engine = await SchemaEngine.new({ datamodels: [['schema.prisma', await readSchema()]] }, () => {}, adapter)
  const baseDir = 'prisma/migrations'
  const script = (name: string) => readFile(`${baseDir}/${name}/migration.sql`, 'utf8')
  try {
    return await engine.diagnoseMigrationHistory({
      migrationsList: {
        baseDir,
        lockfile: { path: 'migration_lock.toml', content: await readFile(`${baseDir}/migration_lock.toml`, 'utf8') },
        shadowDbInitScript: '',
        migrationDirectories: await Promise.all(
          names.map(async (name) => ({ path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: await script(name) } } })),
        ),
      },
      optInToShadowDatabase: false,
      filters: { externalTables: [], externalEnums: [] },
    })
  } finally {
    engine.free()
  }
}

type Engine = typeof import('@prisma/schema-engine-wasm/schema_engine_bg')

let engine: Promise<Engine> | undefined

/** Once a process: the package's bindings keep views of the memory of the instance they were given. */
function loadEngine(): Promise<Engine> {
  return (engine ??= instantiateEngine())
}

/** Node does not import WebAssembly by itself, so what the package's own entry does is done by hand. */
async function instantiateEngine(): Promise<Engine> {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const file = createRequire(import.meta.url)
    .resolve('@prisma/schema-engine-wasm/schema_engine_bg')
    .replace(/js$/, 'wasm')
  const { instance } = await WebAssembly.instantiate(await readFile(file), { './schema_engine_bg.js': withoutWaiting(bindings) })
  bindings.__wbg_set_wasm(instance.exports)
  instance.exports['__wbindgen_start']?.()
  return bindings
}

/** The engine leaves its lock's time-out of ten seconds running, which nobody should have to wait for when all is done. */
function withoutWaiting(bindings: Engine): Record<string, unknown> {
  const isTimer = (name: string) => name.startsWith('__wbg_setTimeout_')
  const unreferenced =
    (setTimer: (...given: unknown[]) => NodeJS.Timeout) =>
    (...given: unknown[]) =>
      setTimer(...given).unref()
  return Object.fromEntries(Object.entries(bindings).map(([name, binding]) => [name, isTimer(name) ? unreferenced(binding as () => NodeJS.Timeout) : binding])) // what Node's setTimeout returns
}
