import sql, { join, raw, type Sql } from 'sql-template-tag'
import { rows, type Transaction } from '../database/query.js'
import { emptyWords, isEmptyWord, numberHint } from '../spreadsheet.js'
import { everyColumn, isCount, ruleOf, type Column, type ColumnSubject } from './armLevel.columns.js'
import { mostFaults, type RowFault } from './bulk.records.js'

/*
 * Rows are checked where they lie, whole sets at a time; the names of columns come from the list of columns, nothing from outside.
 */

/** The most rows of one study that are taken: a study is put together in memory. */
export const mostRowsOfStudy = 10_000

const cell = ({ name }: Pick<Column, 'name'>, of = 'r') => raw(`${of}."${name}"`)
const numeric = '^\\s*[-+]?([0-9]{1,15}([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]{1,2})?\\s*$'

/** Where a cell breaks its column's rule. */
function broken(column: Column): Sql[] {
  const rule = ruleOf(column)
  // Words as the list spells them, which most are, need no look at their letters.
  const isUnusual = column.words === undefined ? sql`` : sql`${cell(column)} NOT IN (${raw(column.words.map(quoted).join(', '))}) AND `
  return [
    ...(column.isRequired === true ? [sql`(${cell(column)} IS NULL OR btrim(${cell(column)}) = '')`] : []),
    ...(rule === null ? [] : [sql`(${isUnusual}${cell(column)} !~ ${raw(quoted(rule.pattern))})`]),
  ]
}

/** Patterns are constants of ours; as literals each is compiled once for the statement. */
const quoted = (pattern: string) => `'${pattern.replaceAll("'", "''")}'`

/** Numbers that cannot stand beside each other; only where both are numbers. */
const pairs: readonly { readonly low: string; readonly high: string; readonly rule: string }[] = [
  { low: 'events', high: 'n', rule: 'must not exceed n' },
  { low: 'q1', high: 'median', rule: 'must not exceed the median' },
  { low: 'median', high: 'q3', rule: 'must not exceed the upper quartile' },
  { low: 'ci_lower', high: 'ci_upper', rule: 'must not exceed ci_upper' },
  { low: 'minimum', high: 'maximum', rule: 'must not exceed the maximum' },
]
const exceeds = ({ low, high }: { readonly low: string; readonly high: string }) => {
  const [a, b] = [cell({ name: low }), cell({ name: high })]
  return sql`CASE WHEN ${a} ~ ${raw(quoted(numeric))} AND ${b} ~ ${raw(quoted(numeric))} THEN ${a}::float8 > ${b}::float8 END`
}

/** A number such as 1.25e1, which is written as whole ones may be. */
const isFraction = (column: Column) =>
  sql`CASE WHEN ${cell(column)} ~* 'e' AND ${cell(column)} ~ ${raw(quoted(numeric))} THEN ${cell(column)}::numeric <> trunc(${cell(column)}::numeric) END`

/** A column that says nothing without another. */
const companions: readonly { readonly of: string; readonly needs: string; readonly rule: string }[] = [
  { of: 'form', needs: 'route', rule: 'needs a route' },
  { of: 'dose_amount', needs: 'dose_unit', rule: 'needs a dose_unit' },
  { of: 'dose_amount', needs: 'form', rule: 'needs a form: "magnesium" where the source names none' },
  { of: 'ci_lower', needs: 'ci_upper', rule: 'needs a ci_upper' },
  { of: 'ci_upper', needs: 'ci_lower', rule: 'needs a ci_lower' },
]

interface Check {
  readonly column: string
  readonly where: Sql
  readonly rule: string
}

// The 29th and later of months that end before; the pattern of the column sees no months.
const lastOfMonth = sql`extract(day FROM (left(btrim(r.recorded_on), 7) || '-01')::date + interval '1 month - 1 day')`
const noSuchDay = sql`CASE WHEN btrim(r.recorded_on) ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(29|30|31)$' THEN right(btrim(r.recorded_on), 2)::int > ${lastOfMonth} END`

const blank = 'leave the cell blank if it is not known'
const isMissing = (column: Column) => sql`lower(btrim(${cell(column)})) IN (${raw(emptyWords.map(quoted).join(', '))})`
const everyNumeric = new Set(everyColumn.filter(({ isNumeric }) => isNumeric === true).map(({ name }) => name))

const isEvent = sql`upper(btrim(r.value_kind)) = 'EVENT'`
const noNumber = ['events', 'percent', 'mean', 'median']

