import { arrowhead, caption, paints, pictureOf, polygon, straightLine, type Point } from './drawing.js'
import { findingOf, numbersOf, shownEffect, type Finding, type ForestLine, type ForestPlot, type ForestRow } from './forest.js'
import { forestLayout, measureOf, textSize, titleLettering, type ForestLayout, type PlacedLine } from './forest.layout.js'
import { forestFoot } from './forest.foot.js'
import { shortened, widthOf } from './lettering.js'
import { all, cleaned, element, type Markup } from './markup.js'
import { type PaintRole, type PlotTheme } from './theme.js'

/**
 * A forest plot as an SVG document: the same plot gives the same bytes.
 *
 * Squares have areas in proportion to the weights, diamonds span the intervals of pooled effects, bars the prediction intervals; what goes on beyond
 * the axis ends in an arrow. Colour says one thing only: whether the interval excludes no effect, and on which side.
 *
 * @see Lewis & Clarke (2001), BMJ 322:1479–1480, on the form; Cochrane Handbook 6.5, section 10.2.1
 */
export function forestSvg(plot: ForestPlot, theme: PlotTheme): string {
  const layout = forestLayout(plot)
  const pen: Pen = { plot, layout, colour: paints(theme), theme, numbers: numbersOf(plot), heaviest: heaviestOf(layout) }
  const foot = forestFoot(pen)
  const picture = { theme, width: layout.width, height: foot.bottom, fontSize: textSize, title: plot.title, description: plot.description }
  return pictureOf(picture, head(pen), guides(pen), ...layout.lines.map((placed) => drawn(pen, placed)), foot.markup)
}

/** What every part of a plot is drawn with. */
export interface Pen {
  readonly plot: ForestPlot
  readonly layout: ForestLayout
  readonly theme: PlotTheme
  readonly colour: (role: PaintRole) => string
  readonly numbers: ReturnType<typeof numbersOf>
  /** The largest weight, whose square fills its row. */
  readonly heaviest: number
}

function heaviestOf({ lines }: ForestLayout): number {
  return lines.reduce((most, { line }) => (line.kind === 'study' ? Math.max(most, line.row.weightPercent ?? 0) : most), 0)
}

function head({ layout, colour }: Pen): Markup {
  const { margin, title, description, headingBottom, fontSize, details, numbers, weight, width } = layout
  const afterTitle = margin + 24 * title.length
  const heading = (text: string, right: number, line = 0) =>
    caption(text, { at: [right, headingBottom - 13 - 16 * line], size: fontSize, anchor: 'end', bold: true })
  return all([
    ...title.map((text, index) => caption(text, { at: [margin, margin + 8 + 24 * index], ...titleLettering })),
    ...description.map((text, index) => caption(text, { at: [margin, afterTitle + 8 + 18 * index], size: textSize, fill: colour('muted') })),
    caption('Study', { at: [margin, headingBottom - 13], size: fontSize, bold: true }),
    ...details.map((column) => heading(column.heading, column.right)),
    ...numbers.heading.toReversed().map((text, line) => heading(text, numbers.upper, line)),
    ...(weight === null ? [] : [heading(weight.heading, weight.right)]),
    straightLine([margin, headingBottom], [width - margin, headingBottom], colour('ink')),
  ])
}

/** The line of no effect and, dashed, the pooled effect, behind the rows. */
function guides({ plot, layout, colour }: Pen): Markup {
  const { axis, headingBottom, linesBottom } = layout
  const zero = axis.position(plot.noEffect)
  const pooled = plot.pooled === null ? null : axis.position(plot.pooled.estimate)
  const visible = pooled !== null && Number.isFinite(pooled) && pooled > layout.plot.left && pooled < layout.plot.right
  return all([
    ...axis.ticks.map(({ position }) => straightLine([position, headingBottom], [position, linesBottom], colour('rule'), { 'stroke-width': 0.5 })),
    straightLine([zero, headingBottom], [zero, linesBottom], colour('ink')),
    ...(visible ? [straightLine([pooled, headingBottom], [pooled, linesBottom], colour('muted'), { 'stroke-dasharray': '2 3' })] : []),
  ])
}

function drawn(pen: Pen, placed: PlacedLine): Markup {
  const { line, top, height } = placed
  const y = top + height / 2
  switch (line.kind) {
    case 'heading':
    case 'note':
    case 'absent':
      return across(pen, placed)
    case 'study':
      return study(pen, line, y)
    case 'pooled':
      return pooled(pen, line, { y, top })
    case 'prediction':
      return prediction(pen, line, y)
    case 'space':
      return all([])
  }
}

