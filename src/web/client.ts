import { cacheExchange, Client, fetchExchange } from 'urql'
import { serviceAddress } from './address.js'

/** Asks the service that served the page; answers are kept for as long as the page stays open. */
export const client = new Client({ url: serviceAddress('/graphql'), exchanges: [cacheExchange, fetchExchange], preferGetMethod: false })
