/** A piece of XML that is already escaped. Plain strings are not: whatever is put beside one is escaped on the way in. */
export interface Markup {
  readonly markup: string
}

/** Numbers are written with at most two decimals; null leaves the attribute out. */
export type Attributes = Readonly<Record<string, string | number | null>>

/**
 * An element with its attributes and children; strings among the children are text.
 *
 * @throws {RangeError} if an attribute is not a finite number: a picture with NaN in it is drawn in part, without a word
 *
 * @example
 * element('text', { x: 10.123 }, 'a < b').markup // <text x="10.12">a &lt; b</text>
 */
export function element(name: string, attributes: Attributes, ...children: readonly (Markup | string)[]): Markup {
  const written = Object.entries(attributes).map(([attribute, value]) => (value === null ? '' : ` ${attribute}="${attributeText(attribute, value)}"`))
  const content = children.map((child) => (typeof child === 'string' ? escaped(child) : child.markup)).join('')
  return { markup: content === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content}</${name}>` }
}

/** Several elements where one is wanted, without a group around them. */
export function all(pieces: readonly Markup[]): Markup {
  return { markup: pieces.map(({ markup }) => markup).join('') }
}

/** A coordinate as it stands in an attribute: at most two decimals, never "-0". */
export function coordinate(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`a coordinate is a finite number, got ${value}`)
  return String(Math.round(value * 100) / 100 + 0)
}

/**
 * Text as one line that cannot disturb what stands around it: no control characters (a terminal obeys them, XML forbids
 * them), no direction overrides (they show one text and mean another), no halves of surrogate pairs, spaces single.
 */
export function cleaned(text: string): string {
  return (
    text
      .normalize('NFC')
      .replace(/\s+/gu, ' ')
      // Cc control, Cn unassigned (non-characters among them), Cs surrogates without their other half.
      .replace(/[\p{Cc}\p{Cn}\p{Cs}\p{Bidi_Control}]/gu, '')
      .trim()
  )
}

/** Text for XML or HTML, between tags or in an attribute. */
export function escaped(text: string): string {
  return cleanedInside(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}

function attributeText(attribute: string, value: string | number): string {
  if (typeof value === 'string') return escaped(value)
  if (!Number.isFinite(value)) throw new RangeError(`the attribute ${attribute} is a finite number, got ${value}`)
  return coordinate(value)
}

/** As cleaned, with the spaces at the ends, which separate words that are drawn side by side. */
function cleanedInside(text: string): string {
  const [before = '', after = ''] = [/^\s/u.test(text) ? ' ' : '', /\s$/u.test(text) ? ' ' : '']
  const inside = cleaned(text)
  return inside === '' ? '' : `${before}${inside}${after}`
}
