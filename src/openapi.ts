import type { FastifyInstance } from 'fastify'
import { downloads } from './download/downloads.http.js'
import { errorCodes } from './errors.js'
import { dashboardViews, ownViews } from './http/web.js'
import { comparisonKinds } from './evidence/comparisonKey.js'
import { findingsFormats } from './findings/address.js'
import { plotFiles } from './synthesis/plots.http.js'
import { plots } from './synthesis/plotUrl.js'
import { release } from './version.js'

type Json = Readonly<Record<string, unknown>>

const answer = (description: string, type = 'application/json', schema: Json = {}): Json => ({ description, content: { [type]: { schema } } })
const text = (description: string, type = 'text/plain'): Json => answer(description, type, { type: 'string' })
const refused = { default: { $ref: '#/components/responses/Error' } }
const inQuery = (name: string, description: string, schema: Json = { type: 'string' }): Json => ({ name, in: 'query', description, schema })
const inPath = (name: string, schema: Json = { type: 'string' }): Json => ({ name, in: 'path', required: true, schema })
const get = (operationId: string, summary: string, responses: Json, parameters: readonly Json[] = []): Json => ({
  get: { operationId, summary, ...(parameters.length > 0 && { parameters }), responses: { ...responses, ...refused } },
})
const filter = inQuery('filter', 'Filter of the API as JSON, such as {"conditions":["migraine"]}: `EvidenceFilter` or `StudyFilter` of /schema.graphql.', {
  type: 'string',
  contentMediaType: 'application/json',
})
const byteOrderMark = inQuery('bom', 'Whether a CSV begins with a byte order mark, for spreadsheets.', { type: 'boolean' })
const key = [{ key: [] }, { bearer: [] }]
const jsonBody = (schema: Json): Json => ({ required: true, content: { 'application/json': { schema } } })
const note: Json = { type: 'string', description: 'Why, for the record.' }
const dryRun: Json = { type: 'boolean', default: false, description: 'Checks everything and keeps nothing.' }
const decisions = {
  accept: {
    summary: 'Takes drafts into the evidence',
    properties: {
      place: { type: 'object', description: 'Study and role of publications that are not known.' },
      places: { type: 'object', description: 'The same of single drafts, by their ids.' },
      confirm: { type: 'boolean', default: false, description: 'The curator has seen that a publication is unlike its study, or a second primary report.' },
      dryRun,
    },
  },
  reject: { summary: 'Keeps drafts out of the evidence', properties: {} },
  undo: { summary: 'Takes accepted drafts out of the evidence again, as a new revision', properties: { dryRun } },
} as const satisfies Readonly<Record<string, { readonly summary: string; readonly properties: Json }>>
const decision = (verb: keyof typeof decisions): Json => ({
  post: {
    operationId: `${verb}Drafts`,
    summary: `${decisions[verb].summary}; needs a key of the scope "curate".`,
    security: key,
    requestBody: jsonBody({
      type: 'object',
      required: ['ids'],
      properties: { ids: { type: 'array', minItems: 1, items: { type: 'integer', minimum: 1 } }, note, ...decisions[verb].properties },
    }),
    responses: { 200: answer('What became of each.'), ...refused },
  },
})

const pages = Object.fromEntries(
  [...dashboardViews, ...ownViews].flatMap((view, index) => {
    const path = view.replace(/:(\w+)/g, '{$1}')
    const parameters = [...view.matchAll(/:(\w+)/g)].map(([, name = '']) => inPath(name))
    const described = (operationId: string, summary: string) => get(operationId, summary, { 200: text('A page.', 'text/html') }, parameters)
    return [
      [path, described(`view${index}`, 'A view of the dashboard.')],
      ...(ownViews.includes(view)
        ? []
        : [[`/embed${path === '/' ? '' : path}`, described(`embeddedView${index}`, 'The same view for pages of others.')] as const]),
    ]
  }),
)

/**
 * What is served over HTTP, as OpenAPI 3.1. The API itself is GraphQL, which /schema.graphql describes.
 *
 * @param basePath path under which callers find the service, '' or '/magnesium'
 */
