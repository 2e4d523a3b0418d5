import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

export const haproxy = ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy'].find((program) => spawnSync(program, ['-v']).status === 0)
if (haproxy === undefined) console.warn('haproxy is not installed: what needs a balancer is skipped (apt-get install haproxy)')

export interface Balancer {
  readonly url: string
  stop(): Promise<void>
}

/**
 * HAProxy with the configuration that the compose file gives it, over ports of this machine. It inherits a socket that listens already, so that its
 * port is never free for others.
 *
 * @param spare asked when none of the others can be
 */
export async function startBalancer(ports: readonly number[], spare: number): Promise<Balancer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'magnesium-evidence-balancer-'))
  const listening = createServer().listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo // listening on TCP, so the address has a port
  const { fd } = (listening as unknown as { _handle: { fd: number } })._handle // Node has no public name for the descriptor
  const written = await readFile('deploy/haproxy.cfg', 'utf8')
  const config = written
    // Names of containers become addresses of this machine; everything else stays.
    .replace('server-template balanced 8 balanced:4000', ports.map((one, index) => `server process${index} 127.0.0.1:${one}`).join('\n  '))
    .replace('server single api:4000', `server single 127.0.0.1:${spare}`)
    // The first descriptor after standard input, output and error.
    .replace(':8080', 'fd@3')
    .replace(':8405', `unix@${path.join(folder, 'metrics.sock')}`)
  if (/balanced:4000|api:4000|8080|8405/.test(config)) throw new Error('deploy/haproxy.cfg names containers or ports that tests do not know')
  await writeFile(path.join(folder, 'haproxy.cfg'), config)
  const running = spawn(String(haproxy), ['-db', '-f', path.join(folder, 'haproxy.cfg')], { stdio: ['ignore', 'ignore', 'ignore', fd] })
  listening.close() // HAProxy's copy goes on listening
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      running.kill('SIGTERM')
      await once(running, 'exit')
      await rm(folder, { recursive: true, force: true })
    },
  }
}
