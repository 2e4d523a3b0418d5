import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '../../src/database/embedded.js'

export const haproxy = ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy'].find((program) => spawnSync(program, ['-v']).status === 0)
if (haproxy === undefined) console.warn('haproxy is not installed: what needs a balancer is skipped (apt-get install haproxy)')

export interface Balancer {
  readonly url: string
  stop(): Promise<void>
}

/** HAProxy by the configuration that the compose file gives it, over ports of this machine. @param spare asked when none of the others can be */
export async function startBalancer(ports: readonly number[], spare: number): Promise<Balancer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'magnesium-evidence-balancer-'))
  const [port, metricsPort] = [await freePort(), await freePort()]
  const written = await readFile('deploy/haproxy.cfg', 'utf8')
  const config = written
    // Names of containers become addresses of this machine; everything else stays.
    .replace('server-template balanced 8 balanced:4000', ports.map((one, index) => `server process${index} 127.0.0.1:${one}`).join('\n  '))
    .replace('server single api:4000', `server single 127.0.0.1:${spare}`)
    .replace(':8080', `127.0.0.1:${port}`)
    .replace(':8405', `127.0.0.1:${metricsPort}`)
  if (/balanced:4000|api:4000|8080|8405/.test(config)) throw new Error('deploy/haproxy.cfg names containers or ports that tests do not know')
  await writeFile(path.join(folder, 'haproxy.cfg'), config)
  const running = spawn(String(haproxy), ['-db', '-f', path.join(folder, 'haproxy.cfg')], { stdio: 'ignore' })
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      running.kill('SIGTERM')
      await once(running, 'exit')
      await rm(folder, { recursive: true, force: true })
    },
  }
}
