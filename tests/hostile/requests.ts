import net from 'node:net'

/** Sends bytes over a connection of its own and gives back what came, when the other side ends or `waitMs` have passed. */
export function sentRaw(url: string, bytes: string | Buffer, { waitMs = 15_000 }: { readonly waitMs?: number } = {}): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = net.connect(Number(port), hostname, () => socket.write(bytes))
    const end = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(end, waitMs)
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')))
    socket.on('end', end)
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' || error.code === 'EPIPE' ? end() : reject(error)))
  })
}

/** The statuses of the answers on one connection, in their order. */
export const statusesOf = (answers: string): number[] => [...answers.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))

/** A request to the API, its bytes. */
export function rawPost(body: string, headers: readonly string[] = []): string {
  return ['POST /graphql HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...headers, '', body].join('\r\n')
}
