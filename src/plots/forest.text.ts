import { axisOf, type Axis } from './axis.js'
import { forestExtent, type Span } from './extent.js'
import { forestLines, numbersOf, pooledOf, shownEffect, type ForestLine, type ForestPlot } from './forest.js'
import { charactersOf, isWide, shortened, wrapped } from './lettering.js'
import { cleaned } from './markup.js'
import { shownLevel } from './number.js'

/** What a forest plot is drawn with where there are only characters. */
const characters = {
  UNICODE: { square: '■', diamond: '◆', whisker: '─', wide: '━', prediction: '┄', none: '│', crossed: '┼', left: '◄', right: '►', tick: '┴', rule: '─' },
  ASCII: { square: '#', diamond: '*', whisker: '-', wide: '=', prediction: '.', none: '|', crossed: '+', left: '<', right: '>', tick: '+', rule: '-' },
} as const

export type CharacterSet = keyof typeof characters

/** Narrower than this there is no room for numbers and a picture. */
export const narrowestText = 60

/**
 * A forest plot for a terminal, in lines of at most `width` columns, without colours.
 *
 * @throws {RangeError} if the width is not a whole number of at least 60 columns
 */
export function forestText(plot: ForestPlot, width: number, set: CharacterSet = 'UNICODE'): string {
  if (!Number.isInteger(width) || width < narrowestText) throw new RangeError(`a forest plot takes at least ${narrowestText} columns, got ${width}`)
  const lines = forestLines(plot)
  const sheet = sheetFor(plot, lines, { width, set })
  const body = lines.flatMap((line) => written(sheet, line))
  const notes = plot.notes.flatMap((note) => paragraph(cleaned(note), width))
  const head = [...paragraph(cleaned(plot.title), width), ...paragraph(cleaned(plot.description), width), '', heading(sheet), sheet.marks.rule.repeat(width)]
  const text = [...head, ...body, ...foot(sheet), ...notes].map((line) => (set === 'ASCII' ? plain(line) : line).trimEnd())
  return `${text.join('\n')}\n`
}

interface Sheet {
  readonly plot: ForestPlot
  readonly width: number
  readonly marks: (typeof characters)[CharacterSet]
  readonly numbers: (span: Span) => string
  readonly labelWidth: number
  readonly pictureWidth: number
  readonly numbersWidth: number
  readonly weighted: boolean
  readonly indent: string
  readonly axis: Axis
}

const weightWidth = 8

function sheetFor(plot: ForestPlot, lines: readonly ForestLine[], { width, set }: { width: number; set: CharacterSet }): Sheet {
  const numberOf = numbersOf(plot)
  const numbers = (span: Span) => shownEffect(numberOf(span))
  const studies = lines.flatMap((line) => (line.kind === 'study' ? [line.row] : []))
  const pooled = pooledOf(plot)
  const predicted = pooled.map(({ predictionLower, predictionUpper }) => ({ estimate: null, ciLower: predictionLower, ciUpper: predictionUpper }))
  const spans: readonly Span[] = [...studies, ...pooled, ...predicted]
  const numbersWidth = Math.max(12, ...spans.map((span) => columnsOf(numbers(span))))
  const weighted = studies.some(({ weightPercent }) => weightPercent !== null)
  const indent = plot.groups.some(({ heading }) => heading !== null) ? '  ' : ''
  const labels = lines.map((line) => ('label' in line && line.kind !== 'note' ? columnsOf(line.label) + indent.length : 0))
  const room = width - numbersWidth - (weighted ? weightWidth : 0) - 4
  const labelWidth = Math.min(Math.max(12, ...labels), Math.max(8, Math.floor(room / 2)))
  const pictureWidth = Math.max(10, room - labelWidth)
  const extent = forestExtent(plot.scale, { studies, pooled: [...pooled, ...predicted], noEffect: plot.noEffect })
  // Ticks are thinned by the width of their labels in pixels of this size; one column is about six of them.
  const pixels = axisOf({ scale: plot.scale, extent, range: [0, 6 * (pictureWidth - 1)], fontSize: 11 })
  const axis = {
    ...pixels,
    position: (value: number) => pixels.position(value) / 6,
    ticks: pixels.ticks.map((tick) => ({ ...tick, position: tick.position / 6 })),
  }
  return { plot, width, marks: characters[set], numbers, labelWidth, pictureWidth, numbersWidth, weighted, indent, axis }
}

