import fc from 'fast-check'
import { ArmRole, EvidenceClass, StudyDesign, Route, RiskOfBiasLevel } from '../../src/generated/prisma/enums.js'
import { compareGroups, groupName, groupOf, SummaryGroup, type Grouped } from '../../src/synthesis/groups.js'

const trial: Grouped = {
  condition: 'migraine',
  forms: ['magnesium-citrate'],
  outcome: 'migraine-attacks',
  design: 'RCT_PARALLEL',
  comparatorRole: 'PLACEBO',
  comparison: 'INACTIVE',
  evidenceClass: 'RANDOMIZED',
  routes: ['ORAL'],
  elementalMgLow: 600,
  elementalMgHigh: 600,
  riskOfBias: null,
}
const named = (slug: string) => ({ find: (ref: string) => (ref === slug ? { name: slug.replace('-', ' ') } : undefined) })
const terms = { conditions: named('migraine'), forms: named('magnesium-citrate'), outcomes: named('migraine-attacks') }

test.each<[string, SummaryGroup, Partial<Grouped>, string, string]>([
  ['a condition stands for itself', 'CONDITION', {}, 'migraine', 'migraine'],
  ['one form is that form', 'FORM', {}, 'magnesium-citrate', 'magnesium citrate'],
  ['forms given together are no one form', 'FORM', { forms: ['magnesium-citrate', 'magnesium-oxide'] }, 'SEVERAL', 'several forms together'],
  ['dietary intake has no form', 'FORM', { forms: [] }, 'NONE', 'no particular form (intake or serum level)'],
  ['an observational contrast has no comparator arm', 'COMPARATOR', { comparatorRole: null }, 'NONE', 'no comparator arm'],
  ['a route that changes is several', 'ROUTE', { routes: ['INTRAVENOUS', 'ORAL'] }, 'SEVERAL', 'several routes'],
  ['the same route in each phase is one route', 'ROUTE', { routes: ['ORAL', 'ORAL'] }, 'ORAL', 'by mouth'],
  ['what nobody assessed is not at low risk', 'RISK_OF_BIAS', {}, 'NOT_ASSESSED', 'nobody assessed it'],
  ['a dose under the first limit', 'DOSE_BAND', { elementalMgLow: 100, elementalMgHigh: 149.9 }, 'UNDER_150', 'under 150 mg a day'],
  ['a limit belongs to the band above', 'DOSE_BAND', { elementalMgLow: 150, elementalMgHigh: 299.9 }, 'FROM_150', '150 to under 300 mg a day'],
  ['a dose in the middle', 'DOSE_BAND', { elementalMgLow: 300, elementalMgHigh: 400 }, 'FROM_300', '300 to under 450 mg a day'],
  ['a dose above the last limit', 'DOSE_BAND', {}, 'FROM_450', '450 mg a day and more'],
  [
    'an interval across a limit is in no band',
    'DOSE_BAND',
    { elementalMgLow: 248, elementalMgHigh: 310 },
    'AMBIGUOUS',
    'across several bands, or known only as an interval',
  ],
  ['no dose', 'DOSE_BAND', { elementalMgLow: null, elementalMgHigh: null }, 'NOT_STATED', 'not stated'],
])('%s', (_, by, given, value, name) => {
  expect(groupOf({ ...trial, ...given }, by)).toBe(value)
  expect(groupName(by, value, terms)).toBe(name)
})

const values = <Value extends string>(of: Readonly<Record<string, Value>>) => fc.constantFrom(...Object.values(of))
const effects = fc.record({
  condition: fc.string(),
  forms: fc.array(fc.string(), { maxLength: 3 }),
  outcome: fc.string(),
  design: values(StudyDesign),
  comparatorRole: fc.option(values(ArmRole)),
  routes: fc.array(values(Route), { maxLength: 3 }),
  elementalMgLow: fc.option(fc.double({ min: 0, max: 2000, noNaN: true })),
  elementalMgHigh: fc.option(fc.double({ min: 0, max: 2000, noNaN: true })),
  riskOfBias: fc.option(values(RiskOfBiasLevel)),
  comparison: fc.constantFrom('INACTIVE', 'ACTIVE:valproate', 'MAGNESIUM:DOSE', 'EXPOSURE:SERUM', 'NONE'),
  evidenceClass: values(EvidenceClass),
})

test('every effect falls into one group of each kind, and every value that is no term has words', () => {
  fc.assert(
    fc.property(effects, fc.constantFrom(...Object.values(SummaryGroup)), (effect, by) => {
      const value = groupOf(effect, by)
      const isTerm = by === 'CONDITION' || by === 'FORM' || by === 'OUTCOME'
      if (!isTerm) expect(groupName(by, value, terms)).not.toBe(value)
      expect(compareGroups(by, terms)(value, value)).toBe(0)
    }),
  )
})

test('doses are shown from low to high, then those in no band', () => {
  const shown = ['NOT_STATED', 'FROM_450', 'AMBIGUOUS', 'UNDER_150', 'FROM_300', 'FROM_150'].sort(compareGroups('DOSE_BAND', terms))
  expect(shown).toEqual(['UNDER_150', 'FROM_150', 'FROM_300', 'FROM_450', 'AMBIGUOUS', 'NOT_STATED'])
})
