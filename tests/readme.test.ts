import { readFileSync } from 'node:fs'
import { settings } from '../src/config.js'

const readme = readFileSync('README.md', 'utf8')

test.each(Object.values(settings))('the README documents $variable with its default', ({ variable, meaning, fallback }) => {
  expect(readme).toContain(`| \`${variable}\` | ${meaning} | ${fallback === null ? 'none' : `\`${fallback}\``} |`)
})

test('every command of the README is a script of the package', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
  const named = [...readme.matchAll(/`npm (?:run (?:--silent )?)?(\w+)[^`]*`/g)].map(([, name = '']) => name).filter((name) => name !== 'ci')
  expect(named.length).toBeGreaterThan(5)
  for (const name of named) expect(Object.keys(scripts)).toContain(name)
})
