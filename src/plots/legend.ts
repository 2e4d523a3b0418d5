import { caption, type Point } from './drawing.js'
import { shortened, widthOf } from './lettering.js'
import { all, type Markup } from './markup.js'

export interface LegendEntry {
  readonly text: string
  /** Drawn with its left end, half its height up, at the point. */
  readonly mark: (at: Point) => Markup
  /** From the mark's left end to the text, in pixels. */
  readonly width: number
}

export interface Legend {
  readonly markup: Markup
  /** Where it ends, in pixels. */
  readonly bottom: number
}

const size = 12

/** Entries beside each other, as many on a line as fit. */
export function legend(entries: readonly LegendEntry[], place: { left: number; right: number; top: number; fill: string }): Legend {
  let [x, y] = [place.left, place.top]
  const drawn = entries.map(({ text, mark, width }) => {
    const label = shortened(text, place.right - place.left - width, (candidate) => widthOf(candidate, { size }))
    const taken = width + widthOf(label, { size }) + 16
    if (x > place.left && x + taken > place.right + 16) [x, y] = [place.left, y + 18]
    const entry = all([mark([x, y]), caption(label, { at: [x + width, y], size, fill: place.fill })])
    x += taken
    return entry
  })
  return { markup: all(drawn), bottom: entries.length === 0 ? place.top - 8 : y + 12 }
}
