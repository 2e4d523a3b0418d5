import { MalformedFile } from './reference.js'

const [lineFeed, carriageReturn] = [10, 13]

export interface TextLine {
  readonly text: string
  /** From 1. */
  readonly number: number
}

/** A line of a reference file that is longer is no line of one. */
export const longestLine = 1_048_576

/**
 * The lines of a text file in UTF-8, or in UTF-16 where a byte order mark says so; in memory is one line at a time.
 *
 * @throws {MalformedFile} for compressed and binary files, other encodings, pages of the web and lines longer than `longestLine` bytes
 */
export async function* textLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TextLine> {
  let number = 0
  let begun = false
  for await (const line of splitLines(utf8Of(bytes))) {
    number++
    const text = decodeLine(line, number)
    if (!begun && text.trim() !== '') {
      begun = true
      if (isWebPage(text)) throw new MalformedFile('this is a page of the web, not a file of references', number)
    }
    yield { text, number }
  }
  if (!begun) throw new MalformedFile('the file is empty', null)
}

/** The whole text, up to a size. @throws {MalformedFile} as `textLines`, and for a larger file */
export async function wholeText(bytes: AsyncIterable<Uint8Array>, largest: number): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of utf8Of(bytes)) {
    size += part.length
    if (size > largest)
      throw new MalformedFile(`the file is larger than ${largest / 1_048_576} MiB, which is as much as is read of this format at once: split it`, null)
    parts.push(part)
  }
  const text = decodeLines(Buffer.concat(parts))
  if (text.trim() === '') throw new MalformedFile('the file is empty', null)
  if (isWebPage(text)) throw new MalformedFile('this is a page of the web, not a file of references', 1)
  return text
}

export const isWebPage = (text: string) => /^\s*<(!doctype|html|\?xml|head|body)/i.test(text)

/** Line by line, so that a fault is found where it is. */
function decodeLines(whole: Buffer): string {
  const lines: string[] = []
  for (let start = 0; start <= whole.length;) {
    const end = whole.indexOf(lineFeed, start)
    lines.push(decodeLine(whole.subarray(start, end === -1 ? whole.length : end), lines.length + 1))
    start = end === -1 ? whole.length + 1 : end + 1
  }
  return lines.join('\n')
}

const strict = new TextDecoder('utf-8', { fatal: true })

/** @throws {MalformedFile} where the bytes are not UTF-8, or no text */
function decodeLine(line: Uint8Array, number: number): string {
  if (line.includes(0)) throw new MalformedFile('the file holds bytes that no text has: it is not a text file', number)
  try {
    return strict.decode(line)
  } catch {
    throw new MalformedFile('the bytes are not UTF-8: save the file as UTF-8', number)
  }
}

/** Bytes of signatures that files begin with. */
const signatures: readonly { readonly bytes: readonly number[]; readonly what: string }[] = [
  { bytes: [0x1f, 0x8b], what: 'compressed by gzip: unpack it first' },
  { bytes: [0x50, 0x4b, 0x03, 0x04], what: 'a zip archive, or a spreadsheet: unpack it, or save it as text, first' },
  { bytes: [0x42, 0x5a, 0x68], what: 'compressed by bzip2: unpack it first' },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], what: 'compressed by xz: unpack it first' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: 'compressed by zstd: unpack it first' },
  { bytes: [0x25, 0x50, 0x44, 0x46], what: 'a PDF, which is no text' },
]

/** The same bytes, looked at by their first ones; UTF-16 turned into UTF-8. @throws {MalformedFile} for compressed files and others that are no text */
export async function* utf8Of(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array = new Uint8Array()
  let decoder: TextDecoder | null | undefined
  const begin = () => {
    const signature = signatures.find(({ bytes: known }) => known.every((byte, place) => head[place] === byte))
    if (signature !== undefined) throw new MalformedFile(`the file is ${signature.what}`, null)
    if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le', { fatal: true })
    return head[0] === 0xfe && head[1] === 0xff ? new TextDecoder('utf-16be', { fatal: true }) : null
  }
  for await (const part of bytes) {
    if (decoder === undefined) {
      head = Buffer.concat([head, part])
      if (head.length < 8) continue
      decoder = begin()
      yield decoder === null ? head : Buffer.from(decodeUtf16(decoder, head))
    } else yield decoder === null ? part : Buffer.from(decodeUtf16(decoder, part))
  }
  if (decoder === undefined) {
    decoder = begin()
    yield decoder === null ? head : Buffer.from(decodeUtf16(decoder, head))
  }
}

function decodeUtf16(decoder: TextDecoder, part: Uint8Array): string {
  try {
    return decoder.decode(part, { stream: true })
  } catch {
    throw new MalformedFile('the file begins as UTF-16 and holds bytes that are not', null)
  }
}

/** Lines that end in LF, CRLF or CR, without their ends. */
async function* splitLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let kept: Uint8Array[] = []
  let [size, number, afterReturn] = [0, 1, false]
  const keep = (part: Uint8Array) => {
    size += part.length
    if (size > longestLine) throw new MalformedFile(`the line is longer than ${longestLine / 1_048_576} MiB`, number)
    if (part.length > 0) kept.push(Uint8Array.from(part))
  }
  for await (const part of bytes) {
    let start = 0
    for (let at = 0; at < part.length; at++) {
      const byte = part[at]
      if (byte === lineFeed && afterReturn && at === start) start = at + 1
      else if (byte === lineFeed || byte === carriageReturn) {
        keep(part.subarray(start, at))
        yield Buffer.concat(kept)
        kept = []
        size = 0
        number++
        start = at + 1
      }
      afterReturn = byte === carriageReturn
    }
    keep(part.subarray(start))
  }
  if (size > 0) yield Buffer.concat(kept)
}
