import fc from 'fast-check'
import { amount, people, range, span, unitInWords } from '../../src/findings/amount.js'
import { noEffectOf, sizeOf, statementOf, type Told, type ToldPool } from '../../src/findings/statement.js'

const pool: ToldPool = {
  measure: 'MD',
  estimate: -2.8,
  ciLower: -4.93,
  ciUpper: -0.67,
  unit: 'points of HIT-6',
  direction: 'FAVOURS_MAGNESIUM',
  appreciable: { lower: -1.5, upper: 1.5 },
  perThousand: null,
}
const told: Told = {
  outcome: { name: 'impact of headache', benefitDirection: 'LOWER' },
  comparisonKey: 'INACTIVE',
  comparisonLabel: 'against placebo or no treatment',
  evidenceClass: 'RANDOMIZED',
  studies: 3,
  participants: 410,
  pool,
  notPooledReason: null,
  certainty: 'MODERATE',
}
const unclear = { ...pool, estimate: -0.8, ciLower: -2.1, ciUpper: 0.5, direction: 'NO_CLEAR_DIFFERENCE' } as const
const trivial = { ...pool, estimate: -0.4, ciLower: -1.2, ciUpper: 0.4, direction: 'NO_CLEAR_DIFFERENCE' } as const
const rarer = {
  ...pool,
  measure: 'RR',
  estimate: 0.55,
  ciLower: 0.42,
  ciUpper: 0.74,
  unit: null,
  appreciable: { lower: 0.75, upper: 1.25 },
  perThousand: { without: 101, difference: -45.4, lower: -58.6, upper: -26.3 },
} as const

test.each<[string, Partial<Told>, string]>([
  [
    'high certainty states it',
    { certainty: 'HIGH' },
    'High certainty: against placebo or no treatment, impact of headache is lower (better) with magnesium: difference −2.8 points of HIT-6 (−4.93 to −0.67), in 3 randomised trials of 410 people.',
  ],
  [
    'moderate says probably',
    {},
    'Moderate certainty: against placebo or no treatment, impact of headache is probably lower (better) with magnesium: difference −2.8 points of HIT-6 (−4.93 to −0.67), in 3 randomised trials of 410 people.',
  ],
  [
    'low says may',
    { certainty: 'LOW' },
    'Low certainty: against placebo or no treatment, impact of headache may be lower (better) with magnesium: difference −2.8 points of HIT-6 (−4.93 to −0.67), in 3 randomised trials of 410 people.',
  ],
  [
    'very low tells what was found and no more',
    { certainty: 'VERY_LOW' },
    'Very low certainty: against placebo or no treatment, impact of headache was found lower (better) with magnesium, and the truth may be far from it: difference −2.8 points of HIT-6 (−4.93 to −0.67), in 3 randomised trials of 410 people.',
  ],
  [
    'an interval with no effect and appreciable ones is unclear',
    { pool: unclear },
    'Moderate certainty: against placebo or no treatment, it is unclear whether impact of headache differs: difference −0.8 points of HIT-6 (−2.1 to 0.5), in 3 randomised trials of 410 people.',
  ],
  [
    'an interval without an appreciable effect is little or no difference',
    { pool: trivial },
    'Moderate certainty: against placebo or no treatment, there is probably little or no difference in impact of headache with magnesium: difference −0.4 points of HIT-6 (−1.2 to 0.4), in 3 randomised trials of 410 people.',
  ],
  [
    'events are told in people of a thousand',
    { pool: rarer, outcome: { name: 'death from any cause', benefitDirection: 'LOWER' } },
    'Moderate certainty: against placebo or no treatment, death from any cause is probably less frequent (better) with magnesium: 45 fewer in 1,000 people (59 fewer to 26 fewer), from 101 without, in 3 randomised trials of 410 people.',
  ],
  [
    'of observed exposures an association is told',
    {
      comparisonKey: 'EXPOSURE:DIETARY_INTAKE',
      evidenceClass: 'COHORT',
      certainty: 'LOW',
      pool: { ...rarer, perThousand: null },
      outcome: { name: 'stroke', benefitDirection: 'LOWER' },
    },
    'Low certainty: among people with more magnesium in the diet than others, stroke may be less frequent (better): risk ratio 0.55 (0.42 to 0.74), in 3 cohort studies of 410 people.',
  ],
  [
    'where nothing was pooled the reason stands instead',
    { pool: null, certainty: null, studies: 1, participants: null, notPooledReason: 'the source does not report it' },
    'Not pooled: against placebo or no treatment, what one randomised trial found on impact of headache cannot be given as one number (the source does not report it).',
  ],
  [
    'a sign that runs against the outcome’s own is told as better or worse alone',
    { pool: { ...pool, estimate: 2.8, ciLower: 0.67, ciUpper: 4.93 } },
    'Moderate certainty: against placebo or no treatment, impact of headache is probably better with magnesium: difference 2.8 points of HIT-6 (0.67 to 4.93), in 3 randomised trials of 410 people.',
  ],
])('%s', (_, change, sentence) => {
  expect(statementOf({ ...told, ...change })).toBe(sentence)
})

