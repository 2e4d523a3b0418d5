import { oddsRatio } from '../../src/statistics/binary.js'
import { standardizedMeanDifference } from '../../src/statistics/continuous.js'
import type { Candidate } from '../../src/synthesis/candidate.js'
import { entriesOf } from '../../src/synthesis/entries.js'
import { usualQuestion, type DependenceRule, type PoolingModel } from '../../src/synthesis/question.js'
import { selectEffects } from '../../src/synthesis/selection.js'
import { candidate, counts, effect, means } from './candidates.js'

function join(candidates: readonly Candidate[], dependence: DependenceRule, model: PoolingModel = 'RANDOM_EFFECTS') {
  return entriesOf(selectEffects(candidates, { ...usualQuestion, timepoint: 'ALL' }), { model, dependence })
}

/** Two arms of one trial against one control, with counts. */
function threeArms(): Candidate[] {
  const contrast = (slug: string, arm: readonly [number, number]) => {
    const effects = [oddsRatio({ events: arm[0], total: arm[1] }, { events: 20, total: 100 })].map((computed) =>
      computed.ok ? effect('OR', computed.estimate, computed.standardError) : effect('OR', null, null),
    )
    return candidate(`trial/${slug}`, { intervention: slug, valueKind: 'EVENT', participants: arm[1] + 100, effects, arms: counts(arm, [20, 100]) })
  }
  return [contrast('low', [12, 100]), contrast('high', [8, 90])]
}

const estimateOf = (a: { events: number; total: number }, b: { events: number; total: number }) => {
  const computed = oddsRatio(a, b)
  return computed.ok ? { estimate: computed.estimate, variance: computed.standardError ** 2 } : null
}

describe('several effects of one study', () => {
  const twoScales = [
    candidate('a/phq', { effects: [effect('SMD', -0.4, 0.2)] }),
    candidate('a/bdi', { instrument: 'bdi-ii', effects: [effect('SMD', -0.2, 0.2)] }),
    candidate('b'),
  ]

  test('AGGREGATE makes them one, with a correlation of 0.5', () => {
    const { entries } = join(twoScales, 'AGGREGATE')
    expect(entries.map(({ study }) => study)).toEqual(['a', 'b'])
    // Borenstein et al. (2009), eq. 24.6: (0.04 + 0.04 + 2 · 0.5 · 0.04) / 4
    expect(entries[0]?.estimate).toBeCloseTo(-0.3, 12)
    expect(entries[0]?.variance).toBeCloseTo(0.03, 12)
    expect(entries[0]).toMatchObject({ evidence: ['a/bdi', 'a/phq'], participants: 100, notes: [expect.stringContaining('correlation of 0.5')] })
  })

  test.each(['INDEPENDENT', 'ROBUST'] as const)('%s keeps each, told apart by its label', (dependence) => {
    const { entries } = join(twoScales, dependence)
    expect(entries.map(({ label }) => label)).toEqual(['a/bdi (a/bdi)', 'a/phq (a/phq)', 'b'])
  })

  test('three levels keep each, whatever the rule', () => {
    expect(join(twoScales, 'AGGREGATE', 'THREE_LEVEL').entries).toHaveLength(3)
  })
})

