import type { ArmRole } from '../../generated/prisma/enums.js'
import { normalized, type Vocabulary } from '../../vocabulary/vocabulary.js'
import { nameOfArm, namesOf } from './arms.js'
import { TablesError } from './error.js'
import type { TablesPlan } from './plan.js'
import { withOpenQuestions } from './proposal.js'

/** What a curator says of a proposal on the command line. Left out, the proposal stands. */
export interface Choices {
  readonly tables?: readonly string[]
  readonly rows?: readonly string[]
  readonly study?: string
  readonly design?: NonNullable<TablesPlan['study']['design']>
  readonly condition?: string
  /** What arms are, by a name; null leaves an arm out. */
  readonly arms?: readonly { readonly name: string; readonly role: ArmRole | null }[]
  /** Outcomes of rows, and the instrument after a slash. */
  readonly outcomes?: readonly { readonly name: string; readonly outcome: string }[]
  /** People analysed in arms, where cells and headings do not tell it. */
  readonly sizes?: readonly { readonly name: string; readonly n: string }[]
  /** Days of times. */
  readonly days?: readonly { readonly name: string; readonly days: string }[]
}

/** Whether a label of a table is the one asked for: "2", "II" and "Table 2" are one. */
export function isTable(label: string, asked: string): boolean {
  const number = (text: string) => normalized(text).replace(/^table /, '')
  return number(label) === number(asked)
}

/**
 * The plan as the curator wants it.
 *
 * @throws {TablesError} UNKNOWN_CHOICE for what the plan does not have, with what it has
 */
export function withChoices(plan: TablesPlan, choices: Choices, vocabulary: Vocabulary): TablesPlan {
  const { tables, rows, study, design, condition, arms = [], outcomes = [], days = [], sizes = [] } = choices
  for (const asked of tables ?? [])
    mustBeAmong(
      '--table',
      asked,
      plan.tables.map(({ table }) => table),
      isTable,
    )
  for (const asked of rows ?? [])
    mustBeAmong(
      '--row',
      asked,
      plan.results.map(({ row }) => row),
      sameName,
    )
  for (const { name } of outcomes)
    mustBeAmong(
      '--outcome',
      name,
      plan.results.map(({ row }) => row),
      sameName,
    )
  for (const { name } of days)
    mustBeAmong(
      '--day',
      name,
      plan.results.flatMap(({ timepoint }) => timepoint ?? []),
      sameName,
    )
  for (const { name } of arms)
    mustBeAmong(
      '--arm',
      name,
      plan.arms.map(({ printed }) => printed),
      isArm,
    )
  if (condition !== undefined && vocabulary.conditions.find(condition) === undefined)
    throw new TablesError('UNKNOWN_CHOICE', `--condition must be the slug, code or name of a known condition, got "${condition}"`)
  const armsChosen = plan.arms.map((arm) => {
    const chosen = arms.find(({ name }) => isArm(arm.printed, name))
    if (chosen === undefined) return arm
    const isSame = chosen.role === arm.role
    return {
      ...arm,
      role: chosen.role,
      ...(!isSame && { form: null, route: null, dose_amount: null, dose_unit: null, dose_basis: null, times_per_day: null }),
      why: ['as was chosen'],
    }
  })
  const results = plan.results.map((result) => {
    const isWanted =
      (tables === undefined || tables.some((asked) => isTable(result.table, asked))) &&
      (rows === undefined || rows.some((asked) => sameName(result.row, asked)))
    const outcome = outcomes.find(({ name }) => sameName(result.row, name))
    const day = result.timepoint === null ? undefined : days.find(({ name }) => sameName(result.timepoint ?? '', name))
    const [told, instrument] = outcome?.outcome.split('/') ?? []
    return {
      ...result,
      take: isWanted && (result.take || result.open.length > 0),
      ...(told !== undefined && { outcome: told.trim(), instrument: instrument?.trim() ?? null, open: [], why: ['as was chosen'] }),
      ...(day !== undefined && { timepoint_days: day.days }),
      arms: result.arms.map((side) => {
        const size = sizes.find(({ name }) => isArm(side.arm, name))
        return size === undefined || side.values.n !== undefined ? side : { ...side, values: { ...side.values, n: size.n } }
      }),
    }
  })
  const isDesigned = (design ?? plan.study.design) !== null
  return {
    ...plan,
    study: {
      ...plan.study,
      ...(study !== undefined && { study, isKnown: plan.study.isKnown && study === plan.study.study }),
      design: design ?? plan.study.design,
      condition: condition === undefined ? plan.study.condition : (vocabulary.conditions.find(condition)?.slug ?? null),
      open: plan.study.open.filter(
        (question) => !(question.startsWith('the design') && isDesigned) && !(question.startsWith('the condition') && condition !== undefined),
      ),
    },
    arms: armsChosen,
    results: withOpenQuestions(results, armsChosen),
  }
}

const sameName = (one: string, other: string) => normalized(one) === normalized(other)

const isArm = (printed: string, asked: string) => {
  const names = namesOf(printed)
  return namesOf(nameOfArm(asked)).some((name) => names.includes(name))
}

function mustBeAmong(option: string, asked: string, known: readonly string[], isSame: (known: string, asked: string) => boolean): void {
  if (known.some((one) => isSame(one, asked))) return
  const list = [...new Set(known)].map((one) => JSON.stringify(one)).join(', ')
  throw new TablesError('UNKNOWN_CHOICE', `${option} names "${asked}", which is not there: ${list === '' ? 'there is none' : `there are ${list}`}`)
}