export function openApi(basePath: string): Json {
  return {
    openapi: '3.1.0',
    info: { title: 'Magnesium evidence', version: release, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: basePath === '' ? '/' : basePath }],
    paths: {
      '/graphql': {
        get: {
          operationId: 'query',
          summary: 'Answers a GraphQL operation.',
          parameters: [
            inQuery('query', 'The operation.'),
            inQuery('variables', 'As JSON.'),
            inQuery('operationName', 'Which of several.'),
            inQuery('extensions', 'As JSON.'),
          ],
          responses: { 200: answer('The answer.'), ...refused },
        },
        post: {
          operationId: 'queryByBody',
          summary: 'Answers a GraphQL operation.',
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  properties: {
                    query: { type: 'string' },
                    variables: { type: ['object', 'null'] },
                    operationName: { type: ['string', 'null'] },
                    extensions: { type: ['object', 'null'] },
                  },
                },
              },
            },
          },
          responses: { 200: answer('The answer.'), ...refused },
        },
      },
      '/mcp': {
        post: {
          operationId: 'assistants',
          summary: 'The Model Context Protocol for assistants: seven tools over the API, without sessions (docs/assistants.md).',
          requestBody: jsonBody({
            type: 'object',
            required: ['jsonrpc', 'method'],
            properties: { jsonrpc: { const: '2.0' }, id: { type: ['string', 'integer'] }, method: { type: 'string' }, params: { type: 'object' } },
          }),
          responses: { 200: answer('An answer of JSON-RPC.'), 202: { description: 'A notification was taken.' }, ...refused },
        },
      },
      '/download/{file}': get(
        'download',
        'Everything that a filter selects, as a file.',
        {
          200: {
            description: 'The file, sent in parts.',
            content: Object.fromEntries([...downloads.values()].map(({ contentType }) => [String(contentType.split(';')[0]), {}])),
          },
          304: { description: 'The data are those of If-None-Match.' },
        },
        [inPath('file', { type: 'string', enum: [...downloads.keys()] }), filter, inQuery('orderBy', 'Order of the list as JSON.'), byteOrderMark],
      ),
      '/changes.atom': get(
        'changesFeed',
        'What is new, as a feed: an entry for each subject that an import changed.',
        { 200: text('Atom, RFC 4287.', 'application/atom+xml'), 304: { description: 'The data are those of If-None-Match.' } },
        [inQuery('condition', 'Changes of that condition and narrower ones: slug, code or name.')],
      ),
      '/plots/{file}': get(
        'plot',
        'A plot of a synthesis; beside these parameters it takes each other argument of SynthesisInput under its name.',
        {
          200: {
            description: 'The plot.',
            content: { 'image/svg+xml': {}, 'image/png': {}, 'text/html': {}, 'text/plain': {}, 'text/csv': {} },
          },
        },
        [
          inPath('file', { type: 'string', enum: plotFiles }),
          filter,
          inQuery('theme', 'Colours.', { type: 'string', enum: ['light', 'dark', 'print'] }),
          inQuery('width', 'Pixels of a PNG, letters of a text.', { type: 'integer', minimum: 60 }),
          byteOrderMark,
          inQuery('contours', 'Whether a funnel plot has contours of significance.', { type: 'boolean' }),
        ],
      ),
      '/embed/plot/{plot}': get(
        'embeddedPlot',
        'A plot of a synthesis on a page of its own, for a frame on another page; it takes the parameters of the picture but for `width`.',
        { 200: text('The page.', 'text/html') },
        [inPath('plot', { type: 'string', enum: plots }), filter, inQuery('theme', 'Colours.', { type: 'string', enum: ['light', 'dark', 'print'] })],
      ),
      '/summary-of-findings/{file}': get(
        'summaryOfFindings',
        'What is found on a condition against one comparator, to read, print, compute with or show.',
        {
          200: {
            description: 'The summary of findings.',
            content: { 'text/html': {}, 'text/csv': {}, 'image/svg+xml': {}, 'image/png': {} },
          },
          304: { description: 'The summary is that of If-None-Match.' },
        },
        [
          inPath('file', { type: 'string', pattern: `^.+\\.(${findingsFormats.join('|')})$` }),
          inQuery('comparison', 'Kind of comparison.', { type: 'string', enum: comparisonKinds, default: 'INACTIVE' }),
          inQuery('agent', 'Which comparison of the kind, as of summaryOfFindings.'),
          inQuery('baselineRisk', 'Risk without magnesium, for effects in people of a thousand.', { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }),
          inQuery('theme', 'Colours of a picture.', { type: 'string', enum: ['light', 'dark', 'print'] }),
          inQuery('width', 'Pixels of a PNG.', { type: 'integer', minimum: 60 }),
          byteOrderMark,
        ],
      ),
      '/curation/drafts': {
        get: {
          operationId: 'drafts',
          summary: 'What imports proposed; needs a key of the scope "curate".',
          security: key,
          parameters: ['status', 'kind', 'source', 'after'].map((name) => inQuery(name, `Only drafts of this ${name}.`)),
          responses: { 200: answer('The drafts.'), ...refused },
        },
      },
      '/curation/drafts/{id}': {
        get: {
          operationId: 'draft',
          summary: 'What a draft would change; needs a key of the scope "curate".',
          security: key,
          parameters: [inPath('id', { type: 'integer', minimum: 1 })],
          responses: { 200: answer('The changes.'), ...refused },
        },
        patch: {
          operationId: 'editDraft',
          summary: 'Edits an open draft: the whole document, or values by their paths; needs a key of the scope "curate".',
          security: key,
          parameters: [inPath('id', { type: 'integer', minimum: 1 })],
          requestBody: jsonBody({
            type: 'object',
            properties: {
              document: { type: 'object' },
              set: { type: 'object', description: 'Values by their paths, such as {"results[0].unit": "mg/dL"}.' },
              unset: { type: 'array', items: { type: 'string' } },
              note,
              changedAt: { type: 'string', format: 'date-time', description: 'The state that the edit was made of.' },
            },
          }),
          responses: { 200: answer('The edits, and what the draft would change.'), ...refused },
        },
      },
      '/curation/skipped': {
        get: {
          operationId: 'skipped',
          summary: 'Records that imports refused, or that differ from what is known; needs a key of the scope "curate".',
          security: key,
          parameters: ['outcome', 'source', 'after'].map((name) => inQuery(name, `Only records of this ${name}.`)),
          responses: { 200: answer('The records.'), ...refused },
        },
      },
      '/curation/drafts/accept': decision('accept'),
      '/curation/drafts/reject': decision('reject'),
      '/curation/drafts/undo': decision('undo'),
      '/health/live': get('live', 'Whether the process lives.', { 200: answer('It does.') }),
      '/health/ready': get('ready', 'Whether evidence can be read.', { 200: answer('It can.'), 503: answer('It cannot, or the service is stopping.') }),
      '/metrics': get('metrics', 'Metrics for Prometheus, unless they have a port of their own.', { 200: text('The metrics.') }),
      '/schema.graphql': get('schema', 'The GraphQL schema, unless it is closed.', { 200: text('The schema.', 'application/graphql') }),
      '/openapi.json': get('openapi', 'This description.', { 200: answer('OpenAPI 3.1.') }),
      '/robots.txt': get('robots', 'What crawlers may index.', { 200: text('Rules.') }),
      '/llms.txt': get('llms', 'Where what is, for language models.', { 200: text('Links.', 'text/markdown') }),
      '/.well-known/security.txt': get('securityContact', 'Where to report a vulnerability, if the operator says so.', { 200: text('RFC 9116.') }),
      '/playground': get('playground', 'An editor for operations.', { 200: text('A page.', 'text/html') }),
      '/playground/examples.json': get('examples', 'Operations that answer common questions.', { 200: answer('The operations.') }),
      '/assets/{file}': get('asset', 'A part of a page.', { 200: { description: 'The part.' } }, [inPath('file')]),
      '/favicon.ico': get('icon', 'The icon.', { 302: { description: 'Where it is.' } }),
      ...pages,
    },
    components: {
      securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-api-key' }, bearer: { type: 'http', scheme: 'bearer' } },
      responses: {
        Error: answer('What is wrong, with a stable code.', 'application/json', {
          type: 'object',
          required: ['errors'],
          properties: {
            errors: {
              type: 'array',
              items: {
                type: 'object',
                required: ['message', 'extensions'],
                properties: {
                  message: { type: 'string' },
                  extensions: {
                    type: 'object',
                    required: ['code'],
                    properties: { code: { type: 'string', enum: Object.keys(errorCodes) }, reason: { type: 'string' }, requestId: { type: 'string' } },
                  },
                },
              },
            },
          },
        }),
      },
    },
  }
}

/** The description at /openapi.json. */
export function registerOpenApi(app: FastifyInstance, basePath: string): void {
  const described = openApi(basePath)
  app.get('/openapi.json', (_, reply) => reply.header('cache-control', 'public, max-age=3600').send(described))
}
