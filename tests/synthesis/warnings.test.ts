import { readFile } from 'node:fs/promises'
import { usualQuestion, type SynthesisQuestion } from '../../src/synthesis/question.js'
import { synthesize } from '../../src/synthesis/synthesis.js'
import { warningCodes, warningsOfPool, warningsOfSelection } from '../../src/synthesis/warnings.js'
import type { Candidate } from '../../src/synthesis/candidate.js'
import { candidate, effect } from './candidates.js'

const codesOf = (candidates: readonly Candidate[], question: Partial<SynthesisQuestion> = {}) => {
  const synthesis = synthesize({ ...usualQuestion, ...question }, candidates)
  return [...warningsOfPool(synthesis), ...warningsOfSelection(synthesis)].map(({ code }) => code)
}
const studies = (estimates: readonly number[], standardError = 0.1) =>
  estimates.map((estimate, index) => candidate(`study-${index}`, { effects: [effect('SMD', estimate, standardError)] }))

test('docs/warnings.md lists every warning with its meaning', async () => {
  const listed = [...(await readFile('docs/warnings.md', 'utf8')).matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, code, meaning]) => [code, meaning])
  expect(Object.fromEntries(listed)).toEqual({ ...warningCodes, ENGINE_CHANGED: expect.any(String) })
})

test('a single study is no pool', () => expect(codesOf(studies([0.3]))).toEqual(['SINGLE_STUDY']))

test('two to four studies are few', () => {
  expect(codesOf(studies([0.3, 0.1]))).toContain('FEW_STUDIES')
  expect(codesOf(studies([0.3, 0.1, 0.2, 0.25]))).toContain('FEW_STUDIES')
  expect(codesOf(studies([0.3, 0.1, 0.2, 0.25, 0.3]))).not.toContain('FEW_STUDIES')
})

test('like effects make Hartung and Knapp’s interval narrower than the usual one', () => {
  const alike = studies([0.2, 0.201, 0.199, 0.2, 0.202, 0.198])
  expect(codesOf(alike, { interval: 'HKSJ' })).toContain('HKSJ_NARROWER_THAN_WALD')
  expect(codesOf(alike)).not.toContain('HKSJ_NARROWER_THAN_WALD')
})

test('one precise study against many small ones', () => {
  const small = [-0.9, -0.8, -1, -0.7, -0.9, -0.85, -0.75, -0.95].map((estimate, index) =>
    candidate(`small-${index}`, { effects: [effect('SMD', estimate, 0.3)] }),
  )
  const both = [...small, candidate('large', { effects: [effect('SMD', 0.02, 0.02)] })]
  expect(codesOf(both)).toEqual(expect.arrayContaining(['MODELS_DISAGREE', 'PREDICTION_INCLUDES_NO_EFFECT']))
  expect(codesOf(both, { model: 'COMMON_EFFECT' })).toContain('DOMINANT_STUDY')
})

test.each([
  ['MIXED_DESIGNS', { design: 'COHORT', evidenceClass: 'COHORT' }],
  ['MIXED_OUTCOMES', { outcome: 'anxiety-symptoms' }],
  ['MIXED_COMPARATORS', { comparison: 'ACTIVE:valproate', comparatorRole: 'ACTIVE_CONTROL' }],
  ['CONFOUNDED_CONTRAST', { combinedWith: ['zinc'] }],
  ['CONCERN_INCLUDED', { concern: true }],
  ['SKEWED', { effects: [effect('SMD', 0.1, 0.1, { assumptions: ['the values look skewed'] })] }],
  ['CLUSTER_AS_INDIVIDUAL', { effects: [effect('SMD', 0.1, 0.1, { assumptions: ['analysed as if individuals had been randomised'] })] }],
  ['MIXED_CONDITIONS', { condition: 'anxiety' }],
  ['MIXED_COMPARATORS', { comparatorRole: 'NO_TREATMENT' }],
  ['MIXED_ADJUSTMENT', { adjusted: true }],
  ['DIRECTION_ALIGNED', { higherIsBetter: true }],
  ['INCOHERENT_NUMBERS', { coherence: 'FAIL' }],
  ['RETRACTED_INCLUDED', { retracted: true }],
  ['FROM_MEDIANS', { effects: [effect('SMD', 0.1, 0.1, { origin: 'FROM_MEDIAN' })] }],
  ['MEASURES_CONVERTED', { effects: [effect('OR', 0.1, 0.1)] }],
  ['CROSSOVER_AS_PARALLEL', { effects: [effect('SMD', 0.1, 0.1, { assumptions: ['analysed as if the periods were parallel groups'] })] }],
  ['UNPOOLABLE_EFFECTS', { effects: [effect('SMD', null, null)] }],
] as const satisfies readonly (readonly [string, Partial<Candidate>])[])('%s is told of a pool with one such study, and not without it', (code, about) => {
  const others = studies([0.3, 0.1, 0.2])
  const mixing = { across: ['EVIDENCE_CLASSES', 'COMPARISONS', 'OUTCOMES', 'COMBINATIONS', 'MEASURES'] } as const
  expect(codesOf(others, mixing)).not.toContain(code)
  expect(codesOf([...others, candidate('other', about)], mixing)).toContain(code)
})

test('times of one study that are known by their labels only are told where they are joined', () => {
  const labelled = (slug: string, timepointLabel: string) => candidate(slug, { timepointDays: null, endOfTreatment: null, timepointLabel })
  expect(codesOf([...studies([0.3, 0.1]), labelled('b/leaving', 'on leaving'), labelled('b/discharge', 'at discharge')])).toContain('TIMEPOINTS_BY_LABEL')
  expect(codesOf([...studies([0.3, 0.1]), labelled('b/leaving', 'on leaving')])).not.toContain('TIMEPOINTS_BY_LABEL')
})

test('a regression on few of the pool is told', () => {
  const twelve = (known: number) =>
    studies(Array.from({ length: 12 }, (_, index) => index / 20)).map((one, index) => ({
      ...one,
      year: 2001 + index,
      meanAge: index < known ? 30 + index : null,
    }))
  expect(codesOf(twelve(3), { moderators: ['MEAN_AGE'] })).toContain('REGRESSION_OF_FEW')
  expect(codesOf(twelve(9), { moderators: ['MEAN_AGE'] })).toContain('REGRESSION_OF_FEW') // three quarters, and still fewer than ten
  expect(codesOf(twelve(12), { moderators: ['MEAN_AGE'] })).not.toContain('REGRESSION_OF_FEW')
  expect(codesOf(twelve(12), { moderators: ['MEAN_AGE', 'YEAR'] })).toContain('REGRESSION_OF_FEW')
  expect(codesOf(twelve(3))).not.toContain('REGRESSION_OF_FEW')
})

test('dependence that was ignored is told, and so is a correlation that was assumed', () => {
  const twice = [candidate('a/phq'), candidate('a/bdi', { instrument: 'bdi-ii' }), candidate('b')]
  expect(codesOf(twice)).toContain('CORRELATION_ASSUMED')
  expect(codesOf(twice, { dependence: 'INDEPENDENT' })).toContain('DEPENDENCE_IGNORED')
})
