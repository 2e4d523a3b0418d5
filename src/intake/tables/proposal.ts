import type { StudyEntry } from '../../corpus/format.js'
import type { OutcomeTerm } from '../../vocabulary/vocabulary.js'
import { normalized, type Vocabulary } from '../../vocabulary/vocabulary.js'
import { statesPercentChange } from '../clinicalTrials.measures.js'
import { outcomeToldBy } from '../clinicalTrials.results.js'
import { termsNamedIn } from '../clinicalTrials.words.js'
import { kindTold } from '../design.js'
import { armsOf, nameOfArm, namesOf, plannedArms, type ArticleArm } from './arms.js'
import { meaningOf, shapeOf, statisticsTold, type CellValues, type Spread } from './cells.js'
import type { Cell } from './grid.js'
import { readHeadings, type Heading, type Line, type ReadTable } from './headings.js'
import type { Article } from './jats.js'
import type { LeftOut, PlannedArm, PlannedResult, TablesPlan } from './plan.js'
import { sizeIn, timeIn, unitIn, withoutChange, type Part, type TimeTold } from './words.js'

export interface ProposalContext {
  readonly asked: string
  readonly vocabulary: Vocabulary
  /** The study that reports this article, if the database has it. */
  readonly known: StudyEntry | null
  /** What a spread is where nothing tells. */
  readonly spread: Spread | null
  /** Whether a table is read as results whatever it seems to be. */
  readonly isWanted: (label: string) => boolean
}

/** What the tables of an article may be as results of a study. Everything is proposed with its reason; what is not is told with its cell. */
export function proposePlan(article: Article, context: ProposalContext): TablesPlan {
  const { front } = article
  const read = article.tables.map(readHeadings)
  const kinds = read.map((table) => kindOf(table, context))
  const results = read.filter((_, index) => kinds[index]?.kind === 'RESULTS')
  const articleArms = armsOf(read)
  const arms = plannedArms(articleArms, { front, body: article.body, vocabulary: context.vocabulary, known: context.known })
  const used = new Set<string>()
  const planned = results.map((table) =>
    resultsOfTable(table, { ...context, article, articleArms, arms, condition: conditionOf(article, context).condition ?? '' }),
  )
  for (const side of planned.flatMap((one) => one.results).flatMap((result) => result.arms)) used.add(side.arm)
  const kept = arms.filter(({ printed }) => used.has(printed))
  return {
    plan: 1,
    article: {
      asked: context.asked,
      source: front.pmcid !== null ? `https://europepmc.org/articles/${front.pmcid}` : front.doi !== null ? `https://doi.org/${front.doi}` : context.asked,
      title: front.title,
      authors: [...front.authors],
      journal: front.journal,
      year: front.year,
      doi: front.doi,
      pmid: front.pmid,
      pmcid: front.pmcid,
      registrations: [...front.registrations],
    },
    study: studyOf(article, context),
    tables: [
      ...read.map(({ table }, index) => ({
        table: table.label,
        caption: table.caption,
        kind: kinds[index]?.kind ?? ('OTHER' as const),
        why: kinds[index]?.why ?? '',
      })),
      ...article.unread.map(({ label, caption, reason }) => ({ table: label, caption, kind: 'UNREAD' as const, why: reason })),
    ],
    arms: kept,
    results: withOpenQuestions(
      planned.flatMap((one) => one.results),
      kept,
    ),
    leftOut: planned.flatMap((one) => one.leftOut),
  }
}

