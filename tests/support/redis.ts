import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { reservePort } from './ports.js'

export const redisIsThere = spawnSync('redis-server', ['--version']).status === 0
if (!redisIsThere) console.warn('redis-server is not installed: what processes share in Redis is skipped (apt-get install redis-server)')

export interface Redis {
  readonly url: string
  /** Starts it again on the same port; resolves when it accepts connections. */
  start(): Promise<void>
  signal(signal: NodeJS.Signals): void
  /** Kills it and removes its folder. */
  close(): Promise<void>
}

/** A Redis that keeps nothing, accepting connections. */
export async function startRedis(): Promise<Redis> {
  const folder = await mkdtemp(path.join(tmpdir(), 'magnesium-evidence-redis-'))
  const { port, release } = await reservePort()
  let running: ChildProcess | undefined
  const start = async () => {
    if (running !== undefined && running.exitCode === null && running.signalCode === null) await once(running, 'exit')
    const child = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder], { stdio: ['ignore', 'pipe', 'ignore'] })
    running = child
    let printed = ''
    await new Promise<void>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        printed += chunk
        if (printed.includes('Ready to accept connections')) resolve()
      })
      child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${printed}`)))
    })
  }
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    signal: (signal) => void running?.kill(signal),
    close: async () => {
      if (running !== undefined && running.exitCode === null && running.signalCode === null) {
        running.kill('SIGKILL')
        await once(running, 'exit')
      }
      await rm(folder, { recursive: true, force: true })
      await release()
    },
  }
}
