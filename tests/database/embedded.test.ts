import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startEmbedded } from '../../src/database/embedded.js'
import { reservePort } from '../support/ports.js'

let folder: string
let occupant: Server
let taken: number
beforeAll(async () => {
  folder = path.join(await mkdtemp(path.join(tmpdir(), 'magnesium-evidence-embedded-')), 'postgres')
  occupant = createServer().listen(0, '127.0.0.1')
  await once(occupant, 'listening')
  taken = (occupant.address() as AddressInfo).port // listening on TCP, so the address has a port
})
afterAll(async () => {
  occupant.close()
  await rm(path.dirname(folder), { recursive: true, force: true })
})

test('a port that was taken in the meantime is given up for another one', async () => {
  const reserved = await reservePort()
  const suggestions = [taken, taken, reserved.port]
  const postgres = await startEmbedded({ folder, choosePort: () => Promise.resolve(suggestions.shift() ?? 0) })
  try {
    expect([Number(new URL(postgres.url).port), suggestions]).toEqual([reserved.port, []])
  } finally {
    await postgres.stop()
    await reserved.release()
  }
})

test('a port that was asked for is never given up: the start fails', async () => {
  await expect(startEmbedded({ folder, port: taken })).rejects.toThrow(`Postgres did not start in ${folder}: port ${taken} is in use`)
})

test('the start fails if every port is taken', async () => {
  let asked = 0
  const choosePort = () => Promise.resolve(((asked += 1), taken))
  await expect(startEmbedded({ folder, choosePort })).rejects.toThrow('is in use')
  expect(asked).toBe(10)
})
