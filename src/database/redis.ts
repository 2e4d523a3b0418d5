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
