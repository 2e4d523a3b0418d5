import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import { withoutCustomProperties } from './theme.js'

export interface PngWanted {
  /** Pixels; the height follows from the picture. */
  readonly width: number
}

/** Larger pictures take hundreds of megabytes to draw and help nobody. */
export const widestPng = 4000
export const mostPixels = 40_000_000

/**
 * A picture of ours as PNG, with the letters of Source Sans 3 whatever fonts the machine has. Latin, Greek and Cyrillic script; other letters appear as boxes.
 *
 * @throws {RangeError} if the width is not a whole number of pixels from 1 to 4000, or the picture would have more than 40 million pixels
 */
export async function pngOf(svg: string, { width }: PngWanted): Promise<Buffer> {
  if (!Number.isInteger(width) || width < 1 || width > widestPng) {
    throw new RangeError(`a picture is from 1 to ${widestPng} pixels wide, got ${width}`)
  }
  const { regular, bold } = await (drawing ??= prepared())
  const image = new Resvg(withoutCustomProperties(svg), {
    fitTo: { mode: 'width', value: width },
    font: { fontBuffers: [regular, bold], defaultFontFamily: 'Source Sans 3', sansSerifFamily: 'Source Sans 3' },
  })
  try {
    const height = (image.height / image.width) * width
    if (width * height > mostPixels) {
      const most = Math.floor(Math.sqrt((mostPixels * image.width) / image.height))
      throw new RangeError(`a picture has at most ${mostPixels} pixels, got ${width} × ${Math.ceil(height)}; at most ${most} wide here`)
    }
    const rendered = image.render()
    try {
      return Buffer.from(rendered.asPng())
    } finally {
      rendered.free()
    }
  } finally {
    image.free()
  }
}

let drawing: Promise<{ readonly regular: Uint8Array; readonly bold: Uint8Array }> | null = null

/** The module and the fonts, read once a process. */
async function prepared() {
  const find = createRequire(import.meta.url)
  const font = (style: string) => readFile(find.resolve(`@expo-google-fonts/source-sans-3/${style}/SourceSans3_${style}.ttf`))
  await initWasm(readFile(find.resolve('@resvg/resvg-wasm/index_bg.wasm')))
  const [regular, bold] = await Promise.all([font('400Regular'), font('700Bold')])
  return { regular, bold }
}