function studyOf(article: Article, context: ProposalContext): TablesPlan['study'] {
  const { front } = article
  const { known } = context
  const told = kindTold({ types: [], title: front.title }) ?? kindTold({ types: [], title: sentenceOfDesign(front.abstract) })
  const design = known?.design ?? told?.design ?? null
  const isTaken = design !== null && /^(RCT_|QUASI_|SINGLE_ARM)/.test(design)
  const { condition, why } = conditionOf(article, context)
  const family = front.authors[0]?.replace(/[{}]/g, '').split(',')[0] ?? front.title.split(' ')[0] ?? 'study'
  return {
    study: known?.slug ?? `${family} ${front.year ?? ''}`.trim(),
    isKnown: known !== null,
    design: isTaken ? (design as TablesPlan['study']['design']) : null, // one of the column's words by the pattern
    condition,
    why: [
      known === null ? 'no known study has its DOI, PMID or PMCID' : `${known.slug} has its DOI, PMID or PMCID`,
      ...(known !== null || told === null
        ? []
        : [`${told.design} by ${told === kindTold({ types: [], title: front.title }) ? 'its title' : 'its title or abstract'}`]),
      why,
    ],
    open: [...(isTaken ? [] : ['the design is not told: --design']), ...(condition === null ? ['the condition is not told in one way: --condition'] : [])],
  }
}

/** The first sentence of an abstract that says how people were allocated. */
const sentenceOfDesign = (abstract: string) =>
  /[^.]*\brandomi[sz]ed\b[^.]*\b(?:trial|study)\b[^.]*|[^.]*\b(?:trial|study)\b[^.]*\brandomi[sz]ed\b[^.]*/i.exec(abstract)?.[0] ?? ''

function conditionOf({ front }: Article, { known, vocabulary }: ProposalContext): { condition: string | null; why: string } {
  const whole = known?.populations.find(({ wholeSample }) => wholeSample)?.conditions ?? []
  if (whole.length === 1 && whole[0] !== undefined) return { condition: whole[0], why: `${whole[0]} is the condition of the known study` }
  const named = termsNamedIn(front.title, vocabulary.conditions).map(({ slug }) => slug)
  const among = whole.length > 1 ? named.filter((slug) => whole.includes(slug)) : named
  if (among.length === 1 && among[0] !== undefined) return { condition: among[0], why: `its title names ${among[0]}` }
  const candidates = whole.length > 1 ? whole : named
  return {
    condition: null,
    why: candidates.length === 0 ? 'its title names no condition of the vocabulary' : `the condition may be ${candidates.join(' or ')}`,
  }
}

