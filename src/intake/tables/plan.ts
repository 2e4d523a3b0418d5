import { z } from 'zod'
import { dotted } from '../../corpus/files.js'
import { columns, type ColumnName } from '../armLevel.columns.js'
import { TablesError } from './error.js'

/*
 * What import-tables proposes and what a curator confirms are one thing: a plan, which is printed, edited and read back.
 */

const text = z.string()
const told = text.nullable()

const wordsOf = (name: ColumnName) => {
  const column = columns.find((one) => one.name === name)
  return column !== undefined && 'words' in column ? column.words : []
}
/** A word of a column of arm-level results, as `import-results` has it. */
const word = (name: ColumnName) => z.enum(wordsOf(name)).nullable()

const values = z.strictObject(
  Object.fromEntries(
    (
      [
        'n',
        'events',
        'percent',
        'mean',
        'sd',
        'se',
        'ci_lower',
        'ci_upper',
        'median',
        'q1',
        'q3',
        'minimum',
        'maximum',
        'baseline_mean',
        'baseline_sd',
      ] as const
    ).map((name) => [name, text.optional()]),
  ) as Record<ValueName, z.ZodOptional<z.ZodString>>, // fromEntries forgets the names
)
type ValueName =
  'n' | 'events' | 'percent' | 'mean' | 'sd' | 'se' | 'ci_lower' | 'ci_upper' | 'median' | 'q1' | 'q3' | 'minimum' | 'maximum' | 'baseline_mean' | 'baseline_sd'

const place = z.strictObject({ table: text, row: text, column: text, text })

const plannedArm = z.strictObject({
  /** Heading as it is first printed, which results name their arms by. */
  printed: text,
  /** Label or slug in the study. */
  arm: text,
  role: word('role'),
  /** People in the group, by its heading. */
  n: told,
  form: told,
  route: word('route'),
  dose_amount: told,
  dose_unit: word('dose_unit'),
  dose_basis: word('dose_basis'),
  times_per_day: told,
  why: z.array(text),
})

const plannedResult = z.strictObject({
  take: z.boolean(),
  table: text,
  /** The outcome as the table calls it. */
  row: text,
  outcome: told,
  instrument: told,
  timepoint: told,
  timepoint_days: told,
  value_kind: word('value_kind'),
  unit: told,
  why: z.array(text),
  /** What must be told before it can be taken. */
  open: z.array(text),
  /** The p value of the row, as printed. */
  p: z.strictObject({ text, operator: z.enum(['LT', 'GT', 'EQ']), value: text }).nullable(),
  arms: z.array(z.strictObject({ arm: text, cells: z.array(place.pick({ row: true, column: true, text: true })), values, why: text })),
})

export const tablesPlan = z.object({
  plan: z.literal(1),
  article: z.strictObject({
    /** What was asked for: a PMCID, or a file. */
    asked: text,
    /** Where a reader finds the numbers again. */
    source: text,
    title: text,
    authors: z.array(text),
    journal: told,
    year: told,
    doi: told,
    pmid: told,
    pmcid: told,
    registrations: z.array(text),
  }),
  study: z.strictObject({
    /** Slug of a known study, or a short name for a new one. */
    study: text,
    isKnown: z.boolean(),
    design: word('design'),
    condition: told,
    why: z.array(text),
    open: z.array(text),
  }),
  tables: z.array(z.strictObject({ table: text, caption: text, kind: z.enum(['RESULTS', 'BASELINE', 'OTHER', 'UNREAD']), why: text })),
  arms: z.array(plannedArm),
  results: z.array(plannedResult),
  leftOut: z.array(place.extend({ reason: text })),
})
export type TablesPlan = z.infer<typeof tablesPlan>
export type PlannedArm = TablesPlan['arms'][number]
export type PlannedResult = TablesPlan['results'][number]
export type LeftOut = TablesPlan['leftOut'][number]

/** @throws {TablesError} BAD_PLAN, with every fault by its field */
export function readPlan(json: string): TablesPlan {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    throw new TablesError('BAD_PLAN', `the plan is no JSON: ${(error as Error).message}`, { cause: error })
  }
  const read = tablesPlan.safeParse(value)
  if (read.success) return read.data
  throw new TablesError(
    'BAD_PLAN',
    `the plan does not fit its format: ${read.error.issues
      .slice(0, 10)
      .map(({ path, message }) => `${dotted(path) || 'the plan'}: ${message}`)
      .join('; ')}`,
  )
}

/** A row for `import-results`, with the place in the article that it was read at. */
export interface PlannedRow {
  readonly cells: Partial<Record<ColumnName, string>>
  readonly place: string
}

/** Results that are taken, one row for each of their arms, as a file of arm-level results has them. */
export function rowsOfPlan({ article, study, arms, results }: TablesPlan, today: string): PlannedRow[] {
  const taken = results.filter(({ take }) => take)
  return taken.flatMap((result) => {
    const sides = result.arms.flatMap((side) => {
      const arm = arms.find(({ printed }) => printed === side.arm)
      return arm === undefined || arm.role === null ? [] : [{ side, arm }]
    })
    const columnsRead = [...new Set(sides.flatMap(({ side }) => side.cells.map(({ column }) => column)))]
    const rowsRead = [...new Set(sides.flatMap(({ side }) => side.cells.map(({ row }) => row)))]
    const locator = `${result.table}, ${named('row', rowsRead)}, ${named('column', columnsRead)}`
    return sides.map(({ side, arm }): PlannedRow => {
      const given: { [Name in ColumnName]?: string | null | undefined } = {
        study: study.study,
        ...(!study.isKnown && {
          doi: article.doi,
          pmid: article.pmid,
          pmcid: article.pmcid,
          registration: article.registrations.join('; '),
          title: article.title,
          authors: article.authors.join('; '),
          journal: article.journal,
          year: article.year,
          design: study.design,
        }),
        condition: study.condition,
        arm: arm.arm,
        role: arm.role,
        ...(arm.form !== null &&
          arm.route !== null && {
            form: arm.form,
            route: arm.route,
            dose_amount: arm.dose_amount,
            dose_unit: arm.dose_amount === null ? null : arm.dose_unit,
            dose_basis: arm.dose_basis,
            times_per_day: arm.times_per_day,
          }),
        outcome: result.outcome,
        instrument: result.instrument,
        outcome_name: result.row,
        timepoint_days: result.timepoint_days,
        timepoint: result.timepoint,
        value_kind: result.value_kind,
        unit: result.unit,
        ...side.values,
        source: article.source,
        locator,
        recorded_on: today,
      }
      const cells = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined && value !== ''))
      return { cells, place: `${result.table}, row ${JSON.stringify(rowsRead.join(' / '))}, ${arm.printed}` }
    })
  })
}

const named = (what: string, names: readonly string[]) => `${what}${names.length === 1 ? '' : 's'} ${names.map((name) => JSON.stringify(name)).join(' and ')}`
