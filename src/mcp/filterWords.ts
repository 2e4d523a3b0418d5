import { z } from 'zod'
import type { ComparisonKind, EffectDirection, EvidenceClass, EvidenceFilter, RiskOfBiasLevel, Route, StudyDesign } from '../generated/mcp/graphql.js'

// Words of the schema's enumerations, held to it by a test.
export const comparisonKinds = ['INACTIVE', 'ACTIVE', 'MAGNESIUM', 'EXPOSURE', 'NONE'] as const satisfies readonly ComparisonKind[]
export const evidenceClasses = [
  'RANDOMIZED',
  'NON_RANDOMIZED',
  'COHORT',
  'CASE_CONTROL',
  'CROSS_SECTIONAL',
  'UNCONTROLLED',
] as const satisfies readonly EvidenceClass[]
export const designs = [
  'RCT_PARALLEL',
  'RCT_CROSSOVER',
  'RCT_CLUSTER',
  'RCT_FACTORIAL',
  'QUASI_EXPERIMENTAL',
  'SINGLE_ARM',
  'COHORT',
  'CASE_CONTROL',
  'CROSS_SECTIONAL',
  'CASE_SERIES',
  'MENDELIAN_RANDOMIZATION',
  'ANIMAL',
  'IN_VITRO',
  'REVIEW',
] as const satisfies readonly StudyDesign[]
export const directions = ['FAVOURS_MAGNESIUM', 'FAVOURS_COMPARATOR', 'NO_CLEAR_DIFFERENCE', 'UNCLEAR'] as const satisfies readonly EffectDirection[]
export const routes = [
  'ORAL',
  'INTRAVENOUS',
  'INTRAMUSCULAR',
  'PARENTERAL_MIXED',
  'INHALED',
  'TOPICAL',
  'DIETARY',
  'INTRATHECAL',
  'EPIDURAL',
  'PERINEURAL',
  'CAUDAL',
  'INFILTRATION',
  'INTRAPERITONEAL',
  'DIALYSATE',
  'GARGLE',
  'NOT_STATED',
] as const satisfies readonly Route[]
export const risks = ['LOW', 'SOME_CONCERNS', 'HIGH', 'UNCLEAR'] as const satisfies readonly RiskOfBiasLevel[]

const term = (what: string) =>
  z.string().min(1).max(200).describe(`${what}: a slug of find_terms, any usual name, or a code such as "MESH:D008881". Narrower terms are included.`)

export const terms = {
  condition: term('Condition that the outcome speaks to'),
  form: term('Magnesium form that was given'),
  outcome: term('Outcome'),
  comparison: z
    .string()
    .min(1)
    .max(200)
    .describe(
      'What magnesium is compared with: INACTIVE (placebo, no treatment, usual care), ACTIVE (another treatment), MAGNESIUM (other magnesium), EXPOSURE (less exposure, observed), NONE; or the key of one comparison, such as "ACTIVE:valproate".',
    ),
  agent: term('Treatment that magnesium was compared with'),
}

const range = (what: string) => z.number().describe(what)

/** The words of EvidenceFilter that tools take, one value each. */
export const filterWords = {
  condition: terms.condition.optional(),
  form: terms.form.optional(),
  outcome: terms.outcome.optional(),
  instrument: term('Scale, device or assay that measured it').optional(),
  comparison: terms.comparison.optional(),
  agent: terms.agent.optional(),
  design: z.enum(designs).describe('How the study was done.').optional(),
  evidenceClass: z.enum(evidenceClasses).describe('Kind of evidence, the strongest first.').optional(),
  direction: z.enum(directions).describe('Whom the effect favours.').optional(),
  route: z.enum(routes).describe('How magnesium was given.').optional(),
  riskOfBias: z.enum(risks).describe('Overall risk of bias.').optional(),
  doseFrom: range('Elemental magnesium, mg a day, at least.').optional(),
  doseTo: range('Elemental magnesium, mg a day, at most.').optional(),
  durationDaysFrom: range('Length of treatment, days, at least.').optional(),
  durationDaysTo: range('Length of treatment, days, at most.').optional(),
  yearFrom: z.int32().describe('Year of the main report, at least.').optional(),
  yearTo: z.int32().describe('Year of the main report, at most.').optional(),
  study: z.string().min(1).max(200).describe('Slug of one study.').optional(),
  isHarm: z.boolean().describe('True: only unwanted effects of treatment.').optional(),
  text: z.string().max(500).describe('Words in the study: title, authors, findings.').optional(),
}

export type FilterWords = z.output<z.ZodObject<typeof filterWords>>

const between = (gte: number | undefined, lte: number | undefined) =>
  gte === undefined && lte === undefined ? undefined : { ...(gte !== undefined && { gte }), ...(lte !== undefined && { lte }) }

const isKind = (word: string): word is ComparisonKind => (comparisonKinds as readonly string[]).includes(word)

/** The filter of the API that the words ask for. The API itself refuses terms that it does not know. */
export function filterOf(words: FilterWords): EvidenceFilter {
  const { condition, form, outcome, instrument, comparison, agent, design, evidenceClass, direction, route, riskOfBias, study, isHarm, text } = words
  const filter = {
    conditions: list(condition),
    forms: list(form),
    outcomes: list(outcome),
    instruments: list(instrument),
    ...(comparison !== undefined && (isKind(comparison) ? { comparison: [comparison] } : { comparisonKeys: [comparison] })),
    agents: list(agent),
    designs: list(design),
    evidenceClasses: list(evidenceClass),
    directions: list(direction),
    routes: list(route),
    riskOfBias: list(riskOfBias),
    elementalMgPerDay: between(words.doseFrom, words.doseTo),
    durationDays: between(words.durationDaysFrom, words.durationDaysTo),
    year: between(words.yearFrom, words.yearTo),
    studies: list(study),
    isHarm,
    text,
  }
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as EvidenceFilter // what is left out is no word of it
}

const list = <Value>(value: Value | undefined): Value[] | undefined => (value === undefined ? undefined : [value])

/** The same question as the parameters of a page, as far as pages know its words. */
export function pageQueryOf(words: FilterWords): string {
  const between = (from: number | undefined, to: number | undefined) => (from === undefined && to === undefined ? undefined : `${from ?? ''}-${to ?? ''}`)
  const asked = {
    condition: words.condition,
    form: words.form,
    outcome: words.outcome,
    instrument: words.instrument,
    agent: words.agent,
    comparison: words.comparison !== undefined && !isKind(words.comparison) ? words.comparison : undefined,
    evidence: words.evidenceClass,
    design: words.design,
    risk: words.riskOfBias,
    dose: between(words.doseFrom, words.doseTo),
    duration: between(words.durationDaysFrom, words.durationDaysTo),
    year: between(words.yearFrom, words.yearTo),
  }
  const query = new URLSearchParams(Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
  return query.size === 0 ? '' : `?${query}`
}