function kindOf(read: ReadTable, { isWanted }: ProposalContext): { kind: TablesPlan['tables'][number]['kind']; why: string } {
  const { table, arms } = read
  if (arms.length < 2)
    return { kind: 'OTHER', why: arms.length === 0 ? 'none of its headings is called a group' : `only one of its headings is called a group: ${arms[0] ?? ''}` }
  const distinctArms = new Set(arms.map((arm) => normalized(nameOfArm(arm))))
  if (distinctArms.size < 2) return { kind: 'OTHER', why: `all its headings are of one group: ${arms[0] ?? ''}` }
  const ofStart =
    /\bdemographic|\b(?:baseline|clinical|patients?'?|general|pre-?operative|preoperative)\b[^.]{0,40}\b(?:characteristics?|profiles?|features|data)\b|\bcharacteristics? (?:of|at)\b|\bat (?:baseline|entry)\b/i
  if (isWanted(table.label)) return { kind: 'RESULTS', why: 'it was asked for' }
  const hasLaterTime = read.rows.some(({ headings }) => headings.some(({ time }) => time?.isBaseline === false))
  if (ofStart.test(table.caption) && !hasLaterTime) return { kind: 'BASELINE', why: 'its caption says that it describes people before treatment' }
  return { kind: 'RESULTS', why: `its groups are ${[...new Set(arms.map(nameOfArm))].join(', ')}` }
}

interface TableContext extends ProposalContext {
  readonly article: Article
  readonly articleArms: readonly ArticleArm[]
  readonly arms: readonly PlannedArm[]
  readonly condition: string
}

/** A cell of one arm, with what its headings say. */
interface Entry {
  readonly arm: string
  readonly outcome: string
  readonly lastHeading: string
  readonly time: TimeTold | null
  readonly isChange: boolean
  readonly part: Part | null
  readonly cell: Cell
  readonly size: string | null
  readonly row: Line
  readonly column: Line
}

type Place = Omit<LeftOut, 'reason'>

function resultsOfTable(read: ReadTable, context: TableContext): { results: PlannedResult[]; leftOut: LeftOut[] } {
  const { table, style } = read
  const leftOut: LeftOut[] = []
  const place = (row: Line, column: Line, cell: Cell): Place => ({ table: table.label, row: row.printed, column: column.printed, text: cell.text })
  const entries: Entry[] = []
  const probabilities: {
    readonly outcome: string
    readonly time: string
    readonly text: string
    readonly operator: 'LT' | 'GT' | 'EQ'
    readonly value: string
  }[] = []
  for (const row of read.rows) {
    for (let x = read.stubs; x < table.columns; x++) {
      const cell = row.row.cells[x]
      if (cell === undefined || (cell.text === '' && !cell.hasPicture) || row.row.cells.slice(0, x).includes(cell)) continue
      const column = read.columnOf(row.row, x)
      const at = place(row, column, cell)
      const covered = row.row.cells.flatMap((other, index) => (other === cell ? [index] : []))
      const headings = [...row.headings, ...column.headings]
      const parts = headings.flatMap(({ part }) => part ?? [])
      const outcome = outcomeLabel(row.headings, column.headings)
      const time = timeOfHeadings(headings)
      if (cell.hasPicture && cell.text === '') leftOut.push({ ...at, reason: 'it is a picture' })
      else if (parts.includes('P')) {
        const shape = shapeOf(cell.text, style)
        const p = shape.form === 'P' ? shape : shape.form === 'NUMBER' ? { operator: 'EQ' as const, value: shape.value } : null
        if (p !== null && covered.length === 1) probabilities.push({ outcome, time: time?.label ?? '', text: cell.text, operator: p.operator, value: p.value })
      } else if (parts.includes('TEST')) leftOut.push({ ...at, reason: 'a test statistic' })
      else if (parts.includes('DIFFERENCE')) leftOut.push({ ...at, reason: 'a comparison of arms: effects are computed from the numbers of the arms' })
      else if (parts.includes('TOTAL')) leftOut.push({ ...at, reason: 'all arms together' })
      else {
        const arm = headings.flatMap(({ arm }) => arm ?? [])[0]
        const planned = arm === undefined ? undefined : armOfHeading(arm, context)
        if (arm === undefined || planned === undefined) leftOut.push({ ...at, reason: 'no heading of it is an arm' })
        else if (covered.length > 1) leftOut.push({ ...at, reason: 'one cell for several columns' })
        else
          entries.push({
            arm: planned.printed,
            outcome,
            lastHeading: row.headings.filter(({ outcome: part, arm: one }) => part !== '' && one === null).at(-1)?.outcome ?? '',
            time,
            isChange: headings.some(({ isChange }) => isChange),
            part: parts.find((part) => part !== 'STATISTIC') ?? null,
            cell,
            size: sizeIn(arm).n ?? planned.n,
            row,
            column,
          })
      }
    }
  }
  const outcomes = new Map<string, OutcomeRead>()
  const outcomeOf = (label: string, lastHeading: string) => {
    const known = outcomes.get(label)
    const found = known ?? readOutcome(label, lastHeading, read, context)
    outcomes.set(label, found)
    return found
  }
  const captionTime = timeIn(withoutChange(table.caption))
  const groups = groupedBy(
    entries.filter(({ part }) => part !== 'n'),
    (entry) => JSON.stringify([entry.outcome, normalized(entry.time?.label ?? ''), entry.isChange]),
  )
  const baselines = new Map<string, CellValues>()
  const results: PlannedResult[] = []
  for (const group of [...groups].sort((one, other) => Number(other[0]?.time?.isBaseline ?? false) - Number(one[0]?.time?.isBaseline ?? false))) {
    const [first] = group
    if (first === undefined) continue
    const outcome = outcomeOf(first.outcome, first.lastHeading)
    const isEvent = outcome.term?.type === 'BINARY' || outcome.term?.type === 'TIME_TO_EVENT'
    const sides = [...new Set(group.map(({ arm }) => arm))].flatMap((arm) => {
      const own = group.filter((entry) => entry.arm === arm)
      const side = readSide(own, { read, context, isEvent, outcome, entries })
      leftOut.push(...side.refused.map(({ entry, reason }) => ({ ...place(entry.row, entry.column, entry.cell), reason })))
      return side.meant === null ? [] : [{ arm, own, ...side.meant }]
    })
    if (sides.length === 0) continue
    if (first.time?.isBaseline === true) {
      for (const { arm, values } of sides) baselines.set(JSON.stringify([first.outcome, arm]), values)
      if (![...groups].some(([other]) => other !== undefined && other.outcome === first.outcome && other.time?.isBaseline !== true))
        leftOut.push(
          ...sides.flatMap(({ own }) =>
            own.map((entry) => ({ ...place(entry.row, entry.column, entry.cell), reason: 'before treatment, and no later time beside it' })),
          ),
        )
      continue
    }
    if (sides.length === 1) {
      leftOut.push(
        ...sides.flatMap(({ own }) => own.map((entry) => ({ ...place(entry.row, entry.column, entry.cell), reason: 'no other arm of it could be read' }))),
      )
      continue
    }
    const eventKinds = new Set(sides.map((side) => side.isEvent))
    if (eventKinds.size > 1) {
      leftOut.push(
        ...sides.flatMap(({ own }) =>
          own.map((entry) => ({ ...place(entry.row, entry.column, entry.cell), reason: 'its arms have numbers of different kinds' })),
        ),
      )
      continue
    }
    const counts = sides.some((side) => side.isEvent)
    const percentChange = !counts && statesPercentChange(`${first.outcome} ${table.caption}`)
    const time = first.time ?? (captionTime?.isBaseline === false && captionTime.days !== null ? captionTime : null)
    const ps = probabilities.filter(
      (p) => p.outcome === first.outcome && (p.time === (first.time?.label ?? '') || (p.time === '' && laterTimes(groups, first.outcome) === 1)),
    )
    const [p] = ps
    results.push({
      take: true,
      table: table.label,
      row: outcome.name,
      outcome: outcome.term?.slug ?? null,
      instrument: outcome.instrument,
      timepoint: time?.label ?? null,
      timepoint_days: time?.days ?? null,
      value_kind: counts ? 'EVENT' : percentChange ? 'PERCENT_CHANGE' : first.isChange || /\bchange\b/i.test(table.caption) ? 'CHANGE' : 'FINAL',
      unit: counts ? null : percentChange ? '%' : outcome.unit,
      why: [outcome.why, time === null ? 'no time is told' : first.time === null ? `the time by the caption` : `the time by "${time.label}"`],
      open: [],
      p: p === undefined || ps.length > 1 ? null : { text: p.text, operator: p.operator, value: p.value },
      arms: sides.map(({ arm, own, values, why }) => {
        const before = baselines.get(JSON.stringify([first.outcome, arm]))
        return {
          arm,
          cells: own.map(({ row, column, cell }) => ({ row: row.printed, column: column.printed, text: cell.text })),
          values: {
            ...values,
            ...(before?.mean !== undefined && !counts && { baseline_mean: before.mean }),
            ...(before?.sd !== undefined && !counts && { baseline_sd: before.sd }),
          },
          why,
        }
      }),
    })
  }
  return { results, leftOut }
}

const laterTimes = (groups: readonly Entry[][], outcome: string) =>
  groups.filter(([first]) => first?.outcome === outcome && first.time?.isBaseline !== true).length

function groupedBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return [...groups.values()]
}

