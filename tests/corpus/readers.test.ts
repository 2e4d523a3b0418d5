import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { quicklyRead } from '../../src/corpus/files.js'

const files = readdirSync('prisma/corpus', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'))

test('both readers of YAML find the same in every file, or the quick one leaves it to the other', () => {
  const sources = files.map((file) => ({ file, source: readFileSync(`prisma/corpus/${file}`, 'utf8') }))
  const quick = sources.flatMap(({ file, source }) => {
    const content = quicklyRead(source)
    return content === undefined ? [] : [{ file, source, content }]
  })
  for (const { file, source, content } of quick) expect({ file, content }).toEqual({ file, content: parse(source) as unknown })
  // It is of use only where it reads nearly all of them.
  expect(quick.length / files.length).toBeGreaterThan(0.95)
})

test.each(['a: 1_000', 'a: {<<: {b: 1}}', '<<: {b: 1}', 'a: &x 1\nb: *x', 'a: !!str 1', 'a: 1\na: 2', 'a: [', '- -1_0.5'])(
  '%j is left to the other reader',
  (source) => {
    expect(quicklyRead(source)).toBeUndefined()
  },
)

test.each([
  'a: 2020-01-01',
  'a: yes',
  'a: 012',
  'a: 0o14',
  'a: 0x1F',
  'a: 1e3',
  'a: .5',
  'a: ~',
  'a: "1_000"',
  'a: 1:30',
  'a: null',
  'a: True',
  'a: +1',
  'a: 1.',
])('both read %j alike', (source) => {
  expect(quicklyRead(source) ?? parse(source)).toEqual(parse(source))
})
