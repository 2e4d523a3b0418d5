import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Example } from './examples.js'

/** Where the build puts the pages and what they load. */
const bundle = fileURLToPath(new URL('../../dist/web/', import.meta.url))

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
}

/** Nothing but what this service serves; nothing inline. */
const strict =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'"

/** The editor sets styles of its own elements, so styles may stand inline there; scripts may not. */
const ofEditor = strict.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace("font-src 'self'", "font-src 'self' data:")

/** Addresses of the dashboard's views; see src/web/pages.tsx. */
const views = [
  '/',
  '/conditions',
  '/forms',
  '/dose',
  '/studies',
  '/claims',
  '/evidence',
  '/synthesis',
  '/compare',
  '/new',
  '/safety',
  '/search',
  '/map',
] as const
const viewsOfOne = ['/conditions/:slug', '/forms/:slug', '/studies/:slug', '/claims/:slug'] as const
/** Views that decide something: no page of somebody else frames them. */
export const ownViews: readonly string[] = ['/drafts', '/drafts/:id']

/** All of them; each is also served below /embed. */
export const dashboardViews: readonly string[] = [...views, ...viewsOfOne]

export interface WebPages {
  /** The dashboard for a browser that lost its way, which tells it so. */
  readonly lost: (reply: FastifyReply) => FastifyReply
}

/**
 * The dashboard and the playground, as the build made them, with the examples as the playground's first tabs.
 *
 * @param basePath path under which browsers find the service, '' or '/magnesium'
 */
export function registerWeb(app: FastifyInstance, examples: readonly Example[], basePath: string): WebPages {
  const [dashboard, playground] = ['index.html', 'playground.html'].map((file) => under(basePath, readFileSync(path.join(bundle, file), 'utf8')))
  const page = (reply: FastifyReply, policy: string) =>
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('content-security-policy', policy)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
  for (const view of dashboardViews) {
    app.get(view, (_, reply) => page(reply, `${strict}; frame-ancestors 'self'`).send(dashboard))
    // For pages of others.
    app.get(`/embed${view === '/' ? '' : view}`, (_, reply) => page(reply, strict).send(dashboard))
  }
  for (const view of ownViews) app.get(view, (_, reply) => page(reply, `${strict}; frame-ancestors 'none'`).send(dashboard))
  app.get('/playground', (_, reply) => page(reply, `${ofEditor}; frame-ancestors 'self'`).send(playground))
  app.get('/playground/examples.json', () => examples)
  for (const file of readdirSync(path.join(bundle, 'assets'))) {
    const type = types[path.extname(file)]
    if (type === undefined) continue
    const content = readFileSync(path.join(bundle, 'assets', file))
    // Its name tells its content: what a browser has kept stays right.
    app.get(`/assets/${file}`, { logLevel: 'warn' }, (_, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=31536000, immutable').header('x-content-type-options', 'nosniff').send(content),
    )
    if (/^icon.*\.svg$/.test(file)) app.get('/favicon.ico', { logLevel: 'silent' }, (_, reply) => reply.redirect(`${basePath}/assets/${file}`))
  }
  return { lost: (reply) => page(reply.code(404), `${strict}; frame-ancestors 'self'`).send(dashboard) }
}

/** A page as the build made it, with its parts at the base path, which its scripts read from it. */
function under(basePath: string, page: string): string {
  return page
    .replaceAll(/(?<=(?:src|href)=")\.(?=\/assets\/)/g, basePath)
    .replace(/(?<=href=")(?=\/changes\.atom")/, basePath)
    .replace(/(?<=<meta name="base-path" content=")(?=")/, basePath)
}
