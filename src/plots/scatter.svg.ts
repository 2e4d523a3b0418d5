import { area, curveLinear, line as lineThrough } from 'd3-shape'
import { axisOf, displayed, type Axis } from './axis.js'
import { caption, straightLine, type Point } from './drawing.js'
import { axesOf, framedSvg, left, right, small, type Frame } from './frame.js'
import { type LegendEntry } from './legend.js'
import { widthOf } from './lettering.js'
import { all, cleaned, element, type Markup } from './markup.js'
import { placedPoints, type ScatterAxis, type ScatterLine, type ScatterPlot, type ScatterPoint } from './scatter.js'
import { type PlotTheme } from './theme.js'

/** Of the largest point, and the least that can be seen, in pixels. */
const [largestRadius, leastRadius] = [20, 2.5]
/** Of points of one size. */
const plainRadius = 4.5

interface Pen extends Frame {
  readonly plot: ScatterPlot
  readonly across: Axis
  readonly upwards: Axis
  readonly at: (x: number, y: number) => Point
}

/**
 * Studies by two of their numbers as an SVG document; the same plot gives the same bytes. Areas, not radii, are in proportion.
 *
 * @see Thompson & Higgins (2002), Statistics in Medicine 21:1559–1573, on bubble plots; Baujat et al. (2002), ibid. 21:2641–2652
 */
export function scatterSvg(plot: ScatterPlot, theme: PlotTheme): string {
  return framedSvg(plot, theme, (frame) => {
    const pen = penFor(plot, frame)
    return {
      drawn: [...(plot.line === null ? [] : [fitted(pen, plot.line.through)]), axes(pen), ...bubbles(pen), ...names(pen)],
      entries: entriesOf(plot, frame.colour),
    }
  })
}

function penFor(plot: ScatterPlot, frame: Frame): Pen {
  const points = placedPoints(plot)
  // A band that widens at its ends shall not press the points together.
  const fit = (plot.line?.through ?? []).map(({ estimate }) => estimate)
  const across = axisOf({
    scale: plot.x.scale,
    extent: extentOf(
      plot.x,
      points.map(({ x }) => x),
    ),
    range: [left, right],
    fontSize: small,
  })
  const upwards = axisOf({
    scale: plot.y.scale,
    extent: extentOf(plot.y, [...points.map(({ y }) => y), ...fit, ...(plot.noEffect ? [0] : [])]),
    range: [frame.bottom, frame.top],
    fontSize: small,
  })
  const at = (x: number, y: number): Point => [across.position(displayed(plot.x.scale, x)), upwards.position(displayed(plot.y.scale, y))]
  return { ...frame, plot, across, upwards, at }
}

/** From the least to the greatest with a twelfth of the width at either end, as displayed. */
function extentOf({ scale }: ScatterAxis, values: readonly number[]): [number, number] {
  const [least, greatest] = values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)]
  const room = greatest === least ? Math.max(1, Math.abs(least)) / 2 : (greatest - least) / 12
  return [displayed(scale, least - room), displayed(scale, greatest + room)]
}

function axes(pen: Pen): Markup {
  const { plot, colour, across, upwards, at } = pen
  const [, zero] = at(0, 0)
  return axesOf(
    pen,
    { name: named(plot.x), ticks: across.ticks },
    { name: named(plot.y), ticks: upwards.ticks },
    plot.noEffect ? [straightLine([left, zero], [right, zero], colour('muted'), { 'stroke-width': 0.75 })] : [],
  )
}

const named = ({ label, scale }: ScatterAxis) => `${cleaned(label)}${scale === 'LOG' ? ', log scale' : ''}`

function fitted({ colour, at, top, bottom }: Pen, through: ScatterLine): Markup {
  const inside = (y: number) => Math.min(Math.max(y, top), bottom)
  const places = through.map(({ x, estimate, lower, upper }) => ({
    x: at(x, estimate)[0],
    line: at(x, estimate)[1],
    low: at(x, lower)[1],
    high: at(x, upper)[1],
  }))
  const band = area<(typeof places)[number]>()
    .x(({ x }) => x)
    .y0(({ low }) => inside(low))
    .y1(({ high }) => inside(high))
    .curve(curveLinear)
    .digits(2)
  const middle = lineThrough<(typeof places)[number]>()
    .x(({ x }) => x)
    .y(({ line }) => inside(line))
    .curve(curveLinear)
    .digits(2)
  return all([
    element('path', { d: band(places), fill: colour('band2') }),
    element('path', { d: middle(places), fill: 'none', stroke: colour('clear'), 'stroke-width': 1.5 }),
  ])
}

const radiusOf = ({ areaMeans }: ScatterPlot, { area: share }: ScatterPoint) =>
  areaMeans === null ? plainRadius : Math.max(leastRadius, largestRadius * Math.sqrt(Math.min(Math.max(share, 0), 1)))

/** Large ones first, so that small ones stay in sight. */
function bubbles({ plot, colour, at }: Pen): Markup[] {
  return placedPoints(plot)
    .toSorted((one, other) => other.area - one.area)
    .map((point) => {
      const [cx, cy] = at(point.x, point.y)
      const look = { fill: colour('ink'), 'fill-opacity': plot.areaMeans === null ? 0.75 : 0.3, stroke: colour('ink') }
      return element('circle', { cx, cy, r: radiusOf(plot, point), ...look }, element('title', {}, point.label))
    })
}

/** Names of the points furthest from the origin, each beside its point on the side where there is room. */
function names({ plot, colour, across, upwards, at }: Pen): Markup[] {
  const reach = (axis: Axis, place: number) => Math.abs(place - axis.position(axis.lower))
  return placedPoints(plot)
    .map((point) => ({ point, place: at(point.x, point.y) }))
    .toSorted(
      (one, other) =>
        Math.hypot(reach(across, other.place[0]), reach(upwards, other.place[1])) - Math.hypot(reach(across, one.place[0]), reach(upwards, one.place[1])),
    )
    .slice(0, plot.named)
    .map(({ point, place: [x, y] }) => {
      const text = cleaned(point.label)
      const gap = radiusOf(plot, point) + 4
      const fits = x + gap + widthOf(text, { size: small }) <= right
      return caption(text, { at: [fits ? x + gap : x - gap, y], size: small, anchor: fits ? 'start' : 'end', fill: colour('ink') })
    })
}

function entriesOf(plot: ScatterPlot, colour: Pen['colour']): LegendEntry[] {
  const { areaMeans, line } = plot
  const count = placedPoints(plot).length
  const point = { fill: colour('ink'), 'fill-opacity': areaMeans === null ? 0.75 : 0.3, stroke: colour('ink') }
  return [
    {
      text: `studies (${count})${areaMeans === null ? '' : `, larger with ${areaMeans}`}`,
      width: 16,
      mark: ([x, y]) => element('circle', { cx: x + 6, cy: y, r: plainRadius, ...point }),
    },
    ...(line === null
      ? []
      : [
          { text: cleaned(line.label), width: 34, mark: ([x, y]: Point) => straightLine([x, y], [x + 28, y], colour('clear'), { 'stroke-width': 1.5 }) },
          {
            text: cleaned(line.band),
            width: 18,
            mark: ([x, y]: Point) => element('rect', { x: x + 1, y: y - 5, width: 10, height: 10, fill: colour('band2') }),
          },
        ]),
  ]
}
