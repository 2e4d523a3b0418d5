// Libraries check less, and GraphQL takes a tenth less time, where they find this when they are loaded.
process.env['NODE_ENV'] ??= 'production'
const { readConfig } = await import('./config.js')
const { explained, serve } = await import('./serve.js')

await explained(() => serve(readConfig(process.env)))
