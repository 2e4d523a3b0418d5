// npm run bench:synthesis: times of the engine beside metafor, of a synthesis over a million effects, and of summaries; writes a report.
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { graphql } from 'graphql'
import sql from 'sql-template-tag'
import { openDatabase, type Database } from '../src/database/client.js'
import { rows } from '../src/database/query.js'
import { contextSource } from '../src/replicas/contextSource.js'
import { Replicas } from '../src/replicas/replicas.js'
import { evidenceWanted, type EvidenceFilter } from '../src/evidence/evidence.filter.js'
import type { EffectMeasure } from '../src/generated/prisma/enums.js'
import type { Context } from '../src/graphql/context.js'
import { buildServiceSchema } from '../src/schema.js'
import { poolEffects } from '../src/statistics/pooling.js'
import { inOrder } from '../src/synthesis/candidate.js'
import { findCandidates } from '../src/synthesis/candidate.queries.js'
import type { Entry } from '../src/synthesis/entry.js'
import { usualQuestion } from '../src/synthesis/question.js'
import { contributions, shownHeterogeneity, shownPool } from '../src/synthesis/shown.js'
import { smallStudyEffectsOf } from '../src/synthesis/smallStudyEffects.js'
import { synthesize, type PooledEntries } from '../src/synthesis/synthesis.js'
import { warningsOfPool } from '../src/synthesis/warnings.js'
import { vocabularyOf } from '../src/vocabulary/vocabulary.queries.js'
import { machineInWords, provideCorpus, provideGenerated, sizes, startBenchPostgres } from './data.js'

const say = (line: string) => void process.stdout.write(`${line}\n`)
const projectFolder = fileURLToPath(new URL('..', import.meta.url))
const schema = buildServiceSchema()
const ks = [10, 100, 1_000, 10_000] as const

/** Median milliseconds of several runs, after some to warm up. */
async function timed(work: () => unknown, runs = 7, warmUp = 3): Promise<number> {
  for (let run = 0; run < warmUp; run++) await work()
  const taken: number[] = []
  for (let run = 0; run < runs; run++) {
    const from = performance.now()
    await work()
    taken.push(performance.now() - from)
  }
  return taken.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? NaN
}

const figure = (milliseconds: number) => (milliseconds >= 100 ? milliseconds.toFixed(0) : milliseconds >= 1 ? milliseconds.toFixed(1) : milliseconds.toFixed(3))

/** Made-up effects, the same as in metafor.R. */
const effectsOf = (k: number): Entry[] =>
  Array.from({ length: k }, (_, i) => ({
    estimate: Math.sin(i * 12.9898) * 0.5 + 0.2,
    variance: 0.01 + 0.2 * Math.abs(Math.cos(i * 78.233)),
    label: `study ${i}`,
    study: `study ${i}`,
    year: 1980 + (i % 40),
    group: null,
    evidence: [`effect-${i}`],
    participants: 100,
    counts: null,
    moderators: {},
    notes: [],
  }))

/** All that a synthesis shows by default, but for the pools of parts of it. */
function fullDefault(entries: readonly Entry[]) {
  const pool: PooledEntries = { measure: 'SMD', question: usualQuestion, entries, grouped: [], unpoolable: [], pooled: poolEffects(entries) }
  return [shownPool(pool), shownHeterogeneity(pool), contributions(pool), smallStudyEffectsOf(pool), warningsOfPool(pool)]
}

async function metaforTimes(): Promise<ReadonlyMap<string, number> | null> {
  try {
    const { stdout } = await promisify(execFile)('Rscript', ['--vanilla', path.join(projectFolder, 'benchmarks', 'metafor.R')])
    return new Map(
      stdout
        .trim()
        .split('\n')
        .map((line) => [line.split(' ').slice(0, 2).join(' '), Number(line.split(' ')[2]) / 1_000]),
    )
  } catch {
    say('R with metafor is not here: the engine is measured alone')
    return null
  }
}

