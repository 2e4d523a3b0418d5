import { createHash } from 'node:crypto'
import { escaped } from '../plots/markup.js'

/** A feed in the words of RFC 4287. Addresses are absolute. */
export interface Feed {
  readonly id: string
  readonly title: string
  readonly updated: Date
  readonly self: string
  readonly page: string
  readonly entries: readonly FeedEntry[]
}

export interface FeedEntry {
  readonly id: string
  readonly title: string
  readonly updated: Date
  readonly page: string
  readonly lines: readonly string[]
}

/** @see RFC 4287 */
export function atomOf({ id, title, updated, self, page, entries }: Feed): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
    `  <id>${escaped(id)}</id>`,
    `  <title>${escaped(title)}</title>`,
    `  <updated>${updated.toISOString()}</updated>`,
    '  <author><name>Magnesium evidence</name></author>',
    `  <link rel="self" type="application/atom+xml" href="${escaped(self)}"/>`,
    `  <link rel="alternate" type="text/html" href="${escaped(page)}"/>`,
    ...entries.flatMap((entry) => [
      '  <entry>',
      `    <id>${escaped(entry.id)}</id>`,
      `    <title>${escaped(entry.title)}</title>`,
      `    <updated>${entry.updated.toISOString()}</updated>`,
      `    <link rel="alternate" type="text/html" href="${escaped(entry.page)}"/>`,
      `    <content type="html">${escaped(`<ul>${entry.lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`)}</content>`,
      '  </entry>',
    ]),
    '</feed>',
    '',
  ].join('\n')
}

/** A UUID that is the same for the same parts for ever: version 8 of RFC 9562, of their SHA-256. */
export function uuidOf(parts: readonly unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  const variant = ((Number.parseInt(hash.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return `urn:uuid:${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}
