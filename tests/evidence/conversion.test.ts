import { convertEffect } from '../../src/evidence/conversion.js'
import { effectsOfResult } from '../../src/evidence/effects.js'
import type { ArmResultRecord, ReportRecord } from '../../src/evidence/evidence.js'
import { questionOf } from './inventedStudies.js'

const nothing: Omit<ArmResultRecord, 'armKey'> = {
  n: null,
  nInferred: null,
  events: null,
  eventsFromPercent: false,
  percent: null,
  mean: null,
  sd: null,
  se: null,
  ciLower: null,
  ciUpper: null,
  median: null,
  q1: null,
  q3: null,
  iqr: null,
  minimum: null,
  maximum: null,
  baselineMean: null,
  baselineSd: null,
  note: null,
}

test('an odds ratio beside the comparator’s percentage converts to a risk ratio and a risk difference', () => {
  const [effect] = effectsOfResult(questionOf('odds-ratio-and-percentage')).map((values) => ({ ...values, unit: null }))
  if (effect === undefined) throw new RangeError('the invented study must have an effect')
  const report: ReportRecord = {
    position: 0,
    note: null,
    // `as`: where the numbers were read plays no part here.
    provenance: {} as ReportRecord['provenance'],
    armResults: [{ ...nothing, armKey: 2, percent: 20 }],
    effects: [effect],
  }
  // Zhang & Yu 1998: 0.5 / (1 − 0.2 + 0.2 × 0.5) = 0.556, a risk of 0.111 for 0.2
  expect(convertEffect(effect, report, 'RR', 2).effect?.estimate).toBeCloseTo(0.5 / 0.9, 10)
  expect(convertEffect(effect, report, 'RD', 2).effect?.estimate).toBeCloseTo(0.1 / 0.9 - 0.2, 10)
  expect(convertEffect(effect, report, 'RR', 1)).toMatchObject({ effect: null, reason: expect.stringContaining('none is stated') })
})

test('a risk ratio beside the comparator’s percentage has a standardised benefit', () => {
  const question = questionOf('odds-ratio-and-percentage')
  const reported = [{ measure: 'RR', estimate: 0.5 / 0.9 }] as const
  const [effect] = effectsOfResult({ ...question, result: { ...question.result, reported } })
  // The odds ratio at a risk of 0.2 is 0.5: |ln 0.5| × √3/π
  expect(Math.abs(Number(effect?.standardizedBenefit))).toBeCloseTo((Math.log(2) * Math.sqrt(3)) / Math.PI, 10)
})
