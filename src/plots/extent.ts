import { analysed, displayed, type PlotScale } from './axis.js'
import { median } from '../statistics/median.js'

/** An estimate with its interval, as displayed; limits that nobody knows are null. */
export interface Span {
  readonly estimate: number | null
  readonly ciLower: number | null
  readonly ciUpper: number | null
}

/** Ends beyond these, on the analysis scale, would overflow as ratios; nobody reads an axis to e^300 either. */
const outermost: Readonly<Record<PlotScale, number>> = { LOG: 300, FISHER_Z: 4, IDENTITY: 1e300 }
/** Half the width of an axis with a single value on it, on the analysis scale. */
const alone: Readonly<Record<PlotScale, (value: number) => number>> = {
  LOG: () => Math.LN2,
  FISHER_Z: () => 0.2,
  IDENTITY: (value) => Math.max(1, Math.abs(value) / 2),
}
/** How far the axis goes for what is unusually wide: so many times the reach of a typical interval from the middle. */
const furthest = 3

/**
 * From where to where an axis runs, as displayed: everything, unless a few intervals are so wide that the others would
 * shrink to dots. Those are cut off, pooled ones too; no effect is always on it.
 */
export function forestExtent(
  scale: PlotScale,
  { studies, pooled, noEffect }: { studies: readonly Span[]; pooled: readonly Span[]; noEffect: number },
): [number, number] {
  const ends = (spans: readonly Span[]) => spans.map((span) => endsOf(scale, span)).filter((span) => span.length > 0)
  const [rows, pools] = [ends(studies), ends(pooled)]
  const typical = rows.length > 0 ? rows : pools
  const zero = analysed(scale, noEffect)
  // Of two ends or three, the second is the estimate, or an end of an interval without one.
  const middle = median(typical.flatMap((span) => span[1] ?? span[0] ?? [])) ?? zero
  const reach = median(typical.map((span) => Math.max(...span.map((end) => Math.abs(end - middle))))) ?? 0
  const within = [...rows, ...pools].flat().filter((end) => Math.abs(end - middle) <= furthest * reach)
  return padded(scale, [zero, ...within])
}

/** From where to where values lie, as displayed, without those far out: more than eight times the typical distance from the middle. */
export function spreadExtent(scale: PlotScale, analysedValues: readonly number[], always: readonly number[]): [number, number] {
  const middle = median(analysedValues) ?? 0
  const reach = 8 * (median(analysedValues.map((value) => Math.abs(value - middle))) ?? 0)
  const inside = reach === 0 ? analysedValues : analysedValues.filter((value) => Math.abs(value - middle) <= reach)
  return padded(scale, [...always, ...inside])
}

/** Lower end, estimate, upper end on the analysis scale, as far as they exist there; ends at infinity stay away. */
function endsOf(scale: PlotScale, { estimate, ciLower, ciUpper }: Span): number[] {
  return [ciLower, estimate, ciUpper].flatMap((value) => (value === null ? [] : [analysed(scale, value)])).filter((end) => Number.isFinite(end))
}

function padded(scale: PlotScale, ends: readonly number[]): [number, number] {
  const limit = outermost[scale]
  const [lower, upper] = [clamp(Math.min(...ends), -limit, limit), clamp(Math.max(...ends), -limit, limit)]
  const pad = upper - lower > 1e-9 * Math.max(1, Math.abs(lower)) ? 0.04 * (upper - lower) : alone[scale](lower)
  return [displayed(scale, lower - pad), displayed(scale, upper + pad)]
}

function clamp(value: number, lower: number, upper: number): number {
  return Math.min(Math.max(value, lower), upper)
}
