import type { Prisma } from '../generated/prisma/client.js'
import { compositionOfForm } from '../vocabulary/vocabulary.js'
import type { FormComposition } from '../vocabulary/dose.js'
import { compositionOf } from '../vocabulary/formula.js'
import type { Corpus } from './files.js'
import type { CodeEntry, FormEntry } from './format.js'
import type { Keys } from './records.ids.js'

/** The rows of the vocabularies, their hierarchies closed, and the elemental fractions computed from the formulas. */
export function vocabularyRecords({ conditions, forms, outcomes, instruments, treatments }: Corpus, keys: Keys) {
  const conditionId = (slug: string) => keys.assign('condition', slug)
  const formId = (slug: string) => keys.assign('magnesium_form', slug)
  const outcomeId = (slug: string) => keys.assign('outcome', slug)
  const instrumentId = (slug: string) => keys.assign('instrument', slug)
  const treatmentId = (slug: string) => keys.assign('treatment', slug)
  const formBySlug = new Map(forms.map((form) => [form.slug, form]))
  return {
    condition: conditions.map(({ slug, name, synonyms, description }): Prisma.ConditionCreateManyInput => ({
      id: conditionId(slug),
      slug,
      name,
      synonyms,
      description: description ?? null,
    })),
    conditionCode: conditions.flatMap(({ slug, codes }) => codesOf(codes).map((code) => ({ conditionId: conditionId(slug), ...code }))),
    conditionParent: conditions.flatMap(({ slug, parents }) => parents.map((parent) => ({ childId: conditionId(slug), parentId: conditionId(parent) }))),
    conditionClosure: closureOf(conditions).map(({ ancestor, descendant, depth }) => ({
      ancestorId: conditionId(ancestor),
      descendantId: conditionId(descendant),
      depth,
    })),
    magnesiumForm: forms.map((form): Prisma.MagnesiumFormCreateManyInput => ({
      id: formId(form.slug),
      slug: form.slug,
      name: form.name,
      synonyms: form.synonyms,
      description: form.description ?? null,
      category: form.category,
      formula: form.formula ?? null,
      hydration: form.hydration ?? null,
      ...compositionOver(form, formBySlug),
      solubility: form.solubility ?? null,
      solubilitySource: form.solubilitySource ?? null,
    })),
    formCode: forms.flatMap(({ slug, codes }) => codesOf(codes).map((code) => ({ formId: formId(slug), ...code }))),
    formParent: forms.flatMap(({ slug, parents }) => parents.map((parent) => ({ childId: formId(slug), parentId: formId(parent) }))),
    formClosure: closureOf(forms).map(({ ancestor, descendant, depth }) => ({ ancestorId: formId(ancestor), descendantId: formId(descendant), depth })),
    formAlternative: forms.flatMap(({ slug, mayBe }) => mayBe.map((alternative) => ({ formId: formId(slug), alternativeId: formId(alternative) }))),
    outcome: outcomes.map((entry): Prisma.OutcomeCreateManyInput => ({
      id: outcomeId(entry.slug),
      slug: entry.slug,
      name: entry.name,
      synonyms: entry.synonyms,
      description: entry.description ?? null,
      domain: entry.domain,
      type: entry.type,
      benefitDirection: entry.benefitDirection,
      isHarm: entry.isHarm,
      importance: entry.importance ?? null,
      unit: entry.unit ?? null,
      molarMass: entry.molarMass ?? null,
      molarMassSource: entry.molarMassSource ?? null,
      conversions: entry.conversions,
    })),
    outcomeCode: outcomes.flatMap(({ slug, codes }) => codesOf(codes).map((code) => ({ outcomeId: outcomeId(slug), ...code }))),
    outcomeInstrument: outcomes.flatMap(({ slug, instruments: measuredBy }) =>
      measuredBy.map((instrument) => ({ outcomeId: outcomeId(slug), instrumentId: instrumentId(instrument) })),
    ),
    treatment: treatments.map(({ slug, name, synonyms, description }): Prisma.TreatmentCreateManyInput => ({
      id: treatmentId(slug),
      slug,
      name,
      synonyms,
      description: description ?? null,
    })),
    treatmentCode: treatments.flatMap(({ slug, codes }) => codesOf(codes).map((code) => ({ treatmentId: treatmentId(slug), ...code }))),
    instrument: instruments.map((entry): Prisma.InstrumentCreateManyInput => ({
      id: instrumentId(entry.slug),
      slug: entry.slug,
      name: entry.name,
      synonyms: entry.synonyms,
      description: entry.description ?? null,
      abbreviation: entry.abbreviation ?? null,
      unit: entry.unit ?? null,
      minimum: entry.minimum ?? null,
      maximum: entry.maximum ?? null,
      benefitDirection: entry.benefitDirection,
      integerScores: entry.integerScores,
      minimalImportantDifference: entry.minimalImportantDifference ?? null,
      minimalImportantDifferenceSource: entry.minimalImportantDifferenceSource ?? null,
    })),
    instrumentCode: instruments.flatMap(({ slug, codes }) => codesOf(codes).map((code) => ({ instrumentId: instrumentId(slug), ...code }))),
  }
}

