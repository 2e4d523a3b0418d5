import { effectsOfResult, type EffectValues } from '../evidence/effects.js'
import { dailyDoseOf, type FormComposition } from '../vocabulary/dose.js'
import { deviationsElsewhere } from './deviations.js'
import type { Corpus } from './files.js'
import type { ResultEntry, StudyEntry } from './format.js'

/** @returns a function that computes the effects of a result of the corpus; it throws a RangeError if numbers cannot be computed with */
export function effectComputer(
  { studies, outcomes, instruments }: Pick<Corpus, 'studies' | 'outcomes' | 'instruments'>,
  forms: ReadonlyMap<string, FormComposition>,
): (study: StudyEntry, result: ResultEntry) => EffectValues[] {
  const outcomeOf = new Map(outcomes.map((outcome) => [outcome.slug, outcome]))
  const instrumentOf = new Map(instruments.map((instrument) => [instrument.slug, instrument]))
  const elsewhere = deviationsElsewhere({ studies, instruments })
  return (study, result) => {
    const outcome = outcomeOf.get(result.outcome)
    if (outcome === undefined) throw new RangeError(`a result needs a known outcome, got "${result.outcome}"`)
    return effectsOfResult({
      study,
      result: { ...result, adjusted: adjustmentOf(result) ?? false },
      outcome,
      instrument: result.instrument === undefined ? undefined : instrumentOf.get(result.instrument),
      regimen: regimenOf(study, result, forms),
      deviationsElsewhere: elsewhere(study, result),
    })
  }
}

/** As stated; where it is not, numbers of the arms are crude, and of a reported number it is not known. */
export function adjustmentOf({ adjusted, armResults, covariates, reported }: ResultEntry): boolean | null {
  if (adjusted !== undefined) return adjusted
  if (covariates.length > 0) return true
  return reported.every(({ estimate }) => estimate === undefined) && armResults.length > 0 ? false : null
}

/** What the coherence of a dose is judged by, for each phase of the intervention. */
function regimenOf(study: StudyEntry, { intervention }: ResultEntry, forms: ReadonlyMap<string, FormComposition>) {
  return (study.arms.find(({ slug }) => slug === intervention)?.doses ?? []).flatMap((dose) => {
    const form = forms.get(dose.form)
    if (form === undefined) return []
    const { elementalMgPerDay, saltMgPerDay, derivedFromSalt } = dailyDoseOf(form, dose)
    return [{ reportedElementalMg: derivedFromSalt === null ? undefined : elementalMgPerDay?.low, derived: derivedFromSalt, saltMg: saltMgPerDay }]
  })
}
