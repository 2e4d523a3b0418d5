import type { FastifyInstance, FastifyReply } from 'fastify'
import { PublicError } from '../errors.js'

export interface AddressOptions {
  /** Path under which callers find the service, '' or '/magnesium'. */
  readonly basePath: string
  /** The schema as text; null where it is closed. */
  readonly schemaText: string | null
  /** mailto: or https:; null where nobody is named. */
  readonly securityContact: string | null
}

const day = 86_400_000
/** RFC 9116 recommends less than a year. */
const contactHoldsForDays = 180

/** What programs look for at addresses that others agreed on: crawlers, language models, reporters of vulnerabilities; and the schema. */
export function registerAddresses(app: FastifyInstance, { basePath, schemaText, securityContact }: AddressOptions): void {
  const text = (reply: FastifyReply, type = 'text/plain') =>
    reply.type(`${type}; charset=utf-8`).header('cache-control', 'public, max-age=3600').header('x-content-type-options', 'nosniff')
  app.get('/robots.txt', (_, reply) => text(reply).send(robots(basePath)))
  app.get('/llms.txt', (_, reply) => text(reply, 'text/markdown').send(forLanguageModels(basePath, schemaText !== null)))
  app.get('/schema.graphql', (_, reply) => {
    if (schemaText === null) throw new PublicError('NOT_FOUND', 'the schema is closed here')
    return text(reply, 'application/graphql').send(schemaText)
  })
  app.get('/.well-known/security.txt', (_, reply) => {
    if (securityContact === null) throw new PublicError('NOT_FOUND', 'the operator of this service names no contact: it would be set by SECURITY_CONTACT')
    const expires = new Date((Math.floor(Date.now() / day) + contactHoldsForDays) * day)
    return text(reply).send(`Contact: ${securityContact}\nExpires: ${expires.toISOString().replace('.000Z', 'Z')}\nPreferred-Languages: en\n`)
  })
}

/** Views may be indexed. What is computed for each address, and whole files, are no pages. */
const robots = (basePath: string) =>
  [
    'User-agent: *',
    ...['graphql', 'plots/', 'download/', 'curation/', 'embed', 'playground', 'metrics'].map((path) => `Disallow: ${basePath}/${path}`),
    '',
  ].join('\n')

const forLanguageModels = (basePath: string, isOpen: boolean) => `# Magnesium evidence

> What trials of magnesium showed: of which salt, at what elemental dose, in whom, how large the effect was. Evidence, not advice.

Numbers carry their source, formula and assumptions. Pools, certainty and warnings are computed by the API: ask for them rather than compute them from rows.

## API

- [GraphQL](${basePath}/graphql): POST {"query": "…"} as application/json, or GET with ?query=; it only reads, and needs no key
${isOpen ? `- [Schema](${basePath}/schema.graphql): every type and field with its description\n` : ''}- [Model Context Protocol](${basePath}/mcp): seven tools over the same API, by streamable HTTP: POST; answers name their sources and how certain they are
- [Examples](${basePath}/playground/examples.json): operations that answer common questions

## Files

- [Effects as CSV](${basePath}/download/evidence.csv): takes the filter of the API as JSON, ?filter=
- [All addresses](${basePath}/openapi.json): OpenAPI 3.1
- [Studies as CSV](${basePath}/download/studies.csv): likewise

- [What is new](${basePath}/changes.atom): an Atom feed of what imports changed; takes ?condition=

## Pages

- [Dashboard](${basePath}/): evidence by condition, form and dose
- [Playground](${basePath}/playground): an editor for operations
`