/** The arm of the article that a heading names. */
function armOfHeading(heading: string, { articleArms, arms }: TableContext): PlannedArm | undefined {
  const names = namesOf(nameOfArm(heading))
  const found = articleArms.find((arm) => names.some((name) => arm.names.includes(name)))
  return arms.find(({ printed }) => printed === found?.printed)
}

/** What names the outcome: headings of the row, else of the column; of both, the column's first. */
function outcomeLabel(row: readonly Heading[], column: readonly Heading[]): string {
  const named = (headings: readonly Heading[]) =>
    headings.filter(({ outcome, arm, part }) => outcome !== '' && arm === null && part === null).map(({ outcome }) => outcome)
  return [...named(column), ...named(row)].join(', ')
}

/** The time of the heading nearest to the cell; a time of each of row and column is one time only if they are the same. */
function timeOfHeadings(headings: readonly Heading[]): TimeTold | null {
  return headings.flatMap(({ time }) => time ?? []).at(-1) ?? null
}

// ── outcomes ────────────────────────────────────────────────────────────────────────────────────────────────────────

interface OutcomeRead {
  readonly name: string
  readonly term: OutcomeTerm | null
  readonly instrument: string | null
  readonly unit: string | null
  readonly why: string
}

/** The outcome of a label, by itself, with its abbreviations written out, and under its section; the caption if no heading names one. */
function readOutcome(label: string, lastHeading: string, { table }: ReadTable, { condition, vocabulary }: TableContext): OutcomeRead {
  const { unit, rest } = unitIn(withoutStatistics(label))
  const notes = [table.caption, ...table.footnotes.map(({ text }) => text)]
  const written = expanded(rest, notes)
  const short = lastHeading === '' ? rest : unitIn(withoutStatistics(lastHeading)).rest
  // Vocabularies call an event that happens "atrial fibrillation (occurrence)".
  const named = label === '' ? [table.caption] : [rest, written, short, expanded(short, notes), `${short} occurrence`, `incidence of ${short}`]
  const tries = [...new Set(named)]
  const reasons: string[] = []
  for (const title of tries) {
    const told = outcomeToldBy({ title }, { condition, vocabulary })
    if (typeof told === 'string') reasons.push(told)
    else
      return {
        name: rest || table.caption,
        term: told.outcome,
        instrument: told.instrument?.slug ?? null,
        unit: told.instrument?.unit === undefined || told.instrument?.unit === null ? unit : null,
        why: `${told.outcome.slug}${told.instrument === null ? '' : ` by ${told.instrument.slug}`} is named in ${JSON.stringify(title)}`,
      }
  }
  return { name: rest || table.caption, term: null, instrument: null, unit, why: `the outcome is not told: ${reasons[0] ?? ''}` }
}

