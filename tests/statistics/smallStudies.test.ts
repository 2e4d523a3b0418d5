import fc from 'fast-check'
import { eggerTest, rankTest } from '../../src/statistics/asymmetry.js'
import { failSafeNumbers } from '../../src/statistics/failSafe.js'
import { opposingTrial } from '../../src/statistics/opposingTrial.js'
import { poolEffects, type PoolingOptions, type StudyEffect, type Tau2Estimator } from '../../src/statistics/pooling.js'
import { trimAndFill } from '../../src/statistics/trimAndFill.js'
import { effectsNamed, smallStudyNumbers } from './smallStudyNumbers.js'

const intervals = { z: 'WALD', knha: 'HKSJ', adhoc: 'HKSJ_ADHOC' } as const
const optionsOf = (method: string, test: keyof typeof intervals): PoolingOptions => ({
  ...(method === 'EE' ? { model: 'COMMON_EFFECT' } : { estimator: method as Tau2Estimator }), // the fixture holds those that we offer
  interval: intervals[test],
})
const near = (ours: number | null | undefined, theirs: number, digits = 1e-8) =>
  ours != null && Math.abs(ours - theirs) <= digits * Math.max(Math.abs(theirs), 1e-3)

const effects = fc.array(fc.record({ estimate: fc.double({ min: -2, max: 2, noNaN: true }), variance: fc.double({ min: 0.001, max: 1, noNaN: true }) }), {
  minLength: 3,
  maxLength: 25,
})

describe('Egger', () => {
  // metafor 3.8-1: regtest(yi, vi, model = "lm", predictor = "sei")
  test.each(smallStudyNumbers.egger)('%s: t %d', (name, t, df, p, limit) => {
    const found = eggerTest(effectsNamed(name))
    expect({ t: near(found?.statistic, t), df: found?.df, p: near(found?.pValue, p, 1e-6), limit: near(found?.estimate, limit) }).toEqual({
      t: true,
      df,
      p: true,
      limit: true,
    })
  })

  test('there is none of two studies, of one precision, or of effects on a line', () => {
    expect(
      eggerTest([
        { estimate: 0.1, variance: 0.01 },
        { estimate: 0.2, variance: 0.04 },
      ]),
    ).toBeNull()
    expect(eggerTest([0.1, 0.2, 0.4].map((estimate) => ({ estimate, variance: 0.04 })))).toBeNull()
    expect(eggerTest([1, 2, 3].map((standardError) => ({ estimate: 0.1 + 0.7 * standardError, variance: standardError ** 2 })))).toBeNull()
    expect(eggerTest([0.3, 0.3, 0.3].map((estimate, index) => ({ estimate, variance: 0.01 * (index + 1) })))).toBeNull()
  })

  test('mirrored effects have the mirrored slope', () => {
    fc.assert(
      fc.property(effects, (studies) => {
        const [found, mirrored] = [eggerTest(studies), eggerTest(studies.map(({ estimate, variance }) => ({ estimate: -estimate, variance })))]
        return found === null ? mirrored === null : near(mirrored?.statistic, -found.statistic, 1e-6)
      }),
    )
  })
})

describe('Begg and Mazumdar', () => {
  // metafor 3.8-1: ranktest(yi, vi)
  test.each(smallStudyNumbers.rank)('%s: tau %d, p %d', (name, tau, p) => {
    const found = rankTest(effectsNamed(name))
    expect({ tau: near(found?.statistic, tau), p: near(found?.pValue, p, 1e-6) }).toEqual({ tau: true, p: true })
  })

  test('studies of one variance have no rank', () => expect(rankTest([0.1, 0.2, 0.4].map((estimate) => ({ estimate, variance: 0.04 })))).toBeNull())
})