/** Every rule that one row can break by itself. */
const rowChecks: readonly Check[] = [
  ...everyColumn.flatMap((column) =>
    broken(column).map((where, index): Check => ({
      column: column.name,
      where,
      rule: column.isRequired === true && index === 0 ? 'must be given' : (ruleOf(column)?.asks ?? ''),
    })),
  ),
  // A text is any text, but for what tables write in its place; other columns take no such word as it is.
  ...everyColumn
    .filter((column) => ruleOf(column) === null)
    .map((column): Check => ({ column: column.name, where: isMissing(column), rule: `must not be a word for what is missing: ${blank}` })),
  {
    column: 'countries',
    where: sql`r.countries ~ '^\\s*NA(\\s*;\\s*NA)*\\s*$'`,
    rule: `must not be NA alone, which is Namibia or a missing value: ${blank}, and write NAM for Namibia`,
  },
  ...everyColumn.filter(isCount).map((column): Check => ({ column: column.name, where: isFraction(column), rule: 'must be a whole number of at least 0' })),
  { column: 'n', where: sql`r.n ~ '^\\s*0+([.]0*)?\\s*$'`, rule: 'must be above 0: nobody has no mean and no event' },
  ...pairs.map((pair): Check => ({ column: pair.low, where: exceeds(pair), rule: pair.rule })),
  ...companions.map(({ of, needs, rule }): Check => ({ column: of, where: sql`${cell({ name: of })} IS NOT NULL AND ${cell({ name: needs })} IS NULL`, rule })),
  {
    column: 'mean',
    where: join(
      noNumber.map((name) => sql`${cell({ name })} IS NULL`),
      ' AND ',
    ),
    rule: `must be given, or one of ${noNumber.filter((name) => name !== 'mean').join(', ')}: the row has no number`,
  },
  { column: 'value_kind', where: sql`r.events IS NULL AND r.percent IS NULL AND ${isEvent}`, rule: 'must be given with events, or a percent' },
  { column: 'events', where: sql`r.events IS NOT NULL AND NOT ${isEvent}`, rule: 'must stand beside the value_kind EVENT' },
  { column: 'recorded_on', where: noSuchDay, rule: 'must be a day that there is' },
]

interface Found {
  readonly line: number
  readonly column: string | null
  readonly value: string | null
  readonly rule: string
}

/** The first rows that break a rule by themselves; one fault for each rule that is broken. */
export async function faultsOfRows(transaction: Transaction): Promise<RowFault[]> {
  const broken = join(
    rowChecks.map(({ where }) => sql`(${where})`),
    ' OR ',
  )
  const each = join(
    rowChecks.map(({ column, where, rule }) => sql`(${column}, ${cell({ name: column })}, ${rule}, ${where})`),
    ', ',
  )
  const found = await rows<Found>(
    transaction,
    sql`
      SELECT r.line, fault."column", fault.value, fault.rule
      FROM (SELECT * FROM arm_level_row r WHERE ${broken} ORDER BY r.line LIMIT ${mostFaults + 1}) r
      CROSS JOIN LATERAL (VALUES ${each}) AS fault("column", value, rule, is_broken)
      WHERE fault.is_broken ORDER BY r.line LIMIT ${mostFaults + 1}`,
  )
  return found.map((fault) => ({ ...fault, rule: `${fault.rule}${hintFor(fault)}` }))
}

function hintFor({ column, value, rule }: Found): string {
  if (column === null || value === null || rule.includes(blank)) return ''
  const hint = everyNumeric.has(column) ? numberHint(value) : isEmptyWord(value) ? blank : null
  return hint === null ? '' : `; ${hint}`
}

const ofSubject = (subject: ColumnSubject) => everyColumn.filter((column) => column.subject === subject)
const textAggregate = (column: Column) => sql`max(${cell(column)} COLLATE "C") AS ${raw(`"${column.name}"`)}`

