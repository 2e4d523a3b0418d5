import { type Tick } from './axis.js'
import { caption, paints, pictureOf, straightLine } from './drawing.js'
import { legend, type LegendEntry } from './legend.js'
import { widthOf, wrapped, type Lettering } from './lettering.js'
import { all, cleaned, type Markup } from './markup.js'
import { type PaintRole, type PlotTheme } from './theme.js'

const [width, margin, plotHeight] = [800, 24, 440]
/** Where the plot between its axes begins and ends across, in pixels. */
export const [left, right] = [84, width - margin - 8]
const titleLettering: Lettering = { size: 18, bold: true }
const textSize = 13
/** Letters of axes and notes. */
export const small = 12

export interface Framed {
  readonly title: string
  readonly description: string
  readonly notes: readonly string[]
}

/** Where a plot is drawn, in pixels, and in which colours. */
export interface Frame {
  readonly colour: (role: PaintRole) => string
  readonly top: number
  readonly bottom: number
}

/** A plot with two axes as an SVG document: title and description above it, what its marks mean and notes below. */
export function framedSvg(
  { title, description, notes }: Framed,
  theme: PlotTheme,
  draw: (frame: Frame) => { readonly drawn: readonly Markup[]; readonly entries: readonly LegendEntry[] },
): string {
  const colour = paints(theme)
  const heading = wrapped(cleaned(title), width - 2 * margin, 2, (text) => widthOf(text, titleLettering))
  const sentence = wrapped(cleaned(description), width - 2 * margin, 3, (text) => widthOf(text, { size: textSize }))
  const top = margin + 24 * heading.length + 18 * sentence.length + 34
  const bottom = top + plotHeight
  const { drawn, entries } = draw({ colour, top, bottom })
  const key = legend(entries, { left: margin, right: width - margin, top: bottom + 64, fill: colour('muted') })
  const lines = notes.flatMap((note) => wrapped(cleaned(note), width - 2 * margin, 4, (text) => widthOf(text, { size: small })))
  return pictureOf(
    { theme, width, height: Math.ceil(key.bottom + 17 * lines.length + margin - 4), fontSize: textSize, title, description },
    ...heading.map((text, index) => caption(text, { at: [margin, margin + 8 + 24 * index], ...titleLettering })),
    ...sentence.map((text, index) => caption(text, { at: [margin, margin + 24 * heading.length + 8 + 18 * index], size: textSize, fill: colour('muted') })),
    ...drawn,
    key.markup,
    ...lines.map((text, index) => caption(text, { at: [margin, key.bottom + 10 + 17 * index], size: small, fill: colour('muted') })),
  )
}

export interface NamedAxis {
  readonly name: string
  readonly ticks: readonly Tick[]
}

/** Both axes with their ticks and names, and the line of no effect between ticks and names. */
export function axesOf({ colour, top, bottom }: Frame, across: NamedAxis, upright: NamedAxis, noEffect: readonly Markup[]): Markup {
  return all([
    straightLine([left, bottom], [right, bottom], colour('ink')),
    straightLine([left, top], [left, bottom], colour('ink')),
    ...across.ticks.flatMap(({ label, position }) => [
      straightLine([position, bottom], [position, bottom + 5], colour('ink')),
      caption(label, { at: [position, bottom + 15], size: small, anchor: 'middle' }),
    ]),
    ...upright.ticks.flatMap(({ label, position }) => [
      straightLine([left - 5, position], [left, position], colour('ink')),
      caption(label, { at: [left - 9, position], size: small, anchor: 'end' }),
    ]),
    ...noEffect,
    caption(upright.name, { at: [margin, top - 16], size: small, fill: colour('muted') }),
    caption(across.name, { at: [(left + right) / 2, bottom + 36], size: small, anchor: 'middle', fill: colour('muted') }),
  ])
}
