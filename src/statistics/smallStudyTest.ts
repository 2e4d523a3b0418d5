import { type AsymmetryTest, eggerTest } from './asymmetry.js'
import type { EventArm } from './binary.js'
import { harbordTest, petersTest } from './countAsymmetry.js'
import type { EffectMeasure } from './effectSize.js'
import type { StudyEffect } from './linearModel.js'
import type { Compared } from './mantelHaenszel.js'

/** Which test of small-study effects was made; NONE where none is advised. */
export type SmallStudyTestName = 'EGGER' | 'HARBORD' | 'PETERS' | 'PUSTEJOVSKY_RODGERS' | 'NONE'

export interface SmallStudyTest {
  readonly name: SmallStudyTestName
  /** Null where none is advised, or the studies do not determine it. */
  readonly test: AsymmetryTest | null
  /** Why this one, for a researcher. */
  readonly reason: string
}

/** A study as tests of small-study effects see it. */
export interface TestedStudy extends StudyEffect {
  /** Counts of both arms, if they are known. */
  readonly counts?: Compared<EventArm> | null
  /** Participants of both arms, if they are known. */
  readonly armSizes?: { readonly intervention: number; readonly comparator: number } | null
}

/**
 * The test of small-study effects that is advised for a measure.
 *
 * Ratios of counts: Harbord's, on the odds ratios of the counts, since the logarithm of a ratio is correlated with its own standard error and Egger's test then
 * finds asymmetry where there is none; Peters' if arms differ more than twofold in size on average, where Harbord's rejects too often. Standardised
 * differences are correlated with their errors likewise, so that the error is taken from the numbers of people alone. Risk differences have no test
 * that is advised: their size follows from the baseline risk; the counts' odds ratios are tested instead. Everything else: Egger's.
 *
 * @param studies on the analysis scale of the measure
 * @throws {RangeError} if numbers are impossible
 * @see Sterne et al. (2011), BMJ 343:d4002; Pustejovsky & Rodgers (2019), Research Synthesis Methods 10:57–71
 */
export function smallStudyTest(studies: readonly TestedStudy[], measure: EffectMeasure): SmallStudyTest {
  if (measure === 'OR' || measure === 'RR' || measure === 'RD') {
    const counts = studies.flatMap((study) => study.counts ?? [])
    if (counts.length === studies.length && counts.length > 0) return ofCounts(counts)
    if (measure === 'RD')
      return { name: 'NONE', test: null, reason: 'no test is advised for risk differences, which follow from the baseline risk, and the counts are not known' }
    return {
      name: 'EGGER',
      test: eggerTest(studies),
      reason: 'the counts are not known in all studies, so that Egger’s test is left, which with ratios rejects too often',
    }
  }
  if (measure !== 'SMD') return { name: 'EGGER', test: eggerTest(studies), reason: 'the effect is not made of its own standard error' }
  const sized = studies.flatMap(({ estimate, armSizes }) =>
    armSizes === undefined || armSizes === null ? [] : [{ estimate, variance: 1 / armSizes.intervention + 1 / armSizes.comparator }],
  )
  if (sized.length < studies.length)
    return {
      name: 'EGGER',
      test: eggerTest(studies),
      reason: 'the arms’ sizes are not known in all studies, so that Egger’s test is left, which with SMD rejects too often',
    }
  const found = eggerTest(sized)
  return {
    name: 'PUSTEJOVSKY_RODGERS',
    test: found === null ? null : { ...found, method: 'Pustejovsky and Rodgers: weighted regression on √(1/n₁ + 1/n₂), t test of its slope' },
    reason: 'the standard error of a standardised difference depends on the difference itself; that of the numbers of people does not',
  }
}

function ofCounts(counts: readonly Compared<EventArm>[]): SmallStudyTest {
  const logRatio = counts.reduce((sum, { intervention, comparator }) => sum + Math.abs(Math.log(intervention.total / comparator.total)), 0) / counts.length
  return logRatio > Math.LN2
    ? { name: 'PETERS', test: petersTest(counts), reason: 'arms differ much in size, where Harbord’s test rejects too often' }
    : {
        name: 'HARBORD',
        test: harbordTest(counts),
        reason: 'logarithms of ratios are correlated with their own standard errors, scores and their variances hardly',
      }
}
