/// <reference lib="dom" />
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { look, startLooking } from '../support/browser.js'

const looking = startLooking()
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const views = [
  '/',
  '/map',
  '/map?design=RCT_PARALLEL&dose=100-400',
  '/conditions',
  '/conditions/migraine',
  '/forms',
  '/forms/magnesium-oxide',
  '/dose',
  '/studies',
  '/studies/tarleton-2017',
  '/claims',
  '/claims?topic=EFFICACY&verdict=CONTRADICTED',
  '/evidence?condition=depression',
  '/synthesis?condition=acute-myocardial-infarction&outcome=all-cause-mortality',
  '/search?q=sleep',
  '/safety',
  '/new',
  '/compare',
  '/synthesis',
  '/conditions/hypertension?outcome=maternal-death&estimator=DL',
  '/embed/conditions/migraine',
]

describe.each(views)('%s', (address) => {
  look.each([
    ['desktop, light', { viewport: { width: 1400, height: 900 }, colorScheme: 'light' }],
    ['phone, dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }],
  ] as const)('%s: accessible, nothing broken, nobody else asked, nothing jumps, no wider than the screen', async (name, options) => {
    // Axe is put into the page, which the page's own policy would forbid.
    const { page, context, problems } = await looking.open(address, { ...options, bypassCSP: true })
    await page.evaluate(axe)
    const serious = await page.evaluate(async () => {
      const { violations } = await (
        window as unknown as { axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { target: string[] }[] }[] }> } }
      ).axe.run()
      return violations.map(
        ({ id, impact, nodes }) =>
          `${impact} ${id} ${nodes
            .map(({ target }) => target.join(' '))
            .slice(0, 3)
            .join(', ')}`,
      )
    })
    expect(serious).toEqual([])
    expect(problems).toEqual([])
    // Half of what Core Web Vitals call good.
    expect(await page.evaluate(() => (window as unknown as { shifted: number }).shifted)).toBeLessThan(0.05)
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0)
    const folder = process.env['SCREENSHOTS']
    if (folder) await page.screenshot({ path: `${folder}/${address.replace(/[^a-z0-9]+/gi, '-')}-${name.slice(0, 5)}.png` })
    await context.close()
  })
})

look('the strict policy of the pages breaks nothing', async () => {
  const { page, context, problems } = await looking.open('/synthesis?condition=acute-myocardial-infarction&outcome=all-cause-mortality')
  expect(await page.locator('svg rect').count()).toBeGreaterThan(20)
  expect(problems).toEqual([])
  const policy = (await fetch(`${looking.service.url}/`)).headers.get('content-security-policy')
  expect(policy).toContain("script-src 'self'; style-src 'self';")
  await context.close()
})

look('numbers are those of the API', async () => {
  const filter = { conditions: ['acute-myocardial-infarction'], outcomes: ['all-cause-mortality'] }
  const { synthesis } = await looking.service.ask(
    'query ($filter: EvidenceFilter!) { synthesis(input: { filter: $filter }) { estimate ciLower ciUpper participants contributions { label } leaveOneOut { label estimate } } }',
    { filter },
  )
  const { page, context } = await looking.open('/synthesis?condition=acute-myocardial-infarction&outcome=all-cause-mortality')
  const shown = `${synthesis.estimate.toFixed(2)} (${synthesis.ciLower.toFixed(2)} to ${synthesis.ciUpper.toFixed(2)})`
  expect(await page.locator('.facts').first().innerText()).toContain(shown)
  expect(await page.locator('.facts').first().innerText()).toContain(synthesis.participants.toLocaleString('en-GB'))
  expect(await page.locator('.forest tbody tr').count()).toBe(synthesis.contributions.length)
  const [left] = synthesis.leaveOneOut
  await page.getByRole('checkbox', { name: `Leave out ${left.label}`, exact: true }).check()
  await page.locator('.forest tfoot').getByText(`Pooled without ${left.label}`).waitFor()
  expect(await page.locator('.forest tfoot').innerText()).toContain(left.estimate.toFixed(2))
  await context.close()
})

look('filters stand in the address, and a cell opens its evidence under them', async () => {
  const { page, context } = await looking.open('/map')
  await page.locator('summary', { hasText: 'Design' }).click()
  await page.getByRole('button', { name: 'Randomised only' }).click()
  await page.waitForURL(/design=RCT_PARALLEL/)
  // The map follows the address a moment later.
  const underFilter = page.locator('.spot[href*="design=RCT_PARALLEL"]').first()
  await underFilter.waitFor()
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
  await underFilter.click()
  await page.waitForURL(/\/evidence\?design=RCT_PARALLEL.*&condition=.+/)
  await page.locator('.effects tbody tr').first().waitFor()
  expect(await page.locator('h1').innerText()).toMatch(/^Evidence: /)
  await context.close()
})

look('words are suggested while one types, and the keyboard alone goes there', async () => {
  const { page, context } = await looking.open('/')
  await page.getByRole('combobox', { name: /^Search/ }).focus()
  await page.keyboard.type('migra')
  await page.locator('.search-box [role="option"]').first().waitFor()
  await page.keyboard.press('ArrowDown')
  const first = await page.locator('.search-box [aria-selected="true"]').innerText()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/(conditions|studies|claims)\//)
  expect(first).toMatch(/migra/i)
  await context.close()
})

look('every widget opens its operation in the playground, where it answers', async () => {
  const { page, context } = await looking.open('/conditions/migraine')
  await page.getByRole('link', { name: 'Open in the playground' }).first().click()
  await page.locator('.graphiql-tab-active', { hasText: 'ConditionPage' }).waitFor()
  await page.waitForFunction(() => document.querySelector('.result-window')?.textContent?.includes('"slug": "migraine"'))
  await context.close()
})

look('what is not there, and what goes wrong, is told', async () => {
  const missing = await looking.browser.newPage()
  expect((await missing.goto(`${looking.service.url}/nowhere`))?.status()).toBe(404)
  await missing.getByText('There is no view at').waitFor()
  await missing.goto(`${looking.service.url}/conditions/toothache`)
  await missing
    .getByText(/Nothing here is called/)
    .first()
    .waitFor()
  await missing.route('**/graphql', (route) => route.abort())
  await missing.goto(`${looking.service.url}/forms`)
  await missing.getByText('The service cannot be reached.').first().waitFor()
  await missing.close()
})

test('programs are told of addresses that are none as before', async () => {
  const response = await fetch(`${looking.service.url}/nowhere`, { headers: { accept: 'application/json' } })
  expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/json; charset=utf-8'])
})

test('only the embedded views may stand on pages of others', async () => {
  const policyOf = async (address: string) => (await fetch(`${looking.service.url}${address}`)).headers.get('content-security-policy') ?? ''
  expect(await policyOf('/conditions/migraine')).toContain("frame-ancestors 'self'")
  expect(await policyOf('/embed/conditions/migraine')).not.toContain('frame-ancestors')
})
