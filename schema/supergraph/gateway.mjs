// One graph of three: the evidence, a pharmacy and a library, composed and served by Apollo's gateway.
//   npm run supergraph                          answers the questions of questions.graphql and stays at http://localhost:4001
//   npm run supergraph -- --once                answers them and ends
//   EVIDENCE_URL=http://host/graphql            takes a service that runs elsewhere; else one must run at http://localhost:4000
import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { composeServices } from '@apollo/composition'
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { parse } from 'graphql'
import { startForeign } from './foreign.mjs'

/** The schema that a graph tells of itself. */
async function sdlOf(url) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  }).catch((cause) => {
    throw new Error(`no graph answers at ${url}: start the service with npm start, or name another with EVIDENCE_URL`, { cause })
  })
  const { data, errors } = await answer.json()
  if (errors) throw new Error(`${url} tells no schema: ${errors[0].message}`)
  return data._service.sdl
}

/** @returns the supergraph's SDL @throws {Error} with every composition error */
export function compose(graphs) {
  const { supergraphSdl, errors } = composeServices(graphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })))
  if (supergraphSdl === undefined) throw new Error(errors.map(({ message }) => message).join('\n'))
  return supergraphSdl
}

/** Composes the evidence with the two foreign graphs, and serves the whole; at free ports, or at those of supergraph.yaml. */
export async function startSupergraph(evidenceUrl, { port, pharmacyPort, libraryPort } = { port: 0, pharmacyPort: 0, libraryPort: 0 }) {
  const foreign = await Promise.all([startForeign('pharmacy', pharmacyPort), startForeign('library', libraryPort)])
  const stopForeign = () => Promise.all(foreign.map(({ stop }) => stop()))
  try {
    const supergraphSdl = compose([{ name: 'evidence', url: evidenceUrl, sdl: await sdlOf(evidenceUrl) }, ...foreign])
    const gateway = new ApolloGateway({ supergraphSdl, buildService: ({ url }) => new RemoteGraphQLDataSource({ url }) })
    const server = new ApolloServer({ gateway })
    const { url } = await startStandaloneServer(server, { listen: { port, host: '127.0.0.1' } })
    return { url, supergraphSdl, stop: () => Promise.all([server.stop(), stopForeign()]) }
  } catch (error) {
    await stopForeign()
    throw error
  }
}

export const questions = () => readFile(new URL('questions.graphql', import.meta.url), 'utf8')

export async function ask(url, query) {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) })
  return answer.json()
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const once = process.argv.includes('--once')
    const { url, stop } = await startSupergraph(process.env.EVIDENCE_URL ?? 'http://localhost:4000/graphql', once ? undefined : { port: 4001, pharmacyPort: 4002, libraryPort: 4003 })
    const { data, errors } = await ask(url, await questions())
    console.log(JSON.stringify(data ?? errors, null, 2))
    if (errors) process.exitCode = 1
    if (once) await stop()
    else console.log(`one graph of three at ${url}`)
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
