import { displayed, type PlotScale } from './axis.js'
import { cleaned } from './markup.js'
import { decimalsFor, shownNumber } from './number.js'
import { type PlotTable } from './forest.table.js'

/** A study on the analysis scale: logarithms of ratios, Fisher's z of correlations. */
export interface FunnelPoint {
  readonly label: string
  readonly estimate: number
  readonly standardError: number
  /** Not a study, but one that trim and fill supposes missing. */
  readonly imputed: boolean
}

/** Every number on the analysis scale, where no effect is 0; the axis shows ratios and correlations as such. */
export interface FunnelPlot {
  readonly title: string
  /** One sentence that says the result with its uncertainty; read aloud in place of the picture, and drawn under the title. */
  readonly description: string
  readonly measure: string
  readonly scale: PlotScale
  readonly points: readonly FunnelPoint[]
  /** Pooled estimates as vertical lines; the region stands around the first. */
  readonly lines: readonly { readonly label: string; readonly estimate: number }[]
  /** Of the region around the first line: 0.95. */
  readonly level: number
  /** Whether to shade where a study would have p between 0.1, 0.05 and 0.01. */
  readonly contours: boolean
  readonly notes: readonly string[]
}

/** The points that can be drawn: both numbers finite, the standard error not negative. */
export function drawablePoints({ points }: FunnelPlot): FunnelPoint[] {
  return points.filter(({ estimate, standardError }) => Number.isFinite(estimate) && Number.isFinite(standardError) && standardError >= 0)
}

/** The data of a funnel plot: its studies, imputed ones marked, then its lines; estimates as displayed, standard errors on the analysis scale. */
export function funnelTable(plot: FunnelPlot): PlotTable {
  const shown = (estimate: number) => displayed(plot.scale, estimate)
  const decimals = decimalsFor(
    plot.points.map(({ estimate }) => shown(estimate)),
    plot.scale !== 'IDENTITY',
  )
  const number = (estimate: number) => shownNumber(shown(estimate), decimals)
  return {
    caption: cleaned(plot.title),
    columns: ['Study', cleaned(plot.measure), standardErrorName(plot), 'Kind'],
    rows: [
      ...plot.points.map((point) => [
        cleaned(point.label),
        number(point.estimate),
        shownNumber(point.standardError, decimals + 1),
        point.imputed ? 'imputed' : 'study',
      ]),
      ...plot.lines.map(({ label, estimate }) => [cleaned(label), number(estimate), '', 'pooled']),
    ],
  }
}

/** "Standard error of the logarithm" for ratios: it is not one of the ratio. */
export function standardErrorName({ scale }: FunnelPlot): string {
  const scales: Readonly<Record<PlotScale, string>> = {
    IDENTITY: 'Standard error',
    LOG: 'Standard error of the logarithm',
    FISHER_Z: "Standard error of Fisher's z",
  }
  return scales[scale]
}
