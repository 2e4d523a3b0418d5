import { cacheExchange, Client, fetchExchange } from 'urql'

/** Asks the service that served the page; answers are kept for as long as the page stays open. */
export const client = new Client({ url: '/graphql', exchanges: [cacheExchange, fetchExchange], preferGetMethod: false })
