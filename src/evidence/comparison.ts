import type { ArmRole, ComparisonKind, EvidenceClass, ExposureMetric, StudyDesign } from '../generated/prisma/enums.js'

/** One arm of a contrast, as far as it decides what is compared with what. */
export interface ComparedArm {
  readonly slug: string
  readonly label: string
  readonly role: ArmRole
  /** Slugs of the treatments other than magnesium that the arm gets; undefined where nobody assigned them. */
  readonly agents?: readonly string[] | undefined
  readonly coInterventions: readonly string[]
  readonly doses: readonly { readonly form: string; readonly route: string }[]
}

/** A treatment by its names. */
export interface NamedTreatment {
  readonly slug: string
  readonly name: string
  readonly synonyms: readonly string[]
}

/** What a contrast compares. */
export interface ComparisonOfContrast {
  readonly kind: ComparisonKind
  /** The question in one word: contrasts with another key answer another one. `INACTIVE`, `ACTIVE:valproate`, `EXPOSURE:SERUM`. */
  readonly key: string
  /** What magnesium is compared with, sorted: slugs of treatments, or the source's words where no treatment was assigned. */
  readonly agents: readonly string[]
  /** What the intervention's arm gets beyond the comparator's, likewise. */
  readonly combinedWith: readonly string[]
  readonly exposure: ExposureMetric | null
}

export interface Exposed {
  readonly kind: ExposureMetric
  readonly metric: string
}

interface Contrasted {
  readonly intervention: ComparedArm | null
  readonly comparator: ComparedArm | null
  readonly exposure: Exposed | null
}

/**
 * What a contrast compares with what: by the role of its comparator and the agents of both arms, or by its exposure.
 *
 * Agents that both arms get are no difference between them: magnesium with zinc against zinc asks about magnesium.
 */
export function comparisonOf({ intervention, comparator, exposure }: Contrasted, treatments: readonly NamedTreatment[]): ComparisonOfContrast {
  const [given, compared] = [intervention, comparator].map((arm) => (arm === null ? [] : agentsOf(arm, treatments)))
  const beyond = (some: readonly string[] = [], others: readonly string[] = []) => [...new Set(some.filter((agent) => !others.includes(agent)))].sort()
  const agents = beyond(compared, given)
  const combinedWith = comparator === null ? [] : beyond(given, compared)
  const of = (kind: ComparisonKind, detail: string[] = []): ComparisonOfContrast => ({
    kind,
    key: [kind, ...detail].join(':'),
    agents,
    combinedWith,
    exposure: exposure === null ? null : exposureMetricOf(exposure),
  })
  if (comparator === null) {
    if (exposure === null) return of('NONE')
    const metric = exposureMetricOf(exposure)
    return of('EXPOSURE', metric === 'OTHER' ? [metric, exposure.metric.trim().toLowerCase()] : [metric])
  }
  if (comparator.role === 'MAGNESIUM' || comparator.role === 'MAGNESIUM_LOWER_DOSE') return of('MAGNESIUM', [differenceOf(intervention, comparator)])
  return agents.length === 0 ? of('INACTIVE') : of('ACTIVE', [agents.join('+')])
}

/** What two arms of magnesium differ in: the comparator's form, else its route, else the dose or its timing. */
function differenceOf(intervention: ComparedArm | null, comparator: ComparedArm): string {
  const differing = (valueOf: (dose: ComparedArm['doses'][number]) => string) => {
    const [one, other] = [intervention?.doses ?? [], comparator.doses].map((doses) => [...new Set(doses.map(valueOf))].sort().join('+'))
    return other === undefined || other === '' || one === other ? null : other
  }
  return differing(({ form }) => form) ?? differing(({ route }) => route) ?? 'DOSE'
}

/** As assigned; else the treatments that an active control's label names, or its label; of other arms their co-interventions, in words. */
function agentsOf({ agents, role, label, coInterventions }: ComparedArm, treatments: readonly NamedTreatment[]): readonly string[] {
  if (agents !== undefined) return agents
  const texts = role === 'ACTIVE_CONTROL' ? [label, ...coInterventions] : coInterventions
  return texts.flatMap((text) => {
    const named = treatmentsIn(text, treatments)
    return named.length > 0 ? named : [text.trim().toLowerCase()]
  })
}

function treatmentsIn(text: string, treatments: readonly NamedTreatment[]): string[] {
  const words = ` ${wordsOf(text)} `
  return treatments.filter(({ name, synonyms }) => [name, ...synonyms].some((called) => words.includes(` ${wordsOf(called)} `))).map(({ slug }) => slug)
}

const wordsOf = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** The kind of an exposure as stated, else by the words of its metric. */
export function exposureMetricOf({ kind, metric }: Exposed): ExposureMetric {
  if (kind !== 'OTHER') return kind
  return exposureWords.find(([words]) => words.test(metric))?.[1] ?? 'OTHER'
}

const exposureWords: readonly (readonly [RegExp, ExposureMetric])[] = [
  [/\bscore\b/i, 'SCORE'],
  [/\bwater\b/i, 'DRINKING_WATER'],
  [/\burin/i, 'URINE'],
  [/\b(serum|plasma|blood) (concentration of )?magnesium\b|\bmagnesium in (serum|plasma)\b/i, 'SERUM'],
  [/\bsupplement(s|al|ation)?\b(?<!with supplements)/i, 'SUPPLEMENT'],
  [/\btotal\b.*\bintake\b|\bwith supplements\b/i, 'TOTAL_INTAKE'],
  [/\bdiet|\bintake\b|\bfood/i, 'DIETARY_INTAKE'],
]

/** A word that divides a sample into populations that share nobody: as stated, else the sex where a population is of one sex. */
export function partitionOf({
  partition,
  label,
  femalePercent,
}: {
  readonly partition?: string | undefined
  readonly label: string
  readonly femalePercent?: number | undefined
}): string | null {
  if (partition !== undefined) return partition
  const [men, women] = [/\b(men|males?|boys)\b/i.test(label), /\b(women|females?|girls)\b/i.test(label)]
  return femalePercent === 0 || femalePercent === 100 || men !== women ? 'sex' : null
}

/** The class of evidence of a design, as the read model tells it of a contrast that somebody was allocated to. */
export function evidenceClassOfDesign(design: StudyDesign): EvidenceClass {
  if (design.startsWith('RCT_')) return 'RANDOMIZED'
  if (design === 'COHORT' || design === 'CASE_CONTROL' || design === 'CROSS_SECTIONAL') return design
  if (design === 'MENDELIAN_RANDOMIZATION') return 'COHORT'
  return design === 'SINGLE_ARM' || design === 'CASE_SERIES' || design === 'REVIEW' ? 'UNCONTROLLED' : 'NON_RANDOMIZED'
}
