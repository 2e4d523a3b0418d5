import { compositionOf } from '../vocabulary/formula.js'
import type { Corpus } from './files.js'
import type { CodeEntry, InstrumentEntry, OutcomeEntry } from './format.js'
import { checkOf, type Check, type Known } from './rules.check.js'

/** The rules of the vocabularies and of the safety files. */
export function checkVocabularies(corpus: Corpus, known: Known): Check[] {
  const vocabularies = {
    conditions: checkOf('conditions.yaml', known),
    forms: checkOf('forms.yaml', known),
    outcomes: checkOf('outcomes.yaml', known),
    treatments: checkOf('treatments.yaml', known),
    instruments: checkOf('instruments.yaml', known),
    interactions: checkOf('interactions.yaml', known),
    contraindications: checkOf('contraindications.yaml', known),
  }
  for (const [name, check] of Object.entries(vocabularies)) {
    check.mustBeUnique(
      'slug',
      corpus[name as keyof typeof vocabularies].map(({ slug }) => slug), // the names are the keys above
    )
  }
  for (const name of ['conditions', 'forms', 'outcomes', 'treatments', 'instruments'] as const) {
    checkNames(vocabularies[name], corpus[name])
    corpus[name].forEach(({ codes }, index) => checkCodes(vocabularies[name], `[${index}].codes`, codes))
  }
  corpus.conditions.forEach(({ parents }, index) => {
    vocabularies.conditions.mustKnow('condition', `[${index}].parents`, parents)
    vocabularies.conditions.mustBeUnique(`[${index}].parents`, parents)
  })
  checkForms(vocabularies.forms, corpus)
  for (const name of ['conditions', 'forms'] as const) {
    for (const cycle of cyclesIn(corpus[name])) vocabularies[name].expect(false, 'parents', cycle, 'the hierarchy must not run in a circle')
  }
  corpus.outcomes.forEach((entry, index) => checkOutcome(vocabularies.outcomes, `[${index}]`, entry))
  corpus.instruments.forEach((entry, index) => checkInstrument(vocabularies.instruments, `[${index}]`, entry))
  corpus.interactions.forEach((entry, index) => {
    vocabularies.interactions.mustKnow('form', `[${index}].forms`, entry.forms)
    vocabularies.interactions.mustBeUnique(`[${index}].forms`, entry.forms)
    checkCodes(vocabularies.interactions, `[${index}].codes`, entry.codes)
  })
  corpus.contraindications.forEach((entry, index) => {
    vocabularies.contraindications.mustKnow('condition', `[${index}].condition`, [entry.condition])
    vocabularies.contraindications.mustKnow('form', `[${index}].forms`, entry.forms)
    vocabularies.contraindications.mustBeUnique(`[${index}].forms`, entry.forms)
  })
  return Object.values(vocabularies)
}

/** A name leads to one term: whoever filters by a word must get what it means. */
function checkNames(check: Check, terms: readonly { readonly slug: string; readonly name: string; readonly synonyms: readonly string[] }[]): void {
  const owners = new Map<string, string>()
  terms.forEach(({ slug, name, synonyms }, index) => {
    for (const called of [name, ...synonyms]) {
      const key = called.trim().toLowerCase()
      const owner = owners.get(key)
      const field = `[${index}].${called === name ? 'name' : 'synonyms'}`
      check.expect(
        owner === undefined || owner === slug,
        field,
        called,
        `names ${owner} already: a name or synonym belongs to one term; take it from one of them`,
      )
      owners.set(key, slug)
    }
  })
}

function checkCodes(check: Check, field: string, codes: readonly CodeEntry[]): void {
  check.mustBeUnique(
    field,
    codes.map(({ system, value }) => `${system} ${value}`),
  )
}

