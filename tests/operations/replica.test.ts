import { replicationIsThere, startReplication, type Replication } from '../support/replication.js'
import { until } from '../support/until.js'

const here = replicationIsThere ? test : test.skip

let servers: Replication
beforeAll(async () => {
  if (replicationIsThere) servers = await startReplication()
})
afterAll(() => servers.close())

const found = async () => (await servers.query('replica', 'SELECT count(*)::int AS found FROM counted'))[0]?.['found']

here('a replica copies the primary, follows it, takes no writes, and goes on where it was when started again', async () => {
  await servers.query('primary', 'CREATE TABLE counted AS SELECT generate_series(1, 7)')
  await until(async () => (await found().catch(() => 0)) === 7)
  await expect(servers.query('replica', 'INSERT INTO counted VALUES (8)')).rejects.toMatchObject({ code: '25006' })

  await servers.stop('replica')
  await servers.query('primary', 'INSERT INTO counted VALUES (8)')
  await servers.start('replica')
  await until(async () => (await found()) === 8)
})
