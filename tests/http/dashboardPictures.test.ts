import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'
import { look, startLooking } from '../support/browser.js'

/** How the views looked when somebody last looked at them; UPDATE_PICTURES=1 takes them anew. */
const folder = fileURLToPath(new URL('../fixtures/pictures/', import.meta.url))
const isUpdate = process.env['UPDATE_PICTURES'] === '1'
/** Side of the squares of which the mean colour is compared: letters may move a little, blocks may not. */
const square = 8
/** Share of the squares that may differ. */
const tolerance = 0.04

const looking = startLooking()

const views = {
  home: '/',
  map: '/map',
  condition: '/conditions/atrial-fibrillation',
  study: '/studies/tarleton-2017',
  synthesis: '/synthesis?condition=acute-myocardial-infarction&outcome=all-cause-mortality',
  claims: '/claims',
  dose: '/dose?form=magnesium-citrate&amount=300',
} as const

describe.each(Object.entries(views))('%s', (name, address) => {
  look.each([
    ['desktop-light', { viewport: { width: 1280, height: 960 }, colorScheme: 'light' }],
    ['phone-dark', { viewport: { width: 392, height: 848 }, colorScheme: 'dark' }],
  ] as const)('%s looks as it did', async (size, options) => {
    const { page, context } = await looking.open(address, options)
    await page.waitForLoadState('networkidle')
    await page.evaluate(() => document.fonts.ready)
    const seen = squaresOf(PNG.sync.read(await page.screenshot()))
    await context.close()
    const file = path.join(folder, `${name}-${size}.png`)
    if (isUpdate) {
      mkdirSync(folder, { recursive: true })
      writeFileSync(file, PNG.sync.write(seen))
    }
    const known = PNG.sync.read(readFileSync(file))
    expect([seen.width, seen.height]).toEqual([known.width, known.height])
    const different = pixelmatch(seen.data, known.data, undefined, seen.width, seen.height, { threshold: 0.12, includeAA: true })
    expect(different / (seen.width * seen.height)).toBeLessThanOrEqual(tolerance)
  })
})

look('a picture of another view is told from it', () => {
  const [map, claims] = ['map', 'claims'].map((name) => PNG.sync.read(readFileSync(path.join(folder, `${name}-desktop-light.png`))))
  if (map === undefined || claims === undefined) throw new Error('there are pictures of the map and of the claims')
  const different = pixelmatch(map.data, claims.data, undefined, map.width, map.height, { threshold: 0.12, includeAA: true })
  expect(different / (map.width * map.height)).toBeGreaterThan(2 * tolerance)
})

/** The mean colour of each square. */
function squaresOf(picture: PNG): PNG {
  const [width, height] = [Math.floor(picture.width / square), Math.floor(picture.height / square)]
  const squares = new PNG({ width, height })
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      for (let channel = 0; channel < 4; channel += 1) {
        let sum = 0
        for (let row = 0; row < square; row += 1)
          for (let column = 0; column < square; column += 1) sum += picture.data[((y * square + row) * picture.width + x * square + column) * 4 + channel] ?? 0
        squares.data[(y * width + x) * 4 + channel] = Math.round(sum / square ** 2)
      }
  return squares
}
