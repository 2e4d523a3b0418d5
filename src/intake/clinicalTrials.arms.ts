import type { ArmEntry, DoseEntry } from '../corpus/format.js'
import { normalized, type FormTerm, type Vocabulary } from '../vocabulary/vocabulary.js'
import type { ArmGroup, Intervention, Protocol } from './clinicalTrials.format.js'
import { amountIn, daysOfTreatment, distinctSlugs, formsNamedIn, routeIn } from './clinicalTrials.words.js'

/** Told of everything that is left out, and why. */
export type LeaveOut = (what: string) => void

/** Whoever maps has `registry` among the study's sources. */
export const registrySource = 'registry'

const isPlacebo = (text: string) => /\b(placebos?|sham|dummy)\b/i.test(text)
const isUsualCare = (text: string) => /\b(usual|standard|routine) (care|treatment|therapy|of care)\b|\bstandard of care\b/i.test(text)

/** The arms of the protocol whose part in the trial can be told, with what was given. */
export function armsOf({ armsInterventionsModule }: Protocol, vocabulary: Vocabulary, leaveOut: LeaveOut): ArmEntry[] {
  const { armGroups, interventions } = armsInterventionsModule
  const slugs = distinctSlugs(armGroups.map(({ label }) => label))
  return armGroups.flatMap((group, index): ArmEntry[] => {
    const given = interventionsOf(group, interventions)
    const magnesium = given.map((intervention) => ({ intervention, forms: isPlacebo(intervention.name) ? [] : formsGiven(intervention, vocabulary) }))
    const withMagnesium = magnesium.filter(({ forms }) => forms.length > 0)
    const role = roleOf(group, given, withMagnesium.length > 0)
    if (role === null) {
      leaveOut(`arm "${group.label}": its part cannot be told from the type ${group.type ?? '(none)'} and what is given (${namesOf(given)})`)
      return []
    }
    const doses = withMagnesium.flatMap(({ intervention, forms }) => dosesOf(group, intervention, forms, leaveOut))
    const others = magnesium.filter(({ forms }) => forms.length === 0).map(({ intervention }) => intervention.name)
    return [
      {
        slug: slugs[index] ?? 'arm',
        label: group.label,
        role,
        doses: numbered(doses, group.label, leaveOut),
        coInterventions: role === 'MAGNESIUM' ? others.filter((name) => !isPlacebo(name)) : [],
        ...(role === 'ACTIVE_CONTROL' && others.length > 0 && { note: `Given: ${others.join('; ')}.` }),
      },
    ]
  })
}

const namesOf = (interventions: readonly Intervention[]) => interventions.map(({ name }) => name).join('; ') || 'nothing'

/** An arm names its interventions with their type before them: "Dietary Supplement: Magnesium oxide". */
function interventionsOf({ label, interventionNames }: ArmGroup, interventions: readonly Intervention[]): Intervention[] {
  const named = new Set(interventionNames.map((name) => normalized(name.replace(/^[^:]{1,40}:\s*/, ''))))
  return interventions.filter(({ name, armGroupLabels }) => named.has(normalized(name)) || (named.size === 0 && armGroupLabels.includes(label)))
}

/** What the name says comes before what other names and the description say. */
function formsGiven({ name, otherNames, description }: Intervention, vocabulary: Vocabulary): FormTerm[] {
  const byName = formsNamedIn(name, vocabulary)
  const isGeneric = (forms: readonly FormTerm[]) => forms.every(({ slug }) => slug === 'magnesium-unspecified')
  if (byName.length === 0 || !isGeneric(byName)) return byName
  const byOthers = formsNamedIn(otherNames.join(' | '), vocabulary)
  if (byOthers.length > 0 && !isGeneric(byOthers)) return byOthers
  const described = formsNamedIn(description ?? '', vocabulary)
  return described.length === 1 && !isGeneric(described) ? described : byName
}

function roleOf({ type, label, description }: ArmGroup, given: readonly Intervention[], hasMagnesium: boolean): ArmEntry['role'] | null {
  if (hasMagnesium) return type === 'EXPERIMENTAL' || type === 'ACTIVE_COMPARATOR' || type === 'OTHER' || type === undefined ? 'MAGNESIUM' : null
  if (type === 'PLACEBO_COMPARATOR' || type === 'SHAM_COMPARATOR') return 'PLACEBO'
  if (type === 'NO_INTERVENTION') return isUsualCare(`${label} ${description ?? ''}`) ? 'USUAL_CARE' : 'NO_TREATMENT'
  const names = [label, ...given.map(({ name }) => name)].join(' | ')
  if (given.length > 0 && given.every(({ name }) => isPlacebo(name))) return 'PLACEBO'
  if (isUsualCare(names)) return 'USUAL_CARE'
  return type === 'ACTIVE_COMPARATOR' && given.length > 0 ? 'ACTIVE_CONTROL' : null
}

/** A dose needs a form and a route; amount, rhythm and length are taken where the texts tell them in one way only. */
function dosesOf(arm: ArmGroup, intervention: Intervention, forms: readonly FormTerm[], leaveOut: LeaveOut): DoseEntry[] {
  const where = `arm "${arm.label}", ${intervention.name}`
  const [form, ...more] = forms
  if (form === undefined) return []
  if (more.length > 0) {
    leaveOut(`${where}: several magnesium forms are named (${forms.map(({ name }) => name).join(', ')}); how much of each is not told`)
    return []
  }
  const texts = [`${intervention.name}. ${intervention.description ?? ''}`, arm.description ?? '']
  const route = texts.map(routeIn).find((told) => told !== null) ?? (intervention.type === 'DIETARY_SUPPLEMENT' ? ('ORAL' as const) : null)
  if (route === null) {
    leaveOut(`${where}: the route is not told, or in several ways; form (${form.name}) and dose are left out`)
    return []
  }
  const told = texts.map((text) => amountIn(text, form)).filter((amount) => amount !== null)
  const same = told.every((amount) => JSON.stringify(amount) === JSON.stringify(told[0]))
  const amount = same ? told[0] : undefined
  if (amount === undefined) leaveOut(`${where}: the dose cannot be read in one way only from ${JSON.stringify(excerpt(texts.join(' ').trim()))}`)
  const days = texts.map(daysOfTreatment).find((length) => length !== null) ?? null
  return [
    {
      form: form.slug,
      route,
      phase: 1,
      ...(days !== null && { startDay: 0, endDay: days }),
      basis: 'NOT_STATED',
      ...amount,
      text: excerpt(texts.filter((text) => text.trim() !== '').join(' ')),
      source: registrySource,
    },
  ]
}

/** One regimen of a form is one phase; a second regimen of it has no place that the registry tells. */
function numbered(doses: readonly DoseEntry[], label: string, leaveOut: LeaveOut): DoseEntry[] {
  const seen = new Set<string>()
  return doses.filter(({ form }) => {
    if (!seen.has(form)) {
      seen.add(form)
      return true
    }
    leaveOut(`arm "${label}": a second regimen of ${form}; in which order they were given is not told`)
    return false
  })
}

const excerpt = (text: string) => (text.length > 300 ? `${text.slice(0, 299)}…` : text)

/** An arm by the title of a group of results; registries repeat the label, or begin the group's title with it. */
export function armTitled(title: string, arms: readonly ArmEntry[]): ArmEntry | null {
  const wanted = normalized(title)
  return arms.find(({ label }) => normalized(label) === wanted) ?? null
}
