import { createMcpHandler, isLegacyRequest, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server'
import { createMcpServer, type ServerOptions } from './server.js'

export interface Exchange extends ServerOptions {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** JSON. */
  readonly body: unknown
  readonly url: string
  readonly signal: AbortSignal
}

/** Answers one message of the protocol, of the revisions with a handshake (2024-11-05 to 2025-11-25) and of that without (2026-07-28). */
export async function answerMcp({ headers, body, url, signal, ...options }: Exchange): Promise<Response> {
  const request = new Request(url, { method: 'POST', headers: forProtocol(headers), signal })
  const read = { parsedBody: body }
  if (await isLegacyRequest(request, body)) {
    // No session: each message meets a server of its own, which knows all that there is to know.
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
    const server = createMcpServer(options)
    await server.connect(transport)
    try {
      return await transport.handleRequest(request, read)
    } finally {
      await server.close()
    }
  }
  return createMcpHandler(() => createMcpServer(options), { legacy: 'reject' }).fetch(request, read)
}

/** What the protocol looks at, with an Accept that its transports take: the service has seen already that JSON is. */
function forProtocol(headers: Exchange['headers']): Headers {
  const known = new Headers({ 'content-type': 'application/json', accept: 'application/json, text/event-stream' })
  for (const [name, value] of Object.entries(headers)) if (name.startsWith('mcp-') && value !== undefined) known.set(name, [value].flat().join(', '))
  return known
}
