import { contextOver, RevisionMemo, type Context } from '../graphql/context.js'
import type { Replicas } from './replicas.js'

/**
 * Gives each request its context. What is kept in memory (vocabulary, parsed studies, answers) belongs to one data revision and is dropped when
 * another is seen. The database is asked for the revision after the request has come, so nothing that was imported before is missed,
 * whichever process imported it; requests that come while one asks share the next asking.
 */
export function contextSource(replicas: Replicas): (signal?: AbortSignal) => Promise<Context> {
  let memo: RevisionMemo | undefined
  let asking: Promise<RevisionMemo> | undefined
  let nextAsking: Promise<RevisionMemo> | undefined

  const ask = async () => {
    const revision = await replicas.newestRevision()
    if (memo?.dataRevision.id !== revision.id || memo.dataRevision.revision !== revision.revision) memo = new RevisionMemo(replicas.primary, revision)
    return memo
  }
  const begin = () => {
    nextAsking = undefined
    asking = ask().finally(() => (asking = undefined))
    return asking
  }
  return async (signal) => {
    const of = await (asking === undefined ? begin() : (nextAsking ??= asking.then(begin, begin)))
    const reader = replicas.readerOf(of.dataRevision)
    return contextOver(of, { reader, sharedReader: replicas.primaryAnswers ? replicas.primary : reader, ...(signal !== undefined && { signal }) })
  }
}
