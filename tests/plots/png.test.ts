import fc from 'fast-check'
import { forestSvg } from '../../src/plots/forest.svg.js'
import { funnelSvg } from '../../src/plots/funnel.svg.js'
import { pngOf } from '../../src/plots/png.js'
import { palettes } from '../../src/plots/theme.js'
import { forestOf, funnelOf, row } from './samples.js'

const svg = forestSvg(forestOf([row('Wu 1992', [0.31, 0.11, 0.92])]), 'light')

/** Width and height from the header of a PNG (PNG specification, section 11.2.2). */
const sizeOf = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)]

test('a PNG has its signature and the width asked for', async () => {
  const png = await pngOf(svg, { width: 1500 })
  expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a')
  expect(sizeOf(png)[0]).toBe(1500)
})

test('letters are drawn: a longer title takes more ink', async () => {
  const [short, long] = await Promise.all(
    ['.', 'Intravenous magnesium'].map((title) => pngOf(forestSvg(forestOf([], { title, description: '' }), 'light'), { width: 800 })),
  )
  expect(long?.length).toBeGreaterThan((short?.length ?? NaN) + 500)
})

test.each([0, -1, 0.5, 4001, NaN])('a width of %d is refused', async (width) => {
  await expect(pngOf(svg, { width })).rejects.toThrow(new RangeError(`a picture is from 1 to 4000 pixels wide, got ${width}`))
})

test('a picture of too many pixels is refused with the width that would do', async () => {
  const tall = forestSvg(forestOf(Array.from({ length: 200 }, (_, index) => row(`Trial ${index}`, [0.8, 0.5, 1.2]))), 'light')
  await expect(pngOf(tall, { width: 4000 })).rejects.toThrow(/^a picture has at most 40000000 pixels, got 4000 × \d+; at most \d+ wide here$/)
})

test('whatever the labels and numbers, the drawing is well-formed: a strict parser reads it', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 })
  const number = fc.oneof(fc.double(), fc.constantFrom(null, 0, -1, 1, NaN, Infinity, -Infinity, 1e-300, 1e300))
  const study = fc.record({ label: text, details: fc.array(text, { maxLength: 2 }), estimate: number, ciLower: number, ciUpper: number, weightPercent: number })
  const drawing = fc.record({ title: text, rows: fc.array(study, { maxLength: 5 }), scale: fc.constantFrom('LOG', 'IDENTITY', 'FISHER_Z') })
  await fc.assert(
    fc.asyncProperty(drawing, fc.constantFrom('light', 'dark', 'print'), async ({ title, rows, scale }, theme) => {
      const plot = forestOf(rows, { title, scale, noEffect: scale === 'LOG' ? 1 : 0, detailHeadings: ['n'] })
      const drawn = forestSvg(plot, theme)
      expect(drawn).not.toMatch(/ [\w-]+="[^"]*(NaN|Infinity)/)
      expect((await pngOf(drawn, { width: 40 })).length).toBeGreaterThan(0)
    }),
    { numRuns: 30, endOnFailure: true },
  )
  const funnel = fc.array(fc.record({ label: text, estimate: fc.double(), standardError: fc.double(), imputed: fc.boolean() }), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(funnel, async (points) => {
      expect((await pngOf(funnelSvg(funnelOf(points, { contours: true }), 'light'), { width: 40 })).length).toBeGreaterThan(0)
    }),
    { numRuns: 30, endOnFailure: true },
  )
})

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5]
      .map((start) => parseInt(colour.slice(start, start + 2), 16) / 255)
      .map((channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

const meaningful = ['ink', 'muted', 'benefit', 'harm', 'clear', 'unclear'] as const
test.each((['light', 'dark', 'print'] as const).flatMap((theme) => meaningful.map((role) => [theme, role] as const)))(
  '%s: %s contrasts with the background by 4.5 : 1',
  (theme, role) => {
    expect(contrast(palettes[theme][role], palettes[theme].background)).toBeGreaterThanOrEqual(4.5)
  },
)
