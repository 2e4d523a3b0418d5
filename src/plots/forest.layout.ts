import { axisOf, type Axis } from './axis.js'
import { forestExtent } from './extent.js'
import { forestLines, numbersOf, pooledOf, studiesOf, type ForestLine, type ForestPlot, type ShownEffect } from './forest.js'
import { shortened, widthOf, wrapped, type Lettering } from './lettering.js'
import { cleaned } from './markup.js'
import { shownLevel } from './number.js'

/** A line with the place it takes, in pixels; texts broken to the width of the page. */
export interface PlacedLine {
  readonly line: ForestLine
  /** Its upper edge. */
  readonly top: number
  readonly height: number
  readonly texts: readonly string[]
}

export interface Column {
  readonly heading: string
  /** Texts end here. */
  readonly right: number
}

/** Where everything in a forest plot stands, in pixels. */
export interface ForestLayout {
  readonly width: number
  readonly margin: number
  readonly fontSize: number
  readonly rowHeight: number
  readonly title: readonly string[]
  readonly description: readonly string[]
  /** The rule under the headings of the columns. */
  readonly headingBottom: number
  readonly noteSize: number
  readonly noteHeight: number
  readonly lines: readonly PlacedLine[]
  readonly linesBottom: number
  readonly indent: number
  readonly labelWidth: number
  readonly details: readonly (Column & { readonly width: number })[]
  readonly plot: { readonly left: number; readonly right: number }
  /** Estimate, lower and upper limit end here. */
  readonly numbers: { readonly heading: readonly string[]; readonly estimate: number; readonly lower: number; readonly upper: number }
  readonly weight: Column | null
  readonly axis: Axis
}

export const pageWidth = 1000
export const pageMargin = 24
export const titleLettering: Lettering = { size: 18, bold: true }
export const textSize = 13
const gap = 16
const narrowestPicture = 260

export const measureOf = (lettering: Lettering) => (text: string) => widthOf(text, lettering)

export function forestLayout(plot: ForestPlot): ForestLayout {
  const lines = forestLines(plot)
  const { rowHeight, fontSize } = rowsFor(lines.filter(({ kind }) => kind === 'study').length)
  const columns = columnsOf(plot, lines, fontSize)
  const title = wrapped(cleaned(plot.title), pageWidth - 2 * pageMargin, 2, measureOf(titleLettering))
  const description = wrapped(cleaned(plot.description), pageWidth - 2 * pageMargin, 3, measureOf({ size: textSize }))
  const headingBottom = pageMargin + 24 * title.length + 18 * description.length + 19 + 16 * columns.numbers.heading.length
  const notes = { noteSize: Math.max(fontSize - 1, 9), noteHeight: 1.35 * Math.max(fontSize - 1, 9) }
  const placed = placedLines(lines, { top: headingBottom + 3, rowHeight, fontSize, ...notes })
  const extent = forestExtent(plot.scale, {
    studies: lines.flatMap((line) => (line.kind === 'study' ? [line.row] : [])),
    pooled: spansOfPooled(plot),
    noEffect: plot.noEffect,
  })
  const last = placed.at(-1)
  return {
    ...columns,
    ...notes,
    width: pageWidth,
    margin: pageMargin,
    fontSize,
    rowHeight,
    title,
    description,
    headingBottom,
    lines: placed,
    linesBottom: last === undefined ? headingBottom + 3 : last.top + last.height + 4,
    axis: axisOf({ scale: plot.scale, extent, range: [columns.plot.left, columns.plot.right], fontSize: 12 }),
  }
}

/** Rows of 22 pixels up to sixty studies, then lower and lower ones: 200 take 12 pixels each. */
function rowsFor(studies: number): { rowHeight: number; fontSize: number } {
  const rowHeight = Math.min(22, Math.max(12, 22 - (studies - 60) / 14))
  return { rowHeight, fontSize: Math.min(textSize, 0.72 * rowHeight) }
}

function spansOfPooled(plot: ForestPlot) {
  return pooledOf(plot).flatMap((pooled) => [pooled, { estimate: pooled.estimate, ciLower: pooled.predictionLower, ciUpper: pooled.predictionUpper }])
}

interface Heights {
  readonly top: number
  readonly rowHeight: number
  readonly fontSize: number
  readonly noteSize: number
  readonly noteHeight: number
}

