import { dotted, innermostIssues } from '../corpus/files.js'
import {
  study as studyFormat,
  type ArmEntry,
  type ArmResultEntry,
  type DoseEntry,
  type PopulationEntry,
  type ResultEntry,
  type StudyEntry,
} from '../corpus/format.js'
import { uninert } from '../spreadsheet.js'
import { readIdentifier } from '../study/identifiers.js'
import { normalized, type Vocabulary } from '../vocabulary/vocabulary.js'
import type { ArmLevelRow, ColumnName } from './armLevel.columns.js'

/** The rows of one study, in the order of the file; they have been checked. */
export interface StudyRows {
  readonly slug: string
  readonly rows: readonly ArmLevelRow[]
}

/** The line of each arm's row, by the slugs of result and arm. */
export type LinesOfResults = ReadonlyMap<string, ReadonlyMap<string, number>>

export type ReadStudy =
  { readonly study: StudyEntry; readonly lines: LinesOfResults; readonly faults: readonly [] } | { readonly study: null; readonly faults: readonly string[] }

/**
 * A study in the format of the corpus from its rows: an arm for each label, a result for each comparison that an outcome's arms allow.
 * Names of arms and populations that `known` has are its own, so that the two can be joined.
 *
 * Every magnesium arm is compared with every comparator of its result; where none is there, with the arms of a lower dose.
 *
 * @returns the study, or what of it the format does not take, in a sentence each
 */
export function studyOfRows({ slug, rows }: StudyRows, vocabulary: Vocabulary, known?: StudyEntry): ReadStudy {
  const sources = new Map<string, { readonly key: string; readonly row: ArmLevelRow }>()
  const sourceKey = (row: ArmLevelRow) => {
    const identity = JSON.stringify([row.source, row.locator, row.recorded_on].map(blankAsNull))
    const key = sources.get(identity)?.key ?? keyInKnown(known, row) ?? freeKey(known, sources.size)
    if (!sources.has(identity)) sources.set(identity, { key, row })
    return key
  }
  const lines = new Map<string, ReadonlyMap<string, number>>()
  const context: Context = { vocabulary, known, sourceKey, lines, arms: namesOfArms(rows, known), populations: namesOfPopulations(rows, known) }
  const populations = [...grouped(rows, (row) => context.populations.get(labelOf(row)) ?? '')].map(([name, group]) => populationOf(name, group, context))
  const arms = [...grouped(rows, (row) => context.arms.get(text(row.arm) ?? '') ?? '')].map(([name, group]) => armOf(name, group, context))
  const results = resultsOf(rows, arms, context)
  const first = (column: ColumnName) => firstOf(rows, column)
  const identifier = (column: 'doi' | 'pmid' | 'pmcid') => {
    const written = first(column)
    return written === null
      ? undefined
      : readIdentifier(column === 'doi' ? written : column === 'pmid' ? `PMID: ${written.replace(/^pmid\s*:?\s*/i, '')}` : written)?.value
  }
  const title = first('title') ?? known?.title ?? slug
  const read = studyFormat.safeParse({
    slug,
    title,
    evidenceKind: 'PRIMARY',
    design: word(first('design')) ?? known?.design,
    countries: listOf(first('countries')).map((code) => (code === 'NAM' ? 'NA' : code)),
    registrations: listOf(first('registration')).map((written) => readIdentifier(written)?.value ?? written),
    publications: [
      defined({
        slug,
        role: 'PRIMARY_REPORT',
        title,
        ...authorsOf(first('authors')),
        journal: first('journal'),
        year: number(first('year')),
        doi: identifier('doi'),
        pmid: identifier('pmid'),
        pmcid: identifier('pmcid'),
      }),
    ],
    populations,
    arms,
    results,
    sources: Object.fromEntries(
      [...sources.values()].map(({ key, row }) => [key, defined({ source: text(row.source), locator: text(row.locator), recordedAt: text(row.recorded_on) })]),
    ),
  })
  if (read.success) return { study: read.data, lines, faults: [] }
  return { study: null, faults: read.error.issues.flatMap(innermostIssues).map(({ path, message }) => `${dotted(path)}: ${message}`) }
}

interface Context {
  readonly vocabulary: Vocabulary
  readonly known: StudyEntry | undefined
  readonly sourceKey: (row: ArmLevelRow) => string
  /** Filled as results are made. */
  readonly lines: Map<string, ReadonlyMap<string, number>>
  /** Slugs by label. */
  readonly arms: ReadonlyMap<string, string>
  readonly populations: ReadonlyMap<string, string>
}