const measures = ['OR', 'RR', 'HR', 'IRR', 'RD', 'MD', 'SMD', 'ROM', 'COR']
const toldPool = fc
  .record({
    measure: fc.constantFrom(...measures),
    values: fc.tuple(...([0, 1, 2] as const).map(() => fc.double({ min: -0.999, max: 0.999, noNaN: true }))),
    higherIsBetter: fc.constantFrom(true, false, null),
    isKnown: fc.boolean(),
  })
  .map(({ measure, values, higherIsBetter, isKnown }): ToldPool => {
    const none = noEffectOf(measure)
    const [ciLower = 0, estimate = 0, ciUpper = 0] = values.toSorted((a, b) => a - b).map((value) => value + none)
    const includes = ciLower <= none && ciUpper >= none
    const direction =
      higherIsBetter === null ? 'UNCLEAR' : includes ? 'NO_CLEAR_DIFFERENCE' : ciLower > none === higherIsBetter ? 'FAVOURS_MAGNESIUM' : 'FAVOURS_COMPARATOR'
    return {
      measure,
      estimate,
      ciLower,
      ciUpper,
      unit: null,
      direction,
      appreciable: isKnown ? { lower: none - 0.2, upper: none + 0.2 } : null,
      perThousand: null,
    }
  })
const anyTold = fc
  .record({
    pool: toldPool,
    certainty: fc.constantFrom('HIGH', 'MODERATE', 'LOW', 'VERY_LOW', null),
    benefitDirection: fc.constantFrom('LOWER', 'HIGHER', 'NEUTRAL'),
    comparisonKey: fc.constantFrom('INACTIVE', 'ACTIVE:valproate', 'MAGNESIUM:DOSE', 'EXPOSURE:SERUM', 'NONE'),
  })
  .map(({ benefitDirection, ...change }): Told => ({ ...told, ...change, outcome: { name: 'severity', benefitDirection } }))

test('a direction is told only if the interval excludes no effect, and never against it', () => {
  fc.assert(
    fc.property(anyTold, (one) => {
      const { pool: of } = one
      if (of === null) return
      const sentence = statementOf(one)
      const none = noEffectOf(of.measure)
      const [above, below] = [of.ciLower > none, of.ciUpper < none]
      if (/\b(higher|more frequent)\b/.test(sentence)) expect(above).toBe(true)
      if (/\b(lower|less frequent)\b/.test(sentence)) expect(below).toBe(true)
      if (sentence.includes('better')) expect(of.direction).toBe('FAVOURS_MAGNESIUM')
      if (sentence.includes('worse')) expect(of.direction).toBe('FAVOURS_COMPARATOR')
      if (sentence.includes('little or no difference')) expect(sizeOf(of)).toBe('LITTLE')
      if (sentence.includes('unclear')) expect([above, below]).toEqual([false, false])
      expect(sentence).not.toMatch(/no difference(?<!little or no difference)/)
    }),
  )
})

test('a number as it is written is on the same side of no effect as it is', () => {
  fc.assert(
    fc.property(fc.double({ min: -2, max: 2, noNaN: true }), fc.constantFrom(0, 1), (value, none) => {
      const written = Number(amount(value, none).replace('−', '-'))
      expect(Math.sign(written - none) + 0).toBe(Math.sign(value - none) + 0)
    }),
  )
})

test.each([
  [{ low: 84, high: 84 }, '12 weeks'],
  [{ low: 28, high: 84 }, '4 to 12 weeks'],
  [{ low: 28, high: 90 }, '28 to 90 days'],
  [{ low: 1, high: 1 }, 'one day'],
  [{ low: 365, high: 1_825 }, '1 to 5 years'],
  [{ low: 0.25, high: 0.5 }, '6 to 12 hours'],
])('%j days are %s', (days, words) => {
  expect(span(days)).toBe(words)
})

test('amounts are short, and units in words', () => {
  expect([range({ low: 400, high: 400 }), range({ low: 122.5, high: 1_200 }), people(3.68), people(45.4)]).toEqual(
    ['400', '122.5', '3.7', '45'].map((text, place) => (place === 1 ? '123 to 1200' : text)),
  )
  expect(['d/mo', 'mm[Hg]', 'mg{morphine}', 'points of an unnamed scale in ahvaz-2020'].map(unitInWords)).toEqual([
    'days a month',
    'mmHg',
    'mg morphine',
    'points of an unnamed scale',
  ])
})
