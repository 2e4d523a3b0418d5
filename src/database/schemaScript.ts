import { readFile } from 'node:fs/promises'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { loadEngine } from './migrate.js'

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

export const readSchema = () => readFile(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8')