/** "PHQ-9, mean (SD)" is "PHQ-9". */
function withoutStatistics(label: string): string {
  return label
    .replace(/[,;:]?\s*(?:\b(?:no\.?|n|numbers?)\s*\(?%\)?|\(\s*(?:n,?\s*)?%\s*\)|,\s*%)\s*$/i, '')
    .replace(/[,;:]?\s*[(]?\b(?:means?|medians?)\s*(?:[±(,[]\s*(?:±\s*)?(?:sd|se|sem|s\.d\.|iqr|range|95 ?% ?ci|ci)\s*[)\]]?)\s*[)]?\s*$/i, '')
    .trim()
}

/** With what the notes say that abbreviations stand for. */
function expanded(label: string, notes: readonly string[]): string {
  const meanings = (label.match(/[A-Za-z][A-Za-z0-9-]*[A-Z0-9][A-Za-z0-9-]*|[A-Z]{2,}/g) ?? []).flatMap((abbreviation) => {
    const pattern = new RegExp(`(?:^|[\\s,;.(])${abbreviation.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*[:=,–-]\\s*([^,;.:=()]+)`)
    return notes.flatMap((note) => pattern.exec(note)?.[1]?.trim() ?? []).slice(0, 1)
  })
  return [label, ...meanings].join(' ')
}

