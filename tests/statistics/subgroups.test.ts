import { poolEffects } from '../../src/statistics/pooling.js'
import { testBetweenGroups } from '../../src/statistics/subgroups.js'
import { disagreements, effectsCalled, type Fitted, modelsIn, optionsOf, pValue, record, read, relative, share, tolerancesFor, within } from './modelNumbers.js'

interface Group {
  readonly rows: readonly number[]
  readonly estimate: number
  readonly standardError: number
  readonly pValue: number
  readonly ciLower: number
  readonly ciUpper: number
  readonly tau2: number
  readonly i2: number
  readonly q: number
  readonly qPValue: number
}

interface Model extends Fitted {
  readonly factor: string
  readonly groups: readonly (readonly unknown[])[]
  readonly q: number
  readonly qDf: number
  readonly qPValue: number
}

const file = 'modelsOfSubgroups.json'
const { groupColumns } = read<{ groupColumns: string[] }>(file)

describe('subgroups with a variance between studies of their own agree with metafor', () => {
  // metafor 3.8-1: rma(yi, vi, method, test, subset) of each level; Q between them from rma(b, se², method = "EE")
  test.each(modelsIn<Model>(file))('$effects by $factor, $method $test', (model) => {
    const effects = effectsCalled(model.effects)
    const groups = model.groups.map((row) => record<Group>(groupColumns, row))
    const pooled = groups.map(({ rows }) =>
      poolEffects(
        rows.map((row) => effects[row]!),
        optionsOf(model),
      ),
    )
    const wrong = groups.flatMap((group, index) => {
      const ours = pooled[index]
      const isAlone = group.rows.length === 1
      const own = group.rows.map((row) => effects[row]!)
      const { estimate, standardError, tau2 } = tolerancesFor(model.method, own, group.standardError)
      return disagreements(`group ${index + 1}`, [
        ['estimate', ours?.estimate, group.estimate, estimate],
        ['standard error', ours?.standardError, group.standardError, standardError],
        ['p value', ours?.pValue, group.pValue, pValue],
        ['lower limit', ours?.ciLower, group.ciLower, estimate],
        ['upper limit', ours?.ciUpper, group.ciUpper, estimate],
        // One study has no heterogeneity, where metafor writes 0.
        ['tau²', ours?.heterogeneity?.tau2, isAlone ? null : group.tau2, tau2],
        ['I²', ours?.heterogeneity?.i2, isAlone ? null : group.i2, share],
        ['Q', ours?.heterogeneity?.q, isAlone ? null : group.q, relative(1e-10)],
        ['p value of Q', ours?.heterogeneity?.pValue, isAlone ? null : group.qPValue, pValue],
      ])
    })
    expect(wrong).toEqual([])
    const between = testBetweenGroups(pooled)
    expect(
      disagreements('between groups', [
        ['Q', between?.q, model.q, relative(model.method === 'REML' ? 1e-7 : 1e-10)],
        ['degrees of freedom', between?.df, model.qDf, within(0)],
        ['p value', between?.pValue, model.qPValue, pValue],
      ]),
    ).toEqual([])
  })
})

test('groups that agree do not differ', () => {
  const group = { estimate: 0.3, standardError: 0.1 }
  expect(testBetweenGroups([group, group, { estimate: 0.3, standardError: 0.4 }])).toEqual({ q: expect.closeTo(0, 12), df: 2, pValue: expect.closeTo(1, 12) })
})

// (0.5 − 0.1)² / (0.1² + 0.2²) = 3.2: of two groups Q is the square of the difference over its standard error
test('two groups are compared by their difference', () => {
  const between = testBetweenGroups([
    { estimate: 0.1, standardError: 0.1 },
    { estimate: 0.5, standardError: 0.2 },
  ])
  expect(between?.q).toBeCloseTo(3.2, 12)
})

test('one group has nothing to differ from', () => {
  expect(() => testBetweenGroups([{ estimate: 0.1, standardError: 0.1 }])).toThrow(new RangeError('a test between groups needs two of them, got 1'))
})

// Two studies that agree exactly have a standard error of 0 under HKSJ, and would weigh infinitely much.
test('a group without an error is not compared', () => {
  expect(
    testBetweenGroups([
      { estimate: 0.5, standardError: 0 },
      { estimate: 0.35, standardError: 0.0866 },
    ]),
  ).toBeNull()
  expect(
    testBetweenGroups([
      { estimate: 0.5, standardError: 0 },
      { estimate: 0.5, standardError: 0 },
    ]),
  ).toBeNull()
})