describe('arms that share a control', () => {
  test('COMBINE_ARMS adds their counts and computes the effect anew', () => {
    const { entries } = join(threeArms(), 'COMBINE_ARMS')
    expect(entries).toHaveLength(1)
    expect(entries[0]).toMatchObject({
      ...estimateOf({ events: 20, total: 190 }, { events: 20, total: 100 }),
      participants: 290,
      evidence: ['trial/high', 'trial/low'],
    })
  })

  test('SPLIT_CONTROL gives each its share of the control, so that nobody counts twice', () => {
    const { entries } = join(threeArms(), 'SPLIT_CONTROL')
    expect(entries).toHaveLength(2)
    expect(entries.find(({ evidence }) => evidence[0] === 'trial/low')).toMatchObject({
      ...estimateOf({ events: 12, total: 100 }, { events: 10, total: 50 }),
      participants: 150,
    })
    expect(entries.reduce((sum, { participants }) => sum + (participants ?? 0), 0)).toBe(290)
  })

  test('the methods for raw counts combine arms too', () => {
    expect(join(threeArms(), 'AGGREGATE', 'MANTEL_HAENSZEL').entries[0]?.counts).toEqual({
      intervention: { events: 20, total: 190 },
      comparator: { events: 20, total: 100 },
    })
  })

  test('means are combined with the deviation of all participants together', () => {
    // Cochrane Handbook, table 6.5.a, by hand: n 30, mean (10 · 4 + 20 · 7) / 30, SD √((9 · 4 + 19 · 9 + 10 · 20 / 30 · 9) / 29)
    const arms = [means([4, 2, 10], [8, 3, 30]), means([7, 3, 20], [8, 3, 30])]
    const trial = arms.map((sides, index) => candidate(`t/${index}`, { intervention: `arm-${index}`, effects: [effect('SMD', -0.5, 0.3)], arms: sides }))
    const expected = standardizedMeanDifference(
      { n: 30, mean: 6, standardDeviation: Math.sqrt((36 + 171 + 60) / 29) },
      { n: 30, mean: 8, standardDeviation: 3 },
    )
    expect(expected.ok && join(trial, 'COMBINE_ARMS').entries[0]?.estimate).toBeCloseTo(expected.ok ? expected.estimate : NaN, 12)
  })

  test('contrasts whose arms are not known in numbers are aggregated instead', () => {
    const bare = threeArms().map((contrast): Candidate => ({ ...contrast, arms: null }))
    expect(join(bare, 'COMBINE_ARMS').entries).toMatchObject([{ notes: [expect.stringContaining('the mean of 2 effects')] }])
  })
})

describe('raw counts', () => {
  test('of the same people are pooled once, and the others are named', () => {
    const [first] = threeArms()
    const deaths = first === undefined ? [] : [first, { ...first, slug: 'trial/late', timepointDays: 90 }]
    const { entries, unpoolable } = join(deaths, 'AGGREGATE', 'PETO')
    expect(entries.map(({ evidence }) => evidence)).toEqual([['trial/late']])
    expect(unpoolable).toMatchObject([{ evidence: 'trial/low', code: 'SAME_PEOPLE' }])
  })

  test('that are not known leave the effect out', () => {
    const bare = threeArms().map((contrast): Candidate => ({ ...contrast, arms: null }))
    expect(join(bare, 'AGGREGATE', 'MANTEL_HAENSZEL')).toMatchObject({ entries: [], unpoolable: [{ code: 'NO_COUNTS' }, { code: 'NO_COUNTS' }] })
  })
})

test('within subgroups, effects of different groups are not joined', () => {
  const selection = selectEffects([candidate('a/oxide'), candidate('a/citrate', { forms: ['magnesium-citrate'], intervention: 'citrate' })], usualQuestion)
  const grouped = entriesOf(selection, { model: 'RANDOM_EFFECTS', dependence: 'AGGREGATE' }, ({ forms }) => forms[0] ?? null)
  expect(grouped.entries.map(({ group }) => group)).toEqual(['magnesium-citrate', 'magnesium-oxide'])
})

describe('the mean of contrasts with one control', () => {
  test('has the variance that their covariance gives, not an assumed one', () => {
    const [low, high] = threeArms()
    const [entry] = join(threeArms(), 'AGGREGATE').entries
    const variances = [low, high].map((contrast) => (contrast?.effects[0]?.standardError ?? NaN) ** 2)
    // Gleser & Olkin (2009): the control's part of the variance of a log odds ratio, 1 / 20 + 1 / 80
    expect(entry?.variance).toBeCloseTo(((variances[0] ?? NaN) + (variances[1] ?? NaN) + 2 * (1 / 20 + 1 / 80)) / 4, 12)
    expect(entry?.notes).toEqual(['the mean of 2 effects of the study, by the covariance that a shared control gives them'])
  })

  test('takes the assumed correlation for what else is of the study', () => {
    const later = threeArms().map((contrast): Candidate => ({ ...contrast, slug: `${contrast.slug}-late`, timepointDays: 90 }))
    expect(join([...threeArms(), ...later], 'AGGREGATE').entries[0]?.notes[0]).toBe(
      'the mean of 4 effects of the study, by the covariance that a shared control gives them, and elsewhere with a correlation of 0.5 assumed between them',
    )
  })
})