// ── numbers of an arm ───────────────────────────────────────────────────────────────────────────────────────────────

interface Side {
  readonly meant: { readonly values: CellValues; readonly isEvent: boolean; readonly why: string } | null
  readonly refused: readonly { readonly entry: Entry; readonly reason: string }[]
}

interface SideContext {
  readonly read: ReadTable
  readonly context: TableContext
  readonly isEvent: boolean
  readonly outcome: OutcomeRead
  readonly entries: readonly Entry[]
}

/** The numbers of one arm of a result, of one cell or of several that are headed mean, SD, n … */
function readSide(own: readonly Entry[], { read, context, isEvent, outcome, entries }: SideContext): Side {
  const refused: { entry: Entry; reason: string }[] = []
  const [first] = own
  if (first === undefined) return { meant: null, refused }
  const n = sizeOf(first, entries, read)
  let values: CellValues = n === null ? {} : { n }
  let counts = isEvent
  const besideCounts = entries.some((entry) => entry.row === first.row && shapeOf(entry.cell.text, read.style).form === 'COUNT')
  const whys: string[] = []
  const whole = own.filter(({ part }) => part === null)
  if (whole.length > 1) return { meant: null, refused: own.map((entry) => ({ entry, reason: 'several cells have the same headings' })) }
  for (const entry of own) {
    const shape = shapeOf(entry.cell.text, read.style)
    if (entry.part !== null) {
      if (shape.form !== 'NUMBER' && shape.form !== 'PERCENT') {
        refused.push({ entry, reason: `under "${entry.column.printed}" it is no single number` })
        continue
      }
      const value = shape.form === 'NUMBER' ? shape.value : shape.percent
      const name = entry.part as keyof CellValues // parts of one number are called as the columns are
      if (name === 'percent' && values.events !== undefined) continue
      if (name === 'events' || name === 'percent') counts = true
      values = { ...values, [name]: value }
      whys.push(`${name} by its heading`)
      continue
    }
    const told = statisticsTold(textsAround(entry, read, context.article))
    const meant = meaningOf(shape, { told, n, isEvent, besideCounts, spread: context.spread })
    if (typeof meant === 'string') refused.push({ entry, reason: meant })
    else {
      values = { ...values, ...meant.values }
      counts = meant.isEvent
      whys.push(meant.why)
    }
  }
  const { mean, median, events, percent } = values
  const type = outcome.term?.type
  const refuse = (reason: string): Side => ({
    meant: null,
    refused: [...refused, ...own.filter((entry) => !refused.some((one) => one.entry === entry)).map((entry) => ({ entry, reason }))],
  })
  if (mean === undefined && median === undefined && events === undefined && percent === undefined) return refuse('no number of it can be taken')
  if (counts && type === 'CONTINUOUS') return refuse(`${outcome.term?.slug ?? ''} is a quantity, and people are counted here`)
  if (!counts && (type === 'BINARY' || type === 'TIME_TO_EVENT')) return refuse(`${outcome.term?.slug ?? ''} is an event, and something is measured here`)
  return { meant: { values, isEvent: counts, why: whys.join('; ') }, refused }
}

/** People of an arm: in a cell headed n, nearest first, else in the heading of the arm. */
function sizeOf(entry: Entry, entries: readonly Entry[], { style }: ReadTable): string | null {
  const counts = entries.filter(({ arm, part }) => part === 'n' && arm === entry.arm)
  const near = [
    counts.filter(({ outcome, time }) => outcome === entry.outcome && (time?.label ?? '') === (entry.time?.label ?? '')),
    counts.filter(({ outcome, time }) => outcome === entry.outcome && time === null),
    counts.filter(({ outcome, time }) => outcome === '' && (time?.label ?? '') === (entry.time?.label ?? '')),
    counts.filter(({ outcome, time }) => outcome === '' && time === null),
  ].find((found) => found.length === 1)?.[0]
  const shape = near === undefined ? null : shapeOf(near.cell.text, style)
  return shape?.form === 'NUMBER' && /^\d+$/.test(shape.value) ? shape.value : entry.size
}

