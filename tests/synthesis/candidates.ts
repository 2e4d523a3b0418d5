import type { Candidate, CandidateArm, CandidateEffect } from '../../src/synthesis/candidate.js'

const noArm: CandidateArm = { n: null, events: null, mean: null, standardDeviation: null }

/** A candidate of which only what a test is about needs to be said; the study and its slug follow from the slug of the effect. */
export function candidate(slug: string, about: Partial<Candidate> = {}): Candidate {
  return {
    slug,
    study: slug.split('/')[0] ?? slug,
    label: slug,
    year: 2000,
    design: 'RCT_PARALLEL',
    subjects: 'HUMAN',
    retracted: false,
    concern: false,
    evidenceClass: 'RANDOMIZED',
    condition: 'depression',
    forms: ['magnesium-oxide'],
    outcome: 'depressive-symptoms',
    instrument: 'phq-9',
    population: 'all',
    wholeSample: true,
    partition: null,
    name: 'the outcome',
    isPrimary: false,
    intervention: 'magnesium',
    comparator: 'placebo',
    comparatorRole: 'PLACEBO',
    comparison: 'INACTIVE',
    combinedWith: [],
    routes: ['ORAL'],
    riskOfBias: null,
    elementalMgLow: 250,
    elementalMgHigh: 250,
    durationDays: 42,
    timepointDays: 42,
    timepointLabel: null,
    endOfTreatment: true,
    participants: 100,
    meanAge: 50,
    femalePercent: 60,
    baselineSerumMagnesium: null,
    unit: '{score}',
    inCommonUnit: null,
    valueKind: 'FINAL',
    analysisSet: 'ITT',
    adjusted: false,
    higherIsBetter: false,
    perUnitOf: null,
    category: null,
    contrastedHasLess: false,
    direction: 'UNCLEAR',
    standardizedBenefit: null,
    coherence: 'PASS',
    absentReason: null,
    effects: [effect('SMD', -0.3, 0.1)],
    arms: null,
    ...about,
  }
}

export function effect(
  measure: CandidateEffect['measure'],
  estimate: number | null,
  standardError: number | null,
  about: Partial<CandidateEffect> = {},
): CandidateEffect {
  return { measure, isDefault: true, estimate, standardError, origin: 'ARM_DATA', assumptions: [], ...about }
}

/** Two arms with counts of an event. */
export function counts(a: readonly [events: number, n: number], b: readonly [events: number, n: number]): Candidate['arms'] {
  return { intervention: { ...noArm, events: a[0], n: a[1] }, comparator: { ...noArm, events: b[0], n: b[1] } }
}

/** Two arms with means and standard deviations. */
export function means(a: readonly [mean: number, sd: number, n: number], b: readonly [mean: number, sd: number, n: number]): Candidate['arms'] {
  const arm = ([mean, standardDeviation, n]: readonly [number, number, number]): CandidateArm => ({ ...noArm, mean, standardDeviation, n })
  return { intervention: arm(a), comparator: arm(b) }
}
