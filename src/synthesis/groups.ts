import { comparisonKinds, evidenceClassNames, labelOfComparison, readComparisonKey, type ComparisonNames } from '../evidence/comparisonKey.js'
import { doseBands } from '../evidence/doseBands.js'
import type { ArmRole, RiskOfBiasLevel, Route, StudyDesign } from '../generated/prisma/enums.js'
import type { Candidate } from './candidate.js'

/** What effects are set side by side by: subgroups of a pool, lines of a summary, rows and columns of a map. */
export const SummaryGroup = {
  CONDITION: 'CONDITION',
  FORM: 'FORM',
  OUTCOME: 'OUTCOME',
  DESIGN: 'DESIGN',
  COMPARATOR: 'COMPARATOR',
  COMPARISON: 'COMPARISON',
  EVIDENCE_CLASS: 'EVIDENCE_CLASS',
  ROUTE: 'ROUTE',
  DOSE_BAND: 'DOSE_BAND',
  RISK_OF_BIAS: 'RISK_OF_BIAS',
} as const
export type SummaryGroup = keyof typeof SummaryGroup

/** What of an effect decides its groups. */
export type Grouped = Pick<
  Candidate,
  | 'condition'
  | 'forms'
  | 'outcome'
  | 'design'
  | 'comparatorRole'
  | 'comparison'
  | 'evidenceClass'
  | 'routes'
  | 'elementalMgLow'
  | 'elementalMgHigh'
  | 'riskOfBias'
>

/** Where effects go that no one value describes: several forms or routes given together, and none at all (dietary intake, serum levels). */
export const several = 'SEVERAL'
export const none = 'NONE'

/** The dose is known as an interval, or changes over the regimen, and a limit of the bands lies in between. */
export const ambiguousDose = 'AMBIGUOUS'
export const doseNotStated = 'NOT_STATED'
export const notAssessed = 'NOT_ASSESSED'

/**
 * The one group of a kind that an effect falls into: the slug of a term, or the word for a value. Terms stand for themselves, not for narrower ones,
 * so that every effect is in exactly one group and groups can be tested against each other.
 */
export function groupOf(effect: Grouped, by: SummaryGroup): string {
  return placing[by](effect)
}

const placing: Readonly<Record<SummaryGroup, (effect: Grouped) => string>> = {
  CONDITION: ({ condition }) => condition,
  FORM: ({ forms }) => onlyOneOf(forms),
  OUTCOME: ({ outcome }) => outcome,
  DESIGN: ({ design }) => design,
  COMPARATOR: ({ comparatorRole }) => comparatorRole ?? none,
  COMPARISON: ({ comparison }) => comparison,
  EVIDENCE_CLASS: ({ evidenceClass }) => evidenceClass,
  ROUTE: ({ routes }) => onlyOneOf(routes),
  DOSE_BAND: ({ elementalMgLow, elementalMgHigh }) => doseBandOf(elementalMgLow, elementalMgHigh),
  RISK_OF_BIAS: ({ riskOfBias }) => riskOfBias ?? notAssessed,
}

function onlyOneOf(values: readonly string[]): string {
  const [first = none, ...others] = new Set(values)
  return others.length > 0 ? several : first
}

function doseBandOf(low: number | null, high: number | null): string {
  if (low === null || high === null) return doseNotStated
  const [lowest, highest] = [low, high].map((mg) => doseBands.findLast(({ from }) => mg >= from)?.value)
  return lowest === undefined || lowest !== highest ? ambiguousDose : lowest
}

/** Names of terms by slug, as the vocabulary of a data revision holds them. */
export interface TermNames extends Partial<Pick<ComparisonNames, 'treatments'>> {
  readonly conditions: { find(ref: string): { readonly name: string } | undefined }
  readonly forms: { find(ref: string): { readonly name: string } | undefined }
  readonly outcomes: { find(ref: string): { readonly name: string } | undefined }
}

/** What a group is called for a reader: the term's name, or words for the value. */
export function groupName(by: SummaryGroup, value: string, names: TermNames): string {
  const { conditions, forms, outcomes, treatments = { find: () => undefined } } = names
  if (by === 'COMPARISON') return labelOfComparison(value, { forms, treatments })
  if (value === several) return by === 'FORM' ? 'several forms together' : 'several routes'
  if (value === none) return noneOf[by] ?? 'none'
  const terms = { CONDITION: conditions, FORM: forms, OUTCOME: outcomes }
  return by === 'CONDITION' || by === 'FORM' || by === 'OUTCOME' ? (terms[by].find(value)?.name ?? value) : (valueNames[by].get(value) ?? value)
}