/** Texts that may say what the numbers of a cell are, the nearest first. */
function textsAround({ cell, row, column }: Entry, { table }: ReadTable, article: Article): string[] {
  const marked = table.footnotes.flatMap(({ mark, text }) => (mark !== null && cell.marks.includes(mark) ? [text] : []))
  const printed = (line: Line) => line.headings.map((heading) => heading.printed).reverse()
  const general = table.footnotes
    .filter(({ mark }) => mark === null || table.footnotes.length === 1)
    .flatMap(({ text }) => text.split(/[.;]\s+|,\s+(?=[Vv]alues|[Dd]ata)/))
  const others = table.footnotes.filter(({ mark }) => mark !== null).flatMap(({ text }) => (/\b(?:values?|data)\b/i.test(text) ? [text] : []))
  return [...marked, ...printed(row), ...row.notes, ...printed(column), ...column.notes, table.caption, ...general, ...others, ...statisticsOf(article)].filter(
    (text) => text !== '',
  )
}

const statements = new WeakMap<Article, string[]>()

/** What the article says of all its numbers, as one text: if it names a deviation and an error, neither is told. */
function statisticsOf(article: Article): string[] {
  const known = statements.get(article)
  if (known !== undefined) return known
  const sentences = article.body
    .split(/(?<=[.;\n])\s+/)
    .filter(
      (sentence) =>
        sentence.length < 400 &&
        /\b(?:data|values?|results?|variables?|measurements?|parameters?)\b/i.test(sentence) &&
        /\b(?:expressed|presented|reported|given|shown|summari[sz]ed|described|represented)\b/i.test(sentence) &&
        /\bs\.?d\b|\bSEM?\b|standard (?:deviation|error)|\bmedians?\b/i.test(sentence),
    )
  const told = sentences.length === 0 ? [] : [sentences.join(' ').replace(/\s+/g, ' ').trim()]
  statements.set(article, told)
  return told
}

// ── what is open ────────────────────────────────────────────────────────────────────────────────────────────────────

/** A result is taken if magnesium stands against something in it and nothing is open; arms of no told role are told. */
export function withOpenQuestions(results: readonly PlannedResult[], arms: readonly PlannedArm[]): PlannedResult[] {
  const roleOf = new Map(arms.map(({ printed, role }) => [printed, role]))
  return results.map((result) => {
    const sides = result.arms.map(({ arm }) => ({ arm, role: roleOf.get(arm) ?? null }))
    const given = sides.filter(({ role }) => role === 'MAGNESIUM' || role === 'MAGNESIUM_LOWER_DOSE')
    const others = sides.filter(({ role }) => role !== null && role !== 'MAGNESIUM')
    const open = [
      ...(result.outcome === null ? [`${result.why[0] ?? 'the outcome is not told'}: --outcome "${result.row}=…"`] : []),
      ...(given.length === 0 ? [`the role of no arm is told as magnesium: --arm "${sides[0]?.arm ?? ''}=MAGNESIUM"`] : []),
      ...(given.length > 0 && others.length === 0 ? [withoutComparator(sides)] : []),
    ]
    return { ...result, open, take: result.take && open.length === 0 }
  })
}

function withoutComparator(sides: readonly { readonly arm: string; readonly role: PlannedArm['role'] }[]): string {
  const untold = sides.find(({ role }) => role === null)
  return untold === undefined
    ? `all its arms are told as magnesium: --arm "${sides.at(-1)?.arm ?? ''}=MAGNESIUM_LOWER_DOSE", or what it is`
    : `the role of its comparator is not told: --arm "${untold.arm}=PLACEBO"`
}