function checkForms(check: Check, { forms }: Corpus): void {
  forms.forEach((entry, index) => {
    check.mustKnow('form', `[${index}].parents`, entry.parents)
    check.mustKnow('form', `[${index}].mayBe`, entry.mayBe)
    check.mustBeUnique(`[${index}].parents`, entry.parents)
    check.mustBeUnique(`[${index}].mayBe`, entry.mayBe)
    check.expect(
      !entry.formula || entry.mayBe.length === 0,
      `[${index}].mayBe`,
      entry.slug,
      'a form has either a formula of its own or an interval over others, not both',
    )
    const fault = entry.formula === undefined ? null : formulaFault(entry.formula)
    check.expect(fault === null, `[${index}].formula`, entry.formula, fault ?? '')
  })
}

/** No compound holds a larger part of magnesium than its oxide. */
const largestFraction = 0.6031
const mostAtoms = 1000

function formulaFault(formula: string): string | null {
  try {
    const { elementalFraction, magnesiumAtoms } = compositionOf(formula)
    if (magnesiumAtoms > mostAtoms) return `no compound has ${magnesiumAtoms} atoms of magnesium in its formula`
    return elementalFraction <= largestFraction
      ? null
      : `a compound holds at most 60.31 % of magnesium, as the oxide does; this one would hold ${Math.round(elementalFraction * 100)} %`
  } catch (error) {
    return error instanceof RangeError ? error.message : String(error)
  }
}

function checkOutcome(check: Check, field: string, { slug, instruments, importance, unit, molarMass, molarMassSource, conversions }: OutcomeEntry): void {
  check.mustKnow('instrument', `${field}.instruments`, instruments)
  check.mustBeUnique(`${field}.instruments`, instruments)
  check.expect(
    (molarMass === undefined) === (molarMassSource === undefined),
    `${field}.molarMass`,
    molarMass,
    'molarMass and molarMassSource must be given together',
  )
  check.expect(
    unit !== undefined || (molarMass === undefined && conversions.length === 0),
    `${field}.unit`,
    unit,
    `${slug} has a molar mass or conversions and needs the unit that they lead to`,
  )
  conversions.forEach(({ from, to }, index) => check.expect(from !== to, `${field}.conversions[${index}].to`, to, 'must lead to another unit'))
  check.mustBeUnique(
    `${field}.conversions`,
    conversions.map(({ from, to }) => `${from} → ${to}`),
  )
  check.advise(
    importance !== undefined,
    'an outcome without its importance',
    `${field}.importance`,
    slug,
    'say whether it is CRITICAL or IMPORTANT to those treated, or a SURROGATE; summaries of findings leave it out otherwise',
  )
}

function checkInstrument(
  check: Check,
  field: string,
  { minimum, maximum, minimalImportantDifference, minimalImportantDifferenceSource }: InstrumentEntry,
): void {
  check.expect((minimum ?? -Infinity) < (maximum ?? Infinity), `${field}.minimum`, minimum, `must be less than maximum ${maximum}`)
  check.advise(
    minimalImportantDifference === undefined || minimalImportantDifferenceSource !== undefined,
    'a minimal important difference without its source',
    `${field}.minimalImportantDifference`,
    minimalImportantDifference,
    'say in minimalImportantDifferenceSource where it was read',
  )
}

/** Slugs from which a walk up the parents comes back to itself. */
function cyclesIn(terms: readonly { readonly slug: string; readonly parents: readonly string[] }[]): string[] {
  const parentsOf = new Map(terms.map(({ slug, parents }) => [slug, parents]))
  const reachesItself = (start: string) => {
    const pending = [...(parentsOf.get(start) ?? [])]
    const seen = new Set<string>()
    for (let slug = pending.pop(); slug !== undefined; slug = pending.pop()) {
      if (slug === start) return true
      if (!seen.has(slug)) pending.push(...(parentsOf.get(slug) ?? []))
      seen.add(slug)
    }
    return false
  }
  return terms.map(({ slug }) => slug).filter(reachesItself)
}