// ── populations and arms ────────────────────────────────────────────────────────────────────────────────────────────

function populationOf(slug: string, rows: readonly ArmLevelRow[], { vocabulary, sourceKey }: Context): PopulationEntry {
  const [first] = rows as [ArmLevelRow] // a group has a row
  const label = firstOf(rows, 'population')
  return defined({
    slug,
    label: label ?? 'whole sample',
    wholeSample: label === null,
    meanAge: number(firstOf(rows, 'mean_age')),
    femalePercent: number(firstOf(rows, 'female_percent')),
    conditions: [...new Set(rows.map((row) => vocabulary.conditions.named(row.condition ?? '').slug))],
    source: sourceKey(first),
  })
}

function armOf(slug: string, rows: readonly ArmLevelRow[], context: Context): ArmEntry {
  const dose = doseOf(rows, context)
  return defined({
    slug,
    label: firstOf(rows, 'arm') ?? slug,
    role: word(firstOf(rows, 'role')) as ArmEntry['role'], // a word of the column's list
    randomized: number(firstOf(rows, 'randomized')),
    doses: dose === null ? [] : [dose],
    coInterventions: [],
  })
}

function doseOf(rows: readonly ArmLevelRow[], { vocabulary, sourceKey }: Context): DoseEntry | null {
  const [first] = rows as [ArmLevelRow] // a group has a row
  const form = firstOf(rows, 'form')
  if (form === null) return null
  const days = number(firstOf(rows, 'duration_days'))
  return defined({
    form: vocabulary.forms.named(form).slug,
    route: word(firstOf(rows, 'route')) as DoseEntry['route'], // as role
    phase: 1,
    startDay: days === undefined ? undefined : 0,
    endDay: days,
    amount: number(firstOf(rows, 'dose_amount')),
    unit: firstOf(rows, 'dose_amount') === null ? undefined : (word(firstOf(rows, 'dose_unit')) as DoseEntry['unit']), // as role
    basis: (word(firstOf(rows, 'dose_basis')) ?? 'NOT_STATED') as DoseEntry['basis'], // as role
    timesPerDay: number(firstOf(rows, 'times_per_day')),
    source: sourceKey(first),
  })
}

const labelOf = (row: ArmLevelRow) => text(row.population) ?? ''

function namesOfArms(rows: readonly ArmLevelRow[], known: StudyEntry | undefined): Map<string, string> {
  return namesOf(
    rows.map(({ arm }) => text(arm) ?? ''),
    known?.arms ?? [],
    'arm',
  )
}

function namesOfPopulations(rows: readonly ArmLevelRow[], known: StudyEntry | undefined): Map<string, string> {
  const names = namesOf(
    rows.map(labelOf).filter((label) => label !== ''),
    known?.populations ?? [],
    'population',
  )
  const whole = known?.populations.find(({ wholeSample }) => wholeSample)?.slug
  return names.set('', whole ?? free('all', new Set([...names.values(), ...(known?.populations ?? []).map(({ slug }) => slug)])))
}

/** A slug for each label: that of the known thing of this label or slug, else one made of the label. */
function namesOf(labels: readonly string[], known: readonly { readonly slug: string; readonly label: string }[], fallback: string): Map<string, string> {
  const taken = new Set(known.map(({ slug }) => slug))
  const names = new Map<string, string>()
  for (const label of new Set(labels)) {
    const same = known.find((one) => one.slug === label || normalized(one.label) === normalized(label))
    const name = same?.slug ?? free(slugOf(label, fallback), taken)
    taken.add(name)
    names.set(label, name)
  }
  return names
}

// ── results ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function resultsOf(rows: readonly ArmLevelRow[], arms: readonly ArmEntry[], context: Context): ResultEntry[] {
  const question = (row: ArmLevelRow) =>
    JSON.stringify(
      [row.population, row.condition, row.outcome, row.instrument, row.outcome_name, row.timepoint_days, row.timepoint, row.value_kind].map(blankAsNull),
    )
  const taken = new Set(context.known?.results.map(({ slug }) => slug))
  return [...grouped(rows, question).values()].flatMap((sameQuestion) => {
    const analyses = [...grouped(sameQuestion, (row) => word(text(row.analysis_set)) ?? 'UNKNOWN').values()]
    return analyses.flatMap((group, analysis) =>
      contrastsOf(group, arms, context).map(({ intervention, comparator }, _, contrasts): ResultEntry => {
        const result = resultOf(group, intervention, comparator, { context, isFirstAnalysis: analysis === 0 })
        const same = context.known?.results.find((one) => sameResult(one, result))
        const slug = same?.slug ?? free(slugOfResult(result, contrasts.length > 1), taken)
        taken.add(slug)
        context.lines.set(slug, new Map([intervention, ...(comparator === null ? [] : [comparator])].map((side) => [side.slug, side.row.line])))
        return { ...result, slug, name: same?.name ?? result.name }
      }),
    )
  })
}

