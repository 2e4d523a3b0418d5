// Two small graphs of others, to be joined with the evidence: what a pharmacy sells, and what a library holds.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { graphql, parse } from 'graphql'

const products = [
  { barcode: '4006381333931', name: 'Magnesium oxide 400', priceEuro: 6.5, saltMg: 400, tablets: 60, unii: '3A3U0GI71G' },
  { barcode: '4006381333948', name: 'Magnesium chloride 500', priceEuro: 9.9, saltMg: 500, tablets: 60, unii: '59XN63C8VM' },
]

const holdings = [
  { shelfMark: 'QU 130.5 / 17', doi: 'https://doi.org/10.1371/journal.pone.0180067' },
  { shelfMark: 'WL 344 / 12', doi: '10.1371/JOURNAL.PONE.0180067' },
]

const soldOf = (unii) => products.filter((product) => product.unii === unii)

const pharmacy = {
  Query: { products: () => [...products].sort((a, b) => a.priceEuro - b.priceEuro) },
  Product: {
    __resolveReference: ({ barcode }) => products.find((product) => product.barcode === barcode) ?? null,
    contains: ({ unii }) => ({ unii }),
  },
  MagnesiumForm: {
    __resolveReference: (form) => form,
    products: ({ unii }) => soldOf(unii),
    euroPerElementalGram: ({ unii, elementalFractionLow }) => {
      const grams = ({ saltMg, tablets }) => (saltMg * tablets * elementalFractionLow) / 1_000
      const prices = elementalFractionLow == null ? [] : soldOf(unii).map((product) => product.priceEuro / grams(product))
      return prices.length === 0 ? null : Math.min(...prices)
    },
  },
}

/** DOIs as this library writes them; the evidence service reads any usual notation. */
const bare = (doi) => doi?.toLowerCase().replace(/^https:\/\/doi\.org\//, '')

const library = {
  Query: { holdings: () => holdings },
  Holding: {
    __resolveReference: ({ shelfMark }) => holdings.find((holding) => holding.shelfMark === shelfMark) ?? null,
    article: ({ doi }) => ({ doi }),
  },
  Study: { __resolveReference: (study) => study, holdings: ({ doi }) => holdings.filter((holding) => bare(holding.doi) === bare(doi)) },
}

const read = (name) => readFile(new URL(`${name}.graphql`, import.meta.url), 'utf8')

/** Starts a graph on loopback. */
export async function startForeign(name, port = 0) {
  const typeDefs = parse(await read(name))
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: name === 'pharmacy' ? pharmacy : library }])
  const server = createServer(async (request, response) => {
    const parts = []
    for await (const part of request) parts.push(part)
    const { query, variables } = JSON.parse(Buffer.concat(parts).toString())
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(await graphql({ schema, source: query, variableValues: variables })))
  })
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    name,
    url: `http://127.0.0.1:${server.address().port}/graphql`,
    sdl: await read(name),
    stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  }
}
