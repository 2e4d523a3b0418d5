import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const schema = readFileSync('schema/schema.graphql', 'utf8')
const script = path.resolve('scripts/schema-diff.mjs')
const withGit = spawnSync('git', ['--version']).status === 0 ? describe : describe.skip

/** A checkout of its own, with the schema that clients know on main. */
let checkout: string
beforeEach(() => {
  checkout = mkdtempSync(path.join(tmpdir(), 'schema-guard-'))
  mkdirSync(path.join(checkout, 'schema'))
  git('init', '--quiet', '--initial-branch', 'main')
  commit(schema)
})
afterEach(() => rmSync(checkout, { recursive: true, force: true }))

// Whoever runs the tests may have settings of git and be inside a hook: none of it counts here.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(GIT_|SCHEMA_BASE$)/.test(name)))

function git(...words: string[]): void {
  execFileSync('git', ['-c', 'user.name=tester', '-c', 'user.email=tester@example.org', '-c', 'commit.gpgsign=false', ...words], {
    cwd: checkout,
    env: environment,
    stdio: 'ignore',
  })
}

function write(text: string): void {
  writeFileSync(path.join(checkout, 'schema', 'schema.graphql'), text)
}

function commit(text: string): void {
  write(text)
  git('add', '.')
  git('commit', '--quiet', '--allow-empty', '--message', 'Change the schema')
}

function guard(revision: string[] = [], settings: Record<string, string> = {}): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...revision], {
    cwd: checkout,
    env: { ...environment, ...settings },
    encoding: 'utf8',
  })
  return { status, said: stdout + stderr }
}

/** The schema with one thing changed; the change must hit. */
function changed(from: string | RegExp, to: string): string {
  const text = schema.replace(from, to)
  if (text === schema) throw new RangeError(`the schema holds no ${from}`)
  return text
}

/** The schema without a field, an argument or a value, and without its description. */
function without(line: string): string {
  return changed(new RegExp(`\\n +"""[^"]*"""\\n +${line}\\n`), '\n')
}

withGit('npm run schema:guard', () => {
  test('an unchanged schema passes', () => {
    git('switch', '--quiet', '--create', 'branch')
    expect(guard()).toMatchObject({ status: 0, said: expect.stringContaining('0 changes') })
  })

  test.each([
    { change: 'a field removed', broken: without('standardizedBenefit: Float'), says: "Field 'standardizedBenefit' was removed" },
    {
      change: 'a field that may be null now',
      broken: changed('  dataRevision: String!', '  dataRevision: String'),
      says: "changed type from 'String!' to 'String'",
    },
    {
      change: 'a value of an enum removed',
      broken: without('FAVOURS_COMPARATOR'),
      says: "Enum value 'FAVOURS_COMPARATOR' was removed",
    },
    {
      change: 'an argument required',
      broken: changed('  evidenceMap(\n', '  evidenceMap(\n    """Which."""\n    release: String!\n'),
      says: "'release: String!'",
    },
    { change: 'a filter removed', broken: without('ciExcludesNull: Boolean'), says: "Input field 'ciExcludesNull'" },
    { change: 'a type that is no Node any more', broken: changed('type Study implements Node', 'type Study'), says: "no longer implements 'Node' interface" },
  ])('$change fails, and says what', ({ broken, says }) => {
    git('switch', '--quiet', '--create', 'branch')
    write(broken)
    const { status, said } = guard()
    expect(said).toContain('BREAKS')
    expect(said).toContain(says)
    expect(status).toBe(1)
  })

  test('an added field and an optional argument pass; an added value of an enum is named', () => {
    git('switch', '--quiet', '--create', 'branch')
    write(
      changed('type Dataset {\n', 'type Dataset {\n  """More."""\n  more(\n    """How much."""\n    first: Int\n  ): Int\n\n').replace(
        '  FAVOURS_COMPARATOR\n',
        '  FAVOURS_COMPARATOR\n\n  """More."""\n  FAVOURS_NEITHER\n',
      ),
    )
    expect(guard()).toMatchObject({ status: 0, said: expect.stringMatching(/may surprise {2}EffectDirection.FAVOURS_NEITHER: [^]* 0 of them breaking/) })
  })

  const broken = without('standardizedBenefit: Float')

  test('a branch is compared with where it left main, not with what main became', () => {
    git('switch', '--quiet', '--create', 'branch')
    commit(schema)
    git('switch', '--quiet', 'main')
    commit(`${schema}\n"""Newer."""\ntype Newer {\n  """A field."""\n  field: Int\n}\n`)
    git('switch', '--quiet', 'branch')
    expect(guard().status).toBe(0)
  })

  test('main is compared with its last tag, however many commits ago, else with the commit before', () => {
    git('tag', 'v0.1.0')
    commit(broken)
    commit(`${broken}\n# a comment\n`)
    expect(guard()).toMatchObject({ status: 1, said: expect.stringContaining('since v0.1.0') })
    git('tag', '--delete', 'v0.1.0')
    expect(guard().status).toBe(0)
    expect(guard(['HEAD^^']).status).toBe(1)
    // What was on the server before a push of several commits; unknown after a forced one.
    expect(guard([], { SCHEMA_BASE: 'HEAD^^' }).status).toBe(1)
    expect(guard([], { SCHEMA_BASE: '0'.repeat(40) }).status).toBe(0)
  })

  test('a breaking change that is meant passes by its line', () => {
    commit(broken)
    const lines = [...guard().said.matchAll(/^BREAKS {2}(.+)$/gm)].map(([, line]) => line)
    expect(lines).not.toEqual([])
    writeFileSync(path.join(checkout, 'schema', 'breaking-changes.txt'), `# dropped in 1.0\n${lines.join('\n')}\n`)
    expect(guard()).toMatchObject({ status: 0, said: expect.stringContaining(`${lines.length} accepted`) })
    write(broken.replace('  dataRevision: String!', '  dataRevision: String'))
    expect(guard().status).toBe(1)
  })

  test('a revision that does not exist is an error, and a first schema is none', () => {
    expect(guard(['v9'])).toMatchObject({ status: 1, said: expect.stringContaining('there is no revision "v9"') })
    git('rm', '--quiet', '--cached', 'schema/schema.graphql')
    git('commit', '--quiet', '--message', 'Remove')
    commit(schema)
    expect(guard()).toMatchObject({ status: 0, said: expect.stringContaining('nothing to compare with') })
  })
})

test('the guard runs where the workflow and the package name it', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
  expect(scripts['schema:guard']).toBe('node scripts/schema-diff.mjs')
  expect(readFileSync('.github/workflows/ci.yml', 'utf8')).toContain('npm run schema:guard')
})
