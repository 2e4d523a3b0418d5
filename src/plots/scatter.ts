import { displayed, type PlotScale } from './axis.js'
import { type PlotTable } from './forest.table.js'
import { cleaned } from './markup.js'
import { decimalsFor, shownNumber } from './number.js'

/** A study where two of its numbers meet; both on their analysis scale. */
export interface ScatterPoint {
  readonly label: string
  readonly x: number
  readonly y: number
  /** Share of the largest area, 0 to 1; points of one size have 1. */
  readonly area: number
}

export interface ScatterAxis {
  readonly label: string
  readonly scale: PlotScale
}

/** A line through the points with its interval, at rising x. */
export type ScatterLine = readonly { readonly x: number; readonly estimate: number; readonly lower: number; readonly upper: number }[]

/** Studies by two numbers of theirs: a bubble plot of a meta-regression, or Baujat's plot of heterogeneity and influence. */
export interface ScatterPlot {
  readonly title: string
  /** What the picture says in a sentence; read aloud in its place, and drawn under the title. */
  readonly description: string
  readonly x: ScatterAxis
  readonly y: ScatterAxis
  readonly points: readonly ScatterPoint[]
  /** What the size of a point means; null where all have one size. */
  readonly areaMeans: string | null
  /** Null where nothing is fitted. */
  readonly line: { readonly label: string; readonly band: string; readonly through: ScatterLine } | null
  /** Whether no effect, 0 of the analysis scale across, is drawn and always within the axis. */
  readonly noEffect: boolean
  /** Names stand beside so many points, those furthest out; a reader finds the others in the table. */
  readonly named: number
  readonly notes: readonly string[]
}

/** The points that can be drawn: both numbers finite. */
export const placedPoints = ({ points }: ScatterPlot): ScatterPoint[] => points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))

/** The data of a scatter plot, as displayed: its studies, and the line at each place where it was worked out. */
export function scatterTable(plot: ScatterPlot): PlotTable {
  const columnOf = ({ scale }: ScatterAxis, values: readonly number[]) => {
    const decimals = decimalsFor(
      values.map((value) => displayed(scale, value)),
      scale !== 'IDENTITY',
    )
    return (value: number) => shownNumber(displayed(scale, value), decimals)
  }
  const across = columnOf(
    plot.x,
    plot.points.map(({ x }) => x),
  )
  const down = columnOf(
    plot.y,
    plot.points.map(({ y }) => y),
  )
  return {
    caption: cleaned(plot.title),
    columns: ['Study', cleaned(plot.x.label), cleaned(plot.y.label), ...(plot.line === null ? [] : ['Lower limit', 'Upper limit'])],
    rows: [
      ...plot.points.map(({ label, x, y }) => [cleaned(label), across(x), down(y), ...(plot.line === null ? [] : ['', ''])]),
      ...(plot.line?.through ?? []).map(({ x, estimate, lower, upper }) => [
        cleaned(plot.line?.label ?? ''),
        across(x),
        down(estimate),
        down(lower),
        down(upper),
      ]),
    ],
  }
}