describe('trim and fill', () => {
  // metafor 3.8-1: trimfill(rma(yi, vi, method = , test = ), estimator = "L0"); its fits stop by rules of their own, so that digits are fewer
  test.each(smallStudyNumbers.trimAndFill)('%s by %s, %s: missing on the %s: %d', (name, method, kind, side, missing, b, se, ciLower, ciUpper) => {
    const found = trimAndFill(effectsNamed(name), optionsOf(method, kind))
    expect({ side: found.side, missing: found.imputed.length }).toEqual({ side, missing })
    for (const [ours, theirs] of [
      [found.pooled.estimate, b],
      [found.pooled.standardError, se],
      [found.pooled.ciLower, ciLower],
      [found.pooled.ciUpper, ciUpper],
    ] as const)
      expect(Math.abs(ours - theirs)).toBeLessThan(1e-6 * Math.max(se, Math.abs(theirs)))
  })

  test('a symmetric funnel lacks nothing', () => {
    const symmetric = [0.1, 0.2, 0.3].flatMap((distance): StudyEffect[] => [
      { estimate: 1 - distance, variance: distance ** 2 },
      { estimate: 1 + distance, variance: distance ** 2 },
    ])
    expect(trimAndFill(symmetric).imputed).toEqual([])
  })

  test('imputed studies are mirror images, and mirrored effects lack the mirrored ones', () => {
    const [name] = Object.keys(smallStudyNumbers.effects)
    const studies = effectsNamed(name ?? '')
    const [found, mirrored] = [trimAndFill(studies), trimAndFill(studies.map(({ estimate, variance }) => ({ estimate: -estimate, variance })))]
    expect(mirrored.imputed.length).toBe(found.imputed.length)
    expect(mirrored.pooled.estimate).toBeCloseTo(-found.pooled.estimate, 10)
  })

  test('needs three effects', () =>
    expect(() => trimAndFill([{ estimate: 1, variance: 1 }])).toThrow(new RangeError('trim and fill needs three effects, got 1')))
})

describe('fail-safe numbers', () => {
  // metafor 3.8-1: fsn(yi, vi, type = , target = )
  test.each(smallStudyNumbers.failSafe)('%s, %s (target %p): %d studies', (name, type, target, studies) => {
    const found = failSafeNumbers(effectsNamed(name), target === null ? {} : { target })
    expect({ Rosenthal: found.rosenthal, Orwin: found.orwin, Rosenberg: found.rosenberg }[type]).toBe(studies)
  })

  test('nothing is needed to overturn what says nothing', () => {
    expect(failSafeNumbers([{ estimate: 0, variance: 1 }])).toEqual({ rosenthal: 0, orwin: 0, rosenberg: 0 })
  })
})

describe('an opposing trial', () => {
  const clear = [0.4, 0.5, 0.6, 0.45, 0.55].map((estimate) => ({ estimate, variance: 0.01 }))

  test('under a common effect, the trial that is found brings the interval to no effect, and a smaller one does not', () => {
    fc.assert(
      fc.property(effects, fc.double({ min: -1, max: 0, noNaN: true }), (studies, opposing) => {
        const options = { model: 'COMMON_EFFECT', interval: 'WALD' } as const
        const now = poolEffects(studies, options)
        const estimate = now.estimate > 0 ? opposing : -opposing
        const found = opposingTrial(studies, estimate, options)
        if (now.ciLower <= 0 && now.ciUpper >= 0) return found.outcome === 'ALREADY'
        if (found.outcome !== 'FOUND') return false
        const includesNoEffect = (variance: number) => {
          const { ciLower, ciUpper } = poolEffects([...studies, { estimate, variance }], options)
          return ciLower <= 0 && ciUpper >= 0
        }
        return includesNoEffect(found.variance * 0.999) && !includesNoEffect(found.variance * 1.001)
      }),
    )
  })

  test('what includes no effect already needs none', () => {
    expect(opposingTrial([{ estimate: 0.1, variance: 1 }], 0)).toEqual({ outcome: 'ALREADY' })
  })

  test('under random effects a single trial may never be enough', () => {
    const many = Array.from({ length: 60 }, (_, index) => ({ estimate: 1 + (index % 5) / 50, variance: 0.01 }))
    expect(opposingTrial(many, 0, { interval: 'WALD', estimator: 'DL' })).toEqual({ outcome: 'CANNOT' })
    expect(opposingTrial(clear, 0, { interval: 'HKSJ' }).outcome).toBe('CANNOT')
    expect(opposingTrial(clear, -0.5, { interval: 'HKSJ' }).outcome).toBe('FOUND')
  })
})
