// A dashboard's own server between its readers and the API: one address for one operation, with an ETag. The data revision is what the answer
// depends on, besides the operation and its variables; so an unchanged one is answered 304, and the API is asked again only after a change.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

/**
 * @param api address of the service, such as http://localhost:4000
 * @param query an operation
 * @param variables its variables
 * @param recheckMs for how long the data are taken to be unchanged
 */
export function serveWithETag({ api, query, variables = {}, recheckMs = 5_000 }) {
  let kept = { etag: null, body: '' }
  let checked = 0

  async function send(operation) {
    const response = await fetch(`${api}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(operation),
    })
    const { data, errors } = await response.json()
    if (errors) throw new Error(errors[0].message)
    return data
  }

  async function bringUpToDate() {
    if (kept.etag !== null && Date.now() - checked < recheckMs) return
    const { dataset } = await send({ query: '{ dataset { dataRevision } }' })
    const etag = `"${createHash('sha256').update(JSON.stringify([dataset.dataRevision, query, variables])).digest('base64url')}"`
    if (etag !== kept.etag) kept = { etag, body: JSON.stringify(await send({ query, variables })) }
    checked = Date.now()
  }

  return createServer(async (request, response) => {
    try {
      await bringUpToDate()
      const headers = { etag: kept.etag, 'cache-control': 'public, max-age=60, stale-while-revalidate=600' }
      if (request.headers['if-none-match'] === kept.etag) return response.writeHead(304, headers).end()
      response.writeHead(200, { ...headers, 'content-type': 'application/json; charset=utf-8' }).end(kept.body)
    } catch {
      response.writeHead(502, { 'cache-control': 'no-store' }).end()
    }
  })
}
