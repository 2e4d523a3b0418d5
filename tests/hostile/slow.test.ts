import net from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { startService, type Service } from '../support/service.js'
import { rawPost, sentRaw, statusesOf } from './requests.js'

let service: Service
/** Its patience is short: the usual one is in docs/limits.md. Only who is to be cut off asks it, for a busy machine may be as slow. */
let impatient: Service
beforeAll(async () => {
  service = await startService()
  impatient = await startService({ patience: { headersMs: 400, requestMs: 800, checkedEveryMs: 100 } })
})
afterAll(async () => {
  await service.stop()
  await impatient.stop()
})

/** Sends a little at a time until the other side has had enough, and gives back its last words. */
async function dripped(start: string, drop: string): Promise<string> {
  const { hostname, port } = new URL(impatient.url)
  const socket = net.connect(Number(port), hostname)
  let answer = ''
  let isOpen = true
  socket.on('data', (chunk) => (answer += chunk.toString()))
  socket.on('error', () => (isOpen = false))
  socket.on('close', () => (isOpen = false))
  socket.write(start)
  while (isOpen) {
    await pause(100)
    if (isOpen) socket.write(drop)
  }
  socket.destroy()
  return answer
}

test('who sends headers without end is cut off', async () => {
  expect(statusesOf(await dripped('GET / HTTP/1.1\r\nHost: localhost\r\n', 'X-A: 1\r\n'))).toEqual([408])
})

test('who sends a body without end is cut off', async () => {
  expect(statusesOf(await dripped(rawPost('{"query":"', ['Content-Length: 100000']), 'a'))).toEqual([408])
})

test('three hundred slow connections keep nobody else waiting', async () => {
  const { hostname, port } = new URL(service.url)
  const slow = Array.from({ length: 300 }, () => {
    const socket = net.connect(Number(port), hostname, () => socket.write('POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n'))
    socket.on('error', () => {})
    return socket
  })
  try {
    expect(await service.ask('{ dataset { release } }')).toHaveProperty('dataset.release')
  } finally {
    for (const socket of slow) socket.destroy()
  }
})

test('a reader who leaves before the answer harms nobody', async () => {
  const body = JSON.stringify({ query: '{ evidence(first: 500) { nodes { slug study { title } } } }' })
  await Promise.all(Array.from({ length: 20 }, () => sentRaw(service.url, rawPost(body, [`Content-Length: ${Buffer.byteLength(body)}`]), { waitMs: 5 })))
  expect(await service.ask('{ dataset { release } }')).toHaveProperty('dataset.release')
})
