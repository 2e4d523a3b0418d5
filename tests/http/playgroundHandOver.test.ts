/// <reference lib="dom" />
import { look, startLooking } from '../support/browser.js'

const looking = startLooking()
const ready = () => document.querySelector('.graphiql-tab-active') !== null && document.querySelector('.bar') !== null

const openPlayground = async (search = '') => {
  const context = await looking.browser.newContext({ viewport: { width: 1280, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'] })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  await page.goto(`${looking.service.url}/playground${search}`)
  await page.waitForFunction(ready)
  return { page, context }
}

look('an operation of a widget is run at once, in one tab that is used again and in sight', async () => {
  const { page, context } = await openPlayground()
  for (const view of ['/conditions/migraine', '/forms/magnesium-oxide', '/safety']) {
    await page.goto(`${looking.service.url}${view}`)
    await page.getByRole('link', { name: 'Open in the playground' }).first().click()
    await page.waitForFunction(ready)
    await page.waitForFunction(() => document.querySelector('.result-window')?.textContent?.includes('"data"'))
    // The example, and the operation of the address.
    expect(await page.locator('.graphiql-tab').count()).toBe(2)
    const box = await page.locator('.graphiql-tab-active').boundingBox()
    expect((box?.x ?? 9_999) + (box?.width ?? 0)).toBeLessThanOrEqual(1280)
  }
  await context.close()
})

look('an operation is found by its name and opened in a tab of its own', async () => {
  const { page, context } = await openPlayground()
  const before = await page.locator('.graphiql-tab').count()
  const found = page.getByRole('combobox', { name: 'Find an operation' })
  await found.fill('dose conversion')
  await page.waitForFunction((count) => document.querySelectorAll('.graphiql-tab').length === count + 1, before)
  await page.waitForFunction(() => document.querySelector('.graphiql-query-editor')?.textContent?.includes('convertDose'))
  expect(await found.inputValue()).toBe('')
  await context.close()
})

look('what stands in the editor is copied as a program, and its address opens it again', async () => {
  const query = 'query Handed($slug: String!) { condition(ref: $slug) { name } }'
  const { page, context } = await openPlayground(`?${new URLSearchParams({ query, variables: '{"slug": "migraine"}' }).toString()}`)
  await page.locator('.graphiql-tab-active', { hasText: 'Handed' }).waitFor()
  // It is not run unless the address asks for it.
  expect(await page.locator('.result-window').innerText()).not.toContain('"data"')
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
  for (const [language, mark] of [
    ['curl', 'curl '],
    ['JavaScript', 'await fetch('],
    ['R', 'library(httr2)'],
    ['Python', 'urlopen'],
  ] as const) {
    await page.getByRole('button', { name: language, exact: true }).click()
    await page.waitForFunction(async (words) => (await navigator.clipboard.readText()).includes(words), mark)
    const code = await clipboard()
    expect(code).toContain(`${looking.service.url}/graphql`)
    expect(code).toContain('Handed')
    expect(code).toContain('migraine')
  }
  // Edited, and handed on as it stands.
  await page.locator('.graphiql-query-editor .CodeMirror').click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('\n# edited')
  await page.getByRole('button', { name: 'Copy address' }).click()
  await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith('http'))
  const address = await clipboard()
  expect(new URL(address).searchParams.get('query')).toBe(`${query}\n# edited`)
  expect(page.url()).toBe(address)
  await page.goto(address)
  await page.waitForFunction(ready)
  await page.waitForFunction(() => document.querySelector('.graphiql-query-editor')?.textContent?.includes('# edited'))
  await context.close()
})

look('the playground does not jump while it loads', async () => {
  const { page, context } = await looking.open('/conditions')
  await page.goto(`${looking.service.url}/playground`)
  await page.waitForFunction(ready)
  expect(await page.evaluate(() => (window as unknown as { shifted: number }).shifted)).toBeLessThan(0.1)
  await context.close()
})
