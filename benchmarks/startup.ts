// From the command of `npm start`, already built, to its line "ready".
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { residentMiB, pidOf } from './measure.js'

interface Start {
  readonly seconds: number
  /** Two seconds after it was ready, with nothing asked. */
  readonly residentMiB: number
}

async function start(dataFolder: string): Promise<Start> {
  const startedAt = performance.now()
  const service = spawn(process.execPath, ['--enable-source-maps', 'dist/main.js'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, PORT: '0', DATA_FOLDER: dataFolder, DATABASE_URL: '', LOG_LEVEL: 'silent' },
  })
  const ended = new Promise<void>((resolve) => service.once('exit', () => resolve()))
  const seconds = await new Promise<number>((resolve, reject) => {
    let said = ''
    service.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (/^ready/m.test(said)) resolve((performance.now() - startedAt) / 1_000)
    })
    service.once('exit', () => reject(new Error(`the service did not become ready: ${said}`)))
  })
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const resident = residentMiB(pidOf(service))
  service.kill('SIGTERM')
  await ended
  return { seconds, residentMiB: resident }
}

/** With a new data folder, and again with that folder. */
export async function startTimes(): Promise<string[]> {
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'bench-start-'))
  const [cold, warm] = [await start(dataFolder), await start(dataFolder)]
  await rm(dataFolder, { recursive: true, force: true })
  const told = ({ seconds, residentMiB: resident }: Start) => `${seconds.toFixed(1)} | ${Math.round(resident)}`
  return [
    '## From start to ready',
    '',
    '| start | seconds | resident after it, MiB |',
    '|---|---|---|',
    `| first, with a new data folder: Postgres made, migrated, corpus imported | ${told(cold)} |`,
    `| second | ${told(warm)} |`,
  ]
}
