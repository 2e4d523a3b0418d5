import type { Database } from '../database/client.js'
import { contextOver, RevisionMemo, type Context } from '../graphql/context.js'
import { findDataRevision } from './dataset.queries.js'

/**
 * Gives each request its context. What is kept in memory (vocabulary, parsed studies, answers) belongs to one data revision and is dropped when
 * another is seen. The database is asked for the revision after the request has come, so nothing that was imported before is missed,
 * whichever process imported it; requests that come while one asks share the next asking.
 */
export function contextSource(database: Database): (signal?: AbortSignal) => Promise<Context> {
  let memo: RevisionMemo | undefined
  let asking: Promise<RevisionMemo> | undefined
  let nextAsking: Promise<RevisionMemo> | undefined

  const ask = async () => {
    const revision = await findDataRevision(database)
    if (memo?.dataRevision.id !== revision.id || memo.dataRevision.revision !== revision.revision) memo = new RevisionMemo(database, revision)
    return memo
  }
  const begin = () => {
    nextAsking = undefined
    asking = ask().finally(() => (asking = undefined))
    return asking
  }
  return async (signal) => contextOver(await (asking === undefined ? begin() : (nextAsking ??= asking.then(begin, begin))), signal)
}
