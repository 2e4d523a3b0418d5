// The jest project of each test file, by what the file imports: directly, or through other modules under tests.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The first project that the imports of a file call for is the file's; a file that calls for none is pure. */
const needs = [
  // Opens pages in Chromium.
  ['browser', ['tests/support/browser.ts']],
  // Starts programs: the service itself, its commands, Redis, HAProxy, a Postgres of its own, R, Python, compilers.
  ['machines', ['node:child_process', 'src/database/embedded.ts']],
  // Works on a database of its own in the run's Postgres, or serves the dashboard as built.
  ['database', ['tests/support/database.ts', 'src/http/app.ts']],
]

export const projectNames = ['pure', 'database', 'browser', 'machines']

/** Every test file by its project, as paths from the root. */
export function filesByProject() {
  const files = readdirSync(path.join(root, 'tests'), { recursive: true })
    .map((name) => path.posix.join('tests', ...name.split(path.sep)))
    .filter((file) => file.endsWith('.test.ts'))
    .sort()
  const importsOf = memoised(readImports)
  return Object.fromEntries(projectNames.map((project) => [project, files.filter((file) => projectOf(file, importsOf) === project)]))
}

function projectOf(file, importsOf) {
  const reached = new Set()
  const next = [file]
  for (let module = next.pop(); module !== undefined; module = next.pop()) {
    if (reached.has(module)) continue
    reached.add(module)
    // What the service imports is no matter: only tests say what a test starts.
    if (module.startsWith('tests/')) next.push(...importsOf(module))
  }
  return needs.find(([, marks]) => marks.some((mark) => reached.has(mark)))?.[0] ?? 'pure'
}

function readImports(file) {
  if (!existsSync(path.join(root, file))) return [] // a declaration file, or an import within a text
  const text = readFileSync(path.join(root, file), 'utf8')
  return [...text.matchAll(/\b(?:from |import |import\()'([^'\n]+)'/g)].map(([, specifier]) =>
    specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier).replace(/\.js$/, '.ts') : specifier,
  )
}

function memoised(work) {
  const known = new Map()
  return (key) => {
    if (!known.has(key)) known.set(key, work(key))
    return known.get(key)
  }
}
