import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { faultAnswer, faultOf, noJson } from './message.js'
import { createMcpServer, type ServerOptions } from './server.js'

export interface Connection {
  /** Resolves when the input has ended and all that came in is answered. */
  readonly ended: Promise<unknown>
  close(): Promise<void>
}

/** Answers whoever holds the other ends of standard input and output. */
export function serveConnection({ session, ...options }: ServerOptions): Connection {
  let underWay = 0
  const ask: typeof session.ask = async (operation) => {
    underWay += 1
    try {
      return await session.ask(operation)
    } finally {
      underWay -= 1
    }
  }
  // The SDK passes over what is no message, and drops what is under way when its input ends; a pipe ends with its last message, which is to be answered.
  const input = new PassThrough()
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => {
    const refused = refusalOf(line)
    if (refused === null) input.write(`${line}\n`)
    else process.stdout.write(`${JSON.stringify(refused)}\n`)
  })
  const ended = once(lines, 'close').then(async () => {
    // What tools do between two operations takes no turn of its own.
    do await turn()
    while (underWay > 0 || input.readableLength > 0)
    await turn()
  })
  const connection = serveStdio(() => createMcpServer({ ...options, session: { ...session, ask } }), {
    transport: new StdioServerTransport(input, process.stdout),
  })
  return {
    ended,
    close: async () => {
      lines.close()
      process.stdin.destroy()
      await connection.close()
    },
  }
}

/** The answer to a line that is no message; null of one that is, and of an empty one. */
function refusalOf(line: string) {
  if (line.trim() === '') return null
  try {
    const message: unknown = JSON.parse(line)
    const fault = faultOf(message)
    return fault === null ? null : faultAnswer(fault, message)
  } catch (error) {
    return faultAnswer(noJson(error instanceof Error ? error.message : ''), null)
  }
}
