import { createHash } from 'node:crypto'
import { curveLinearClosed, line } from 'd3-shape'
import { cleaned, element, type Markup } from './markup.js'
import { fontFamily, paint, type PaintRole, type PlotTheme } from './theme.js'

export type Point = readonly [x: number, y: number]

export interface Picture {
  readonly theme: PlotTheme
  /** Pixels. */
  readonly width: number
  readonly height: number
  readonly fontSize: number
  readonly title: string
  readonly description: string
}

/** A whole SVG document: one image to assistive technology, named by its title and described by its description. */
export function pictureOf({ theme, width, height, fontSize, title, description }: Picture, ...children: readonly Markup[]): string {
  const [name, sentence] = [cleaned(title), cleaned(description)]
  // Two pictures in one page need ids of their own; the same picture has the same ones every time.
  const key = createHash('sha256')
    .update(`${theme}\n${name}\n${sentence}\n`)
    .update(children.map(({ markup }) => markup).join(''))
    .digest('hex')
    .slice(0, 10)
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-labelledby': `title-${key}`,
    'aria-describedby': `desc-${key}`,
    'xml:lang': 'en',
    'font-family': fontFamily,
    'font-size': fontSize,
    fill: paint(theme, 'ink'),
  }
  return element(
    'svg',
    attributes,
    element('title', { id: `title-${key}` }, name),
    element('desc', { id: `desc-${key}` }, sentence),
    element('rect', { width, height, fill: paint(theme, 'background') }),
    ...children,
  ).markup
}

export interface Caption {
  readonly at: Point
  readonly size: number
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly bold?: boolean
  readonly fill?: string
}

/** A line of text, its vertical middle at the point. */
export function caption(text: string, { at: [x, y], size, anchor = 'start', bold = false, fill }: Caption): Markup {
  const attributes = {
    x,
    y: y + 0.34 * size,
    'font-size': size,
    'text-anchor': anchor === 'start' ? null : anchor,
    'font-weight': bold ? 700 : null,
    fill: fill ?? null,
  }
  return element('text', attributes, text)
}

export function straightLine([x1, y1]: Point, [x2, y2]: Point, stroke: string, attributes: Readonly<Record<string, string | number>> = {}): Markup {
  return element('line', { x1, y1, x2, y2, stroke, ...attributes })
}

/**
 * A closed outline through the points.
 *
 * @throws {RangeError} if a coordinate is not a finite number
 */
export function polygon(points: readonly Point[], attributes: Readonly<Record<string, string | number | null>>): Markup {
  const wrong = points.flat().find((value) => !Number.isFinite(value))
  if (wrong !== undefined) throw new RangeError(`a coordinate is a finite number, got ${wrong}`)
  return element('path', { d: closed(points.map(([x, y]) => [x, y])), ...attributes })
}

/** A small triangle whose tip stands at the point: something goes on beyond the edge. */
export function arrowhead([x, y]: Point, direction: 'left' | 'right' | 'down', fill: string, size = 4): Markup {
  const back = direction === 'left' ? 1.6 * size : -1.6 * size
  const base: readonly Point[] =
    direction === 'down'
      ? [
          [x - size, y + back],
          [x + size, y + back],
        ]
      : [
          [x + back, y - size],
          [x + back, y + size],
        ]
  return polygon([[x, y], ...base], { fill })
}

/** The colours of one theme by their roles. */
export function paints(theme: PlotTheme): (role: PaintRole) => string {
  return (role) => paint(theme, role)
}

const closed = line<[number, number]>().curve(curveLinearClosed).digits(2)
