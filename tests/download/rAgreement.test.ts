import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'csv-parse/sync'
import { evidenceTable } from '../../src/download/columns.js'
import { startService, type Service } from '../support/service.js'

/** The table as R reads it: the second implementation that CSV is opened with, and the one it is made for. */
const hasR = (() => {
  try {
    execFileSync('Rscript', ['--vanilla', '-e', 'library(metafor)'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()
if (!hasR) console.warn('the CSV is not read by R: there is no Rscript with the package metafor (Debian: r-cran-metafor)')
const withR = hasR ? test : test.skip

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const address = (filter: object) => `${service.url}/download/evidence.csv?${new URLSearchParams({ filter: JSON.stringify(filter) }).toString()}`
const linesOfR = async (script: string) =>
  (await promisify(execFile)('Rscript', ['--vanilla', '-e', script], { timeout: 180_000, maxBuffer: 1e7 })).stdout.trim().split('\n')

withR('read.csv takes every column for what it is, and every value as it was written', async () => {
  const everything = { retracted: 'INCLUDE', subjects: ['HUMAN', 'ANIMAL', 'IN_VITRO'] }
  const rows = parse(await (await fetch(address(everything))).text(), { columns: true }) as Record<string, string>[]
  const [size, ...told] = await linesOfR(`
      table <- read.csv("${address(everything)}")
      cat(nrow(table), ncol(table), "\\n")
      for (name in names(table)) {
        value <- table[[name]]
        cat(name, class(value), sum(is.na(value) | (is.character(value) & value == "")), if (is.numeric(value)) sprintf("%.17g", sum(value, na.rm = TRUE)) else "", "\\n")
      }`)
  expect(size?.trim()).toBe(`${rows.length} ${evidenceTable.length}`)
  const classes = { number: ['numeric', 'integer'], integer: ['integer'], boolean: ['logical'], text: ['character', 'integer', 'numeric'] }
  evidenceTable.forEach(({ name, type }, place) => {
    const values = rows.map((row) => row[name] ?? '')
    const [heading, kind, missing, sum = ''] = told[place]?.trim().split(' ') ?? []
    expect([heading, Number(missing)]).toEqual([name, values.filter((value) => value === '').length])
    // A column of nothing at all is logical to read.csv: there is nothing to tell it by.
    if (values.some((value) => value !== '')) expect({ name, kind: classes[type].includes(kind ?? '') }).toEqual({ name, kind: true })
    if (type === 'number' || type === 'integer') {
      const whole = values.reduce((total, value) => total + Number(value), 0)
      expect(Math.abs(Number(sum) - whole)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(whole)))
    }
  })
})

/** One number of each study, on one measure: questions that a file answers without a choice of the reader's. */
const infarction = { outcomes: ['all-cause-mortality'], measures: ['OR'], timepointDays: { gte: 35, lte: 35 } }
const questions: readonly object[] = [
  infarction,
  { ...infarction, year: { lte: 1990 } },
  { ...infarction, participants: { gte: 100, lte: 500 } },
  { ...infarction, ciExcludesNull: false },
]

withR('rma(yi, vi) of a file is what the API pools of the same filter', async () => {
  const told = await linesOfR(`
      suppressMessages(library(metafor))
      for (address in c(${questions.map((filter) => JSON.stringify(address(filter))).join(', ')})) {
        pooled <- rma(yi, vi, data = read.csv(address), method = "REML", test = "adhoc", control = list(threshold = 1e-10, maxiter = 1000))
        cat(sprintf("%.17g", c(pooled$k, coef(pooled), pooled$se, pooled$tau2, pooled$QE)), "\\n")
      }`)
  for (const [place, filter] of questions.entries()) {
    const { synthesis } = await service.ask(
      'query ($input: SynthesisInput!) { synthesis(input: $input) { k analysisEstimate standardError heterogeneity { tau2 q } } }',
      { input: { filter } },
    )
    const ofApi = [synthesis.k, synthesis.analysisEstimate, synthesis.standardError, synthesis.heterogeneity.tau2, synthesis.heterogeneity.q]
    const ofR = (told[place] ?? '').trim().split(' ').map(Number)
    const agrees = ofApi.every((number, which) => Math.abs(number - (ofR[which] ?? NaN)) <= 1e-6 * Math.max(1, Math.abs(number)))
    expect({ filter, agrees, ofR, ofApi }).toMatchObject({ agrees: true })
    expect(synthesis.k).toBeGreaterThanOrEqual(3)
  }
})

/** Ten pools of several measures, each the first question of its filter. */
const pools: readonly object[] = [
  { conditions: ['acute-myocardial-infarction'], outcomes: ['all-cause-mortality'] },
  { conditions: ['acute-asthma'], outcomes: ['hospital-admission'] },
  { conditions: ['preterm-birth'], outcomes: ['perinatal-death'] },
  { conditions: ['preterm-birth'], outcomes: ['cerebral-palsy'] },
  { conditions: ['preterm-birth'], outcomes: ['flushing'] },
  { conditions: ['pre-eclampsia'], outcomes: ['eclampsia-occurrence'] },
  { outcomes: ['systolic-blood-pressure'] },
  { outcomes: ['diastolic-blood-pressure'] },
  { outcomes: ['fasting-glucose'] },
  { outcomes: ['serum-magnesium'] },
]

withR('the CSV under a forest plot, rma() of it, the R script, the plot and the API give one number', async () => {
  const found = await Promise.all(
    pools.map(async (filter) => {
      const { synthesis } = await service.ask(
        'query ($input: SynthesisInput!) { synthesis(input: $input) { k measure estimate analysisEstimate ciLower ciUpper csvUrl forestPlotUrl rScript } }',
        { input: { filter } },
      )
      const text = await (await fetch(service.url + synthesis.forestPlotUrl.replace('.svg', '.txt'))).text()
      return { filter, synthesis, text, rows: parse(await (await fetch(service.url + synthesis.csvUrl)).text(), { columns: true }) as Record<string, string>[] }
    }),
  )
  const folder = await mkdtemp(path.join(tmpdir(), 'scripts-'))
  const files = await Promise.all(
    found.map(async ({ synthesis }, place) => {
      const file = path.join(folder, `${place}.R`)
      await writeFile(file, synthesis.rScript)
      return file
    }),
  )
  const told = await linesOfR(`
      suppressMessages(library(metafor))
      for (address in c(${found.map(({ synthesis }) => JSON.stringify(service.url + synthesis.csvUrl)).join(', ')})) {
        dat <- read.csv(address)
        pooled <- rma(yi, vi, data = dat, method = "REML", test = if (nrow(dat) > 1) "adhoc" else "z", control = list(threshold = 1e-10, maxiter = 1000))
        cat(sprintf("%.17g", c(pooled$k, coef(pooled))), "\\n")
      }
      for (file in c(${files.map((file) => JSON.stringify(file)).join(', ')})) {
        here <- new.env()
        capture.output(source(file, local = here))
        cat(sprintf("%.17g", c(here$res$k, coef(here$res))), "\\n")
      }`).finally(() => rm(folder, { recursive: true }))
  for (const [place, { filter, synthesis, rows, text }] of found.entries()) {
    const of = (line: string | undefined) => (line ?? '').trim().split(' ').map(Number)
    const [k, estimate = NaN] = of(told[place])
    const [kOfScript, ofScript = NaN] = of(told[found.length + place])
    expect({ filter, k, kOfScript, rows: rows.length }).toEqual({ filter, k: synthesis.k, kOfScript: synthesis.k, rows: synthesis.k })
    expect(Math.abs(estimate - synthesis.analysisEstimate)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(estimate)))
    expect(Math.abs(ofScript - synthesis.analysisEstimate)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(estimate)))
    for (const row of rows) expect(text).toContain((row.label ?? '').slice(0, 12))
  }
})
