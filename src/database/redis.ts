import { createClient } from 'redis'

export type RedisConnection = ReturnType<typeof clientOf>

const clientOf = (url: string) =>
  createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: 2_000, reconnectStrategy: (attempts) => Math.min(100 * 2 ** attempts, 2_000) },
  })

/**
 * A connection to Redis that never stands in the way: what cannot be sent at once fails at once, and a lost connection is taken up again by itself,
 * from the first on. Who uses it does without while it is away (`isReady`).
 *
 * @param url redis:// or rediss:// address
 * @param onLost told when the connection breaks or cannot be made; once until it stands again
 */
export function connectRedis(url: string, onLost: (error: Error) => void = () => {}): RedisConnection {
  const client = clientOf(url)
  let told = false
  client.on('ready', () => (told = false))
  client.on('error', (error: Error) => {
    if (!told) onLost(error)
    told = true
  })
  // What goes wrong is told above; the client goes on trying.
  client.connect().catch(() => {})
  return client
}

/** How long Redis may take to answer unless told otherwise, and how long nobody asks it after it did not. */
const [usualPatienceMs, restMs] = [250, 1_000]

/** Asks Redis where it is there and answers in time; undefined otherwise, and for a while after it did not. */
export function impatient(redis: RedisConnection | null, patienceMs = usualPatienceMs): <Result>(ask: () => Promise<Result>) => Promise<Result | undefined> {
  let againAt = 0
  return async (ask) => {
    if (redis?.isReady !== true || performance.now() < againAt) return undefined
    try {
      return await answeredWithin(patienceMs, ask())
    } catch {
      againAt = performance.now() + restMs
      return undefined
    }
  }
}

async function answeredWithin<Answer>(limitMs: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs)
  })
  try {
    return await Promise.race([answer, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