function placedLines(lines: readonly ForestLine[], { top, rowHeight, fontSize, noteSize, noteHeight }: Heights): PlacedLine[] {
  const width = pageWidth - 2 * pageMargin
  let next = top
  return lines.map((line) => {
    const texts =
      line.kind === 'note' || line.kind === 'absent'
        ? wrapped(line.label, width, 3, measureOf({ size: noteSize }))
        : line.kind === 'heading'
          ? [shortened(line.label, width, measureOf({ size: fontSize, bold: true }))]
          : []
    const height = texts.length > 0 && line.kind !== 'heading' ? texts.length * noteHeight + 2 : line.kind === 'space' ? rowHeight / 2 : rowHeight
    const placed = { line, top: next, height, texts }
    next += height
    return placed
  })
}

/** The columns from both sides; the picture takes what is left, and where that is too little, long labels give way. */
function columnsOf(plot: ForestPlot, lines: readonly ForestLine[], size: number) {
  const indent = plot.groups.some(({ heading }) => heading !== null) ? 12 : 0
  const regular = measureOf({ size })
  const bold = measureOf({ size, bold: true })
  const numbers = numberColumns(plot, lines, bold)
  const details = plot.detailHeadings.map((heading, index) => ({
    heading: cleaned(heading),
    width: clamp(Math.max(bold(cleaned(heading)), ...cellsOf(lines, index).map(regular)), 30, 130),
  }))
  const detailsWidth = details.reduce((sum, { width }) => sum + width + gap, 0)
  const labels = lines.map((line) =>
    line.kind === 'study' ? indent + regular(line.label) : line.kind === 'pooled' || line.kind === 'prediction' ? bold(line.label) : 0,
  )
  const room = numbers.left - gap - pageMargin - detailsWidth - narrowestPicture - gap
  const labelWidth = clamp(Math.max(...labels, 90), 90, Math.max(90, Math.min(280, room)))
  let right = pageMargin + labelWidth
  const placed = details.map((detail) => ({ ...detail, heading: shortened(detail.heading, detail.width, bold), right: (right += gap + detail.width) }))
  return { indent, labelWidth, details: placed, plot: { left: right + gap, right: numbers.left - gap }, numbers: numbers.numbers, weight: numbers.weight }
}

function numberColumns(plot: ForestPlot, lines: readonly ForestLine[], bold: (text: string) => number) {
  const shown = shownIn(plot, lines)
  const widest = (texts: readonly string[]) => Math.max(20, ...texts.map(bold))
  const weighted = studiesOf(plot) > 0 && lines.some((line) => line.kind === 'study' && line.row.weightPercent !== null)
  const weight = weighted ? { heading: 'Weight', right: pageWidth - pageMargin } : null
  const upper = pageWidth - pageMargin - (weighted ? Math.max(bold('Weight'), bold('100.0%')) + gap : 0)
  const lower = upper - widest(shown.map((effect) => `${effect.upper}]`)) - 4
  const estimate = lower - widest(shown.map((effect) => `[${effect.lower},`)) - 5
  const [measure, interval] = [cleaned(plot.measure), `[${shownLevel(plot.level)} CI]`]
  const wanted = `${measure} ${interval}`
  const left = Math.min(estimate - widest(shown.map((effect) => effect.estimate)), upper - Math.min(190, bold(wanted)))
  return {
    left,
    numbers: { heading: bold(wanted) <= upper - left ? [wanted] : [shortened(measure, upper - left, bold), interval], estimate, lower, upper },
    weight,
  }
}

function shownIn(plot: ForestPlot, lines: readonly ForestLine[]): ShownEffect[] {
  const numbers = numbersOf(plot)
  return lines.flatMap((line) => {
    if (line.kind === 'study') return [numbers(line.row)]
    if (line.kind === 'pooled') return [numbers(line.pooled)]
    return line.kind === 'prediction' ? [numbers({ estimate: null, ciLower: line.lower, ciUpper: line.upper })] : []
  })
}

function cellsOf(lines: readonly ForestLine[], index: number): string[] {
  return lines.flatMap((line) => (line.kind === 'study' ? [cleaned(line.row.details[index] ?? '')] : []))
}

function clamp(value: number, lower: number, upper: number): number {
  return Math.min(Math.max(value, lower), upper)
}