async function engine(): Promise<string[]> {
  const metafor = await metaforTimes()
  const beside = (name: string, k: number, ours: number) => {
    const theirs = metafor?.get(`${name} ${k}`)
    return theirs === undefined ? '–' : `${figure(theirs)} (${(theirs / ours).toFixed(0)} ×)`
  }
  const lines: string[] = []
  // Until the compiler has done its work, small fits measure it instead.
  for (let n = 0; n < 3_000; n++) fullDefault(effectsOf(10))
  for (const k of ks) {
    const entries = effectsOf(k)
    const fit =
      (await timed(
        () => {
          for (let n = 0; n < 20; n++) poolEffects(entries)
        },
        9,
        5,
      )) / 20
    const full = await timed(() => fullDefault(entries), 9, 5)
    lines.push(`| ${k} | ${figure(fit)} | ${beside('rma', k, fit)} | ${beside('sums', k, fit)} | ${figure(full)} | ${beside('full', k, full)} |`)
  }
  return [
    '## The engine beside metafor',
    '',
    'Milliseconds, medians; in brackets how many times longer R took in the same run. One fit: REML with the Hartung–Knapp interval, prediction interval and Q. Vector sums: the same estimator in R without matrices. Full: what a synthesis shows by default (pool, Q-profile, weights, Egger, Begg, trim and fill, warnings, for which eight estimators are fitted) beside rma(), predict(), confint(), regtest(), ranktest(), trimfill().',
    '',
    '| k | one fit | rma() | vector sums in R | full | metafor, full |',
    '|---|---|---|---|---|---|',
    ...lines,
  ]
}

interface Target {
  readonly filter: EvidenceFilter
  readonly effects: number
}

/** Filters by condition, outcome and measure whose effects are nearest to so many. */
async function targets(database: Database, context: Context): Promise<Target[]> {
  const { conditions, outcomes } = await vocabularyOf(context)
  const groups = await rows<{ condition: number; outcome: number; measure: EffectMeasure; effects: number }>(
    database,
    sql`SELECT condition_id AS condition, outcome_id AS outcome, measure, count(*)::int AS effects FROM evidence_row
      WHERE subjects = 'HUMAN' AND NOT retracted AND standard_error IS NOT NULL AND measure IN ('MD', 'SMD', 'OR') GROUP BY 1, 2, 3`,
  )
  return ks.map((k) => {
    const [nearest] = groups.filter(({ effects }) => effects <= 18_000).sort((a, b) => Math.abs(a.effects - k) - Math.abs(b.effects - k))
    if (nearest === undefined) throw new Error('no effects were generated')
    const filter: EvidenceFilter = {
      conditions: [conditions.get(nearest.condition).slug],
      outcomes: [outcomes.get(nearest.outcome).slug],
      measures: [nearest.measure],
      includeNarrower: false,
    }
    return { filter, effects: nearest.effects }
  })
}

const defaultSynthesis = /* GraphQL */ `
  query ($input: SynthesisInput!) {
    synthesis(input: $input) {
      measure
      k
      studies
      participants
      estimate
      standardError
      ciLower
      ciUpper
      pValue
      predictionLower
      predictionUpper
      heterogeneity {
        q
        df
        pValue
        tau2
        tau2Lower
        tau2Upper
        i2
        h2
      }
      contributions {
        label
        estimate
        standardError
        ciLower
        ciUpper
        weightPercent
      }
      smallStudyEffects {
        egger {
          statistic
          pValue
        }
        begg {
          statistic
          pValue
        }
        trimAndFill {
          side
          missing
          estimate
          ciLower
          ciUpper
        }
        underpowered
      }
      unpoolable {
        code
        reason
      }
      warnings {
        code
        message
      }
      forestPlotUrl
    }
  }
`

async function ask(contextFor: () => Promise<Context>, source: string, variableValues: Record<string, unknown>): Promise<void> {
  const { errors } = await graphql({ schema, source, variableValues, contextValue: await contextFor() })
  if (errors) throw new Error(errors.map(({ message }) => message).join('; '))
}

