import { PublicError } from '../../src/errors.js'
import { usualQuestion, type SynthesisQuestion } from '../../src/synthesis/question.js'
import { selectEffects } from '../../src/synthesis/selection.js'
import type { Candidate } from '../../src/synthesis/candidate.js'
import { candidate, counts, effect } from './candidates.js'

const select = (candidates: readonly Candidate[], question: Partial<SynthesisQuestion> = {}) => {
  const { measure, chosen, unpoolable } = selectEffects(candidates, { ...usualQuestion, ...question })
  return {
    measure,
    taken: chosen.map(({ candidate: { slug } }) => slug),
    estimates: chosen.map(({ estimate }) => Number(estimate.toFixed(6))),
    left: Object.fromEntries(unpoolable.map(({ evidence, code }) => [evidence, code])),
    chosen,
    unpoolable,
  }
}

const refusal = (work: () => unknown): PublicError => {
  try {
    work()
  } catch (error) {
    if (error instanceof PublicError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('every candidate is in the pool or has a reason', () => {
  test('an effect without an estimate, and one without a standard error, are left out with what the source lacks', () => {
    const { taken, unpoolable } = select([
      candidate('a'),
      candidate('b', { effects: [effect('SMD', null, null)], absentReason: 'ONLY_P_THRESHOLD' }),
      candidate('c', { effects: [effect('SMD', -0.2, null)], absentReason: 'NOT_REPORTED' }),
    ])
    expect(taken).toEqual(['a'])
    expect(unpoolable).toEqual([
      { evidence: 'b', code: 'NO_ESTIMATE', reason: 'there is no estimate: the source gives a threshold of p only, which bounds it and does not tell it' },
      { evidence: 'c', code: 'NO_STANDARD_ERROR', reason: 'there is an estimate but no standard error: the source does not report it' },
    ])
  })

  test('trials in which nobody had the event say nothing about a ratio', () => {
    const none = candidate('b', {
      valueKind: 'EVENT',
      effects: [effect('OR', null, null), effect('RD', 0, null, { isDefault: false })],
      arms: counts([0, 40], [0, 41]),
    })
    expect(select([candidate('a', { effects: [effect('OR', -0.2, 0.3)] }), none], { measure: 'OR' }).left).toEqual({ b: 'NO_EVENTS' })
  })

  test('animals are never pooled with people, and are pooled where there is nobody else', () => {
    const rat = candidate('rat', { subjects: 'ANIMAL', design: 'ANIMAL' })
    expect(select([candidate('a'), rat])).toMatchObject({ taken: ['a'], left: { rat: 'OTHER_SUBJECTS' } })
    expect(select([rat]).taken).toEqual(['rat'])
  })

  test('a part of a sample goes where the whole is there for the same comparison, and stays where it is not', () => {
    const women = candidate('a/women', { population: 'women', wholeSample: false })
    expect(select([candidate('a/all'), women])).toMatchObject({ taken: ['a/all'], left: { 'a/women': 'PART_OF_SAMPLE' } })
    expect(select([women, candidate('a/men', { population: 'men', wholeSample: false })]).taken).toEqual(['a/men', 'a/women'])
  })

  test('of two analyses of the same people, randomised ones enter crude and others adjusted', () => {
    const pair = (design: Candidate['design']) => [candidate('a/crude', { design }), candidate('a/adjusted', { design, adjusted: true })]
    expect(select(pair('RCT_PARALLEL')).taken).toEqual(['a/crude'])
    expect(select(pair('COHORT')).taken).toEqual(['a/adjusted'])
  })

  test('the analysis nearest to all as randomised is taken', () => {
    expect(select([candidate('a/pp', { analysisSet: 'PER_PROTOCOL' }), candidate('a/itt')])).toMatchObject({
      taken: ['a/itt'],
      left: { 'a/pp': 'OTHER_ANALYSIS' },
    })
  })
})

describe('time points', () => {
  const at = (days: number, endOfTreatment: boolean | null) => candidate(`a/day-${days}`, { timepointDays: days, endOfTreatment, durationDays: 42 })
  test.each([
    ['END_OF_TREATMENT', ['a/day-42']],
    ['LONGEST', ['a/day-90']],
    ['SHORTEST', ['a/day-7']],
    ['ALL', ['a/day-42', 'a/day-7', 'a/day-90']],
  ] as const)('%s takes %p', (timepoint, taken) => {
    expect(select([at(7, false), at(42, true), at(90, false)], { timepoint }).taken).toEqual(taken)
  })

  test('where no time point is marked as the end, the nearest to the length of treatment is taken', () => {
    expect(select([at(7, null), at(40, null), at(90, null)]).taken).toEqual(['a/day-40'])
  })

  test('different instruments of one construct are no time points of each other', () => {
    expect(select([candidate('a/phq'), candidate('a/bdi', { instrument: 'bdi-ii' })]).taken).toHaveLength(2)
  })
})

describe('the measure', () => {
  test('is the one that all effects have', () => {
    expect(select([candidate('a', { effects: [effect('RR', 0.1, 0.1)] }), candidate('b', { effects: [effect('RR', 0.2, 0.1)] })]).measure).toBe('RR')
  })

  test('of counts is the one most studies report, where all have it', () => {
    const both = (usual: 'OR' | 'RR') => [effect(usual, 0.1, 0.1), effect(usual === 'OR' ? 'RR' : 'OR', 0.2, 0.1, { isDefault: false })]
    expect(select([candidate('a', { effects: both('OR') }), candidate('b', { effects: both('OR') }), candidate('c', { effects: both('RR') })]).measure).toBe(
      'OR',
    )
  })

  test('is of the family most studies have: scores and events are not mixed unless that is asked for', () => {
    const mixed = [candidate('a'), candidate('b', { effects: [effect('OR', 0.9, 0.3)] }), candidate('c')]
    expect(select(mixed)).toMatchObject({ measure: 'SMD', taken: ['a', 'c'], left: { b: 'OTHER_MEASURE' } })
  })

  test('is SMD where scores and events are mixed as asked, and conversions are told', () => {
    // ln OR · √3 / π, Chinn (2000)
    const { measure, estimates, chosen } = select([candidate('a'), candidate('b', { effects: [effect('OR', 0.9, 0.3)] })], { across: ['MEASURES'] })
    expect(measure).toBe('SMD')
    expect(estimates).toEqual([-0.3, Number(((0.9 * Math.sqrt(3)) / Math.PI).toFixed(6))])
    expect(chosen[1]?.conversion).toMatch(/^OR to SMD: /)
  })

  test('is SMD for mean differences of several scales, and MD for those of one', () => {
    const both = [effect('MD', -3, 1), effect('SMD', -0.4, 0.2, { isDefault: false })]
    const [phq, bdi] = [candidate('a', { effects: both }), candidate('b', { effects: both, instrument: 'bdi-ii' })]
    expect(select([phq, bdi]).measure).toBe('SMD')
    expect(select([phq, candidate('c', { effects: both })]).measure).toBe('MD')
  })

  test('of different physical units is one of them, and over several outcomes none', () => {
    const pressure = (slug: string, unit: string) =>
      candidate(slug, { unit, instrument: null, outcome: 'systolic-blood-pressure', effects: [effect('MD', -3, 1)] })
    expect(select([pressure('a', 'mm[Hg]'), pressure('b', 'mm[Hg]')]).measure).toBe('MD')
    const three = [pressure('a', 'mm[Hg]'), pressure('b', 'mm[Hg]'), pressure('c', 'kPa')]
    expect(select(three)).toMatchObject({ measure: 'MD', taken: ['a', 'b'], left: { c: 'OTHER_UNIT' } })
    expect(select(three, { measure: 'MD' })).toMatchObject({ taken: ['a', 'b'], left: { c: 'OTHER_UNIT' } })
    expect(refusal(() => select(three, { measure: 'MD', across: ['OUTCOMES'] }))).toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { reason: 'MIXED_UNITS', argument: 'across' },
      message: expect.stringContaining('2 in mm[Hg], 1 in kPa'),
    })
  })

  test('hazard ratios are no odds ratios, unless one relative risk is asked for', () => {
    const [hr, beta, or] = [
      candidate('a', { effects: [effect('HR', 0.1, 0.1)] }),
      candidate('b', { effects: [effect('BETA', 0.1, 0.1)] }),
      candidate('c', { effects: [effect('OR', 0.1, 0.1)] }),
    ]
    expect(select([hr, beta])).toMatchObject({ measure: 'HR', taken: ['a'], left: { b: 'OTHER_MEASURE' } })
    expect(select([hr, or], { measure: 'OR', across: ['MEASURES'] })).toMatchObject({ taken: ['a', 'c'], estimates: [0.1, 0.1] })
    expect(select([hr, beta], { measure: 'HR' })).toMatchObject({ taken: ['a'], left: { b: 'NOT_CONVERTIBLE' } })
    expect(select([hr, or], { measure: 'OR' }).unpoolable[0]?.reason).toMatch(/^HR to OR: /)
  })
})

describe('a single dose', () => {
  const after = (days: number, about: Partial<Candidate> = {}) =>
    candidate(`a/${days}`, { durationDays: 0, timepointDays: days, endOfTreatment: days < 0.02, ...about })

  test('is taken within the day, as late as that', () => {
    expect(select([after(0.0139), after(0.0417), after(2)])).toMatchObject({
      taken: ['a/0.0417'],
      left: { 'a/0.0139': 'OTHER_TIMEPOINT', 'a/2': 'OTHER_TIMEPOINT' },
    })
    expect(select([after(0.0139), after(3), after(7)])).toMatchObject({ taken: ['a/0.0139'] })
  })

  test('is taken at its primary time where the study names one, unless another time is asked for', () => {
    const times = [after(0.0139), after(0.0417, { isPrimary: true }), after(0.0833)]
    expect(select(times)).toMatchObject({ taken: ['a/0.0417'], left: { 'a/0.0139': 'OTHER_ANALYSIS', 'a/0.0833': 'OTHER_ANALYSIS' } })
    expect(select(times, { timepoint: 'LONGEST' }).taken).toEqual(['a/0.0833'])
  })
})

describe('directions', () => {
  test('standardised differences of scales on which higher is better are turned round', () => {
    const { estimates, chosen } = select([candidate('a'), candidate('b'), candidate('c', { higherIsBetter: true, effects: [effect('SMD', 0.4, 0.1)] })])
    expect(estimates).toEqual([-0.3, -0.3, -0.4])
    expect(chosen[2]?.turned).toBe(true)
  })

  test('risk ratios cannot be turned round, and the rarer direction is left out', () => {
    const rr = (slug: string, higherIsBetter: boolean) => candidate(slug, { higherIsBetter, effects: [effect('RR', 0.1, 0.1)] })
    expect(select([rr('a', false), rr('b', false), rr('c', true)])).toMatchObject({ taken: ['a', 'b'], left: { c: 'OPPOSITE_DIRECTION' } })
  })

  test('a contrast of less magnesium with more is turned round', () => {
    const exposed = { design: 'COHORT', higherIsBetter: null, effects: [effect('RR', 0.5, 0.1)] } as const
    expect(select([candidate('a', { ...exposed, contrastedHasLess: true }), candidate('b', exposed)]).estimates).toEqual([-0.5, 0.5])
  })
})

test('final values and changes are not standardised together: the kind of more studies stays', () => {
  expect(select([candidate('a'), candidate('b'), candidate('c', { valueKind: 'CHANGE' })])).toMatchObject({
    taken: ['a', 'b'],
    left: { c: 'OTHER_KIND_OF_VALUE' },
  })
  const md = (slug: string, valueKind: Candidate['valueKind']) => candidate(slug, { valueKind, effects: [effect('MD', -3, 1)] })
  expect(select([md('a', 'FINAL'), md('b', 'CHANGE')]).taken).toEqual(['a', 'b'])
})

test('an effect per unit of exposure does not stand beside contrasts of groups', () => {
  const cohort = { design: 'COHORT', effects: [effect('HR', -0.1, 0.05)] } as const
  expect(select([candidate('a', cohort), candidate('b', cohort), candidate('c', { ...cohort, perUnitOf: 'intake per 100 mg' })]).left).toEqual({
    c: 'OTHER_EXPOSURE',
  })
})

test('of several studies of one cohort the one with most of its people enters, and of two that share none with each other both', () => {
  const of = (slug: string, participants: number, ...cohorts: string[]) => candidate(slug, { design: 'COHORT', evidenceClass: 'COHORT', participants, cohorts })
  expect(select([of('a', 900, 'nurses'), of('b', 5000, 'nurses', 'nurses-ii'), of('c', 800, 'nurses-ii'), of('d', 10, 'framingham')])).toMatchObject({
    taken: ['b', 'd'],
    left: { a: 'SAME_PEOPLE', c: 'SAME_PEOPLE' },
  })
  expect(select([of('a', 900, 'nurses'), of('c', 800, 'nurses-ii')]).taken).toEqual(['a', 'c'])
})

test('the order in which candidates come does not matter', () => {
  const all = [candidate('b'), candidate('a/2', { instrument: 'bdi-ii' }), candidate('a/1')]
  expect(select(all).taken).toEqual(['a/1', 'a/2', 'b'])
  expect(select([...all].reverse()).taken).toEqual(['a/1', 'a/2', 'b'])
})
