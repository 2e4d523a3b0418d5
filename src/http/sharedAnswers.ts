import { RESP_TYPES } from 'redis'
import { impatient, type RedisConnection } from '../database/redis.js'
import type { Answer } from './answers.js'

/** Answers that several processes give each other. */
export interface SharedAnswers {
  find(key: string): Promise<Answer | undefined>
  /** Nobody waits for it, and nobody hears of a failure: whoever does not find the answer makes it. */
  keep(key: string, answer: Answer): void
}

/** Nobody asks for longer what nobody asked for in a day; Redis itself forgets sooner where it has no room. */
const keptSeconds = 86_400
/** A longer one is as soon made as fetched. */
const longestBytes = 1_048_576

/**
 * Kept in Redis, under names that hold revision and version: what stands there is never out of date, whichever process put it there.
 *
 * @param settings what else answers depend on: processes share only with those that have the same
 */
export function shareAnswers(redis: RedisConnection, settings: readonly unknown[] = []): SharedAnswers {
  const ask = impatient(redis)
  const inBytes = redis.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
  const nameOf = (key: string) => `magnesium-evidence:answer:${JSON.stringify(settings)}:${key}`
  return {
    find: async (key) => {
      const kept = await ask(() => inBytes.get(nameOf(key)))
      const end = kept?.indexOf('\n') ?? -1
      return kept == null || end < 0 ? undefined : { contentType: kept.toString('latin1', 0, end), body: kept.subarray(end + 1) }
    },
    keep: (key, { contentType, body }) => {
      if (body.length > longestBytes) return
      void ask(() =>
        redis.set(nameOf(key), Buffer.concat([Buffer.from(`${contentType}\n`, 'latin1'), body]), { expiration: { type: 'EX', value: keptSeconds } }),
      )
    },
  }
}
