import type { Server } from 'node:http'

export function serveWithETag(options: {
  readonly api: string
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly recheckMs?: number
}): Server
