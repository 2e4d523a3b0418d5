import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { Example } from './examples.js'

const { resolve } = createRequire(import.meta.url)
const own = (file: string) => fileURLToPath(new URL(`../../public/playground/${file}`, import.meta.url))
const packaged = (name: string, file: string) => path.join(path.dirname(resolve(`${name}/package.json`)), file)

/** Everything the page loads, from our own address: it works without the internet. */
const assets: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  'react.js': { file: packaged('react', 'umd/react.production.min.js'), type: 'text/javascript; charset=utf-8' },
  'react-dom.js': { file: packaged('react-dom', 'umd/react-dom.production.min.js'), type: 'text/javascript; charset=utf-8' },
  'graphiql.js': { file: packaged('graphiql', 'graphiql.min.js'), type: 'text/javascript; charset=utf-8' },
  'graphiql.css': { file: packaged('graphiql', 'graphiql.min.css'), type: 'text/css; charset=utf-8' },
  'playground.js': { file: own('playground.js'), type: 'text/javascript; charset=utf-8' },
  'playground.css': { file: own('playground.css'), type: 'text/css; charset=utf-8' },
  'icon.svg': { file: own('icon.svg'), type: 'image/svg+xml' },
}

/** The editor sets styles of its own elements, so styles may stand inline; scripts may not. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

/** GraphiQL, served by ourselves, with the examples as its first tabs. */
export function registerPlayground(app: FastifyInstance, examples: readonly Example[]): void {
  const contents = Object.entries(assets).map(([name, { file, type }]) => ({ name, type, content: readFileSync(file) }))
  // What a browser has kept under this path stays right: another content has another path.
  const version = contents
    .reduce((hash, { content }) => hash.update(content), createHash('sha256'))
    .digest('hex')
    .slice(0, 12)
  const folder = `/playground/${version}`
  const page = readFileSync(own('index.html'), 'utf8').replaceAll('{assets}', folder)
  app.get('/playground', (_, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('content-security-policy', contentSecurityPolicy)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .send(page),
  )
  app.get('/playground/examples.json', () => examples)
  for (const { name, type, content } of contents) {
    app.get(`${folder}/${name}`, { logLevel: 'warn' }, (_, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=31536000, immutable').header('x-content-type-options', 'nosniff').send(content),
    )
  }
  app.get('/favicon.ico', { logLevel: 'silent' }, (_, reply) => reply.redirect(`${folder}/icon.svg`))
}
