import type { Config } from './config.js'
import { endingSignals } from './database/embedded.js'
import { StartupError } from './startupError.js'

/** Ctrl-C reaches the process once from the terminal and once through npm: only a later one is a second wish. */
const secondSignalAfterMs = 500

/**
 * Runs the service until a signal asks it to stop, and returns when all is stopped. A second signal ends the process at
 * once.
 */
export async function serve(config: Config): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`)
  const { signal, done } = stopSignal()
  const startedAt = performance.now()
  try {
    // Loaded here, so that commands which only explain their errors do without the service.
    const [{ startService }, { readAhead }] = await Promise.all([import('./service.js'), import('./corpus/readAhead.js')])
    const service = await startService(config, { say, signal, readAhead })
    say(`ready in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`)
    say(`  dashboard   ${service.url}`)
    say(`  playground  ${service.url}/playground`)
    say(`  API         ${service.url}/graphql`)
    say(`  metrics     ${service.metricsUrl}`)
    const lost = await Promise.race([aborted(signal), service.lost])
    // A terminal sends other signals, and nobody balances what runs there.
    if (signal.reason === 'SIGTERM') await Promise.race([service.drain(), service.lost])
    await service.stop()
    if (lost !== undefined) throw new StartupError(`the embedded Postgres ended by itself: ${lost}`)
    say('stopped')
  } catch (error) {
    if (!signal.aborted) throw error // a start that was given up fails as asked
  } finally {
    done()
  }
}

function stopSignal(): { signal: AbortSignal; done: () => void } {
  const controller = new AbortController()
  let firstAt = 0
  const onSignal = (name: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      firstAt = performance.now()
      controller.abort(name)
    } else if (performance.now() - firstAt > secondSignalAfterMs) process.exit(1)
  }
  for (const name of endingSignals) process.on(name, onSignal)
  return {
    signal: controller.signal,
    done: () => {
      for (const name of endingSignals) process.off(name, onSignal)
    },
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined)
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }))
}

/** Runs a program's main part; what stands in its way outside the program is said in its one sentence, a defect whole. */
export async function explained(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    console.error(error instanceof StartupError ? error.message : error)
    process.exitCode = 1
  }
}
