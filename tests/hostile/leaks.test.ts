import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { leaks } from './leaks.js'

const corpus = 'prisma/corpus'
const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(ya?ml|json)$/.test(name))

test('no text of the corpus looks like the inside of the service, wherever a random operation draws it from', () => {
  expect(files.length).toBeGreaterThan(100)
  expect(files.flatMap((name) => leaks(readFileSync(join(corpus, name), 'utf8')).map((what) => `${name} ${what}`))).toEqual([])
})

test.each([
  ['a path', 'ENOENT: open /home/service/config.json'],
  ['a path of this file system as an address', 'file:///home/service/dist/server.js'],
  ['an address of the machine itself', 'http://localhost:4000/src/server.js'],
  ['a stack', 'at handler (/srv/app.js:10:3)'],
  ['a statement', 'SELECT id FROM study'],
  ['a library', 'PrismaClientKnownRequestError'],
])('%s is seen', (_, text) => {
  expect(leaks(text)).toHaveLength(1)
})

test('the address of a publisher is no path of the service', () => {
  expect(leaks('{"source":"https://phmj.example/index.php/home/article/view/185"}')).toEqual([])
})