function study(pen: Pen, line: Extract<ForestLine, { kind: 'study' }>, y: number): Markup {
  const { layout, plot, numbers } = pen
  const { row } = line
  const weight = row.weightPercent === null ? null : `${row.weightPercent.toFixed(1)}%`
  const cells = layout.details.map(({ right, width }, index) => {
    const text = shortened(cleaned(row.details[index] ?? ''), width, measureOf({ size: layout.fontSize }))
    return caption(text, { at: [right, y], size: layout.fontSize, anchor: 'end' })
  })
  const spoken = `${line.label}: ${shownEffect(numbers(row))}${weight === null ? '' : `, weight ${weight}`}`
  return element(
    'g',
    {},
    element('title', {}, spoken),
    label(pen, line.label, { y, indented: plot.groups.some(({ heading }) => heading !== null) }),
    ...cells,
    whiskers(pen, { from: row.ciLower, to: row.ciUpper, y, colour: pen.colour(line.finding), thickness: 1.25 }),
    square(pen, line, y),
    effect(pen, line.row, { y, bold: false }),
    ...(weight === null || layout.weight === null ? [] : [caption(weight, { at: [layout.weight.right, y], size: layout.fontSize, anchor: 'end' })]),
  )
}

/** Area in proportion to the weight; beyond the axis, an arrow at its end. */
function square(pen: Pen, { row, finding }: Extract<ForestLine, { kind: 'study' }>, y: number): Markup {
  if (row.estimate === null) return all([])
  const { axis, plot, rowHeight } = pen.layout
  const x = axis.position(row.estimate)
  if (Number.isNaN(x)) return all([])
  if (x < plot.left || x > plot.right) return beyond(pen, row, { x, y, colour: pen.colour(finding) })
  const share = row.weightPercent === null || pen.heaviest === 0 ? 0.25 : row.weightPercent / pen.heaviest
  const side = Math.max(0.7 * rowHeight * Math.sqrt(share), 3)
  return element('rect', { x: x - side / 2, y: y - side / 2, width: side, height: side, ...filling(pen, finding) })
}

/** An arrow in place of the square, unless the interval's own arrow is there. */
function beyond({ layout: { plot } }: Pen, row: ForestRow, { x, y, colour }: { x: number; y: number; colour: string }): Markup {
  if (row.ciLower !== null && row.ciUpper !== null) return all([])
  return x < plot.left ? arrowhead([plot.left, y], 'left', colour) : arrowhead([plot.right, y], 'right', colour)
}

function pooled(pen: Pen, line: Extract<ForestLine, { kind: 'pooled' }>, { y, top }: { y: number; top: number }): Markup {
  const { layout, colour, numbers } = pen
  return element(
    'g',
    {},
    element('title', {}, `${line.label}: ${shownEffect(numbers(line.pooled))}`),
    ...(line.overall ? [straightLine([layout.margin, top], [layout.width - layout.margin, top], colour('rule'))] : []),
    label(pen, line.label, { y, bold: true }),
    diamond(pen, line, y),
    effect(pen, line.pooled, { y, bold: true }),
  )
}

/** From limit to limit, highest at the estimate; cut off straight where the axis ends. */
function diamond(pen: Pen, { pooled: { estimate, ciLower, ciUpper }, finding }: Extract<ForestLine, { kind: 'pooled' }>, y: number): Markup {
  const { axis, plot, rowHeight } = pen.layout
  const middle = axis.position(estimate)
  const [from, to] = [Math.min(axis.position(ciLower), plot.right), Math.max(axis.position(ciUpper), plot.left)]
  const colour = pen.colour(finding)
  if (Number.isNaN(middle)) return all([])
  if (middle < plot.left) return arrowhead([plot.left, y], 'left', colour, 6)
  if (middle > plot.right) return arrowhead([plot.right, y], 'right', colour, 6)
  const half = 0.36 * rowHeight
  // NaN where a limit is not on the scale at all, which reads as going on for ever.
  const [cutLeft, cutRight] = [!(from >= plot.left - 0.5), !(to <= plot.right + 0.5)]
  const heightAt = (edge: number, end: number) => (Number.isFinite(end) && end !== middle ? half * ((edge - end) / (middle - end)) : half)
  const leftEnd: readonly Point[] = cutLeft ? bothSides(plot.left, y, heightAt(plot.left, from)) : [[from, y]]
  const rightEnd: readonly Point[] = cutRight ? bothSides(plot.right, y, -heightAt(plot.right, to)) : [[to, y]]
  const outline: readonly Point[] = [...leftEnd, [middle, y - half], ...rightEnd, [middle, y + half]]
  return all([
    // An interval without width would have no area to see.
    polygon(outline, { stroke: colour, ...filling(pen, finding), 'stroke-linejoin': 'round' }),
    ...(cutLeft ? [arrowhead([plot.left - 8, y], 'left', colour, 5)] : []),
    ...(cutRight ? [arrowhead([plot.right + 8, y], 'right', colour, 5)] : []),
  ])
}

