// PostGraphile 5 over the schema of postgraphile.sql, with its filter and aggregate plugins: node postgraphile.mjs <url> <port>
import { createServer } from 'node:http'
import { PgAggregatesPreset } from '@graphile/pg-aggregates'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { PostGraphileConnectionFilterPreset } from 'postgraphile-plugin-connection-filter'

const [url = '', port = '0'] = process.argv.slice(2)
const instance = postgraphile({
  extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset, PgAggregatesPreset],
  pgServices: [makePgService({ connectionString: url, schemas: ['peer'], poolConfig: { max: 10 } })],
  schema: { defaultBehavior: '-insert -update -delete' },
  grafserv: { watch: false, graphiql: false, websockets: false, maxRequestLength: 1_000_000 },
  grafast: { explain: false },
})
await instance.getSchema()
const server = createServer()
await instance.createServ(grafserv).addTo(server)
server.listen(Number(port), '127.0.0.1', () => process.send?.('ready'))
process.on('SIGTERM', () => process.exit(0))
process.on('disconnect', () => process.exit(0))
