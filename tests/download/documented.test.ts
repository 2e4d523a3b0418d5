import { readFileSync } from 'node:fs'
import { evidenceTable } from '../../src/download/columns.js'
import { downloads } from '../../src/download/downloads.http.js'
import { studyTable } from '../../src/download/studyRow.js'

const page = readFileSync('docs/downloads.md', 'utf8')
const section = (heading: string) => page.slice(page.indexOf(heading)).split('\n## ')[0] ?? ''
const cells = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )

test.each([
  ['Columns of effects', evidenceTable],
  ['Columns of studies', studyTable],
])('%s are documented as they are', (heading, columns) => {
  expect(cells(section(heading))).toEqual(columns.map(({ name, type, meaning }) => [`\`${name}\``, type, meaning]))
})

test('every address is documented', () => {
  expect(cells(section('# Downloads')).map(([address]) => address)).toEqual([...downloads.keys()].map((file) => `\`/download/${file}\``))
})
