import type { GraphQLSchema } from 'graphql'
import type { Context } from '../graphql/context.js'
import { coercedInput, parsedJson } from '../http/parameters.js'

/** A file that can be downloaded. */
export interface Download {
  readonly contentType: string
  /**
   * Its text or bytes, part by part; the first part is made after the first rows are read.
   *
   * @throws {PublicError} what the filter and order refuse, with the first part
   */
  content(question: DownloadQuestion): AsyncIterable<string | Uint8Array>
}

export interface DownloadQuestion {
  readonly schema: GraphQLSchema
  readonly context: Context
  /** Of the service as the caller sees it: "http://localhost:4000". */
  readonly origin: string
  /** As given in the address: JSON, still to be read. */
  readonly filter: string | undefined
  readonly orderBy: string | undefined
  /** Whether a CSV begins with a byte order mark. */
  readonly withMark: boolean
}

/** The filter of an address as the API's own input type reads it; null without one. @throws {PublicError} BAD_PARAMETER */
export function filterOf({ schema, filter }: DownloadQuestion, inputType: string): unknown {
  return filter === undefined ? null : coercedInput(schema, inputType, parsedJson('filter', filter), 'filter')
}

/** The keys of an order, one or a list of them, as the API's own input type reads them. @throws {PublicError} BAD_PARAMETER */
export function orderOf({ schema, orderBy }: DownloadQuestion, inputType: string): unknown[] {
  if (orderBy === undefined) return []
  return [parsedJson('orderBy', orderBy)].flat().map((key) => coercedInput(schema, inputType, key, 'orderBy'))
}

/** Rows as they are shown, batch by batch. */
export async function* mapped<Stored, Row>(batches: AsyncIterable<readonly Stored[]>, shown: (stored: Stored) => Row): AsyncGenerator<Row[]> {
  for await (const batch of batches) yield batch.map(shown)
}
