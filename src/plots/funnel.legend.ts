import { arrowhead, straightLine, type Point } from './drawing.js'
import { drawablePoints, type FunnelPlot } from './funnel.js'
import { type LegendEntry } from './legend.js'
import { cleaned, element, type Markup } from './markup.js'
import { shownLevel } from './number.js'
import { type PaintRole } from './theme.js'

type Colour = (role: PaintRole) => string

/** What the marks of a funnel plot mean: points, those beyond the axes, lines, the region, the contours, as far as they occur. */
export function funnelEntries(plot: FunnelPlot, { colour, beyond }: { colour: Colour; beyond: number }): LegendEntry[] {
  const arrow: LegendEntry = { text: `beyond the axes (${beyond})`, width: 14, mark: ([x, y]) => arrowhead([x + 8, y], 'right', colour('ink')) }
  return [...pointEntries(plot, colour), ...(beyond > 0 ? [arrow] : []), ...lineEntries(plot, colour), ...(plot.contours ? bandEntries(colour) : [])]
}

/** A study filled, an imputed one hollow. */
export function disc(
  colour: Colour,
  { at: [cx, cy], radius, imputed }: { at: Point; radius: number; imputed: boolean },
  ...children: readonly Markup[]
): Markup {
  const filling = imputed ? { fill: colour('background'), stroke: colour('ink'), 'stroke-width': 1.25 } : { fill: colour('ink'), 'fill-opacity': 0.75 }
  return element('circle', { cx, cy, r: radius, ...filling }, ...children)
}

/** The first line whole, the others dashed, each in its way. */
export function lineStyle(index: number): Readonly<Record<string, string | number>> {
  const dash = [null, '7 4', '2 3'][index % 3]
  return { 'stroke-width': 1.5, ...(dash == null ? {} : { 'stroke-dasharray': dash }) }
}

function pointEntries(plot: FunnelPlot, colour: Colour): LegendEntry[] {
  const points = drawablePoints(plot)
  const hollow = points.filter(({ imputed }) => imputed).length
  const kinds = [
    { count: points.length - hollow, name: 'studies', imputed: false },
    { count: hollow, name: 'imputed by trim and fill', imputed: true },
  ]
  return kinds
    .filter(({ count }) => count > 0)
    .map(({ count, name, imputed }) => ({ text: `${name} (${count})`, width: 16, mark: ([x, y]) => disc(colour, { at: [x + 6, y], radius: 4.5, imputed }) }))
}

function lineEntries(plot: FunnelPlot, colour: Colour): LegendEntry[] {
  const lines = plot.lines.map(({ label }, index) => ({ text: cleaned(label), style: lineStyle(index), role: 'clear' as const }))
  const region = { text: regionMeaning(plot), style: { 'stroke-dasharray': '4 3' }, role: 'muted' as const }
  return [...lines, ...(lines.length > 0 ? [region] : [])].map(({ text, style, role }) => ({
    text,
    width: 34,
    mark: ([x, y]) => straightLine([x, y], [x + 28, y], colour(role), style),
  }))
}

function regionMeaning({ level, lines }: FunnelPlot): string {
  const around = lines.length > 1 ? ` (around ${cleaned(lines[0]?.label ?? '')})` : ''
  return `where ${shownLevel(level)} of studies would lie without heterogeneity and bias${around}`
}

function bandEntries(colour: Colour): LegendEntry[] {
  const bands: readonly (readonly [PaintRole, string])[] = [
    ['band1', '0.05 < p ≤ 0.1'],
    ['band2', '0.01 < p ≤ 0.05; outside it, p ≤ 0.01'],
  ]
  return bands.map(([role, text]) => ({
    text,
    width: 18,
    mark: ([x, y]) => element('rect', { x: x + 1, y: y - 5, width: 10, height: 10, fill: colour(role), stroke: colour('rule') }),
  }))
}
