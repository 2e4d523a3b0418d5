/// <reference lib="dom" />
import { look, startLooking } from '../support/browser.js'

const looking = startLooking()

interface MapCell {
  readonly row: string
  readonly column: string
  readonly effects: number
  readonly studies: number
  readonly summary: {
    readonly comparison: { readonly kind: string; readonly label: string }
    readonly direction: string
    readonly studiesPooled: number | null
    readonly participantsPooled: number | null
  } | null
}

const askMap = async (): Promise<{ rows: { slug: string; name: string }[]; columns: { slug: string; name: string }[]; cells: MapCell[] }> => {
  const { evidenceMap } = await looking.service.ask(
    '{ evidenceMap { rows { slug name } columns { slug name } cells { row column effects studies summary { comparison { kind label } direction studiesPooled participantsPooled } } } }',
  )
  return evidenceMap
}

look('only a comparison with placebo or nothing has the colour of benefit or harm', async () => {
  const { cells } = await askMap()
  const { page, context, problems } = await looking.open('/map')
  const inactive = (direction: string) => cells.filter(({ summary }) => summary?.comparison.kind === 'INACTIVE' && summary.direction === direction).length
  expect(await page.locator('.spot .bubble.benefit').count()).toBe(inactive('FAVOURS_MAGNESIUM'))
  expect(await page.locator('.spot .bubble.harm').count()).toBe(inactive('FAVOURS_COMPARATOR'))
  const others = cells.filter(({ summary }) => summary !== null && summary.direction !== 'UNCLEAR' && summary.comparison.kind !== 'INACTIVE')
  expect(others.length).toBeGreaterThan(0)
  expect(await page.locator('.spot .bubble.other-comparison').count()).toBe(others.length)
  const labels = await page.locator('.spot').evaluateAll((links) => links.map((link) => link.getAttribute('aria-label') ?? ''))
  expect(labels).toHaveLength(cells.filter(({ effects }) => effects > 0).length)
  for (const label of labels) if (!label.startsWith('not pooled')) expect(label).toMatch(/against |more against less|without a comparison group/)
  expect(problems).toEqual([])
  await context.close()
})

look('rows and columns that hold no effect are folded, and shown on demand', async () => {
  const { rows, columns, cells } = await askMap()
  const holding = (axis: 'row' | 'column') => new Set(cells.filter(({ effects }) => effects > 0).map((cell) => cell[axis])).size
  const { page, context } = await looking.open('/map')
  expect(await page.locator('.map tbody tr').count()).toBe(holding('row'))
  expect(await page.locator('.map thead th').count()).toBe(holding('column'))
  const more = page.getByRole('button', { name: /hold no effect$/ })
  if (rows.length + columns.length > holding('row') + holding('column')) {
    await more.click()
    expect(await page.locator('.map tbody tr').count()).toBe(rows.length)
    expect(await page.locator('.map thead th').count()).toBe(columns.length)
  } else expect(await more.count()).toBe(0)
  await context.close()
})

look('the grid is one stop of the Tab key; arrows move in it and the panel tells the cell', async () => {
  const { page, context } = await looking.open('/map')
  expect(await page.locator('.map [tabindex="0"]').count()).toBe(1)
  await page.locator('.map [tabindex="0"]').focus()
  for (let presses = 0; presses < 40 && (await page.locator('.spot:focus').count()) === 0; presses += 1) {
    await page.keyboard.press('ArrowRight')
    if ((await page.locator('.spot:focus').count()) === 0) await page.keyboard.press('ArrowDown')
  }
  const words = await page.locator('.spot:focus').getAttribute('aria-label')
  expect(words).not.toBeNull()
  expect(await page.locator('.map-panel').innerText()).toContain(words ?? '')
  expect(await page.locator('.map [tabindex="0"]').count()).toBe(1)
  await page.keyboard.press('Escape')
  expect(await page.locator('.map-panel').innerText()).not.toContain(words ?? '')
  expect(await page.locator('.map [title]').count()).toBe(0)
  await context.close()
})

look('the first tap of a finger tells a cell, the second opens its effects', async () => {
  const { page, context } = await looking.open('/map', { viewport: { width: 390, height: 844 }, hasTouch: true })
  const spot = page.locator('.spot').first()
  const words = await spot.getAttribute('aria-label')
  await spot.tap()
  await page
    .locator('.map-panel')
    .getByText(words ?? '')
    .waitFor()
  expect(new URL(page.url()).pathname).toBe('/map')
  await spot.tap()
  await page.waitForURL(/\/evidence\?/)
  await context.close()
})

look('an old address with filters of the map still leads to it', async () => {
  const { page, context } = await looking.open('/?design=RCT_PARALLEL&dose=100-400')
  await page.waitForURL(/\/map\?design=RCT_PARALLEL&dose=100-400$/)
  await page.locator('.map').waitFor()
  const embedded = await looking.open('/embed?design=RCT_PARALLEL')
  await embedded.page.waitForURL(/\/embed\/map\?design=RCT_PARALLEL$/)
  await embedded.page.locator('.map').waitFor()
  await embedded.context.close()
  await context.close()
})
