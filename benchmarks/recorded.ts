// The statements that each asking of an operation sends to the database when what the service keeps in memory is warm.
import { graphql } from 'graphql'
import type { Database } from '../src/database/client.js'
import { findDataRevision } from '../src/dataset/dataset.queries.js'
import { contextOver, RevisionMemo } from '../src/graphql/context.js'
import { buildServiceSchema } from '../src/schema.js'
import type { Ask } from './known.js'
import type { Operation } from './operations.js'

export interface Statement {
  readonly name: string
  readonly text: string
  readonly values: unknown[]
}

/** Of as many askings as the servers that are given statements are asked. */
export interface Recorded {
  readonly name: string
  readonly variables: readonly Record<string, unknown>[]
  readonly statements: readonly (readonly Statement[])[]
}

/** Of an operation that computes much, so many askings are recorded. */
export const askingsRecorded = 150

export async function recorder(database: Database): Promise<{ ask: Ask; record: (operation: Operation) => Promise<Recorded> }> {
  const schema = buildServiceSchema()
  const memo = new RevisionMemo(database, await findDataRevision(database))
  let sent: Statement[] | undefined
  database.pool.on('connect', (client) => {
    const send = client.query.bind(client) as (...given: unknown[]) => unknown // one signature for all of query's overloads
    client.query = ((...given: unknown[]) => {
      const [statement] = given
      if (sent !== undefined && typeof statement === 'object' && statement !== null && 'text' in statement) {
        const { text, values = [] } = statement as { text: string; values?: unknown[] } // a query config
        sent.push({ name: `s${hash(text)}`, text, values })
      }
      return send(...given)
    }) as typeof client.query
  })
  const ask: Ask = async (query, variables) => {
    const { data, errors } = await graphql({ schema, source: query, variableValues: variables, contextValue: contextOver(memo) })
    if (errors) throw new Error(`${errors[0]?.message} in ${query}`)
    return data as Record<string, unknown> // no errors, so there are data
  }
  const record = async ({ name, query, variables }: Operation): Promise<Recorded> => {
    const recorded = variables.slice(0, askingsRecorded)
    const statements: Statement[][] = []
    for (const asking of recorded) {
      // What stays in memory by asking alone (lists of summaries) is read once; what many askings share (studies) is warm.
      const first: Statement[] = []
      sent = first
      await ask(query, asking)
      const again: Statement[] = []
      sent = again
      await ask(query, asking)
      sent = undefined
      statements.push(again.length > 0 ? again : first)
    }
    return { name, variables: recorded, statements }
  }
  return { ask, record }
}

/** A short name for a statement's text. */
function hash(text: string): string {
  let value = 5381
  for (let index = 0; index < text.length; index++) value = (Math.imul(value, 33) ^ text.charCodeAt(index)) >>> 0
  return `${value.toString(36)}_${text.length}`
}
