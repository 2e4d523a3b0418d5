import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

interface Project {
  readonly displayName: { readonly name: string }
  readonly testMatch: readonly string[]
  readonly globalSetup?: string
}

const config = path.resolve('jest.config.js')
const { projects } = ((await import(config)) as { default: { projects: Project[] } }).default // as jest reads it
const namesIn = ({ testMatch }: Project) => testMatch.map((pattern) => pattern.replace('<rootDir>/', ''))
const filesOf = new Map(projects.map((project) => [project.displayName.name, namesIn(project)]))
const testFiles = readdirSync('tests', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => path.posix.join('tests', ...name.split(path.sep)))

test('every test file is in exactly one project', () => {
  expect([...filesOf.keys()]).toEqual(['pure', 'database', 'browser', 'machines'])
  expect([...filesOf.values()].flat().sort()).toEqual(testFiles.sort())
})

// Jest calls the set-ups that the projects of a run name, each path once.
test('every project but the pure one shares one set-up', () => {
  expect(new Map(projects.map(({ displayName, globalSetup }) => [displayName.name, globalSetup]))).toEqual(
    new Map([
      ['pure', undefined],
      ['database', '<rootDir>/tests/support/globalSetup.mjs'],
      ['browser', '<rootDir>/tests/support/globalSetup.mjs'],
      ['machines', '<rootDir>/tests/support/globalSetup.mjs'],
    ]),
  )
})

// Modules of src count as well as those of tests. Imports of types do not: nothing of them is loaded.
test.each(filesOf.get('pure') ?? [])('%s starts no program, opens no page and has no database', (file) => {
  const reached = reachedFrom(file)
  const forbidden = [
    'node:child_process',
    'src/database/embedded.ts',
    'src/http/app.ts',
    'tests/support/service.ts',
    'tests/support/database.ts',
    'tests/support/browser.ts',
  ]
  expect(forbidden.filter((module) => reached.has(module))).toEqual([])
})

test.each(testFiles.filter((file) => reachedFrom(file).has('tests/support/browser.ts')))('%s, which opens pages, is in browser', (file) => {
  expect(filesOf.get('browser')).toContain(file)
})

test.each(testFiles.filter((file) => importsOf(file).includes('node:child_process')))('%s, which starts programs, is in machines or browser', (file) => {
  expect([...(filesOf.get('machines') ?? []), ...(filesOf.get('browser') ?? [])]).toContain(file)
})

function reachedFrom(file: string): Set<string> {
  const reached = new Set<string>()
  const follow = (module: string) => {
    if (reached.has(module)) return
    reached.add(module)
    importsOf(module).forEach(follow)
  }
  follow(file)
  return reached
}

/** @returns packages by name, files by their path */
function importsOf(module: string): string[] {
  if (!/\.tsx?$/.test(module) || !existsSync(module)) return []
  const specifiers = [
    ...readFileSync(module, 'utf8').matchAll(/(?:^import '|^import (?!type\b)[^']*? from '|^export (?!type\b)[^']*? from '|\bimport\(')([^'\n]+)'/gm),
  ]
  return specifiers.map(([, specifier = '']) =>
    specifier.startsWith('.') ? path.posix.join(path.posix.dirname(module), specifier).replace(/\.js$/, '.ts') : specifier,
  )
}
