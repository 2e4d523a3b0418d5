const namespace = 'http://www.w3.org/2000/svg'
const drawn = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'opacity',
  'font-size',
  'font-family',
  'font-weight',
  'text-anchor',
]
const margin = 16

/**
 * A part of the page as one SVG that stands for itself: drawings with the styles they have here, words where they stand. What is scrolled out of
 * sight is in it; what is hidden, or not for print, is not.
 */
export function svgOf(part: HTMLElement): string {
  // Without scrolling, everything has its place.
  part.classList.add('unscrolled')
  const box = part.getBoundingClientRect()
  const [width, height] = [Math.max(part.scrollWidth, box.width) + 2 * margin, Math.max(part.scrollHeight, box.height) + 2 * margin]
  const picture = element('svg', { xmlns: namespace, viewBox: `0 0 ${width} ${height}`, width, height })
  picture.append(element('rect', { width, height, fill: getComputedStyle(document.body).backgroundColor }))
  const at = ({ x, y }: DOMRect) => ({ x: x - box.x + margin, y: y - box.y + margin })
  for (const drawing of part.querySelectorAll('svg')) if (isShown(drawing)) picture.append(copied(drawing, at(drawing.getBoundingClientRect())))
  for (const word of wordsIn(part)) picture.append(written(word, at(word.rect)))
  part.classList.remove('unscrolled')
  return new XMLSerializer().serializeToString(picture)
}

/** A PNG of an SVG, at twice its size. */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.width * 2
  canvas.height = image.height * 2
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob === null ? reject(new Error('the picture is too large for this browser')) : resolve(blob))),
  )
}

/** Rows as CSV, RFC 4180; a number has a dot. */
export const csvOf = (rows: readonly (readonly (string | number | null | undefined)[])[]): string =>
  rows.map((row) => row.map((value) => quoted(String(value ?? ''))).join(',')).join('\r\n') + '\r\n'

const quoted = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

/** Hands a file to the reader. */
export function save(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}

interface Word {
  readonly text: string
  readonly rect: DOMRect
  readonly style: CSSStyleDeclaration
}

function* wordsIn(part: HTMLElement): Generator<Word> {
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT)
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const parent = text.parentElement
    if (parent === null || parent.closest('svg, .visually-hidden, .no-print, select') !== null || !isShown(parent)) continue
    const range = document.createRange()
    for (const { 0: word, index } of (text.nodeValue ?? '').matchAll(/\S+/g)) {
      range.setStart(text, index)
      range.setEnd(text, index + word.length)
      yield { text: word, rect: range.getBoundingClientRect(), style: getComputedStyle(parent) }
    }
  }
}

function written({ text, rect, style }: Word, { x, y }: { readonly x: number; readonly y: number }): SVGElement {
  const look = { fill: style.color, 'font-size': style.fontSize, 'font-family': style.fontFamily, 'font-weight': style.fontWeight }
  const isVertical = style.writingMode.startsWith('vertical')
  const size = Number.parseFloat(style.fontSize)
  const word = isVertical
    ? element('text', { ...look, transform: `translate(${x + rect.width / 2 + size * 0.35} ${y + rect.height}) rotate(-90)` })
    : element('text', { ...look, x, y: y + rect.height / 2 + size * 0.35 })
  word.textContent = text
  return word
}

function copied(drawing: SVGSVGElement, place: { readonly x: number; readonly y: number }): SVGElement {
  const copy = drawing.cloneNode(true) as SVGSVGElement // a copy is of the kind of what it copies
  const [from, to] = [
    [drawing, ...drawing.querySelectorAll('*')],
    [copy, ...copy.querySelectorAll('*')],
  ]
  from.forEach((original, index) => {
    const style = getComputedStyle(original)
    for (const name of drawn) to[index]?.setAttribute(name, style.getPropertyValue(name))
    to[index]?.removeAttribute('class')
  })
  for (const [name, value] of Object.entries(place)) copy.setAttribute(name, String(value))
  return copy
}

const isShown = (shown: Element) => shown.closest('.no-print') === null && shown.getClientRects().length > 0

function element(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(namespace, name)
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, String(value))
  return made
}
