import { once } from 'node:events'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { createMcpServer, type ServerOptions } from './server.js'

/** Answers whoever holds the other ends of standard input and output, until the input ends. */
export function serveConnection(options: ServerOptions): { readonly ended: Promise<unknown>; close(): Promise<void> } {
  const ended = once(process.stdin, 'close')
  // What is no message is told to the caller where the protocol has an answer to it, and is no defect.
  const connection = serveStdio(() => createMcpServer(options))
  return { ended, close: () => connection.close() }
}
