import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

/** What a tool answered. */
export interface ToolResult {
  readonly isError: boolean
  readonly text: string
  // As varied as tools are; tests compare it with what they expect.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly data: any
  /** Code, reason and more of an error. */
  readonly error: Readonly<Record<string, unknown>> | undefined
}

/** A client of the SDK that is connected by HTTP, and what it is asked with. */
export async function connectAssistant(url: string, headers: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } }))
  return client
}

export async function callTool(client: Client, name: string, given: Record<string, unknown>): Promise<ToolResult> {
  const { isError = false, content, structuredContent } = await client.callTool({ name, arguments: given })
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  const errors = isError ? (JSON.parse(texts[1] ?? '{}') as { errors?: { extensions: Record<string, unknown> }[] }).errors : undefined
  return { isError, text: texts[0] ?? '', data: structuredContent, error: errors?.[0]?.extensions }
}
