import type { Operation } from './code.js'

/** What servers and browsers take of an address without fail. */
export const longestAddress = 8_000

/**
 * The address that opens an operation in the playground.
 *
 * @param playground address of the playground, without parameters
 * @returns null where the address would be longer than what is taken everywhere
 */
export function addressOf(playground: string, { query, variables }: Operation): string | null {
  const parameters = new URLSearchParams({ query, ...(variables.trim() !== '' && { variables }) })
  const address = `${playground}?${parameters.toString()}`
  return address.length > longestAddress ? null : address
}

/** The operation of an address; null where it has none. */
export function operationIn(search: string): Operation | null {
  const parameters = new URLSearchParams(search)
  const query = parameters.get('query')
  return query === null ? null : { query, variables: parameters.get('variables') ?? '' }
}

/** Whether an address asks for its operation to be run at once, which only one that reads may be. */
export const isToRun = (search: string, { query }: Operation) => new URLSearchParams(search).get('run') === 'true' && !/^\s*mutation\b/m.test(query)
