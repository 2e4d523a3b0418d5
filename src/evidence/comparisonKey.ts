import type { ComparisonKind, EvidenceClass, ExposureMetric } from '../generated/prisma/enums.js'

/** Kinds of comparison in the order in which questions are taken and shown. */
export const comparisonKinds: readonly ComparisonKind[] = ['INACTIVE', 'ACTIVE', 'MAGNESIUM', 'EXPOSURE', 'NONE']

/** What a comparison's key says: its kind, and the agents, exposure or difference behind it. */
export interface ComparisonKeyParts {
  readonly kind: ComparisonKind
  readonly details: readonly string[]
}

/** Takes a key such as `ACTIVE:dexamethasone+metoclopramide` apart. */
export function readComparisonKey(key: string): ComparisonKeyParts {
  const at = key.indexOf(':')
  const kind = (at < 0 ? key : key.slice(0, at)) as ComparisonKind // keys are made by comparisonOf, of kinds
  const rest = at < 0 ? '' : key.slice(at + 1)
  return { kind, details: rest === '' ? [] : kind === 'ACTIVE' || kind === 'MAGNESIUM' ? rest.split('+') : [rest] }
}

/** Names of terms by slug. */
export interface ComparisonNames {
  readonly treatments: { find(ref: string): { readonly name: string } | undefined }
  readonly forms: { find(ref: string): { readonly name: string } | undefined }
}

/** A comparison for a reader: "against placebo or no treatment", "against valproate", "more against less: dietary intake". */
export function labelOfComparison(key: string, { treatments, forms }: ComparisonNames): string {
  const { kind, details } = readComparisonKey(key)
  const list = (values: readonly string[]) => (values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} with ${values.at(-1) ?? ''}`)
  switch (kind) {
    case 'INACTIVE':
      return 'against placebo or no treatment'
    case 'ACTIVE':
      return `against ${list(details.map((agent) => treatments.find(agent)?.name ?? agent))}`
    case 'MAGNESIUM':
      return details[0] === 'DOSE' || details.length === 0
        ? 'against another dose or timing of magnesium'
        : `against ${list(details.map((detail) => forms.find(detail)?.name ?? routeNames[detail] ?? detail))}`
    case 'EXPOSURE':
      return `more against less: ${exposureName(details[0] ?? 'OTHER')}`
    case 'NONE':
      return 'without a comparison group'
  }
}

const routeNames: Readonly<Record<string, string>> = {
  ORAL: 'magnesium by mouth',
  INTRAVENOUS: 'magnesium into a vein',
  INTRAMUSCULAR: 'magnesium into a muscle',
  INTRATHECAL: 'magnesium into the spinal canal',
  INHALED: 'inhaled magnesium',
  TOPICAL: 'magnesium on the skin',
  DIETARY: 'magnesium with food',
  EPIDURAL: 'epidural magnesium',
  CAUDAL: 'caudal magnesium',
  PERINEURAL: 'magnesium around a nerve',
  INTRAPERITONEAL: 'magnesium into the abdominal cavity',
  INFILTRATION: 'infiltrated magnesium',
  GARGLE: 'magnesium as a gargle',
  DIALYSATE: 'magnesium in the dialysate',
  PARENTERAL_MIXED: 'magnesium into a vein and a muscle',
  NOT_STATED: 'magnesium by a route that was not read',
}

export const exposureNames: Readonly<Record<ExposureMetric, string>> = {
  DIETARY_INTAKE: 'dietary intake',
  TOTAL_INTAKE: 'total intake',
  SUPPLEMENT: 'supplements',
  SERUM: 'serum or plasma level',
  URINE: 'urinary magnesium',
  DRINKING_WATER: 'drinking water',
  SCORE: 'depletion score',
  OTHER: 'another exposure',
}

const exposureName = (detail: string) => (detail.startsWith('OTHER:') ? detail.slice('OTHER:'.length) : (exposureNames[detail as ExposureMetric] ?? detail)) // keys hold metrics

/** Classes of evidence for a reader, the strongest first. */
export const evidenceClassNames: Readonly<Record<EvidenceClass, string>> = {
  RANDOMIZED: 'randomised',
  NON_RANDOMIZED: 'controlled, not randomised',
  COHORT: 'cohort',
  CASE_CONTROL: 'case-control',
  CROSS_SECTIONAL: 'cross-sectional',
  UNCONTROLLED: 'uncontrolled',
}
