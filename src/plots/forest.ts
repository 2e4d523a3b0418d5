import { type PlotScale } from './axis.js'
import { type Span } from './extent.js'
import { decimalsFor, shownLevel, shownLimit, shownNumber } from './number.js'
import { cleaned } from './markup.js'

/** A study, as displayed: ratios as ratios, correlations as correlations; null where a number is not known. */
export interface ForestRow extends Span {
  readonly label: string
  /** One text for every heading in `detailHeadings`, such as "12/40" and "9/41". */
  readonly details: readonly string[]
  readonly weightPercent: number | null
}

/** A pooled effect, as displayed. */
export interface ForestPooled {
  readonly label: string
  readonly estimate: number
  readonly ciLower: number
  readonly ciUpper: number
  readonly predictionLower: number | null
  readonly predictionUpper: number | null
  /** Model and heterogeneity, in a line under it. */
  readonly note: string | null
}

export interface ForestGroup {
  readonly heading: string | null
  /** None where nothing falls into the group, which is then said. */
  readonly rows: readonly ForestRow[]
  readonly pooled: ForestPooled | null
}

export interface ForestPlot {
  readonly title: string
  /** One sentence that says the result with its uncertainty; read aloud in place of the picture, and drawn under the title. */
  readonly description: string
  /** "Odds ratio", "Mean difference (mmHg)". */
  readonly measure: string
  readonly scale: PlotScale
  /** As displayed: 1 for ratios. */
  readonly noEffect: number
  /** Of every interval in the plot: 0.95. */
  readonly level: number
  /** "favours magnesium", on the side of smaller values; null where neither side is better. */
  readonly favoursLeft: string | null
  readonly favoursRight: string | null
  /** Which side is a benefit; null colours both sides alike. */
  readonly benefitSide: 'LEFT' | 'RIGHT' | null
  /** Columns between the study and the picture: "Magnesium", "Control"; may be empty. */
  readonly detailHeadings: readonly string[]
  readonly groups: readonly ForestGroup[]
  readonly pooled: ForestPooled | null
  readonly notes: readonly string[]
}

/** What an interval says: excludes no effect on the better or the worse side, on a side nobody judged, or includes it. */
export type Finding = 'benefit' | 'harm' | 'clear' | 'unclear'

/** What stands under each other in a forest plot, whether it is drawn or printed. */
export type ForestLine =
  | { readonly kind: 'heading'; readonly label: string }
  | { readonly kind: 'study'; readonly row: ForestRow; readonly label: string; readonly finding: Finding }
  | { readonly kind: 'absent'; readonly label: string }
  | { readonly kind: 'pooled'; readonly pooled: ForestPooled; readonly label: string; readonly overall: boolean; readonly finding: Finding }
  | { readonly kind: 'prediction'; readonly lower: number; readonly upper: number; readonly label: string; readonly overall: boolean }
  | { readonly kind: 'note'; readonly label: string }
  | { readonly kind: 'space' }

/** More studies than this are counted and not drawn: their rows would be too small to read. */
export const mostRows = 200

/** The lines of a plot from top to bottom; studies only where there are no more than `most`. */
export function forestLines(plot: ForestPlot, most = mostRows): ForestLine[] {
  const drawn = studiesOf(plot) <= most
  const several = plot.groups.length > 1
  const groups = plot.groups.flatMap((group, index): ForestLine[] => [
    ...(index > 0 ? [{ kind: 'space' } as const] : []),
    ...(group.heading === null ? [] : [{ kind: 'heading', label: cleaned(group.heading) } as const]),
    ...(drawn && group.rows.length > 0 ? group.rows.map((row) => studyLine(plot, row)) : [{ kind: 'absent', label: absence(group.rows.length) } as const]),
    ...(group.pooled === null ? [] : pooledLines(plot, group.pooled, false)),
  ])
  const space: readonly ForestLine[] = several || plot.pooled === null ? [{ kind: 'space' }] : []
  return plot.pooled === null ? groups : [...groups, ...space, ...pooledLines(plot, plot.pooled, true)]
}

