import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

interface Component {
  readonly group?: string
  readonly name: string
  readonly version: string
  readonly components?: readonly Component[]
}

const made = spawnSync('npm', ['run', '--silent', 'sbom'], { encoding: 'utf8', maxBuffer: 100_000_000, timeout: 180_000 })
const isThere = made.status === 0
if (!isThere) console.warn(`the bill of materials could not be made, for which its tool is fetched from the registry: ${made.stderr.trim().split('\n').at(-1)}`)
const here = isThere ? test : test.skip

const nameOf = ({ group, name, version }: Component) => `${group === undefined ? '' : `${group}/`}${name}@${version}`
const all = (components: readonly Component[] = []): string[] => components.flatMap((component) => [nameOf(component), ...all(component.components)])

here('the bill of materials names every package of the lockfile that runs, and no other', () => {
  const bill = JSON.parse(made.stdout) as { readonly bomFormat: string; readonly specVersion: string; readonly components: readonly Component[] }
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, { name?: string; version: string; dev?: boolean }> }
  const running = Object.entries(packages)
    .filter(([folder, { dev }]) => folder !== '' && dev !== true)
    .map(([folder, { name, version }]) => `${name ?? folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version}`)
  expect([bill.bomFormat, bill.specVersion]).toEqual(['CycloneDX', '1.6'])
  expect([...new Set(all(bill.components))].toSorted()).toEqual([...new Set(running)].toSorted())
})
