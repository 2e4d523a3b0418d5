import { readFileSync } from 'node:fs'
import { metaRegressionOf, regressionLineOf } from '../../src/synthesis/metaRegression.js'
import { usualQuestion, type SynthesisQuestion } from '../../src/synthesis/question.js'
import { poolTable } from '../../src/synthesis/table.pool.js'
import { readTable } from '../../src/synthesis/table.js'

const table = readTable(readFileSync(new URL('../fixtures/tables/li2007.csv', import.meta.url)))
const pooled = (question: Partial<Omit<SynthesisQuestion, 'measure'>>) =>
  poolTable(table, { ...usualQuestion, zeroCells: null, moderators: ['year'], ...question, measure: 'OR' })

// metafor 3.8-1: predict(rma(yi, vi, mods = ~ year, test = …, control = list(threshold = 1e-12)), newmods = range(year)) of escalc("OR", …) on dat.li2007
test.each([
  ['WALD', [-0.784115843, -1.5032048246, -0.0650268613], [-0.3534273494, -0.975888402, 0.2690337032]],
  ['HKSJ_ADHOC', [-0.784115843, -1.5494326258, -0.0187990602], [-0.3534273494, -1.01590432, 0.3090496213]],
] as const)('the line of a regression on one moderator agrees with metafor: %s', (interval, first, last) => {
  const through = regressionLineOf(pooled({ interval }))?.through ?? []
  const ends = [through[0], through.at(-1)].map((place) => [place?.estimate, place?.lower, place?.upper])
  expect(ends).toEqual([first, last].map((numbers) => numbers.map((number) => expect.closeTo(number, 9))))
  expect(through[0]?.x).toBe(1984)
})

test('without a moderator there is no line', () => {
  expect(regressionLineOf(pooled({ moderators: [] }))).toBeNull()
})

const rowsOf = (lines: readonly string[]) => readTable(Buffer.from(['study,yi,vi,x,z', ...lines].join('\n')))
const sparse = ['a,0.1,0.02,1,', 'b,0.2,0.03,2,', 'c,0.3,0.04,3,1', 'd,0.5,0.02,,2', 'e,0.7,0.02,,3']
// Random effects on m moderators need m + 2 studies that report all of them.
test.each([
  ['no study reports it', sparse.map((line) => line.replace(/,[^,]*,[^,]*$/, ',,')), ['x'], 'MODERATOR_NOT_REPORTED', /none of the 5 studies reports it/],
  [
    'two of five report it',
    sparse.map((line, index) => (index === 0 ? line.replace(',1,', ',,') : line)),
    ['x'],
    'MODERATOR_NOT_REPORTED',
    /at least 3 studies that report it, here 2 of 5 do$/,
  ],
  [
    'each is reported, and both by one study',
    sparse,
    ['x', 'z'],
    'MODERATOR_NOT_REPORTED',
    /at least 4 studies that report them, here 1 of 5 do all at once \(x 3, z 3\)/,
  ],
  ['the pool has two studies', sparse.slice(0, 2), ['x'], 'TOO_MANY_MODERATORS', /one moderator needs at least 3 studies, the pool has 2/],
] as const)('a refusal gives the true reason: %s', (_, lines, moderators, reason, message) => {
  const pool = poolTable(rowsOf(lines), { ...usualQuestion, zeroCells: null, moderators: [...moderators], measure: 'GEN' })
  expect(() => metaRegressionOf(pool)).toThrow(
    expect.objectContaining({ code: 'BAD_USER_INPUT', message: expect.stringMatching(message), details: expect.objectContaining({ reason }) }),
  )
})