export function studiesOf(plot: ForestPlot): number {
  return plot.groups.reduce((count, { rows }) => count + rows.length, 0)
}

/** Every pooled effect of the plot: of the groups, then of all. */
export function pooledOf(plot: ForestPlot): ForestPooled[] {
  return [...plot.groups.map(({ pooled }) => pooled), plot.pooled].filter((pooled) => pooled !== null)
}

/** What an interval says about an effect; without an interval, nothing. */
export function findingOf({ noEffect, benefitSide }: ForestPlot, { ciLower, ciUpper }: Pick<Span, 'ciLower' | 'ciUpper'>): Finding {
  if (ciLower === null || ciUpper === null) return 'unclear'
  const side = ciUpper < noEffect ? 'LEFT' : ciLower > noEffect ? 'RIGHT' : null
  if (side === null) return 'unclear'
  if (benefitSide === null) return 'clear'
  return side === benefitSide ? 'benefit' : 'harm'
}

/** The number columns of one line, as text; empty where there is none. */
export interface ShownEffect {
  readonly estimate: string
  readonly lower: string
  readonly upper: string
}

/** How all numbers of one plot are written, with the same decimals. */
export function numbersOf(plot: ForestPlot): (effect: Span) => ShownEffect {
  const ratio = plot.scale !== 'IDENTITY'
  const spans: readonly Span[] = [...plot.groups.flatMap(({ rows }) => rows), ...pooledOf(plot)]
  const decimals = decimalsFor(
    spans.flatMap(({ estimate, ciLower, ciUpper }) => [estimate, ciLower, ciUpper]).filter((value) => value !== null),
    ratio,
  )
  const limit = (value: number | null) => (value === null ? '' : shownLimit(value, decimals, plot.noEffect))
  return ({ estimate, ciLower, ciUpper }) => ({
    estimate: estimate === null ? '' : shownNumber(estimate, decimals),
    lower: ciUpper === null ? '' : limit(ciLower),
    upper: ciLower === null ? '' : limit(ciUpper),
  })
}

/** "0.58 [0.43, 0.78]", or as much of it as is known. */
export function shownEffect({ estimate, lower, upper }: ShownEffect): string {
  const interval = lower === '' ? '' : `[${lower}, ${upper}]`
  return estimate === '' && interval === '' ? 'not estimable' : [estimate, interval].filter((part) => part !== '').join(' ')
}

function studyLine(plot: ForestPlot, row: ForestRow): ForestLine {
  const known = withoutNonsense(row)
  return { kind: 'study', row: known, label: cleaned(row.label), finding: findingOf(plot, known) }
}

function pooledLines(plot: ForestPlot, pooled: ForestPooled, overall: boolean): ForestLine[] {
  const { predictionLower: lower, predictionUpper: upper } = pooled
  return [
    { kind: 'pooled', pooled, label: cleaned(pooled.label), overall, finding: findingOf(plot, pooled) },
    ...(lower === null || upper === null || Number.isNaN(lower) || Number.isNaN(upper)
      ? []
      : [{ kind: 'prediction', lower, upper, label: `${shownLevel(plot.level)} prediction interval`, overall } as const]),
    ...(pooled.note === null ? [] : [{ kind: 'note', label: cleaned(pooled.note) } as const]),
  ]
}

/** NaN is how a division by nothing arrives here: it is not known. */
function withoutNonsense(row: ForestRow): ForestRow {
  const known = (value: number | null) => (value === null || Number.isNaN(value) ? null : value)
  const weightPercent = row.weightPercent !== null && row.weightPercent >= 0 && Number.isFinite(row.weightPercent) ? row.weightPercent : null
  return { ...row, estimate: known(row.estimate), ciLower: known(row.ciLower), ciUpper: known(row.ciUpper), weightPercent }
}

function absence(studies: number): string {
  if (studies === 0) return 'no studies'
  return `… ${studies} more ${studies === 1 ? 'study' : 'studies'}, not drawn one by one`
}