/** What rows of one thing must agree on: each row against the largest value of its thing, blanks aside. */
function disagreement(subject: 'STUDY' | 'POPULATION' | 'ARM', keys: readonly string[], of: string): Sql {
  const columns = ofSubject(subject).filter(({ name }) => !keys.includes(name))
  const differs = (column: Column) => sql`${cell(column)} <> ${cell(column, 'whole')}`
  return sql`
    SELECT r.line, fault."column", fault.value, fault.rule
    FROM (
      SELECT ${join(keys.map((name) => sql`${cell({ name })}`))}, ${join(columns.map(textAggregate))} FROM arm_level_row r GROUP BY ${join(keys.map((name) => cell({ name })))}
    ) whole
    JOIN arm_level_row r ON ${join(
      keys.map((name) =>
        name === 'population' ? sql`coalesce(r.population, '') = coalesce(whole.population, '')` : sql`${cell({ name })} = ${cell({ name }, 'whole')}`,
      ),
      ' AND ',
    )}
    CROSS JOIN LATERAL (VALUES ${join(
      columns.map(
        (column) =>
          sql`(${column.name}, ${cell(column)}, ${`must be the same in all rows of the ${of}; another has `} || to_json(${cell(column, 'whole')}::text)::text, ${differs(column)})`,
      ),
    )}) AS fault("column", value, rule, is_broken)
    WHERE (${join(
      columns.map((column) => sql`(${differs(column)})`),
      ' OR ',
    )}) AND fault.is_broken
    ORDER BY r.line LIMIT ${mostFaults + 1}`
}

const resultKey = ['study', 'population', 'condition', 'outcome', 'instrument', 'outcome_name', 'timepoint_days', 'timepoint', 'value_kind', 'analysis_set']
const sharedByArms = ['unit', 'primary', 'source', 'locator', 'recorded_on']
const keyList = join(resultKey.map((name) => cell({ name })))
const role = sql`upper(translate(btrim(r.role), ' -', '__'))`

const repeatedRows = sql`
  SELECT max(r.line)::int AS line, 'arm' AS "column", r.arm AS value,
    'must have one row for an outcome, time and analysis; line ' || min(r.line) || ' has it too' AS rule
  FROM arm_level_row r GROUP BY r.arm, ${keyList} HAVING count(*) > 1 ORDER BY 1 LIMIT ${mostFaults + 1}`

/** What the rows of a result share, as one number: cheaper to compare than five texts. */
const sharedInOne = sql`hashtextextended(concat_ws('|', ${join(
  sharedByArms.map((name) => (name === 'primary' ? sql`coalesce(r."primary" ~* '^\\s*[yt1]', false)` : sql`coalesce(${cell({ name })}, '')`)),
)}), 0)`

const brokenResults = sql`
  SELECT result.line, 'role' AS "column", NULL AS value, CASE
    WHEN NOT given AND NOT lower THEN 'must be MAGNESIUM or MAGNESIUM_LOWER_DOSE in one row of the result at least'
    WHEN has_no_comparator THEN 'must be that of a comparator in another row of the result, unless the design is SINGLE_ARM'
    ELSE 'must be in rows with the same ${raw(sharedByArms.join(', '))} as the other rows of the result' END AS rule
  FROM (
    SELECT *, NOT controlled AND NOT (given AND lower) AND NOT EXISTS (
      SELECT FROM arm_level_row r WHERE r.study = found.study AND upper(btrim(r.design)) ~ '^SINGLE[ _-]ARM$') AS has_no_comparator
    FROM (
      SELECT r.study, min(r.line)::int AS line, bool_or(${role} = 'MAGNESIUM') AS given, bool_or(${role} NOT IN ('MAGNESIUM', 'MAGNESIUM_LOWER_DOSE')) AS controlled,
        bool_or(${role} = 'MAGNESIUM_LOWER_DOSE') AS lower, min(${sharedInOne}) <> max(${sharedInOne}) AS differs
      FROM arm_level_row r GROUP BY ${keyList}
    ) found
    WHERE differs OR NOT (controlled AND (given OR lower))
  ) result
  WHERE differs OR (NOT given AND NOT lower) OR has_no_comparator ORDER BY result.line LIMIT ${mostFaults + 1}`

const tooManyRows = sql`
  SELECT min(r.line)::int AS line, 'study' AS "column", r.study AS value,
    'must have at most ${raw(String(mostRowsOfStudy))} rows, and has ' || count(*) AS rule
  FROM arm_level_row r GROUP BY r.study HAVING count(*) > ${mostRowsOfStudy} ORDER BY 1 LIMIT ${mostFaults + 1}`

/** What rows break together: things they say differently, rows there twice, results without a comparator, studies too large. */
export async function faultsBetweenRows(transaction: Transaction): Promise<RowFault[]> {
  const found: RowFault[] = []
  for (const statement of [
    disagreement('STUDY', ['study'], 'study'),
    disagreement('POPULATION', ['study', 'population'], 'population'),
    disagreement('ARM', ['study', 'arm'], 'arm'),
    repeatedRows,
    brokenResults,
    tooManyRows,
  ])
    found.push(...(await rows<Found>(transaction, statement)))
  return found
}