/** In the order of the outline: for the left end from below upwards, for the right end (a negative height) from above downwards. */
function bothSides(x: number, y: number, height: number): readonly Point[] {
  return [
    [x, y + height],
    [x, y - height],
  ]
}

function prediction(pen: Pen, line: Extract<ForestLine, { kind: 'prediction' }>, y: number): Markup {
  const interval = { estimate: null, ciLower: line.lower, ciUpper: line.upper }
  return element(
    'g',
    {},
    element('title', {}, `${line.label}: ${shownEffect(pen.numbers(interval))}`),
    label(pen, line.label, { y, muted: true }),
    whiskers(pen, { from: line.lower, to: line.upper, y, colour: pen.colour(predicted(pen, interval)), thickness: 4 }),
    effect(pen, interval, { y, bold: false }),
  )
}

/** A prediction interval is coloured by the same rule as any other. */
function predicted(pen: Pen, interval: { readonly ciLower: number; readonly ciUpper: number }): Finding {
  return findingOf(pen.plot, interval)
}

interface Whiskers {
  readonly from: number | null
  readonly to: number | null
  readonly y: number
  readonly colour: string
  readonly thickness: number
}

/** A line from limit to limit with an arrow where it goes on beyond the axis. */
function whiskers({ layout: { axis, plot } }: Pen, { from, to, y, colour, thickness }: Whiskers): Markup {
  if (from === null || to === null) return all([])
  const [start, end] = [axis.position(from), axis.position(to)]
  const [cutLeft, cutRight] = [!(start >= plot.left - 0.5), !(end <= plot.right + 0.5)]
  // A line that lies wholly beyond an end keeps a stub there, which its arrow closes.
  const x1 = cutLeft ? plot.left : Math.min(start, plot.right - 12)
  const x2 = cutRight ? plot.right : Math.max(end, plot.left + 12, x1 + 1)
  const size = Math.max(4, thickness)
  return all([
    straightLine([x1, y], [x2, y], colour, { 'stroke-width': thickness }),
    ...(cutLeft ? [arrowhead([plot.left - 3, y], 'left', colour, size)] : []),
    ...(cutRight ? [arrowhead([plot.right + 3, y], 'right', colour, size)] : []),
  ])
}

/** On paper without colours, what includes no effect is hollow. */
function filling({ theme, colour }: Pen, finding: Finding): { readonly fill: string; readonly stroke?: string } {
  return theme === 'print' && finding === 'unclear' ? { fill: colour('background'), stroke: colour('ink') } : { fill: colour(finding) }
}

interface Label {
  readonly y: number
  readonly bold?: boolean
  readonly muted?: boolean
  readonly indented?: boolean
}

function label({ layout, colour }: Pen, text: string, { y, bold = false, muted = false, indented = false }: Label): Markup {
  const { margin, indent, labelWidth, fontSize, plot } = layout
  const left = margin + (indented ? indent : 0)
  // What has no cells of its own may reach under the detail columns.
  const room = bold || muted ? plot.left - left - 12 : labelWidth - (left - margin)
  return caption(shortened(text, room, measureOf({ size: fontSize, bold })), {
    at: [left, y],
    size: fontSize,
    bold,
    ...(muted ? { fill: colour('muted') } : {}),
  })
}

function effect({ layout, numbers }: Pen, span: Parameters<typeof numbers>[0], { y, bold }: { y: number; bold: boolean }): Markup {
  const shown = numbers(span)
  const cell = (text: string, right: number) => caption(text, { at: [right, y], size: layout.fontSize, anchor: 'end', bold })
  if (shown.estimate === '' && shown.lower === '') return cell('not estimable', layout.numbers.upper)
  return all([
    ...(shown.estimate === '' ? [] : [cell(shown.estimate, layout.numbers.estimate)]),
    ...(shown.lower === '' ? [] : [cell(`[${shown.lower},`, layout.numbers.lower), cell(`${shown.upper}]`, layout.numbers.upper)]),
  ])
}

/** Text over the whole width, on a ground of its own where the lines of the picture would run through it. */
function across({ layout, colour }: Pen, { top, texts, line }: PlacedLine): Markup {
  const bold = line.kind === 'heading'
  const size = bold ? layout.fontSize : layout.noteSize
  const left = layout.margin + (line.kind === 'absent' ? layout.indent : 0)
  const [height, fill] = [layout.noteHeight, colour(bold ? 'ink' : 'muted')]
  const pieces = texts.map((text, index) => {
    const y = top + height * (index + 0.5) + (bold ? (layout.rowHeight - height) / 2 : 0)
    const right = left + widthOf(text, { size, bold }) + 4
    const ground = { x: layout.plot.left, y: y - height / 2, width: right - layout.plot.left, height, fill: colour('background') }
    return all([...(right > layout.plot.left ? [element('rect', ground)] : []), caption(text, { at: [left, y], size, bold, fill })])
  })
  return all(pieces)
}