const codesOf = (codes: readonly CodeEntry[]) => codes.map(({ system, value, source }) => ({ system, value, source }))

/** A form's own composition, or the interval over the compounds its name may mean. */
export function compositionOver(form: FormEntry, formBySlug: ReadonlyMap<string, FormEntry>) {
  if (form.formula !== undefined) {
    const { molarMass, magnesiumAtoms, elementalFraction } = compositionOf(form.formula)
    return { molarMass, magnesiumAtoms, elementalFractionLow: elementalFraction, elementalFractionHigh: elementalFraction }
  }
  const compositions = form.mayBe.flatMap((slug) => formBySlug.get(slug)?.formula ?? []).map(compositionOf)
  if (compositions.length === 0) return { molarMass: null, magnesiumAtoms: null, elementalFractionLow: null, elementalFractionHigh: null }
  const fractions = compositions.map(({ elementalFraction }) => elementalFraction)
  return { molarMass: null, magnesiumAtoms: null, elementalFractionLow: Math.min(...fractions), elementalFractionHigh: Math.max(...fractions) }
}

/** What every form is made of, for the conversion of doses. */
export function compositionsOf({ forms }: Corpus): Map<string, FormComposition> {
  const formBySlug = new Map(forms.map((form) => [form.slug, form]))
  return new Map(
    forms.map((form) => {
      const alternatives = form.mayBe.flatMap((slug) => formBySlug.get(slug) ?? [])
      const atoms = [form, ...alternatives].flatMap(({ formula }) => (formula === undefined ? [] : compositionOf(formula).magnesiumAtoms))
      return [
        form.slug,
        compositionOfForm(
          { name: form.name, ...compositionOver(form, formBySlug) },
          atoms,
          alternatives.map(({ name }) => name),
        ),
      ]
    }),
  )
}

interface Link {
  readonly ancestor: string
  readonly descendant: string
  readonly depth: number
}

/** Each term with itself (depth 0) and everything broader, by the shortest way up. */
export function closureOf(terms: readonly { readonly slug: string; readonly parents: readonly string[] }[]): Link[] {
  const parentsOf = new Map(terms.map(({ slug, parents }) => [slug, parents]))
  return terms.flatMap(({ slug }) => {
    const depthOf = new Map([[slug, 0]])
    for (const [ancestor, depth] of depthOf) {
      for (const parent of parentsOf.get(ancestor) ?? []) if (!depthOf.has(parent)) depthOf.set(parent, depth + 1)
    }
    return [...depthOf].map(([ancestor, depth]) => ({ ancestor, descendant: slug, depth }))
  })
}
