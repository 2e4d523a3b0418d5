import { arrowhead, caption, straightLine, type Point } from './drawing.js'
import { type Finding, type ForestPlot } from './forest.js'
import { measureOf, type ForestLayout } from './forest.layout.js'
import { type Pen } from './forest.svg.js'
import { legend, type Legend } from './legend.js'
import { shortened, wrapped } from './lettering.js'
import { all, cleaned, element, type Markup } from './markup.js'

const small = 12

/** What stands under the rows: the axis, what its sides mean, what the colours mean, the notes. */
export function forestFoot(pen: Pen): { readonly markup: Markup; readonly bottom: number } {
  const { plot, layout } = pen
  const afterAxis = layout.linesBottom + 22
  const sided = plot.favoursLeft !== null || plot.favoursRight !== null
  const scaleTop = afterAxis + (sided ? 20 : 2)
  const keyTop = scaleTop + 28
  const colours = key(pen, keyTop)
  const notes = plot.notes.flatMap((note) => wrapped(cleaned(note), layout.width - 2 * layout.margin, 4, measureOf({ size: small })))
  const written = notes.map((text, index) => caption(text, { at: [layout.margin, colours.bottom + 10 + 17 * index], size: small, fill: pen.colour('muted') }))
  return {
    markup: all([axis(pen), ...(sided ? [sides(pen, afterAxis + 10)] : []), scaleName(pen, scaleTop + 8), colours.markup, ...written]),
    bottom: Math.ceil(colours.bottom + 17 * notes.length + layout.margin - 4),
  }
}

function axis({ layout, colour }: Pen): Markup {
  const { plot, linesBottom } = layout
  return all([
    straightLine([plot.left, linesBottom], [plot.right, linesBottom], colour('ink')),
    ...layout.axis.ticks.flatMap(({ label, position }) => [
      straightLine([position, linesBottom], [position, linesBottom + 5], colour('ink')),
      caption(label, { at: [position, linesBottom + 14], size: small, anchor: 'middle' }),
    ]),
  ])
}

/** "favours magnesium" and its opposite, to both sides of no effect, with arrows; they may reach under the columns of text. */
function sides({ plot, layout, colour }: Pen, y: number): Markup {
  const zero = layout.axis.position(plot.noEffect)
  const measure = measureOf({ size: small })
  const pieces: Markup[] = []
  if (plot.favoursLeft !== null) {
    const text = shortened(cleaned(plot.favoursLeft), zero - layout.margin - 40, measure)
    pieces.push(arrowhead([zero - 22, y], 'left', colour('ink'), 3.5), straightLine([zero - 18, y], [zero - 8, y], colour('ink')))
    pieces.push(caption(text, { at: [zero - 28, y], size: small, anchor: 'end' }))
  }
  if (plot.favoursRight !== null) {
    const text = shortened(cleaned(plot.favoursRight), layout.width - layout.margin - zero - 40, measure)
    pieces.push(arrowhead([zero + 22, y], 'right', colour('ink'), 3.5), straightLine([zero + 8, y], [zero + 18, y], colour('ink')))
    pieces.push(caption(text, { at: [zero + 28, y], size: small }))
  }
  return all(pieces)
}

function scaleName({ plot, layout, colour }: Pen, y: number): Markup {
  const scales: Readonly<Record<ForestPlot['scale'], string>> = { IDENTITY: '', LOG: ', log scale', FISHER_Z: ', Fisher z scale' }
  const middle = (layout.plot.left + layout.plot.right) / 2
  return caption(`${cleaned(plot.measure)}${scales[plot.scale]}`, { at: [middle, y], size: small, anchor: 'middle', fill: colour('muted') })
}

/** The meaning of every colour that occurs. */
function key(pen: Pen, top: number): Legend {
  const { plot, layout, colour, theme } = pen
  const entries = findingsIn(layout).map((finding) => {
    const hollow = theme === 'print' && finding === 'unclear'
    const filling = hollow ? { fill: colour('background'), stroke: colour('ink') } : { fill: colour(finding) }
    const mark = ([x, y]: Point) => element('rect', { x: x + 1, y: y - 5, width: 10, height: 10, ...filling })
    return { text: meaningOf(plot, finding), mark, width: 18 }
  })
  const arrow = ([x, y]: Point) => all([straightLine([x, y], [x + 8, y], colour('ink')), arrowhead([x + 13, y], 'right', colour('ink'))])
  const beyond = goesBeyond(layout) ? [{ text: 'goes on beyond the axis', mark: arrow, width: 19 }] : []
  return legend([...entries, ...beyond], { left: layout.margin, right: layout.width - layout.margin, top, fill: colour('muted') })
}

/** Whether any interval is cut off at an end of the axis. */
function goesBeyond({ lines, axis, plot }: ForestLayout): boolean {
  const limits = lines.flatMap(({ line }) => {
    if (line.kind === 'study') return [line.row.ciLower, line.row.estimate, line.row.ciUpper]
    if (line.kind === 'pooled') return [line.pooled.ciLower, line.pooled.ciUpper]
    return line.kind === 'prediction' ? [line.lower, line.upper] : []
  })
  const inside = (position: number) => position >= plot.left - 0.5 && position <= plot.right + 0.5
  return limits.some((limit) => limit !== null && !inside(axis.position(limit)))
}

function findingsIn({ lines }: ForestLayout): Finding[] {
  const present = new Set(lines.flatMap(({ line }) => (line.kind === 'study' || line.kind === 'pooled' ? [line.finding] : [])))
  return (['benefit', 'harm', 'clear', 'unclear'] as const).filter((finding) => present.has(finding))
}

function meaningOf(plot: ForestPlot, finding: Finding): string {
  if (finding === 'unclear') return 'interval includes no effect: no clear difference'
  const left = (plot.benefitSide === 'LEFT') === (finding === 'benefit')
  const favours = finding === 'clear' ? null : left ? plot.favoursLeft : plot.favoursRight
  return favours === null ? 'interval excludes no effect' : `interval excludes no effect: ${cleaned(favours)}`
}
