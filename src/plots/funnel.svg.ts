import { area, curveLinear } from 'd3-shape'
import { scaleLinear } from 'd3-scale'
import { criticalValue } from '../statistics/distributions.js'
import { analysed, axisOf, displayed, type Axis } from './axis.js'
import { arrowhead, straightLine } from './drawing.js'
import { spreadExtent } from './extent.js'
import { median } from '../statistics/median.js'
import { drawablePoints, standardErrorName, type FunnelPlot, type FunnelPoint } from './funnel.js'
import { disc, funnelEntries, lineStyle } from './funnel.legend.js'
import { axesOf, framedSvg, left, right, small, type Frame } from './frame.js'
import { all, cleaned, coordinate, element, type Markup } from './markup.js'
import { shownTick } from './number.js'
import { type PaintRole, type PlotTheme } from './theme.js'

/** Contours of significance, from outside inwards; the innermost, p > 0.1, is left plain. */
const contours: readonly { readonly level: number; readonly role: PaintRole }[] = [
  { level: 0.99, role: 'band2' },
  { level: 0.95, role: 'band1' },
  { level: 0.9, role: 'background' },
]
/** From here on a point has no element of its own: all of one kind are one path. */
const mostElements = 500

interface Pen extends Frame {
  readonly plot: FunnelPlot
  readonly axis: Axis
  /** The standard error at the bottom. */
  readonly largest: number
  /** Where a value of the analysis scale stands across, and a standard error down. */
  readonly across: (estimate: number) => number
  readonly down: (standardError: number) => number
}

/**
 * A funnel plot as an SVG document: standard errors downwards, so that large studies stand at the top; the same plot gives the same bytes.
 *
 * @see Sterne & Egger (2001), Journal of Clinical Epidemiology 54:1046–1055, on the axes; Peters et al. (2008), ibid. 61:991–996, on the contours
 */
export function funnelSvg(plot: FunnelPlot, theme: PlotTheme): string {
  return framedSvg(plot, theme, (frame) => {
    const pen = penFor(plot, frame)
    const { colour } = frame
    const points = drawablePoints(plot)
    return {
      drawn: [
        ...(plot.contours ? contours.map(({ level, role }) => region(pen, { centre: 0, level, fill: colour(role) })) : []),
        around(pen),
        axes(pen),
        ...plot.lines.map(({ estimate }, index) => pooledLine(pen, estimate, index)),
        marks(pen, points),
      ],
      entries: funnelEntries(plot, { colour, beyond: points.filter((point) => edgeOf(pen, point) !== null).length }),
    }
  })
}

function penFor(plot: FunnelPlot, frame: Frame): Pen {
  const { top, bottom } = frame
  const points = drawablePoints(plot)
  const errors = points.map(({ standardError }) => standardError)
  // One study of a hundredth of the others' size would press them all against the top.
  const fence = 6 * (median(errors) ?? 0)
  const most = errors.reduce((largest, error) => (error <= fence ? Math.max(largest, error) : largest), 0)
  // Within what a float can be divided by.
  const largest = most === 0 ? 1 : Math.min(Math.max(1.05 * most, 1e-9), 1e300)
  const reach = criticalValue(plot.level) * largest
  const [first] = plot.lines
  const always = [0, ...plot.lines.map(({ estimate }) => estimate), ...(first === undefined ? [] : [first.estimate - reach, first.estimate + reach])]
  const extent = spreadExtent(
    plot.scale,
    points.map(({ estimate }) => estimate),
    always,
  )
  const axis = axisOf({ scale: plot.scale, extent, range: [left, right], fontSize: small })
  const scale = scaleLinear().domain([0, largest]).range([top, bottom])
  const down = (standardError: number) => (standardError <= largest ? scale(standardError) : Infinity)
  return { ...frame, plot, axis, largest, across: (estimate) => axis.position(displayed(plot.scale, estimate)), down }
}

function axes(pen: Pen): Markup {
  const { plot, colour, axis, top, bottom, largest, across, down } = pen
  const sideways = scaleLinear().domain([0, largest]).ticks(6)
  return axesOf(
    pen,
    { name: `${cleaned(plot.measure)}${plot.scale === 'LOG' ? ', log scale' : ''}`, ticks: axis.ticks },
    { name: standardErrorName(plot), ticks: sideways.map((error) => ({ label: shownTick(error), position: down(error) })) },
    [straightLine([across(0), top], [across(0), bottom], colour('muted'), { 'stroke-width': 0.75 })],
  )
}

