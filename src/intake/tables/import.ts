import { readFile, stat } from 'node:fs/promises'
import { stringify } from 'csv-stringify/sync'
import { effectComputer } from '../../corpus/effects.js'
import type { Corpus } from '../../corpus/files.js'
import type { StudyEntry } from '../../corpus/format.js'
import { compositionsOf } from '../../corpus/records.vocabulary.js'
import type { Database } from '../../database/client.js'
import type { EffectValues } from '../../evidence/effects.js'
import { inert } from '../../spreadsheet.js'
import { readIdentifierAs } from '../../study/identifiers.js'
import type { Vocabulary } from '../../vocabulary/vocabulary.js'
import { armLevelProposals } from '../armLevel.js'
import { columns } from '../armLevel.columns.js'
import { saveDrafts, type IntakeOptions } from '../draft.queries.js'
import { ResultFaults } from '../bulk.staging.js'
import type { RowFault } from '../bulk.records.js'
import { SourceError, type SourceReader } from '../fetch.js'
import { findEuropePmcArticle, findFullText } from '../fetch.europePmc.js'
import { listed } from '../fetch.drafts.js'
import type { IntakeReport } from '../report.js'
import { TablesError } from './error.js'
import { mostBytes, readArticle, type Article } from './jats.js'
import { rowsOfPlan, type PlannedRow, type TablesPlan } from './plan.js'

/**
 * The article that a PMCID or a file names.
 *
 * @throws {TablesError}
 */
export async function getArticle(asked: string, europePmc: SourceReader): Promise<Article> {
  const pmcid = readIdentifierAs('pmcid', asked)
  if (pmcid !== null && /pmc/i.test(asked)) return readArticle(Buffer.from(await fullTextOf(pmcid, europePmc)))
  if (/^\d+$/.test(asked)) throw new TablesError('NOT_AN_ARTICLE', `"${asked}" is no PMCID: one begins with PMC, as in PMC${asked}`)
  return readArticle(await bytesOf(asked))
}

async function fullTextOf(pmcid: string, europePmc: SourceReader): Promise<string> {
  try {
    const text = await findFullText(europePmc, pmcid)
    if (text !== null) return text
    const hit = await findEuropePmcArticle(europePmc, { kind: 'pmcid', value: pmcid })
    if (hit === null) throw new TablesError('UNKNOWN_PMCID', `Europe PMC has no article ${pmcid}`)
    throw new TablesError('NOT_OPEN_ACCESS', `Europe PMC has ${pmcid}, "${hit.article.title}", and not its full text: it is not open access`)
  } catch (error) {
    throw error instanceof SourceError ? new TablesError('UNREACHABLE', error.message, { cause: error }) : error
  }
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file)
    if (size > mostBytes) throw new TablesError('TOO_LARGE', `a full text has at most ${mostBytes} bytes, ${file} has ${size}`)
    return await readFile(file)
  } catch (error) {
    if (error instanceof TablesError) throw error
    const { code } = error as NodeJS.ErrnoException // what the file system throws
    const why = code === 'ENOENT' ? 'there is no such file, and it is no PMCID such as PMC5487054' : code === 'EISDIR' ? 'it is a folder' : String(code)
    throw new TablesError(code === 'ENOENT' ? 'NOT_AN_ARTICLE' : 'UNREADABLE_FILE', `${file} cannot be read: ${why}`, { cause: error })
  }
}

/** The study that has the article among its reports. */
export function studyOfArticle({ front }: Article, { studies }: Corpus): StudyEntry | null {
  const { doi, pmid, pmcid } = front
  const isSame = (entry: StudyEntry['publications'][number]) =>
    'slug' in entry &&
    ((doi !== null && entry.doi?.toLowerCase() === doi) || (pmid !== null && entry.pmid === pmid) || (pmcid !== null && entry.pmcid === pmcid))
  return studies.find(({ publications }) => publications.some(isSame)) ?? null
}

/** A fault of a planned row, at its table instead of the line of a file. */
export interface PlacedFault extends Omit<RowFault, 'line'> {
  readonly place: string
}

/** A default effect that would follow from a plan, and how its numbers agree. */
export interface FollowingEffect {
  readonly place: string
  readonly outcome: string
  readonly intervention: string
  readonly comparator: string | null
  readonly measure: EffectValues['measure']
  readonly estimate: number | null
  readonly ciLower: number | null
  readonly ciUpper: number | null
  readonly coherence: EffectValues['coherence']
  readonly checks: readonly { readonly rule: string; readonly status: string; readonly message: string }[]
  readonly note: string | null
}

export interface Followed {
  readonly report: IntakeReport | null
  readonly effects: readonly FollowingEffect[]
  readonly faults: readonly PlacedFault[]
  readonly notes: readonly string[]
}

interface PlanContext {
  readonly database: Database
  readonly vocabulary: Vocabulary
  readonly corpus: Corpus
  readonly today: string
}

/**
 * What follows from a plan: its rows go the way of `import-results`, and become a draft unless it is a dry run.
 *
 * @throws {TablesError} NOTHING_TO_KEEP for a plan without a result that is taken, or with an open question
 */
