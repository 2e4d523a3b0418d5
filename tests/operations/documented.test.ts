import { readFileSync } from 'node:fs'
import { settings } from '../../src/config.js'

const operations = readFileSync('docs/operations.md', 'utf8')

test.each(Object.values(settings))('the guide for operators tells what $variable is for', ({ variable }) => {
  expect(operations).toContain(`\`${variable}\``)
})
