import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const subjects = [
  { conditions: ['acute-myocardial-infarction'], outcomes: ['all-cause-mortality'] },
  { conditions: ['hypertension'], outcomes: ['systolic-blood-pressure'] },
  { conditions: ['acute-asthma'] },
  { conditions: ['type-2-diabetes'], outcomes: ['fasting-glucose'] },
] as const

const fields = `id title k studies participants estimate ciLower ciUpper contributions { label study { slug } weightPercent participants estimate }
  leftOut { label study { slug } participants estimate ciLower ciUpper } leaveOneOut { label estimate ciLower ciUpper }
  unpoolable { code evidence { study { slug } } } warnings { code message } choices { without } forestPlotUrl csvUrl rScriptUrl`

const pool = async (input: object) => (await service.ask(`query ($input: SynthesisInput!) { synthesis(input: $input) { ${fields} } }`, { input })).synthesis

describe.each(subjects)('%j', (filter) => {
  test('a pool without a study is the pool that leaves it out, in people, weights and number', async () => {
    const whole = await pool({ filter })
    expect(whole.leftOut).toEqual([])
    const ofStudy = new Map<string, number>()
    for (const { study } of whole.contributions) ofStudy.set(study.slug, (ofStudy.get(study.slug) ?? 0) + 1)
    for (const [place, { label, study, participants }] of whole.contributions.slice(0, 3).entries()) {
      // Leaving one out is of entries, and this of studies.
      if (ofStudy.get(study.slug) !== 1 || whole.contributions.length < 2) continue
      const part = await pool({ filter, without: [study.slug] })
      const { estimate, ciLower, ciUpper } = whole.leaveOneOut[place]
      expect([part.estimate, part.ciLower, part.ciUpper]).toEqual([estimate, ciLower, ciUpper].map((value) => expect.closeTo(value, 10)))
      expect(part.k).toBe(whole.k - 1)
      expect(part.contributions.map((entry: { label: string }) => entry.label)).toEqual(
        whole.contributions.map((entry: { label: string }) => entry.label).filter((other: string) => other !== label),
      )
      expect(part.contributions.reduce((sum: number, { weightPercent }: { weightPercent: number }) => sum + weightPercent, 0)).toBeCloseTo(100, 6)
      if (participants !== null && whole.participants !== null) expect(part.participants).toBe(whole.participants - participants)
      expect(part.leftOut.map((entry: { study: { slug: string } }) => entry.study.slug)).toEqual([study.slug])
      expect(part.leftOut[0].estimate).toBe(whole.contributions[place].estimate)
      expect(part.choices.without).toEqual([study.slug])
      expect(part.warnings.map(({ code }: { code: string }) => code)).toContain('LEFT_OUT')
      expect(
        part.unpoolable
          .filter(({ code }: { code: string }) => code === 'LEFT_OUT')
          .map((row: { evidence: { study: { slug: string } } }) => row.evidence.study.slug),
      ).toContain(study.slug)
      expect(part.title).toBe(`${whole.title}; without ${label}`)
      expect(part.id).not.toBe(whole.id)
    }
  })
})

test('two studies are left out whatever their order and number of mentions, and the id gives the pool back', async () => {
  const [filter] = subjects
  const whole = await pool({ filter })
  const [one, two] = whole.contributions.map(({ study }: { study: { slug: string } }) => study.slug)
  const part = await pool({ filter, without: [one, two] })
  expect((await pool({ filter, without: [two, one, two] })).id).toBe(part.id)
  const { studies } = await service.ask('query ($f: StudyFilter) { studies(filter: $f) { nodes { id } } }', { f: { studies: [one] } })
  expect((await pool({ filter, without: [studies.nodes[0].id, two] })).id).toBe(part.id)
  const { node } = await service.ask('query ($id: ID!) { node(id: $id) { ... on Synthesis { k estimate participants leftOut { label } } } }', { id: part.id })
  expect(node).toEqual({
    k: part.k,
    estimate: part.estimate,
    participants: part.participants,
    leftOut: part.leftOut.map(({ label }: { label: string }) => ({ label })),
  })
  // A question that leaves nothing out is the question without the word.
  expect((await pool({ filter, without: [] })).id).toBe(whole.id)
  expect((await pool({ filter, without: null })).id).toBe(whole.id)
})