/** Where studies of an effect would lie if nothing but chance moved them. */
function around(pen: Pen): Markup {
  const [first] = pen.plot.lines
  if (first === undefined) return all([])
  const fill = pen.plot.contours ? 'none' : pen.colour('band2')
  return region(pen, { centre: first.estimate, level: pen.plot.level, fill, stroke: pen.colour('muted') })
}

interface Region {
  readonly centre: number
  readonly level: number
  readonly fill: string
  readonly stroke?: string
}

/** The triangle centre ± z · standard error, cut off where the axis ends. */
function region({ axis, across, down, largest, plot }: Pen, { centre, level, fill, stroke }: Region): Markup {
  const z = criticalValue(level)
  const inside = (position: number) => Math.min(Math.max(position, left), right)
  const [start, end] = [axis.lower, axis.upper].map((value) => analysed(plot.scale, value))
  // The edges are straight between these: the tip, where an edge meets an end of the axis, the bottom.
  const corners = [0, (centre - (start ?? centre)) / z, ((end ?? centre) - centre) / z, largest]
  const errors = corners.filter((error) => error >= 0 && error <= largest).sort((one, other) => one - other)
  const outline = area<number>()
    .x0((error) => inside(across(centre - z * error)))
    .x1((error) => inside(across(centre + z * error)))
    .y(down)
    .curve(curveLinear)
    .digits(2)
  return element('path', { d: outline(errors), fill, stroke: stroke ?? null, 'stroke-dasharray': stroke === undefined ? null : '4 3' })
}

function pooledLine({ colour, across, top, bottom }: Pen, estimate: number, index: number): Markup {
  const x = across(estimate)
  return x >= left && x <= right ? straightLine([x, top], [x, bottom], colour('clear'), lineStyle(index)) : all([])
}

/** Studies filled, imputed ones hollow; both smaller the more there are. */
function marks(pen: Pen, points: readonly FunnelPoint[]): Markup {
  const radius = radiusFor(points.length)
  const within = points.filter((point) => edgeOf(pen, point) === null)
  const outside = points.flatMap((point) => {
    const edge = edgeOf(pen, point)
    return edge === null ? [] : [edge]
  })
  const drawn =
    points.length > mostElements ? [false, true].map((imputed) => cloud(pen, within, { imputed, radius })) : within.map((point) => dot(pen, point, radius))
  return all([...drawn, ...outside])
}

/** 4.5 pixels for up to fifty points, under two for ten thousand. */
function radiusFor(count: number): number {
  return Math.max(1.5, 4.5 - 1.2 * Math.log10(Math.max(1, count / 50)))
}

function dot({ colour, across, down }: Pen, { label, estimate, standardError, imputed }: FunnelPoint, radius: number): Markup {
  return disc(colour, { at: [across(estimate), down(standardError)], radius, imputed }, element('title', {}, label))
}

/** Thousands of points as one path of lines without length, which round ends turn into dots; hollow ones by a second, smaller dot. */
function cloud({ colour, across, down }: Pen, points: readonly FunnelPoint[], { imputed, radius }: { imputed: boolean; radius: number }): Markup {
  const wanted = points.filter((point) => point.imputed === imputed)
  if (wanted.length === 0) return all([])
  const d = wanted.map(({ estimate, standardError }) => `M${coordinate(across(estimate))} ${coordinate(down(standardError))}h0`).join('')
  const path = (stroke: string, size: number, opacity: number | null) =>
    element('path', { d, fill: 'none', stroke, 'stroke-width': 2 * size, 'stroke-linecap': 'round', 'stroke-opacity': opacity })
  return imputed ? all([path(colour('ink'), radius, null), path(colour('background'), radius - 0.75, null)]) : path(colour('ink'), radius, 0.6)
}

/** An arrow at the edge beyond which a point lies; null where it lies inside. */
function edgeOf({ colour, across, down, bottom }: Pen, { estimate, standardError }: FunnelPoint): Markup | null {
  const [x, y] = [across(estimate), Math.min(down(standardError), bottom - 6)]
  if (x < left) return arrowhead([left + 2, y], 'left', colour('ink'))
  if (x > right) return arrowhead([right - 2, y], 'right', colour('ink'))
  return down(standardError) > bottom ? arrowhead([x, bottom - 2], 'down', colour('ink')) : null
}
