import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Program {
  readonly process: ReturnType<typeof spawn>
  /** All that was printed until it ended, and how it ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }>
  /** Resolves when this has been printed; fails when the program ends before. */
  printed(text: string): Promise<void>
  /** The address that a service prints when it is ready. Services listen on the port 0 unless PORT says otherwise, so that none is taken twice. */
  url(): Promise<string>
}

/** Runs a program with nothing in its environment but what is given, where programs are found, and a PORT that the kernel chooses. */
export function runProgram(
  environment: Readonly<Record<string, string>>,
  [program, ...given]: readonly [string, ...string[]] = [process.execPath, 'dist/main.js'],
): Program {
  const child = spawn(program, given, { env: { PATH: process.env['PATH'], PORT: '0', ...environment }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output, errors })) // what close carries
  const printed = async (text: string) => {
    while (!output.includes(text))
      await Promise.race([once(child.stdout, 'data'), ended.then(() => Promise.reject(new Error(`ended before it printed ${text}: ${output}${errors}`)))])
  }
  return {
    process: child,
    ended,
    printed,
    url: async () => {
      await printed('/graphql\n')
      const [, url] = /(http:\S+)\/graphql\n/.exec(output) ?? []
      if (url === undefined) throw new Error(`no address in what was printed: ${output}`)
      return url
    },
  }
}