const noneOf: Readonly<Partial<Record<SummaryGroup, string>>> = {
  FORM: 'no particular form (intake or serum level)',
  COMPARATOR: 'no comparator arm',
  ROUTE: 'not given (intake or serum level)',
}

/** Words for values, in the order in which groups are shown: strongest designs, lowest doses and risks first. */
const designs: readonly (readonly [StudyDesign, string])[] = [
  ['RCT_PARALLEL', 'randomised, parallel arms'],
  ['RCT_CROSSOVER', 'randomised, crossover'],
  ['RCT_CLUSTER', 'randomised by cluster'],
  ['RCT_FACTORIAL', 'randomised, factorial'],
  ['QUASI_EXPERIMENTAL', 'controlled, not randomised'],
  ['MENDELIAN_RANDOMIZATION', 'Mendelian randomisation'],
  ['COHORT', 'cohort'],
  ['CASE_CONTROL', 'case-control'],
  ['CROSS_SECTIONAL', 'cross-sectional'],
  ['SINGLE_ARM', 'single arm'],
  ['CASE_SERIES', 'case series'],
  ['ANIMAL', 'in animals'],
  ['IN_VITRO', 'in vitro'],
  ['REVIEW', 'review'],
]
const comparators: readonly (readonly [ArmRole, string])[] = [
  ['PLACEBO', 'placebo'],
  ['NO_TREATMENT', 'no treatment'],
  ['USUAL_CARE', 'usual care'],
  ['ACTIVE_CONTROL', 'another treatment'],
  ['MAGNESIUM_LOWER_DOSE', 'less magnesium'],
  ['MAGNESIUM', 'other magnesium'],
]
const routes: readonly (readonly [Route, string])[] = [
  ['ORAL', 'by mouth'],
  ['DIETARY', 'with food'],
  ['INTRAVENOUS', 'into a vein'],
  ['INTRAMUSCULAR', 'into a muscle'],
  ['PARENTERAL_MIXED', 'into a vein and a muscle'],
  ['INTRATHECAL', 'into the spinal canal'],
  ['EPIDURAL', 'epidural'],
  ['CAUDAL', 'caudal'],
  ['PERINEURAL', 'around a nerve'],
  ['INFILTRATION', 'infiltrated'],
  ['INTRAPERITONEAL', 'into the abdominal cavity'],
  ['GARGLE', 'gargled'],
  ['DIALYSATE', 'by dialysis'],
  ['INHALED', 'inhaled'],
  ['TOPICAL', 'on the skin'],
  ['NOT_STATED', 'route not read'],
]
const risks: readonly (readonly [RiskOfBiasLevel, string])[] = [
  ['LOW', 'low risk of bias'],
  ['SOME_CONCERNS', 'some concerns'],
  ['HIGH', 'high risk of bias'],
  ['UNCLEAR', 'risk of bias unclear'],
]
const valueNames = {
  EVIDENCE_CLASS: new Map<string, string>(Object.entries(evidenceClassNames)),
  DESIGN: new Map<string, string>(designs),
  COMPARATOR: new Map<string, string>(comparators),
  ROUTE: new Map<string, string>(routes),
  DOSE_BAND: new Map<string, string>([
    ...doseBands.map(({ value, name }) => [value, name] as const),
    [ambiguousDose, 'across several bands, or known only as an interval'],
    [doseNotStated, 'not stated'],
  ]),
  RISK_OF_BIAS: new Map<string, string>([...risks, [notAssessed, 'nobody assessed it']]),
}

/** Compares two groups of a kind for showing: values in the order above, terms by name; what no one value describes comes last. */
export function compareGroups(by: SummaryGroup, terms: TermNames): (a: string, b: string) => number {
  const order = by === 'CONDITION' || by === 'FORM' || by === 'OUTCOME' || by === 'COMPARISON' ? null : [...valueNames[by].keys()]
  const place = (value: string) =>
    by === 'COMPARISON' ? comparisonKinds.indexOf(readComparisonKey(value).kind) : value === several ? 1e6 : value === none ? 2e6 : (order?.indexOf(value) ?? 0)
  return (a, b) => {
    const placed = place(a) - place(b)
    if (placed !== 0) return placed
    const [first, second] = [groupName(by, a, terms), groupName(by, b, terms)]
    return first < second ? -1 : first > second ? 1 : 0
  }
}
