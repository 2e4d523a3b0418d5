import type { CandidateArm } from '../../src/synthesis/candidate.js'
import { numberOf } from '../../src/synthesis/number.js'
import { candidate, effect } from './candidates.js'

const arm = (events: number, n: number): CandidateArm => ({ n, events, mean: null, standardDeviation: null })
const counted = (intervention: CandidateArm, comparator: CandidateArm) =>
  candidate('a', {
    effects: (['OR', 'RR', 'RD'] as const).map((measure) => ({ ...effect(measure, 0, 0.1), estimate: null, standardError: null })),
    arms: { intervention, comparator },
    absentReason: 'NOT_APPLICABLE',
  })

describe('a trial in whose arms nothing varies', () => {
  test.each([
    ['nobody', arm(0, 400), arm(0, 410), 'OR', 'NO_EVENTS', /^nobody had the event in either arm, which says nothing about a ratio$/],
    ['nobody', arm(0, 400), arm(0, 410), 'RR', 'NO_EVENTS', /ratio/],
    ['everybody', arm(40, 40), arm(41, 41), 'OR', 'NO_EVENTS', /^everybody had the event in both arms, which says nothing about a ratio$/],
    ['nobody', arm(0, 400), arm(0, 410), 'RD', 'NO_EVENTS', /the risk difference is 0, and inverse variance has no standard error/],
    ['everybody', arm(40, 40), arm(41, 41), 'RD', 'NO_EVENTS', /the risk difference is 0/],
    ['nobody here and everybody there', arm(0, 40), arm(41, 41), 'RD', 'NO_STANDARD_ERROR', /in each arm either nobody or everybody had the event/],
    ['nobody', arm(0, 400), arm(0, 410), 'SMD', 'NO_EVENTS', /an effect on this measure/],
  ] as const)('says so: %s, %j, %j, %s', (_, intervention, comparator, measure, code, reason) => {
    const number = numberOf(counted(intervention, comparator), measure)
    expect(number).toEqual({ code, reason: expect.stringMatching(reason) })
    if (measure === 'RD') expect('reason' in number && number.reason).not.toContain('ratio')
  })

  test('is not one whose arms are not known', () => {
    expect(numberOf({ ...counted(arm(0, 1), arm(0, 1)), arms: null }, 'OR')).toMatchObject({ code: 'NO_ESTIMATE' })
  })

  test('is not one in which one arm has an event', () => {
    expect(numberOf(counted(arm(1, 40), arm(0, 41)), 'RD')).toMatchObject({ code: 'NO_ESTIMATE' })
  })
})

describe('an odds ratio where a risk ratio is asked for', () => {
  const known = (comparator: CandidateArm & { readonly percent?: number }) =>
    candidate('a', {
      effects: [effect('OR', Math.log(0.5), 0.26)],
      arms: { intervention: { n: null, events: null, mean: null, standardDeviation: null }, comparator },
    })

  test('is converted at the risk of the comparator’s counts', () => {
    // Zhang & Yu 1998: 0.5 / (1 − 0.2 + 0.2 × 0.5) = 0.556
    const number = numberOf(known(arm(20, 100)), 'RR')
    expect('estimate' in number && Math.exp(number.estimate)).toBeCloseTo(0.5 / 0.9, 12)
    expect(number).toMatchObject({ conversion: expect.stringMatching(/^OR to RR: /), assumptions: [expect.stringContaining('a share of 0.2 has the event')] })
  })

  test('is converted at the comparator’s percentage', () => {
    const number = numberOf(known({ n: null, events: null, mean: null, standardDeviation: null, percent: 20 }), 'RR')
    expect('estimate' in number && Math.exp(number.estimate)).toBeCloseTo(0.5 / 0.9, 12)
  })

  test.each([0, 100])('is not converted at a risk of %d %', (percent) => {
    expect(numberOf(known({ n: null, events: null, mean: null, standardDeviation: null, percent }), 'RR')).toMatchObject({ code: 'NOT_CONVERTIBLE' })
  })

  test('is not converted without one', () => {
    expect(numberOf(candidate('a', { effects: [effect('OR', Math.log(0.5), 0.26)] }), 'RR')).toMatchObject({
      code: 'NOT_CONVERTIBLE',
      reason: expect.stringContaining('none is stated'),
    })
  })
})
