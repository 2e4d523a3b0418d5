// Runs a command on a busy machine: node scripts/busy.mjs npm run test:machines
// Beside it, one process a core (BUSY_PROCESSES) does nothing but take time; a test that counts on time then fails here, and not in CI.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'

const [program, ...given] = process.argv.slice(2)
if (program === undefined) {
  console.error('node scripts/busy.mjs <command>')
  process.exit(2)
}
const hogs = Array.from({ length: Number(process.env.BUSY_PROCESSES ?? availableParallelism()) }, () =>
  spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
)
process.on('exit', () => hogs.forEach((hog) => hog.kill()))
// The command's processes get the signal from the terminal, and end by themselves.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {})
const [code] = await once(spawn(program, given, { stdio: 'inherit' }), 'exit')
process.exit(code ?? 1)
