import { all, cleaned, element, type Markup } from './markup.js'
import { forestLines, numbersOf, type ForestLine, type ForestPlot } from './forest.js'
import { shownLevel } from './number.js'

/** What a picture shows, as text: every row has one text a column, the first of which names it. */
export interface PlotTable {
  readonly caption: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** The data of a forest plot: its studies, pooled effects and prediction intervals in the order drawn, every number as drawn; every study, however many. */
export function forestTable(plot: ForestPlot): PlotTable {
  const level = shownLevel(plot.level)
  const grouped = plot.groups.some(({ heading }) => heading !== null)
  const columns = [
    'Study',
    ...(grouped ? ['Group'] : []),
    ...plot.detailHeadings,
    plot.measure,
    `${level} interval, lower`,
    `${level} interval, upper`,
    'Weight (%)',
  ]
  const rowOf = rowsOf(plot)
  let group = ''
  const rows = forestLines(plot, Infinity).flatMap((line) => {
    if (line.kind === 'heading') group = line.label
    if ((line.kind === 'pooled' || line.kind === 'prediction') && line.overall) group = 'All'
    const [label, ...rest] = rowOf(line) ?? []
    return label === undefined ? [] : [[label, ...(grouped ? [group] : []), ...rest]]
  })
  return { caption: cleaned(plot.title), columns: columns.map(cleaned), rows }
}

/** The table as an HTML fragment: one `table`, with a class for the page to lay out or to hide from sight. */
export function tableHtml({ caption, columns, rows }: PlotTable): string {
  const head = element('tr', {}, ...columns.map((column) => element('th', { scope: 'col' }, column)))
  const body = rows.map((row) => element('tr', {}, ...row.map((cell, index) => (index === 0 ? element('th', { scope: 'row' }, cell) : tableCell(cell)))))
  return element('table', { class: 'plot-table' }, element('caption', {}, caption), element('thead', {}, head), element('tbody', {}, all(body))).markup
}

/** The data table of a forest plot as an HTML fragment. */
export function forestTableHtml(plot: ForestPlot): string {
  return tableHtml(forestTable(plot))
}

/** An empty element closes itself in XML; HTML would not close it. */
function tableCell(cell: string): Markup {
  return cell === '' ? { markup: '<td></td>' } : element('td', {}, cell)
}

function rowsOf(plot: ForestPlot): (line: ForestLine) => string[] | null {
  const numbers = numbersOf(plot)
  const noDetails = plot.detailHeadings.map(() => '')
  return (line) => {
    if (line.kind === 'study') {
      const { estimate, lower, upper } = numbers(line.row)
      const details = plot.detailHeadings.map((_, index) => cleaned(line.row.details[index] ?? ''))
      return [line.label, ...details, estimate, lower, upper, line.row.weightPercent === null ? '' : line.row.weightPercent.toFixed(1)]
    }
    if (line.kind === 'pooled') {
      const { estimate, lower, upper } = numbers(line.pooled)
      return [line.label, ...noDetails, estimate, lower, upper, '']
    }
    if (line.kind === 'prediction') {
      const { lower, upper } = numbers({ estimate: null, ciLower: line.lower, ciUpper: line.upper })
      return [line.label, ...noDetails, '', lower, upper, '']
    }
    return line.kind === 'absent' ? [line.label, ...noDetails, '', '', '', ''] : null
  }
}
