import type { Database } from '../database/client.js'
import { contextOver, RevisionMemo, type Context } from '../graphql/context.js'
import { findDataRevision } from './dataset.queries.js'

/** After an import, another process's answers may be this old. */
const recheckAfterMs = 1_000

/**
 * Gives each request its context. What is kept in memory (vocabulary, parsed studies) belongs to one data revision and is
 * dropped when another is seen, which is looked for at most once a second.
 */
export function contextSource(database: Database): () => Promise<Context> {
  let memo: RevisionMemo | undefined
  let checkedAt = 0
  let checking: Promise<RevisionMemo> | undefined

  const check = async () => {
    const revision = await findDataRevision(database)
    if (memo?.dataRevision.id !== revision.id || memo.dataRevision.revision !== revision.revision) memo = new RevisionMemo(database, revision)
    checkedAt = performance.now()
    return memo
  }
  return async () => {
    if (memo !== undefined && performance.now() - checkedAt < recheckAfterMs) return contextOver(memo)
    checking ??= check().finally(() => (checking = undefined))
    return contextOver(await checking)
  }
}
