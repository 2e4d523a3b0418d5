import { execFile, execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { startService, type Service } from '../support/service.js'

/** What the pages for R and Python show runs here against a service, and says what the API says. */
const present = (program: string, ...words: string[]): boolean => {
  try {
    execFileSync(program, words, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const hasR = present('Rscript', '--vanilla', '-e', 'library(metafor)')
const python = ['/usr/bin/python3', 'python3'].find((program) => present(program, '-c', 'import pandas'))
if (!hasR) console.warn('docs/using-from-r.md is not run: there is no Rscript with the package metafor (Debian: r-cran-metafor)')
if (python === undefined) console.warn('docs/using-from-python.md is not run: there is no python3 with pandas (Debian: python3-pandas)')

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const run = async (program: string, words: readonly string[]) =>
  (await promisify(execFile)(program, words, { env: { ...process.env, MAGNESIUM_URL: service.url }, timeout: 180_000 })).stdout

/** The fenced code of a page in one language, one block after another. */
const codeOf = (file: string, language: string) =>
  [...readFileSync(file, 'utf8').matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code = '']) => code)

const filter = { identifiers: ['10.1002/14651858.CD002755.pub2'], outcomes: ['all-cause-mortality'], measures: ['OR'], timepointDays: { lte: 35 } }
const synthesis = async (choices: object) =>
  (
    await service.ask(
      'query ($input: SynthesisInput!) { synthesis(input: $input) { k analysisEstimate estimate ciLower ciUpper predictionLower predictionUpper standardError heterogeneity { tau2 q } } }',
      { input: { filter, ...choices } },
    )
  ).synthesis

;(hasR ? test : test.skip)('R: the worked example runs, and pools to the numbers of the API', async () => {
  const [example = ''] = codeOf('docs/using-from-r.md', 'r')
  const told = `${example}
      cat("\\nNUMBERS", sapply(c(nrow(trials), random$k, coef(random), random$ci.lb, random$ci.ub, random$tau2, random$QE,
        coef(common), common$ci.lb, common$ci.ub, max(abs(counted$yi - trials$yi))), function(x) sprintf("%.17g", x)), "\\n")`
  const [, numbers = ''] = /NUMBERS (.*)/.exec(await run('Rscript', ['--vanilla', '-e', told])) ?? []
  const [rows, k, estimate, lower, upper, tau2, q, common, commonLower, commonUpper, apart = 1] = numbers.trim().split(' ').map(Number)
  const [random, fixed] = [await synthesis({}), await synthesis({ model: 'COMMON_EFFECT', interval: 'WALD' })]
  expect([rows, k]).toEqual([22, random.k])
  const close = (given: number | undefined, told: number) => expect(Math.abs((given ?? NaN) - told)).toBeLessThan(1e-6)
  close(estimate, random.analysisEstimate)
  close(lower, Math.log(random.ciLower))
  close(upper, Math.log(random.ciUpper))
  close(tau2, random.heterogeneity.tau2)
  close(q, random.heterogeneity.q)
  close(common, fixed.analysisEstimate)
  close(commonLower, Math.log(fixed.ciLower))
  close(commonUpper, Math.log(fixed.ciUpper))
  // Trials with empty cells are corrected in both.
  expect(apart).toBeLessThan(1e-9)
})

;(python === undefined ? test.skip : test)('Python: the worked examples run, and say what the API says', async () => {
  const [first = '', second = ''] = codeOf('docs/using-from-python.md', 'python')
  const lines = (await run(python ?? '', ['-c', `${first}\n${second}`])).trim().split('\n')
  const [k, estimate, lower, upper] = (lines[0] ?? '').split(' ').map(Number)
  const fixed = await synthesis({ model: 'COMMON_EFFECT', interval: 'WALD' })
  expect(k).toBe(fixed.k)
  expect(estimate).toBeCloseTo(fixed.estimate, 10)
  expect(lower).toBeCloseTo(fixed.ciLower, 10)
  expect(upper).toBeCloseTo(fixed.ciUpper, 10)
  const random = await synthesis({})
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ k: random.k, estimate: random.estimate, predictionUpper: random.predictionUpper })
})