test('a name that nothing has is refused, and one that is no part of the pool is told', async () => {
  const [filter] = subjects
  const refused = await service.request('query ($input: SynthesisInput!) { synthesis(input: $input) { k } }', { input: { filter, without: ['isis-4-1996'] } })
  expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'UNKNOWN_STUDY', argument: 'without' })
  expect(refused.errors?.[0]?.extensions.suggestions).toContain('isis-4-1995')
  const whole = await pool({ filter })
  const same = await pool({ filter, without: ['tarleton-2017'] })
  expect([same.k, same.estimate]).toEqual([whole.k, whole.estimate])
  expect(same.warnings.find(({ code }: { code: string }) => code === 'LEFT_OUT_ABSENT').message).toContain('tarleton-2017')
  const everything = whole.contributions.map(({ study }: { study: { slug: string } }) => study.slug)
  const nothing = await service.request('query ($input: SynthesisInput!) { synthesis(input: $input) { k } }', { input: { filter, without: everything } })
  expect(nothing.errors?.[0]?.extensions.reason).toBe('NOTHING_TO_POOL')
  const many = await service.request('query ($input: SynthesisInput!) { synthesis(input: $input) { k } }', {
    input: { filter, without: Array.from({ length: 101 }, () => 'isis-4-1995') },
  })
  expect(many.errors?.[0]?.extensions).toMatchObject({ reason: 'TOO_MANY_VALUES', argument: 'without', limit: 100, actual: 101 })
})

test('every file of the pool leaves the same studies out', async () => {
  const [filter] = subjects
  const part = await pool({ filter, without: ['isis-4-1995', 'magic-2000'] })
  expect(part.leftOut.length).toBeGreaterThan(0)
  const labels: string[] = part.leftOut.map(({ label }: { label: string }) => label)
  const at = async (address: string) => (await fetch(new URL(address, service.url))).text()
  const [svg, csv, script, page] = await Promise.all([
    at(part.forestPlotUrl),
    at(part.csvUrl),
    at(part.rScriptUrl),
    at(part.forestPlotUrl.replace('/plots/forest.svg', '/embed/plot/forest')),
  ])
  expect(csv.trim().split('\r\n')).toHaveLength(part.k + 1)
  for (const label of labels) {
    expect(svg).toContain(`without ${labels.join(', ')}`)
    expect(page).toContain(label)
    expect(csv).not.toContain(label)
    expect(script).not.toContain(label)
  }
  expect(page).toContain(part.forestPlotUrl.replaceAll('&', '&amp;'))
  expect((await fetch(`${service.url}/embed/plot/pie?filter={}`)).status).toBe(404)
})

const Rscript = '/usr/bin/Rscript'
const inR = existsSync(Rscript) ? test : test.skip
if (!existsSync(Rscript)) console.warn(`the CSV of a pool is not pooled by R: there is no ${Rscript}`)

inR('rma() of the CSV gives the number of the pool', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pool-'))
  try {
    for (const filter of subjects.slice(0, 2)) {
      const whole = await pool({ filter })
      const part = whole.k > 3 ? await pool({ filter, without: [whole.contributions[0].study.slug] }) : whole
      const file = path.join(folder, 'pool.csv')
      writeFileSync(file, await (await fetch(new URL(part.csvUrl, service.url))).text())
      const script = `suppressMessages(library(metafor)); d <- read.csv("${file}"); r <- rma(yi, vi, data = d, method = "REML", test = "adhoc"); cat(sprintf("%.10g %d", coef(r), r$k))`
      const [estimate, k] = execFileSync(Rscript, ['-e', script], { encoding: 'utf8' }).split(' ').map(Number)
      expect(k).toBe(part.k)
      const ratio = ['OR', 'RR', 'HR'].includes((await (await fetch(new URL(part.csvUrl, service.url))).text()).split('\r\n')[1]?.split(',')[6] ?? '')
      expect(ratio ? Math.exp(estimate ?? NaN) : estimate).toBeCloseTo(part.estimate, 5)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
