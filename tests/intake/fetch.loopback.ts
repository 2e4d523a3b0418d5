import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server on loopback that answers in the place of a service on the internet. */
export interface Loopback {
  readonly url: string
  /** Paths with their queries, in the order they were asked for. */
  readonly asked: string[]
  /** The time of each, in milliseconds. */
  readonly times: number[]
  readonly headers: IncomingMessage['headers'][]
  stop(): Promise<void>
}

/** @param answer gets the address below the server's, and how many requests came before this one */
export async function listen(answer: (path: URL, before: number, response: ServerResponse) => void): Promise<Loopback> {
  const [asked, times, headers]: [string[], number[], IncomingMessage['headers'][]] = [[], [], []]
  const server = createServer((request, response) => {
    times.push(performance.now())
    headers.push(request.headers)
    asked.push(request.url ?? '')
    answer(new URL(request.url ?? '', 'http://loopback'), asked.length - 1, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // listening on TCP, so the address has a port
    asked,
    times,
    headers,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
