import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface ReservedPort {
  readonly port: number
  /** Lets other tests have it. */
  release(): Promise<void>
}

const folder = path.join(tmpdir(), `magnesium-evidence-ports-${process.getuid?.() ?? 'all'}`)

/**
 * A port of 127.0.0.1 for a program that cannot report which one it listens on, or that comes back on the same one after it was killed. Whatever can
 * listen on port 0 needs none.
 *
 * Nobody takes it while the program is not listening: the kernel gives ports outside its ephemeral range to nobody who asks for any port, and a lock
 * file keeps other tests away.
 */
export async function reservePort(): Promise<ReservedPort> {
  const [lowest = 32_768, highest = 60_999] = await ephemeralRange()
  await mkdir(folder, { recursive: true })
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 22_000)
    if (port >= lowest && port <= highest && lowest > 10_000) continue
    const lock = path.join(folder, String(port))
    // The lock of a process that was killed stays until /tmp is emptied: there are ports enough.
    if (!(await succeeds(writeFile(lock, String(process.pid), { flag: 'wx' })))) continue
    if (await isFree(port)) return { port, release: () => rm(lock, { force: true }) }
    await rm(lock, { force: true })
  }
}

/** @returns its lowest and its highest port; nothing where the system does not say */
async function ephemeralRange(): Promise<number[]> {
  const text = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '')
  return text.trim() === '' ? [] : text.trim().split(/\s+/).map(Number)
}

/** Whether no server of this machine has it as its fixed port. */
async function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  const listening = new Promise<void>((resolve, reject) => probe.once('error', reject).listen({ port, host: '127.0.0.1', exclusive: true }, resolve))
  if (!(await succeeds(listening))) return false
  await new Promise((resolve) => probe.close(resolve))
  return true
}

const succeeds = (work: Promise<unknown>) =>
  work.then(
    () => true,
    () => false,
  )
