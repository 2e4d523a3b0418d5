import { gapOf } from '../../src/summary/gap.js'
import { recent } from '../../src/summary/recent.js'
import { isSurrogate } from '../../src/summary/surrogate.js'

test.each([
  ['no study', { humanStudies: 0, otherStudies: 0, isPooledByReview: false }, 'ABSOLUTE_GAP'],
  ['animals alone', { humanStudies: 0, otherStudies: 3, isPooledByReview: false }, 'HUMAN_GAP'],
  ['one study in people, which leaves nothing to pool', { humanStudies: 1, otherStudies: 3, isPooledByReview: false }, 'NONE'],
  ['two studies that nobody pooled', { humanStudies: 2, otherStudies: 0, isPooledByReview: false }, 'SYNTHESIS_GAP'],
  ['two studies that a review pooled', { humanStudies: 2, otherStudies: 0, isPooledByReview: true }, 'NONE'],
  ['a review that pooled studies which are not here', { humanStudies: 0, otherStudies: 0, isPooledByReview: true }, 'ABSOLUTE_GAP'],
] as const)('%s is a gap or none', (_, known, gap) => {
  expect(gapOf(known)).toBe(gap)
})

test.each([
  ['a hormone', 'biomarker', 'insomnia', true],
  ['magnesium in the blood of people with migraine', 'magnesium status', 'migraine', true],
  ['magnesium in the blood of people who lack it', 'magnesium status', 'magnesium-deficiency', false],
  ['symptoms', 'mental health', 'depression', false],
])('%s is a surrogate or not', (_, domain, condition, expected) => {
  expect(isSurrogate({ domain }, condition)).toBe(expected)
})

test('an outcome that is not known is not taken for a surrogate', () => {
  expect(isSurrogate(undefined, 'insomnia')).toBe(false)
})

test('what is asked for at the same time is worked out once, and kept until there is no more room', async () => {
  const answers = recent<{ text: string }>(8, ({ text }) => text.length)
  let made = 0
  const ask = (name: string) =>
    answers.get(name, async () => {
      made += 1
      await Promise.resolve()
      return { text: name }
    })
  const [first, second] = await Promise.all([ask('abc'), ask('abc')])
  expect(first).toBe(second)
  await ask('abc')
  expect(made).toBe(1)
  await ask('def')
  expect(made).toBe(2)
  await ask('ghi') // one more than there is room for, and "abc" was asked for the longest time ago
  await ask('def')
  expect(made).toBe(3)
  await ask('abc')
  expect(made).toBe(4)
})

test('a failure is not kept', async () => {
  const answers = recent<object>(10, () => 1)
  await expect(answers.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await answers.get('a', () => Promise.resolve({ back: true }))).toEqual({ back: true })
})