async function overMillion(url: string): Promise<string[]> {
  const database = openDatabase({ url })
  try {
    const contextFor = contextSource(new Replicas(database))
    const context = await contextFor()
    const vocabulary = await vocabularyOf(context)
    const lines: string[] = []
    for (const { filter, effects } of await targets(database, context)) {
      const read = () => findCandidates(database, evidenceWanted(filter, vocabulary), vocabulary, 20_000)
      const candidates = inOrder(await read())
      // A condition's mean differences are of several scales; the measure of the filter is asked for where they are of one unit.
      const input = { filter, ...(filter.measures?.[0] !== 'MD' && { measure: filter.measures?.[0] }) }
      const { k } = synthesize(usualQuestion, candidates).pooled
      const fetching = await timed(read)
      const computing = await timed(() => {
        const synthesis = synthesize(usualQuestion, candidates)
        return [shownPool(synthesis), shownHeterogeneity(synthesis), contributions(synthesis), smallStudyEffectsOf(synthesis), warningsOfPool(synthesis)]
      })
      const whole = await timed(() => ask(contextFor, defaultSynthesis, { input }))
      const parts =
        k <= 1_000
          ? await timed(
              () =>
                ask(
                  contextFor,
                  'query ($input: SynthesisInput!) { synthesis(input: $input) { leaveOneOut { label } cumulative { label } sensitivity { choices } } }',
                  { input },
                ),
              3,
              1,
            )
          : NaN
      lines.push(`| ${effects} | ${k} | ${figure(fetching)} | ${figure(computing)} | ${figure(whole)} | ${Number.isNaN(parts) ? '–' : figure(parts)} |`)
      say(`  ${effects} effects: ${figure(whole)} ms`)
    }
    const { first, again } = await summaries(contextFor, { groupBy: ['CONDITION'] })
    const narrow = await summaries(contextFor, { filter: { conditions: [vocabulary.conditions.get(1).slug] }, groupBy: ['FORM', 'OUTCOME'] })
    return [
      '## A synthesis through GraphQL, over 1,000,000 effects',
      '',
      'Milliseconds, medians, in one process without HTTP. Database: the statement and its rows as candidates. Engine: choosing, joining, pooling and all that is shown by default. All: the operation, contributions and unpoolable effects listed. Parts: the operation with leave-one-out, cumulative and the sensitivity analysis instead.',
      '',
      '| effects selected | k | database | engine | all | parts |',
      '|---|---|---|---|---|---|',
      ...lines,
      '',
      '## Summaries, over 1,000,000 effects',
      '',
      '| groups | first time | again, under the same data revision |',
      '|---|---|---|',
      `| all, by condition | ${figure(first)} ms | ${figure(again)} ms |`,
      `| one condition, by form and outcome | ${figure(narrow.first)} ms | ${figure(narrow.again)} ms |`,
    ]
  } finally {
    await database.close()
  }
}

const summaryOperation = /* GraphQL */ `
  query ($filter: EvidenceFilter, $groupBy: [SummaryGroup!]!) {
    evidenceSummaries(filter: $filter, groupBy: $groupBy) {
      group
      effects
      studies
      participants
      favoursMagnesium
      favoursComparator
      noClearDifference
      unclear
      measure
      estimate
      ciLower
      ciUpper
      i2
      standardizedBenefit
      certainty {
        level
      }
    }
  }
`

async function summaries(contextFor: () => Promise<Context>, variables: Record<string, unknown>): Promise<{ first: number; again: number }> {
  const from = performance.now()
  await ask(contextFor, summaryOperation, variables)
  const first = performance.now() - from
  return { first, again: await timed(() => ask(contextFor, summaryOperation, variables), 5, 0) }
}

async function overCorpus(url: string): Promise<string[]> {
  const database = openDatabase({ url })
  try {
    const groupBy = ['CONDITION', 'FORM', 'OUTCOME']
    // A context of its own each time: nothing is kept from the time before.
    const fresh = await timed(() => ask(contextSource(new Replicas(database)), summaryOperation, { groupBy }), 7, 2)
    const contextFor = contextSource(new Replicas(database))
    const again = await timed(() => ask(contextFor, summaryOperation, { groupBy }), 7, 2)
    return [
      '## Summaries, over the corpus',
      '',
      `All groups by condition, form and outcome, pooled and rated: ${figure(fresh)} ms with nothing in memory, ${figure(again)} ms again.`,
    ]
  } finally {
    await database.close()
  }
}

const report = [`# Benchmark of synthesis, ${new Date().toISOString().slice(0, 10)}`, '', machineInWords(), '']
say('the engine …')
report.push(...(await engine()), '')
const embedded = await startBenchPostgres(say)
try {
  const large = await provideGenerated(embedded.url, 'large', sizes.large, say)
  say('a million effects …')
  report.push(...(await overMillion(large)), '')
  report.push(...(await overCorpus(await provideCorpus(embedded.url))))
} finally {
  await embedded.stop()
}
const file = path.join(projectFolder, 'docs', 'benchmarks', `${new Date().toISOString().slice(0, 10)}-synthesis.md`)
await writeFile(file, `${report.join('\n')}\n`)
say(`\n${report.join('\n')}\n\nwritten to ${path.relative(projectFolder, file)}`)