interface Side {
  readonly slug: string
  readonly row: ArmLevelRow
}

interface Comparison {
  readonly intervention: Side
  readonly comparator: Side | null
}

function contrastsOf(rows: readonly ArmLevelRow[], arms: readonly ArmEntry[], context: Context): Comparison[] {
  const sides = rows.map((row) => {
    const slug = context.arms.get(text(row.arm) ?? '') ?? ''
    return { slug, row, role: arms.find((arm) => arm.slug === slug)?.role }
  })
  const given = sides.filter(({ role }) => role === 'MAGNESIUM')
  const lower = sides.filter(({ role }) => role === 'MAGNESIUM_LOWER_DOSE')
  const controls = sides.filter((side) => !given.includes(side) && !lower.includes(side))
  const isByDose = controls.length === 0 && given.length > 0
  const comparators = isByDose ? lower : controls
  return (isByDose ? given : [...given, ...lower]).flatMap((intervention): Comparison[] =>
    comparators.length === 0 ? [{ intervention, comparator: null }] : comparators.map((comparator) => ({ intervention, comparator })),
  )
}

function resultOf(
  rows: readonly ArmLevelRow[],
  intervention: Side,
  comparator: Side | null,
  { context, isFirstAnalysis }: { readonly context: Context; readonly isFirstAnalysis: boolean },
): ResultEntry {
  const { vocabulary, populations, sourceKey } = context
  const { row } = intervention
  const outcome = vocabulary.outcomes.named(row.outcome ?? '')
  const instrument = text(row.instrument)
  const set = word(text(row.analysis_set)) ?? 'UNKNOWN'
  const name = text(row.outcome_name) ?? outcome.name
  const armResults = [intervention, ...(comparator === null ? [] : [comparator])].map(armResultOf)
  const isCounted = armResults.some(
    ({ n, mean, events, percent, median }) => (n !== undefined && (mean ?? events) !== undefined) || (percent ?? median) !== undefined,
  )
  return defined({
    slug: '',
    outcome: outcome.slug,
    condition: vocabulary.conditions.named(row.condition ?? '').slug,
    instrument: instrument === null ? undefined : vocabulary.instruments.named(instrument).slug,
    population: populations.get(labelOf(row)) ?? '',
    intervention: intervention.slug,
    comparator: comparator?.slug,
    // Several analyses of one result are several results, told apart by their names.
    name: isFirstAnalysis ? name : `${name} (${set.toLowerCase().replaceAll('_', ' ')})`,
    primary: /^[yt1]/i.test(firstOf(rows, 'primary') ?? ''),
    timepointDays: number(text(row.timepoint_days)),
    timepointLabel: text(row.timepoint) ?? undefined,
    analysisSet: set as ResultEntry['analysisSet'], // a word of the column's list
    valueKind: word(text(row.value_kind)) as ResultEntry['valueKind'], // likewise
    unit: firstOf(rows, 'unit') ?? undefined,
    unitOfAnalysis: 'PARTICIPANTS',
    covariates: [],
    armResults,
    reported: [],
    absentReason: isCounted ? undefined : ('NOT_REPORTED' as const),
    source: sourceKey(row),
    exposureCategories: [],
    furtherSources: [],
    alternatives: [],
  })
}

function armResultOf({ slug, row }: Side): ArmResultEntry {
  const value = (column: ColumnName) => number(text(row[column]))
  return defined({
    arm: slug,
    n: value('n'),
    events: value('events'),
    eventsFromPercent: false,
    percent: value('percent'),
    mean: value('mean'),
    sd: value('sd'),
    se: value('se'),
    ciLower: value('ci_lower'),
    ciUpper: value('ci_upper'),
    median: value('median'),
    q1: value('q1'),
    q3: value('q3'),
    minimum: value('minimum'),
    maximum: value('maximum'),
    baselineMean: value('baseline_mean'),
    baselineSd: value('baseline_sd'),
    note: text(row.note) ?? undefined,
  })
}

