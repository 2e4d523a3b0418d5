import { scaleLinear, scaleLog } from 'd3-scale'
import { shownTick } from './number.js'
import { widthOf } from './lettering.js'

/** How displayed values stand on the axis: as they are, by their logarithm (ratios), by Fisher's z (correlations). */
export type PlotScale = 'IDENTITY' | 'LOG' | 'FISHER_Z'

export interface Axis {
  /** Both ends, as displayed. */
  readonly lower: number
  readonly upper: number
  /** Where a displayed value stands, in pixels; values beyond an end lie beyond the range, infinite ones at infinity; NaN for what is not on the scale. */
  readonly position: (displayed: number) => number
  readonly ticks: readonly Tick[]
}

export interface Tick {
  readonly label: string
  readonly position: number
}

export interface AxisWanted {
  readonly scale: PlotScale
  /** Both ends, as displayed; the lower first. */
  readonly extent: readonly [number, number]
  /** Both ends, in pixels; of an upright axis the lower end is the larger number. */
  readonly range: readonly [number, number]
  readonly fontSize: number
}

/** Displayed to analysis scale: ln for ratios, Fisher's z for correlations; infinite or NaN where there is no such value. */
export function analysed(scale: PlotScale, displayed: number): number {
  if (scale === 'LOG') return Math.log(displayed)
  return scale === 'FISHER_Z' ? Math.atanh(displayed) : displayed
}

/** Analysis scale to displayed, the inverse of `analysed`. */
export function displayed(scale: PlotScale, analysed: number): number {
  if (scale === 'LOG') return Math.exp(analysed)
  return scale === 'FISHER_Z' ? Math.tanh(analysed) : analysed
}

/** An axis with as many round ticks as fit beside each other. */
export function axisOf({ scale, extent, range, fontSize }: AxisWanted): Axis {
  const [lower, upper] = extent
  const linear = scaleLinear()
    .domain(extent.map((end) => analysed(scale, end)))
    .range(range)
  const ratios = scaleLog().domain(extent).range(range)
  const position = (value: number) => {
    const place = analysed(scale, value)
    // D3 interpolates infinities to NaN, and answers NaN with undefined.
    if (!Number.isFinite(place)) return place
    const pixels = scale === 'LOG' ? ratios(value) : linear(place)
    return Number.isNaN(pixels) ? Math.sign(place) * Infinity : pixels
  }
  const choices = scale === 'LOG' ? ratioTicks(lower, upper) : scale === 'FISHER_Z' ? correlationTicks(lower, upper) : valueTicks(lower, upper)
  const placed = choices.map((values) => values.map((value) => ({ label: shownTick(value), position: position(value) })))
  const isUpright = range[0] > range[1]
  const room = (one: Tick, other: Tick) =>
    isUpright ? 1.6 * fontSize : (widthOf(one.label, { size: fontSize }) + widthOf(other.label, { size: fontSize })) / 2 + 6
  return { lower, upper, position, ticks: placed.find((ticks) => haveRoom(ticks, room)) ?? [] }
}

function haveRoom(ticks: readonly Tick[], room: (one: Tick, other: Tick) => number): boolean {
  return ticks.every((tick, index) => {
    const next = ticks[index + 1]
    return next === undefined || Math.abs(next.position - tick.position) >= room(tick, next)
  })
}

/** Choices of ticks, the richest first. */
function valueTicks(lower: number, upper: number): number[][] {
  return [9, 7, 5, 4, 3, 2, 1].map((count) => scaleLinear().domain([lower, upper]).ticks(count))
}

/** 1, 2 and 5 of every decade, then whole decades, then every second, third … of them; where the range holds few of them, more of a decade, then even steps. */
function ratioTicks(lower: number, upper: number): number[][] {
  const decades = Array.from({ length: Math.floor(Math.log10(upper)) - Math.floor(Math.log10(lower)) + 1 }, (_, index) => Math.floor(Math.log10(lower)) + index)
  const powers = (mantissas: readonly number[], step: number) =>
    decades
      .filter((decade) => decade % step === 0)
      .flatMap((decade) => mantissas.map((mantissa) => Number(`${mantissa}e${decade}`)))
      .filter((value) => value >= lower && value <= upper)
  const [round, finer] = [powers([1, 2, 5], 1), powers([1, 1.5, 2, 3, 4, 5, 7], 1)]
  if (finer.length < 4) return valueTicks(lower, upper)
  return [...(round.length < 4 ? [finer] : []), round, ...[1, 2, 3, 4, 6, 10, 20, 50, 100].map((step) => powers([1], step))]
}

/** Even steps of the correlation; towards ±1, where Fisher's z spreads them, 0.9, 0.95 and 0.99 as well. */
function correlationTicks(lower: number, upper: number): number[][] {
  const outer = [0.9, 0.95, 0.99, 0.999].flatMap((size) => [-size, size])
  return [10, 5, 3].flatMap((count) => {
    const even = scaleLinear()
      .domain([lower, upper])
      .ticks(count)
      .filter((value) => Math.abs(value) < 1)
    const both = [...new Set([...even, ...outer.filter((value) => value > lower && value < upper)])].sort((one, other) => one - other)
    return [both, even]
  })
}
