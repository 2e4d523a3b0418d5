/// <reference lib="dom" />
import { look, startLooking } from '../support/browser.js'

const looking = startLooking()

look('the foot of every view tells the release, counts, licence and citation of the data', async () => {
  const { dataset } = await looking.service.ask(
    '{ dataset { release dataRevision licence citation warnings counts { studies results pooledResults claims } } }',
  )
  expect(dataset.warnings.length).toBeGreaterThan(0)
  for (const address of ['/conditions', '/studies/isis-4-1995', '/safety', '/dose']) {
    const { page, context, problems } = await looking.open(address)
    const foot = page.getByRole('contentinfo')
    await foot.getByText('Cite as').waitFor()
    const text = await foot.innerText()
    expect(text).toContain(`Release ${dataset.release}`)
    expect(text).toContain(dataset.dataRevision.slice(0, 12))
    expect(text).toContain(dataset.licence)
    expect(text).toContain(dataset.citation)
    for (const count of Object.values(dataset.counts) as number[]) expect(text).toContain(count.toLocaleString('en-GB'))
    await foot.getByText('What is missing or doubtful').click()
    expect(await foot.locator('li').allInnerTexts()).toEqual(dataset.warnings)
    expect(problems).toEqual([])
    await context.close()
  }
})

const ways = [
  ['/conditions/migraine', ['Conditions', 'Migraine']],
  ['/forms/magnesium-oxide', ['Forms', 'Magnesium oxide']],
  ['/studies/isis-4-1995', ['Studies', 'Isis 4 1995']],
  ['/synthesis?condition=hypertension&outcome=systolic-blood-pressure', ['Conditions', 'Hypertension', 'Systolic blood pressure', 'Together']],
  ['/evidence?condition=migraine', ['Conditions', 'Migraine', 'Effects']],
  ['/evidence?form=magnesium-oxide', ['Forms', 'Magnesium oxide', 'Effects']],
  ['/compare', ['Compare']],
] as const
for (const [address, names] of ways)
  look(`the way to ${address} is told, and each step but the last leads to a view`, async () => {
    const { page, context } = await looking.open(address)
    const way = page.getByRole('navigation', { name: 'Breadcrumb' })
    expect(await way.getByRole('listitem').allInnerTexts()).toEqual(names)
    expect(await way.locator('[aria-current="page"]').innerText()).toBe(names.at(-1))
    const links = await way.getByRole('link').evaluateAll((found) => found.map((link) => link.getAttribute('href') ?? ''))
    expect(links).toHaveLength(names.length - 1)
    for (const link of links) expect((await fetch(`${looking.service.url}${link}`)).status).toBe(200)
    await context.close()
  })

look('a list of the menu has no way above it', async () => {
  const { page, context } = await looking.open('/conditions')
  expect(await page.getByRole('navigation', { name: 'Breadcrumb' }).count()).toBe(0)
  await context.close()
})

const isHeadingFocused = (heading: string) => document.activeElement?.tagName === 'H1' && document.activeElement.textContent === heading

look('the heading takes the focus after a change of view, and not when a choice changes on one', async () => {
  const { page, context } = await looking.open('/conditions')
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true)
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Safety' }).click()
  await page.waitForFunction(isHeadingFocused, 'Safety')
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Studies' }).click()
  await page.waitForFunction(isHeadingFocused, 'Studies')
  await page.goBack()
  await page.waitForFunction(isHeadingFocused, 'Safety')

  const words = page.getByRole('searchbox', { name: /substance/i })
  await words.focus()
  await page.keyboard.type('levothyroxine')
  await page.waitForURL(/substance=levothyroxine/)
  expect(await words.evaluate((box) => box === document.activeElement)).toBe(true)
  await context.close()
})

look('the sharing box copies, and closes by Escape and by a press elsewhere', async () => {
  const { page, context } = await looking.open('/conditions/migraine', { permissions: ['clipboard-read', 'clipboard-write'] })
  const box = page.locator('details.share')
  const isOpen = () => box.evaluate((details) => (details as HTMLDetailsElement).open)
  await page.getByText('Share', { exact: true }).click()
  expect(await isOpen()).toBe(true)
  await box.getByRole('button', { name: 'Copy' }).first().click()
  await box.getByText('Copied').waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url())
  await page.keyboard.press('Escape')
  expect(await isOpen()).toBe(false)
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Share')
  await page.getByText('Share', { exact: true }).click()
  await page.getByRole('heading', { level: 1 }).click()
  expect(await isOpen()).toBe(false)
  await context.close()
})
