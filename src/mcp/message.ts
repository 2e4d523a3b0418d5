import { deepestBody, isDeeperThan } from '../http/depth.js'

/** An error of JSON-RPC. */
export interface RpcFault {
  readonly code: number
  readonly message: string
}

/** What is wrong with a text that is no JSON. */
export const noJson = (why: string): RpcFault => ({ code: -32_700, message: `the message is not JSON: ${why}` })

/** What is wrong with JSON before the protocol reads it; null if nothing is. */
export function faultOf(message: unknown): RpcFault | null {
  const invalid = (what: string): RpcFault => ({ code: -32_600, message: what })
  if (Array.isArray(message)) return invalid('messages are not taken in batches: send one at a time')
  if (typeof message !== 'object' || message === null) return invalid('this is no message of JSON-RPC: send an object')
  if (isDeeperThan(deepestBody, message)) return invalid(`the message has more than ${deepestBody} levels of lists and objects inside each other`)
  const { jsonrpc, method, result, error } = message as Readonly<Record<string, unknown>> // an object, as was looked at
  if (jsonrpc !== '2.0' || (typeof method !== 'string' && result === undefined && error === undefined))
    return invalid('this is no message of JSON-RPC 2.0, such as {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}')
  // Tools never change, so that there is nothing to wait for; a stream would only hold a connection.
  if (method === 'subscriptions/listen') return { code: -32_601, message: 'nothing here changes by itself: there are no subscriptions' }
  return null
}

/** The answer to a message that has a fault. */
export function faultAnswer(fault: RpcFault, message: unknown, data?: Readonly<Record<string, unknown>>) {
  const { id = null } = (message ?? {}) as { id?: unknown } // anything, which has an id or has none
  return { jsonrpc: '2.0', id: typeof id === 'string' || typeof id === 'number' ? id : null, error: { ...fault, ...(data !== undefined && { data }) } }
}