function written(sheet: Sheet, line: ForestLine): string[] {
  const { marks, indent } = sheet
  switch (line.kind) {
    case 'space':
      return ['']
    case 'heading':
      return [line.label]
    case 'absent':
      return [indent + line.label]
    case 'note':
      return paragraph(line.label, sheet.width)
    case 'study': {
      const weight = line.row.weightPercent === null ? '' : `${line.row.weightPercent.toFixed(1)}%`
      return [
        row(sheet, { label: indent + line.label, picture: picture(sheet, line.row, { line: marks.whisker, point: marks.square }), span: line.row, weight }),
      ]
    }
    case 'pooled':
      return [
        row(sheet, { label: line.label, picture: picture(sheet, line.pooled, { line: marks.wide, point: marks.diamond }), span: line.pooled, weight: '' }),
      ]
    case 'prediction': {
      const span = { estimate: null, ciLower: line.lower, ciUpper: line.upper }
      return [row(sheet, { label: line.label, picture: picture(sheet, span, { line: marks.prediction, point: '' }), span, weight: '' })]
    }
  }
}

interface Row {
  readonly label: string
  readonly picture: string
  readonly span: Span
  readonly weight: string
}

function row(sheet: Sheet, { label, picture: drawing, span, weight }: Row): string {
  const { labelWidth, numbers, numbersWidth } = sheet
  return `${padEnd(shortened(label, labelWidth, columnsOf), labelWidth)}  ${drawing}  ${padStart(numbers(span), numbersWidth)}${padStart(weight, weightWidth)}`
}

/** An interval over the line of no effect; arrows where it goes on beyond the axis. */
function picture({ plot, axis, pictureWidth, marks }: Sheet, { estimate, ciLower, ciUpper }: Span, { line, point }: { line: string; point: string }): string {
  const cells: string[] = Array.from({ length: pictureWidth }, () => ' ')
  const column = (value: number) => Math.round(axis.position(value))
  const [zero, last] = [column(plot.noEffect), pictureWidth - 1]
  cells[zero] = marks.none
  if (ciLower !== null && ciUpper !== null) {
    const [from, to] = [column(ciLower), column(ciUpper)]
    const [cutLeft, cutRight] = [!(from >= 0), !(to <= last)]
    const start = cutLeft ? 0 : Math.min(from, last)
    const end = cutRight ? last : Math.max(to, 0)
    for (let index = start; index <= end; index++) cells[index] = index === zero ? marks.crossed : line
    if (cutLeft) cells[0] = marks.left
    if (cutRight) cells[last] = marks.right
  }
  const middle = estimate === null ? NaN : column(estimate)
  if (middle >= 0 && middle <= last && point !== '') cells[middle] = point
  else if (middle < 0) cells[0] = marks.left
  else if (middle > last) cells[last] = marks.right
  return cells.join('')
}

function heading({ plot, labelWidth, pictureWidth, numbersWidth, weighted }: Sheet): string {
  const measure = shortened(`${cleaned(plot.measure)} [${shownLevel(plot.level)} CI]`, numbersWidth + pictureWidth, columnsOf)
  return `${padEnd('Study', labelWidth)}  ${padStart(measure, pictureWidth + 2 + numbersWidth)}${weighted ? padStart('Weight', weightWidth) : ''}`
}

function foot({ plot, axis, labelWidth, pictureWidth, marks, width }: Sheet): string[] {
  const rule = Array.from({ length: pictureWidth }, () => marks.rule as string)
  let labels = ''
  for (const { label, position } of axis.ticks) {
    rule[Math.round(position)] = marks.tick
    const start = Math.max(0, Math.round(position - (columnsOf(label) - 1) / 2))
    if (labels === '' || start > labels.length) labels = labels.padEnd(start) + label
  }
  const before = ' '.repeat(labelWidth + 2)
  const zero = labelWidth + 2 + Math.round(axis.position(plot.noEffect))
  const leftText = plot.favoursLeft === null ? '' : `${cleaned(plot.favoursLeft)} ${marks.left}`
  const rightText = plot.favoursRight === null ? '' : `${marks.right} ${cleaned(plot.favoursRight)}`
  const toLeft = padStart(shortenedStart(leftText, Math.max(1, zero - 1)), Math.max(1, zero - 1))
  const sides = leftText === '' && rightText === '' ? [] : [`${toLeft}   ${shortened(rightText, Math.max(1, width - zero - 2), columnsOf)}`]
  return [`${before}${rule.join('')}`, `${before}${labels}`, ...sides]
}

/** Shortened at its beginning, for text that ends where it matters. */
function shortenedStart(text: string, width: number): string {
  const reversed = shortened(charactersOf(text).reverse().join(''), width, columnsOf)
  return charactersOf(reversed).reverse().join('')
}

function paragraph(text: string, width: number): string[] {
  return text === '' ? [] : wrapped(text, width, 6, columnsOf)
}

/** How many columns of a terminal a text takes. */
function columnsOf(text: string): number {
  return charactersOf(text).reduce((sum, character) => sum + (isWide(character) ? 2 : 1), 0)
}

function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)))
}

function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - columnsOf(text))) + text
}

/** Our own signs in ASCII; letters of names stay what they are. */
function plain(text: string): string {
  return text.replaceAll('−', '-').replaceAll('–', '-').replaceAll('…', '~').replaceAll('∞', 'inf')
}
