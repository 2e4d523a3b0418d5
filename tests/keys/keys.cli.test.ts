import { execFile } from 'node:child_process'
import { hostname, userInfo } from 'node:os'
import { findKeys } from '../../src/keys/key.queries.js'
import { cloneDatabase, type ClonedDatabase } from '../support/database.js'

let clone: ClonedDatabase
beforeAll(async () => {
  clone = await cloneDatabase()
})
afterAll(() => clone.drop())

/** Runs the program as a user does. */
function run(...given: string[]): Promise<{ code: number; output: string; complaint: string }> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: clone.url }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['dist/cli.js', ...given], { env }, (_, output, complaint) =>
      resolve({ code: child.exitCode ?? -1, output, complaint }),
    )
  })
}

test('a key is made and printed once, listed without its secret, revoked, and all of it stands in the audit log', async () => {
  expect(await run('keys', 'list')).toEqual({ code: 0, output: 'no keys\n', complaint: '' })
  const made = await run('keys', 'create', '--name', 'A. Curator', '--scope', 'read', 'curate', '--budget', '70000')
  expect(made).toMatchObject({ code: 0, complaint: expect.stringContaining('the only time the key is shown') })
  const [, prefix = '', secret = ''] = /^mgev_([0-9a-f]{8})_([\w-]{43})\n$/.exec(made.output) ?? []
  expect(await findKeys(clone.database)).toMatchObject([{ name: 'A. Curator', prefix, scopes: ['READ', 'CURATE'], costPerMinute: 70_000, revokedAt: null }])
  const listed = await run('keys', 'list')
  expect(listed.output).toMatch(new RegExp(`^${prefix}  read,curate  70000 a minute  made [-0-9]+ [0-9:]+  never used  A\\. Curator\\n$`))
  expect((await run('keys', 'revoke', prefix)).output).toBe(`revoked ${prefix} (A. Curator)\n`)
  expect(await run('keys', 'revoke', prefix)).toMatchObject({ code: 1, complaint: `key ${prefix} was revoked already\n` })
  expect((await run('keys', 'list')).output).toMatch(/ {2}revoked [-0-9]+ /)
  const audit = await run('audit', 'list', '--subject', prefix)
  const who = `COMMAND_LINE ${userInfo().username}@${hostname()}`
  expect(audit.output.split('\n').map((line) => line.slice(line.indexOf('Z  ') + 3))).toEqual([
    `${who}  KEY_CREATED  key ${prefix}  {"name": "A. Curator", "scopes": ["READ", "CURATE"], "costPerMinute": 70000}`
      .replaceAll('": ', '":')
      .replaceAll(', "', ',"'),
    `${who}  KEY_REVOKED  key ${prefix}  {"name":"A. Curator"}`,
    '',
  ])
  expect(listed.output + audit.output).not.toContain(secret)
})

test.each([
  [['keys', 'create', '--name', 'x', '--scope', 'admin'], 'a scope is read or curate'],
  [['keys', 'create', '--name', 'x'], "required option '--scope <scopes...>' not specified"],
  [['keys', 'create', '--scope', 'read'], "required option '--name <name>' not specified"],
  [['keys', 'create', '--name', 'x', '--scope', 'read', '--budget', '0'], 'a budget is a whole number'],
  [['keys', 'revoke', 'nothing'], 'eight hexadecimal digits'],
  [['audit', 'list', '--action', 'SLEEP'], 'Allowed choices are EVIDENCE_IMPORTED'],
])('%j is refused with what would be right', async (given, complaint) => {
  const ended = await run(...given)
  expect(ended).toMatchObject({ code: 1, output: '', complaint: expect.stringContaining(complaint) })
})