/** One result in two records: the same question, answered for the same people at the same time. */
export function sameResult(one: ResultEntry, other: ResultEntry): boolean {
  const question = (result: ResultEntry) => [
    result.outcome,
    result.condition,
    result.instrument,
    result.population,
    result.intervention,
    result.comparator,
    result.timepointDays ?? result.timepointLabel,
    result.valueKind,
    result.adjusted ?? false,
  ]
  const names = [one, other].map(({ name }) => normalized(name))
  return JSON.stringify(question(one)) === JSON.stringify(question(other)) && (names[0] === names[1] || one.analysisSet === other.analysisSet)
}

function slugOfResult(
  { outcome, instrument, intervention, comparator, timepointDays, timepointLabel, valueKind, population }: ResultEntry,
  isOneOfSeveral: boolean,
): string {
  const time = timepointDays === undefined ? timepointLabel : `day ${timepointDays}`
  const parts = [
    outcome,
    instrument,
    valueKind === 'CHANGE' || valueKind === 'PERCENT_CHANGE' ? valueKind : undefined,
    time,
    population === 'all' ? undefined : population,
    ...(isOneOfSeveral ? [intervention, comparator] : []),
  ]
  return slugOf(parts.filter((part) => part !== undefined).join(' '), 'result')
}

// ── cells ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Without the apostrophe that keeps spreadsheets from taking it for a formula. */
function text(cell: string | null): string | null {
  const written = uninert((cell ?? '').trim()).trim()
  return written === '' ? null : written
}

const blankAsNull = (cell: string | null) => text(cell)
const number = (cell: string | null): number | undefined => (cell === null ? undefined : Number(cell))
/** A word of a closed list as the list spells it. */
const word = (cell: string | null): string | undefined => cell?.toUpperCase().replace(/[ -]/g, '_')
const listOf = (cell: string | null): string[] => (cell ?? '').split(';').flatMap((part) => text(part) ?? [])

function firstOf(rows: readonly ArmLevelRow[], column: ColumnName): string | null {
  for (const row of rows) if (text(row[column]) !== null) return text(row[column])
  return null
}

function authorsOf(cell: string | null) {
  const names = ((cell ?? '').match(/(?:\{[^{}]*\}|[^;])+/g) ?? []).flatMap((part) => text(part) ?? [])
  const isOpen = names.some((name) => /\bet al\.?$/i.test(name))
  return {
    authors: names
      .map((name) => name.replace(/,?\s*\bet al\.?$/i, '').trim())
      .filter((name) => name !== '')
      .map((name) => {
        const [, group] = /^\{(.+)\}$/.exec(name) ?? []
        if (group !== undefined) return { corporate: group.trim() }
        const [family = name, ...given] = name.split(',').flatMap((part) => text(part) ?? [])
        return defined({ family, given: given.length === 0 ? undefined : given.join(', ') })
      }),
    authorsIncomplete: isOpen,
  }
}

/** @example slugOf('Magnesium citrate, 300 mg', 'arm') // 'magnesium-citrate-300-mg' */
export function slugOf(label: string, fallback: string): string {
  const slug = normalized(label)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return slug === '' ? fallback : slug.slice(0, 100).replace(/-+$/, '')
}

/** The name itself, or with the first number from 2 that makes it free. */
function free(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  for (let count = 2; ; count++) if (!taken.has(`${name}-${count}`)) return `${name}-${count}`
}

function keyInKnown(known: StudyEntry | undefined, row: ArmLevelRow): string | undefined {
  return Object.entries(known?.sources ?? {}).find(
    ([, entry]) => entry.source === text(row.source) && (entry.locator ?? null) === text(row.locator) && entry.recordedAt === text(row.recorded_on),
  )?.[0]
}

function freeKey(known: StudyEntry | undefined, index: number): string {
  const before = Object.keys(known?.sources ?? {}).filter((key) => /^results-\d+$/.test(key)).length
  return `results-${before + index + 1}`
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}

/** The record without what is not there: the format of the corpus has no empty values. */
function defined<Shape extends object>(shape: Shape): { [Key in keyof Shape]: Exclude<Shape[Key], null> } {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined && value !== null)) as never // the same keys, fewer of them
}