export async function followPlan(plan: TablesPlan, { database, vocabulary, corpus, today }: PlanContext, options: IntakeOptions): Promise<Followed> {
  const planned = rowsOfPlan(plan, today)
  const open = [...(planned.length === 0 ? ['no result of it is taken'] : []), ...questionsOf(plan)]
  if (open.length > 0) throw new TablesError('NOTHING_TO_KEEP', `nothing can be kept: ${open.join('; ')}`)
  const notes: string[] = []
  const effects: FollowingEffect[] = []
  const origin = { format: 'tables of a full text', source: plan.article.source, line: null }
  try {
    const report = await saveDrafts(
      database,
      async function* (transaction) {
        const given = {
          database,
          vocabulary,
          getKnown: async (slug: string) => knownStudy(corpus, slug),
          source: plan.article.source,
          onKept: (sentence: string) => void notes.push(`kept as it is: ${sentence}`),
          onNote: (sentence: string) => void notes.push(atPlace(sentence, planned)),
        }
        for await (const proposal of armLevelProposals(transaction, listed([csvOf(planned)]), given)) {
          if ('document' in proposal) effects.push(...effectsIn(proposal.document as StudyEntry, plan, planned, corpus)) // what armLevelProposals gives
          yield { ...proposal, origin }
        }
      },
      options,
    )
    return { report, effects, faults: [], notes }
  } catch (error) {
    if (!(error instanceof ResultFaults)) throw error
    const faults = error.faults.map(({ line, ...fault }) => ({ place: planned[line - 2]?.place ?? 'the plan', ...fault }))
    return { report: null, effects: [], faults, notes }
  }
}

/** What must be answered before rows can be made. */
const questionsOf = ({ study }: TablesPlan): string[] => [
  ...(study.design === null && !study.isKnown ? ['the design is not told: --design'] : []),
  ...(study.condition === null ? ['the condition is not told: --condition'] : []),
]

function knownStudy({ studies }: Corpus, slug: string): StudyEntry {
  const study = studies.find((one) => one.slug === slug)
  if (study === undefined) throw new RangeError(`the study "${slug}" is in the database, and in no file of the corpus and no accepted draft`)
  return study
}

/** The file that `import-results` would be given. */
function csvOf(planned: readonly PlannedRow[]): Uint8Array {
  const names = columns.map(({ name }) => name)
  const texts = planned.map(({ cells }) =>
    names.map((name) =>
      columns.find((column) => column.name === name && 'isNumeric' in column) === undefined ? inert(cells[name] ?? '') : (cells[name] ?? ''),
    ),
  )
  return Buffer.from(stringify([names, ...texts]))
}

/** "line 3, column …" as the place in the article. */
function atPlace(sentence: string, planned: readonly PlannedRow[]): string {
  return sentence.replace(/\bline (\d+)\b/, (line, number: string) => planned[Number(number) - 2]?.place ?? line)
}

/** The default effects of the results that the plan made, told by their locators. */
function effectsIn(study: StudyEntry, plan: TablesPlan, planned: readonly PlannedRow[], corpus: Corpus): FollowingEffect[] {
  const effectsOf = effectComputer(corpus, compositionsOf(corpus))
  const ofPlan = new Map(planned.map(({ cells }) => [`${cells.source}|${cells.locator}`, cells.locator ?? '']))
  return study.results.flatMap((result): FollowingEffect[] => {
    const source = study.sources[result.source]
    const place = ofPlan.get(`${source?.source}|${source?.locator}`)
    if (place === undefined) return []
    const [effect] = effectsOf(study, withPrintedP(study, result, plan, place)).filter(({ isDefault }) => isDefault)
    if (effect === undefined) return []
    const label = (slug: string | undefined) => study.arms.find((arm) => arm.slug === slug)?.label ?? null
    const { measure, estimate, ciLower, ciUpper, coherence, coherenceChecks, note, analysisScale } = effect
    const shown = (value: number | null) => (value === null ? null : analysisScale === 'LOG' ? Math.exp(value) : value)
    return [
      {
        place,
        outcome: result.name,
        intervention: label(result.intervention) ?? '',
        comparator: label(result.comparator),
        measure,
        estimate: shown(estimate),
        ciLower: shown(ciLower),
        ciUpper: shown(ciUpper),
        coherence,
        checks: coherenceChecks.filter(({ status }) => status !== 'PASS').map(({ rule, status, message }) => ({ rule, status, message })),
        note,
      },
    ]
  })
}

/** With the p value of the row, which rows of results have no place for, so that it can be checked against the numbers. */
function withPrintedP(study: StudyEntry, result: StudyEntry['results'][number], plan: TablesPlan, place: string): StudyEntry['results'][number] {
  const planned = plan.results.find(
    (one) => one.p !== null && one.take && place.startsWith(`${one.table}, `) && one.row === result.name && one.timepoint === (result.timepointLabel ?? null),
  )
  if (planned?.p == null || study.arms.length !== 2 || result.reported.length > 0) return result
  const decimals = planned.p.value.split('.')[1]?.length ?? 0
  const measure = planned.value_kind === 'EVENT' ? ('OR' as const) : ('MD' as const)
  return { ...result, reported: [{ measure, p: { operator: planned.p.operator, value: Number(planned.p.value), decimals } }] as typeof result.reported } // as the format of the corpus has it
}
