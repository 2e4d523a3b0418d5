import type { FunnelPlot } from '../plots/funnel.js'
import { scaleOf } from './entry.js'
import { measureNames, summaryOf, type PlotWords } from './forestPlot.js'
import { poolEntries } from './pool.js'
import { imputedStudies } from './smallStudyEffects.js'
import { counted, type PooledEntries } from './synthesis.js'

/** A pool as a funnel plot: entries by estimate and standard error, those that trim and fill supposes missing, the pooled estimate, and the other model's beside it. */
export function funnelPlotOf(pool: PooledEntries, { title }: PlotWords, contours: boolean): FunnelPlot {
  const { entries, measure, pooled, question } = pool
  const imputed = imputedStudies(pool)
  const isCommon = question.model === 'COMMON_EFFECT'
  const other = poolEntries(entries, measure, { ...question, model: isCommon ? 'RANDOM_EFFECTS' : 'COMMON_EFFECT', dependence: 'INDEPENDENT' })
  return {
    title,
    description: summaryOf(pool),
    measure: measureNames[measure],
    scale: scaleOf(measure),
    points: [
      ...entries.map(({ label, estimate, variance }) => ({ label, estimate, standardError: Math.sqrt(variance), imputed: false })),
      ...imputed.map(({ estimate, variance }) => ({ label: 'imputed by trim and fill', estimate, standardError: Math.sqrt(variance), imputed: true })),
    ],
    lines: [
      { label: isCommon ? 'common effect' : 'pooled', estimate: pooled.estimate },
      ...(entries.length > 1 ? [{ label: isCommon ? 'random effects' : 'common effect', estimate: other.estimate }] : []),
    ],
    level: question.level,
    contours,
    notes: [
      ...(imputed.length > 0 ? [`Hollow points are the ${counted(imputed.length, 'study', 'studies')} that trim and fill supposes missing.`] : []),
      ...(entries.length < 10 ? ['With fewer than ten studies the shape of a funnel says little.'] : []),
    ],
  }
}
