import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { codeOf, languages, type Language, type Operation } from '../../src/web/playground/code.js'
import { addressOf, isToRun, longestAddress, operationIn } from '../../src/web/playground/operationAddress.js'

const run = promisify(execFile)

/** Hears what a program sends. */
let server: Server
let api = ''
let heard: { readonly body: string; readonly type: string | undefined }[] = []
beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      heard.push({ body: Buffer.concat(parts).toString('utf8'), type: request.headers['content-type'] })
      response.setHeader('content-type', 'application/json').end('{"data":{"heard":true}}')
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
})
afterAll(() => new Promise((resolve) => void server.close(resolve)))
beforeEach(() => {
  heard = []
})

const operations: readonly (readonly [string, Operation])[] = [
  ['a plain operation', { query: 'query Plain {\n  conditions { nodes { slug } }\n}\n', variables: '' }],
  ['quotes of every kind', { query: `# it's a "quote", a \`tick\` and """three"""\n{ a(b: "c'd") }`, variables: `{ "a": "it's \\"quoted\\"" }` }],
  ['backslashes', { query: '{ a(b: "c\\\\d\\n") }\\', variables: '{ "a": "C:\\\\temp\\\\new" }' }],
  ['signs that shells expand', { query: '{ a(b: "$HOME $(whoami) `id` !! * ~ %s") }', variables: '{ "$x": "${HOME}" }' }],
  ['other scripts', { query: '{ a(b: "Größe μ → 镁 🙂\u2028") }', variables: '{ "é": ["ü", null, true, 1.5e-3] }' }],
  ['a quote at its end', { query: '{ a(b: "c")} # "', variables: '{"nested": {"deep": [1, [2]]}}' }],
]

interface Program {
  readonly command: string
  readonly file: string
  /** What stands before the code. */
  readonly before?: string
}

/** httr2 may not be there: what would be sent is printed instead. */
const withoutHttr2 = [
  'library <- function(...) invisible(NULL)',
  'request <- function(...) list(...)',
  'req_body_raw <- function(r, b, type) { cat(b); r }',
  'req_perform <- function(r) r',
  'resp_body_json <- function(r) r',
  'str <- function(...) invisible(NULL)',
  '',
].join('\n')

const programs: Readonly<Record<Language, Program | null>> = {
  curl: existsSync('/usr/bin/curl') ? { command: '/bin/sh', file: 'ask.sh' } : null,
  JavaScript: { command: process.execPath, file: 'ask.mjs' },
  Python: existsSync('/usr/bin/python3') ? { command: '/usr/bin/python3', file: 'ask.py' } : null,
  R: existsSync('/usr/bin/Rscript') ? { command: '/usr/bin/Rscript', file: 'ask.R', before: withoutHttr2 } : null,
}
for (const language of languages) if (programs[language] === null) console.warn(`code in ${language} is not run: its program is not there`)

describe.each(languages)('%s', (language) => {
  const program = programs[language]
  const perhaps = program === null ? test.skip : test
  perhaps.each(operations)('sends %s as it is', async (_, operation) => {
    if (program === null) return
    const folder = await mkdtemp(path.join(os.tmpdir(), 'code-'))
    try {
      const file = path.join(folder, program.file)
      await writeFile(file, (program.before ?? '') + codeOf(language, api, operation))
      const { stdout } = await run(program.command, [file], { env: { ...process.env, LC_ALL: 'C.UTF-8' } })
      if (language !== 'R') {
        expect(heard).toHaveLength(1)
        expect(heard[0]?.type).toBe('application/json')
        expect(stdout).toContain('heard')
      }
      const sent = language === 'R' ? stdout : (heard[0]?.body ?? '')
      expect(JSON.parse(sent)).toEqual({ query: operation.query, variables: operation.variables === '' ? {} : JSON.parse(operation.variables) })
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

test('variables that are no JSON are refused', () => {
  for (const language of languages) expect(() => codeOf(language, api, { query: '{ a }', variables: '{ "a": ' })).toThrow(SyntaxError)
})

test.each(operations)('an address gives %s back', (_, operation) => {
  const address = addressOf('http://localhost/playground', operation)
  expect(address).not.toBeNull()
  expect(operationIn(new URL(address ?? '').search)).toEqual(operation)
})

test('an address that would be too long is none', () => {
  expect(addressOf('http://localhost/playground', { query: 'a'.repeat(longestAddress), variables: '' })).toBeNull()
  expect(operationIn('?variables={}')).toBeNull()
})

test('only an operation that reads is run at once, and only where the address asks for it', () => {
  expect(isToRun('?run=true', { query: 'query A { a }', variables: '' })).toBe(true)
  expect(isToRun('', { query: 'query A { a }', variables: '' })).toBe(false)
  expect(isToRun('?run=true', { query: '# a mutation\n  mutation B { b }', variables: '' })).toBe(false)
})
