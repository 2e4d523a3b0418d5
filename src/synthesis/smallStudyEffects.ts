import { eggerTest, rankTest, type AsymmetryTest } from '../statistics/asymmetry.js'
import { deeksTest, harbordTest, petersTest } from '../statistics/countAsymmetry.js'
import { smallStudyTest, type SmallStudyTest } from '../statistics/smallStudyTest.js'
import { ConvergenceError } from '../statistics/convergence.js'
import type { StudyEffect } from '../statistics/pooling.js'
import { trimAndFill, type TrimAndFill } from '../statistics/trimAndFill.js'
import { intervalOf } from './question.js'
import { shown } from './shown.js'
import type { PooledEntries } from './synthesis.js'

/** Below so many entries the tests are shown and not to be relied on. */
export const enoughForAsymmetry = 10

export interface ShownTrimAndFill {
  readonly side: 'left' | 'right'
  readonly missing: number
  readonly estimate: number
  readonly ciLower: number
  readonly ciUpper: number
}

export interface SmallStudyEffects {
  readonly egger: AsymmetryTest | null
  readonly begg: AsymmetryTest | null
  readonly harbord: AsymmetryTest | null
  readonly peters: AsymmetryTest | null
  readonly deeks: AsymmetryTest | null
  readonly advised: SmallStudyTest
  readonly trimAndFill: ShownTrimAndFill | null
  readonly underpowered: boolean
}

type Pool = Pick<PooledEntries, 'entries' | 'measure' | 'question'>

/** Whether small studies show other effects than large ones; null where a test cannot be made of these entries. */
export function smallStudyEffectsOf(pool: Pool): SmallStudyEffects {
  const { entries, measure } = pool
  const filled = filledPool(pool)
  return {
    egger: eggerTest(entries),
    begg: rankTest(entries),
    harbord: ofCounts(entries, harbordTest),
    peters: ofCounts(entries, petersTest),
    deeks: ofCounts(entries, deeksTest),
    advised: advisedTest(pool),
    trimAndFill:
      filled === null
        ? null
        : {
            side: filled.side,
            missing: filled.imputed.length,
            estimate: shown(measure, filled.pooled.estimate),
            ciLower: shown(measure, filled.pooled.ciLower),
            ciUpper: shown(measure, filled.pooled.ciUpper),
          },
    underpowered: entries.length < enoughForAsymmetry,
  }
}

/** The test that is advised for the pool's measure, which warnings and certainty rest on. */
export function advisedTest({ entries, measure }: Pick<Pool, 'entries' | 'measure'>): SmallStudyTest {
  return smallStudyTest(entries, measure === 'PETO' ? 'OR' : measure === 'RAW_COR' || measure === 'GEN' ? 'MD' : measure)
}

function ofCounts(entries: Pool['entries'], test: typeof harbordTest): AsymmetryTest | null {
  const counts = entries.flatMap(({ counts: known }) => known ?? [])
  return counts.length === entries.length ? test(counts) : null
}

/** The studies that trim and fill supposes missing, on the analysis scale. */
export function imputedStudies(pool: Pool): readonly StudyEffect[] {
  return filledPool(pool)?.imputed ?? []
}

/** By inverse variance, whatever the model pooled counts by; null under three entries, or where the count of missing studies does not settle. */
export function filledPool({ entries, question }: Pool): TrimAndFill | null {
  if (entries.length < 3) return null
  try {
    const { model, estimator, level } = question
    return trimAndFill(entries, {
      model: model === 'RANDOM_EFFECTS' || model === 'THREE_LEVEL' ? 'RANDOM_EFFECTS' : 'COMMON_EFFECT',
      estimator,
      interval: intervalOf(question),
      level,
    })
  } catch (error) {
    if (error instanceof ConvergenceError) return null
    throw error
  }
}
