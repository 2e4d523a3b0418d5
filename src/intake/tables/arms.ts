import type { StudyEntry } from '../../corpus/format.js'
import type { ArmRole } from '../../generated/prisma/enums.js'
import { normalized, type Vocabulary } from '../../vocabulary/vocabulary.js'
import { amountIn, routeIn } from '../clinicalTrials.words.js'
import type { ReadTable } from './headings.js'
import type { ArticleFront } from './jats.js'
import type { PlannedArm } from './plan.js'
import { formIn, roleByName, roleByText, sizeIn, timeIn, type RoleTold } from './words.js'

/** An arm of the article with all that its tables call it. */
export interface ArticleArm {
  readonly printed: string
  readonly names: readonly string[]
  /** People by heading; several where tables differ. */
  readonly sizes: readonly string[]
}

/** A heading without its size and time: "Magnesium (n = 30), week 6" is "Magnesium". */
export function nameOfArm(heading: string): string {
  const { rest } = sizeIn(heading)
  const time = timeIn(rest)
  return time === null || time.rest === '' ? rest : time.rest
}

/** What an arm may be called elsewhere: "Group 1 (Magnesium)" also "Group 1" and "Magnesium"; "A" in a column "Group" also "Group A". */
export function namesOf(name: string): string[] {
  const [, before, inside] = /^(.*?)\s*\(([^()]*)\)\s*$/.exec(name) ?? []
  const [letter] = /^(?:[A-Z]|[IVX]{1,4}|\d)$/.exec(name) ?? []
  const [group] = /^(?:the )?groups?\s*[-:]?\s*(?:[A-Z]{1,3}\d?|\d|[IVX]{1,4})\b/i.exec(name) ?? []
  const isName = inside !== undefined && /\p{L}{4}/u.test(inside) && !/\d/.test(inside)
  return [...new Set([name, before ?? '', isName ? inside : '', group ?? '', letter === undefined ? '' : `Group ${letter}`].map(normalized))].filter(
    (one) => one !== '',
  )
}

/** The arms of all tables; the same group under two headings is one arm. */
export function armsOf(tables: readonly ReadTable[]): ArticleArm[] {
  const arms: { printed: string; names: string[]; sizes: string[] }[] = []
  for (const heading of tables.flatMap((table) => table.arms)) {
    const name = nameOfArm(heading)
    const names = namesOf(name)
    const { n } = sizeIn(heading)
    const same = arms.find((arm) => names.some((one) => arm.names.includes(one)))
    if (same === undefined) arms.push({ printed: name, names, sizes: n === null ? [] : [n] })
    else {
      if (name.length > same.printed.length && names.includes(normalized(same.printed))) same.printed = name
      same.names.push(...names.filter((one) => !same.names.includes(one)))
      if (n !== null && !same.sizes.includes(n)) same.sizes.push(n)
    }
  }
  return arms
}

export interface ArmContext {
  readonly front: ArticleFront
  readonly body: string
  readonly vocabulary: Vocabulary
  readonly known: StudyEntry | null
}

/** What each arm is, and which arm of a known study: by its name, then by what the article says of the group, then by what is left. */
export function plannedArms(arms: readonly ArticleArm[], { front, body, vocabulary, known }: ArmContext): PlannedArm[] {
  const text = `${front.abstract}\n${body}`
  const byName = arms.map(({ printed }) => roleByName(printed, vocabulary))
  const told = arms.map((arm, index): RoleTold => {
    const named = byName[index]
    if (named != null) return named
    const names = [...arm.names].sort((a, b) => b.length - a.length)
    return (
      roleByText(names, arm.printed, { text, title: front.title, vocabulary }) ??
      controlRole(arm.printed, text) ?? { role: null, why: 'what it was given is not told by its name, nor beside it in the text' }
    )
  })
  const knownArms = known === null ? [] : matchedArms(arms, told, known)
  return arms.map((arm, index): PlannedArm => {
    const { role, why } = told[index] ?? { role: null, why: '' }
    const match = knownArms[index] ?? null
    const isMagnesium = (match?.role ?? role) === 'MAGNESIUM'
    const form = match === null && isMagnesium ? formIn([arm.printed, front.title, front.abstract], vocabulary) : null
    const route = form === null ? null : (routeIn(arm.printed) ?? routeIn(front.title) ?? routeIn(front.abstract))
    const amount = form === null || route === null ? null : amountIn(arm.printed, form)
    return {
      printed: arm.printed,
      arm: match?.arm ?? arm.printed,
      role: match?.role ?? role,
      n: arm.sizes.length === 1 ? (arm.sizes[0] ?? null) : null,
      form: route === null ? null : (form?.slug ?? null),
      route,
      dose_amount: amount === null ? null : String(amount.amount),
      dose_unit: amount?.unit ?? null,
      dose_basis: amount?.basis ?? null,
      times_per_day: amount?.timesPerDay === undefined ? null : String(amount.timesPerDay),
      why: [
        match?.why ?? why,
        ...(arm.sizes.length > 1 ? [`its tables have different numbers of people: ${arm.sizes.join(', ')}`] : []),
        ...(form !== null && route === null ? [`the form seems to be ${form.name}; the route is not told in one way`] : []),
      ],
    }
  })
}

/** A control is what the article says that all controls had. */
function controlRole(name: string, text: string): RoleTold | null {
  if (!/\bcontrols?\b/i.test(name)) return null
  if (/\bplacebos?\b/i.test(text)) return { role: 'PLACEBO', why: 'it is the control, and the article names a placebo' }
  if (/\b(?:normal|isotonic|physiological) saline\b/i.test(text)) return { role: 'PLACEBO', why: 'it is the control, and the article names saline' }
  return { role: null, why: 'it is the control, and what it was given is not told beside it' }
}

interface Match {
  readonly arm: string
  readonly role: ArmRole
  readonly why: string
}

/** The arms of a known study that those of the article are: by a shared name, by the only arm of a role, or as the only ones left. */
function matchedArms(arms: readonly ArticleArm[], told: readonly RoleTold[], { slug, arms: known }: StudyEntry): (Match | null)[] {
  const matches: (Match | null)[] = arms.map(() => null)
  const take = (index: number, arm: StudyEntry['arms'][number], why: string) =>
    void (matches[index] = { arm: arm.slug, role: arm.role, why: `${arm.slug} of ${slug}: ${why}` })
  const free = () => known.filter((arm) => !matches.some((match) => match?.arm === arm.slug))
  const words = (one: StudyEntry['arms'][number]) => [one.slug, one.label].map(normalized)
  arms.forEach((arm, index) => {
    const named = free().filter((one) => words(one).some((word) => arm.names.includes(word)))
    if (named.length === 1 && named[0] !== undefined) take(index, named[0], 'its name')
  })
  arms.forEach((_, index) => {
    const role = told[index]?.role
    const ofRole = free().filter((one) => one.role === role)
    const alone = arms.every((__, other) => other === index || matches[other] !== null || told[other]?.role !== role)
    if (matches[index] === null && alone && ofRole.length === 1 && ofRole[0] !== undefined) take(index, ofRole[0], `its role, as ${told[index]?.why ?? ''}`)
  })
  const open = matches.flatMap((match, index) => (match === null ? [index] : []))
  const [last] = open
  const [only] = free()
  if (open.length === 1 && last !== undefined && free().length === 1 && only !== undefined && told[last]?.role === null)
    take(last, only, 'it is the only one left')
  return matches
}
