import { readFileSync } from 'node:fs'
import { regressionLineOf } from '../../src/synthesis/metaRegression.js'
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
