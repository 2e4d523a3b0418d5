import { z } from 'zod'

/**
 * The shape of the files under prisma/corpus: what a curator writes and a reviewer reads in a diff.
 *
 * Three habits keep the layers of a number apart: what a source prints stands under `printed` when it differs from what
 * it means, what it means is typed here, and nothing that can be computed (standard errors, elemental doses, effects from
 * arm data, benefit) is written in a file at all.
 */

const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens')
  .max(100)
/** The database stores no character 0, and indexes no text of more than 2,700 bytes: what is indexed is shorter than that in any script. */
const storable = z
  .string()
  .trim()
  .min(1)
  .refine((value) => !value.includes('\0'), 'must not hold the character 0')
const text = storable.max(20_000)
const indexedTitle = storable.max(600)
const indexedName = storable.max(400)
const indexedWord = storable.max(200)
const finite = z.number().refine(Number.isFinite, 'must be a finite number')
const positive = finite.positive()
const nonNegative = finite.nonnegative()
/** The largest whole number that the database stores in a column of integers. */
const largestInteger = 2_147_483_647
const count = z.number().int().nonnegative().max(largestInteger)
const ordinal = z.number().int().positive().max(largestInteger)
const spread = finite.positive('must be above 0: a spread of 0 says that all have one value; leave it out, and note it if the source prints it')
const percent = finite.min(-1000).max(1000)
const decimals = z.number().int().min(0).max(10)
const isoDate = z.iso.date().refine((day) => day >= '1000', 'must be a day of the calendar')
const publicationDate = isoDate.refine((day) => day >= '1800' && day < '2101', 'must lie between the years 1800 and 2100')

const record = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape)

// ── vocabularies ────────────────────────────────────────────────────────────────────────────────────────────────────

/** A code that was seen in its source; `source` says where. */
export const code = record({
  system: z.enum([
    'MESH',
    'MONDO',
    'ICD10',
    'ICD11',
    'DOID',
    'UNII',
    'CHEBI',
    'PUBCHEM',
    'CAS',
    'ATC',
    'LOINC',
    'DRUGBANK',
    'SNOMED',
    'HP',
    'EFO',
    'UMLS',
    'NCIT',
    'RXNORM',
    'INCHIKEY',
    'CHEMBL',
    'EC',
  ]),
  value: indexedWord,
  source: text,
})

const term = {
  slug,
  name: indexedName,
  synonyms: z.array(indexedName).default([]),
  description: text.optional(),
  codes: z.array(code).default([]),
}

export const condition = record({ ...term, parents: z.array(slug).default([]) })

export const form = record({
  ...term,
  parents: z.array(slug).default([]),
  /** Hill notation of the stated hydrate; left out where hydration or stoichiometry is open. */
  formula: text.optional(),
  hydration: text.optional(),
  /** Where the name leaves the compound open: the forms it may mean. The elemental fraction is the interval over them. */
  mayBe: z.array(slug).default([]),
  category: z.enum(['ORGANIC', 'INORGANIC', 'MIXED', 'UNSPECIFIED']),
  solubility: text.optional(),
  solubilitySource: text.optional(),
})

export const outcome = record({
  ...term,
  domain: text,
  type: z.enum(['CONTINUOUS', 'BINARY', 'TIME_TO_EVENT', 'COUNT', 'ORDINAL']),
  benefitDirection: z.enum(['HIGHER', 'LOWER', 'NEUTRAL']),
  isHarm: z.boolean().default(false),
  /** How much the outcome matters to the people treated; a surrogate only stands for something that does. */
  importance: z.enum(['CRITICAL', 'IMPORTANT', 'SURROGATE']).optional(),
  instruments: z.array(slug).default([]),
  /** UCUM: what mean differences are converted to before they are pooled. */
  unit: text.optional(),
  /** True where amounts of several substances are counted, which only a unit that names the substance keeps apart: mg{morphine}. */
  unitNamesSubstance: z.boolean().default(false),
  /** g/mol of the substance, which joins amounts of it with masses. */
  molarMass: positive.optional(),
  molarMassSource: text.optional(),
  /** Conversions that no molar mass gives, such as the international units of insulin: a difference in `from` times the factor is one in `to`. */
  conversions: z.array(record({ from: text, to: text, factor: positive, offset: finite.optional(), source: text })).default([]),
})

/** What magnesium is compared or combined with: a medicine, a nutrient, a procedure. */
export const treatment = record(term)

export const instrument = record({
  ...term,
  abbreviation: indexedName.optional(),
  /** UCUM, or "{score}" for a scale's points. */
  unit: text.optional(),
  minimum: finite.optional(),
  maximum: finite.optional(),
  benefitDirection: z.enum(['HIGHER', 'LOWER', 'NEUTRAL']),
  /** True where every possible score is a whole number, so that means can be checked by GRIM. */
  integerScores: z.boolean().default(false),
  minimalImportantDifference: positive.optional(),
  minimalImportantDifferenceSource: text.optional(),
})

// ── studies ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Where a fact was read. Other parts of the file point to it by key. */
const source = record({ source: text, locator: text.optional(), supports: text.optional(), recordedAt: isoDate, note: text.optional() })
const sourceKey = text

const author = z.union([record({ family: text, given: text.optional() }), record({ corporate: text })])

/** A correction, a concern or a retraction, with where it was read. */
export const statusEvent = record({
  status: z.enum(['CURRENT', 'CORRECTED', 'CONCERN', 'RETRACTED']),
  date: isoDate.optional(),
  note: text.optional(),
  source: text,
})

export const publicationEntry = record({
  slug,
  role: z.enum(['PRIMARY_REPORT', 'PROTOCOL', 'FOLLOW_UP', 'REGISTRY_RESULTS', 'REPUBLICATION', 'ERRATUM', 'SECONDARY_REPORT', 'PREPRINT', 'REVIEW']),
  title: text,
  /** False where the title is ours because the original was not seen. */
  titleAsPublished: z.boolean().default(true),
  authors: z.array(author).default([]),
  /** True where only the first author was seen. */
  authorsIncomplete: z.boolean().default(false),
  journal: text.optional(),
  year: z.number().int().min(1800).max(2100).optional(),
  date: publicationDate.optional(),
  volume: text.optional(),
  issue: text.optional(),
  pages: text.optional(),
  doi: z
    .string()
    .regex(/^10\.\d{4,9}\/[^\s\0\x85]+$/, 'must be a bare DOI such as 10.1371/journal.pone.0180067')
    .max(300)
    .optional(),
  pmid: z
    .string()
    .regex(/^\d{1,8}$/, 'must be digits')
    .optional(),
  pmcid: z
    .string()
    .regex(/^PMC\d+$/, 'must be PMC and digits')
    .optional(),
  types: z.array(text).default([]),
  relations: z
    .array(record({ type: z.enum(['PREPRINT_OF', 'ERRATUM_OF', 'RETRACTION_OF', 'REPUBLISHED_AS', 'COMMENT_ON', 'UPDATE_OF', 'PROTOCOL_OF']), to: slug }))
    .default([]),
  statusEvents: z.array(statusEvent).default([]),
  note: text.optional(),
})

/** `ref` alone points to a publication that another file describes in full. */
const publication = z.union([
  record({ ref: slug, role: z.enum(['TABULATED_IN', 'FOLLOW_UP', 'SECONDARY_REPORT', 'PROTOCOL']), note: text.optional() }),
  publicationEntry,
])

const population = record({
  slug,
  label: text,
  wholeSample: z.boolean().default(false),
  participants: count.optional(),
  meanAge: nonNegative.optional(),
  sdAge: nonNegative.optional(),
  minAge: nonNegative.optional(),
  maxAge: nonNegative.optional(),
  femalePercent: finite.min(0).max(100).optional(),
  conditions: z.array(slug).default([]),
  severity: text.optional(),
  pregnant: z.boolean().optional(),
  /** mmol/L */
  baselineSerumMagnesium: positive.optional(),
  inclusion: text.optional(),
  /** What divides the sample into populations that share nobody, such as "sex" or "randomisation": those of one study with the same word are disjoint. */
  partition: text.optional(),
  note: text.optional(),
  source: sourceKey,
})

/** One phase of a regimen. */
const dose = record({
  form: slug,
  route: z.enum([
    'ORAL',
    'INTRAVENOUS',
    'INTRAMUSCULAR',
    'TOPICAL',
    'INHALED',
    'DIETARY',
    'INTRATHECAL',
    'EPIDURAL',
    'CAUDAL',
    'PERINEURAL',
    'INTRAPERITONEAL',
    'INFILTRATION',
    'GARGLE',
    'DIALYSATE',
    // Several routes in one regimen, such as into a vein and then into a muscle.
    'PARENTERAL_MIXED',
    'NOT_STATED',
  ]),
  phase: ordinal.default(1),
  startDay: nonNegative.optional(),
  endDay: nonNegative.optional(),
  /** As the source states it: per administration when `timesPerDay` is given, else per day (or per single infusion). */
  amount: positive.optional(),
  unit: z.enum(['G', 'MG', 'MMOL', 'MEQ']).optional(),
  basis: z.enum(['ELEMENTAL', 'SALT', 'NOT_STATED']).default('NOT_STATED'),
  /** What `amount` is given for each of: a kilogram of body weight, an hour of infusion. */
  per: z.enum(['KG', 'HOUR', 'KG_HOUR']).optional(),
  timesPerDay: positive.optional(),
  /** Where it is not given on every day. */
  daysPerWeek: positive.max(7).optional(),
  /** Our paraphrase of the regimen, with its numbers. */
  text: text.optional(),
  /** mg of elemental magnesium a day as the source itself reports it, where it does so beside a salt amount. */
  reportedElementalMgPerDay: positive.optional(),
  /** mg of salt a day as the source itself reports it, where it does so beside an elemental amount. */
  reportedSaltMgPerDay: positive.optional(),
  note: text.optional(),
  source: sourceKey,
})

const arm = record({
  slug,
  label: text,
  role: z.enum(['MAGNESIUM', 'MAGNESIUM_LOWER_DOSE', 'PLACEBO', 'ACTIVE_CONTROL', 'NO_TREATMENT', 'USUAL_CARE']),
  randomized: count.optional(),
  analysed: count.optional(),
  doses: z.array(dose).default([]),
  /** Active treatments other than magnesium that the arm gets: slugs of treatments. An empty list says none; left out, it is not known. */
  agents: z.array(slug).optional(),
  /** The same and everything else beside the magnesium, in words. */
  coInterventions: z.array(text).default([]),
  note: text.optional(),
})

const measure = z.enum(['MD', 'SMD', 'ROM', 'OR', 'RR', 'RD', 'HR', 'IRR', 'COR', 'BETA'])

const pValue = record({ value: finite.min(0).max(1), operator: z.enum(['EQ', 'LT', 'GT']).default('EQ'), decimals: decimals.optional() })

/** What was contrasted where nobody was allocated to anything: intakes, serum levels, scores. */
const exposure = record({
  /** Which measure of exposure it is; effects of different ones are never pooled by default. */
  kind: z.enum(['DIETARY_INTAKE', 'TOTAL_INTAKE', 'SUPPLEMENT', 'SERUM', 'URINE', 'DRINKING_WATER', 'SCORE', 'OTHER']).default('OTHER'),
  metric: indexedWord,
  unit: indexedWord.optional(),
  contrasted: indexedWord,
  reference: indexedWord.optional(),
  /** Whether the contrasted side has more or less magnesium than the reference; without it no direction can be told. */
  contrastedHas: z.enum(['MORE_MAGNESIUM', 'LESS_MAGNESIUM']).optional(),
  /** Place of the contrasted category among those with one reference, 1 for the nearest to it. Only the farthest enters a pool. */
  rank: ordinal.optional(),
})

const armResult = record({
  arm: slug,
  /** Participants behind the number. Left out where the source does not say: never filled from another count. */
  n: ordinal.optional(),
  /** How `n` was inferred where the source does not print it; a pool leaves such numbers out unless asked. */
  nInferred: text.optional(),
  events: count.optional(),
  /** True where `events` was worked out from a printed percentage that fits exactly one whole number. */
  eventsFromPercent: z.boolean().default(false),
  percent: percent.optional(),
  mean: finite.optional(),
  sd: spread.optional(),
  se: spread.optional(),
  ciLower: finite.optional(),
  ciUpper: finite.optional(),
  median: finite.optional(),
  q1: finite.optional(),
  q3: finite.optional(),
  /** The width between the quartiles, where they themselves are not printed. */
  iqr: spread.optional(),
  minimum: finite.optional(),
  maximum: finite.optional(),
  baselineMean: finite.optional(),
  baselineSd: spread.optional(),
  /** Decimals that mean, deviation and error are printed with, where trailing zeros were lost. */
  decimals: decimals.optional(),
  note: text.optional(),
})

/** An effect as a source reports it. Ratios on the ratio scale; contrasts are magnesium minus (or over) comparator. */
const reportedEffect = record({
  measure,
  estimate: finite.optional(),
  standardError: positive.optional(),
  ciLower: finite.optional(),
  ciUpper: finite.optional(),
  /** 0.95, 0.9 …: as the source states it. */
  ciLevel: finite.gt(0).lt(1).optional(),
  /** Of the limits: a credible interval is not a confidence interval. */
  intervalKind: z.enum(['CONFIDENCE', 'CREDIBLE']).optional(),
  /** Decimals that estimate and limits are printed with, where trailing zeros were lost. */
  decimals: decimals.optional(),
  p: pValue.optional(),
  /** Verbatim, where it differs from the typed value: a mislabelled measure, a reversed sign or ratio. */
  printed: record({ measure: text.optional(), estimate: finite.optional(), ciLower: finite.optional(), ciUpper: finite.optional(), reason: text }).optional(),
  note: text.optional(),
})

const absentReason = z.enum(['NOT_REPORTED', 'NOT_EXTRACTED', 'NOT_APPLICABLE', 'ONLY_IN_FIGURE', 'ONLY_P_THRESHOLD'])

/** One outcome, at one time, in one population, between two arms (or along one exposure). */
const result = record({
  slug,
  outcome: slug,
  condition: slug,
  instrument: slug.optional(),
  population: slug,
  intervention: slug.optional(),
  comparator: slug.optional(),
  exposure: exposure.optional(),
  /** The form studied, where no arm carries it (a bioavailability contrast, an exposure to one salt). */
  form: slug.optional(),
  name: indexedName,
  primary: z.boolean().default(false),
  timepointDays: nonNegative.optional(),
  timepointLabel: indexedWord.optional(),
  endOfTreatment: z.boolean().optional(),
  analysisSet: z.enum(['ITT', 'MITT', 'PER_PROTOCOL', 'COMPLETERS', 'UNKNOWN']).default('UNKNOWN'),
  valueKind: z.enum(['FINAL', 'CHANGE', 'PERCENT_CHANGE', 'EVENT', 'ASSOCIATION']),
  unit: text.optional(),
  /** Whether the reported effects are adjusted for covariates; left out where that was not read. */
  adjusted: z.boolean().optional(),
  covariates: z.array(text).default([]),
  /** What the numbers of the arms count. */
  unitOfAnalysis: z.enum(['PARTICIPANTS', 'CHILDREN', 'EYES', 'LIMBS', 'EPISODES', 'OTHER']).default('PARTICIPANTS'),
  armResults: z.array(armResult).default([]),
  reported: z.array(reportedEffect).default([]),
  /** What the source says in words where no number carries a direction. */
  statedDirection: z.enum(['FAVOURS_MAGNESIUM', 'FAVOURS_COMPARATOR', 'NO_CLEAR_DIFFERENCE']).optional(),
  absentReason: absentReason.optional(),
  /** Of an event that is a response: the change in percent, at least, that counts as one. */
  responsePercent: positive.max(100).optional(),
  /** One p value that compares several arms together, which says nothing of two of them. */
  overArms: record({ arms: z.array(slug).min(3), p: pValue }).optional(),
  /** Categories of the exposure with what was seen in them, the reference among them. */
  exposureCategories: z
    .array(
      record({
        label: indexedWord,
        reference: z.boolean().default(false),
        dose: finite.optional(),
        doseUnit: indexedWord.optional(),
        cases: count.optional(),
        n: ordinal.optional(),
        personYears: positive.optional(),
      }),
    )
    .default([]),
  note: text.optional(),
  source: sourceKey,
  /** Where else parts of it were read. */
  furtherSources: z.array(sourceKey).default([]),
  /** Other counts or estimates of the same result, from another report; kept, linked, never pooled beside it. */
  alternatives: z
    .array(record({ armResults: z.array(armResult).default([]), reported: z.array(reportedEffect).default([]), note: text.optional(), source: sourceKey }))
    .default([]),
})

const riskOfBias = record({
  tool: text,
  version: text.optional(),
  /** As the reviewer prints it: left out where only domains or a score are printed, and never worked out. */
  overall: z.enum(['LOW', 'SOME_CONCERNS', 'HIGH', 'UNCLEAR']).optional(),
  /** Where what was read is cut off; left out where it was read whole. */
  readTo: text.optional(),
  score: nonNegative.optional(),
  scoreMaximum: positive.optional(),
  /** Slug of the review in the corpus whose assessment it is. */
  review: slug.optional(),
  domains: z.array(record({ domain: text, judgement: z.enum(['LOW', 'SOME_CONCERNS', 'HIGH', 'UNCLEAR']), support: text.optional() })).default([]),
  result: slug.optional(),
  assessedBy: text,
  /** A day, a month or a year. */
  date: z.union([isoDate, z.string().regex(/^(1[89]|20)\d{2}(-(0[1-9]|1[0-2]))?$/, 'must be a day, a month or a year such as 2020-09')]),
  source: sourceKey,
})

/**
 * How a published pooled result is computed again: its trials with the counts that the review took, and its model. `counts` is the key of the source of an
 * alternative in the trial's file; left out, the result's own numbers enter.
 */
const replication = record({
  model: z.enum(['RANDOM_EFFECTS', 'COMMON_EFFECT', 'MANTEL_HAENSZEL', 'MANTEL_HAENSZEL_RANDOM', 'PETO']),
  estimator: z.enum(['REML', 'DL', 'PM', 'ML', 'EB', 'HS', 'HE', 'SJ']).default('DL'),
  interval: z.enum(['WALD', 'HKSJ', 'HKSJ_ADHOC']).default('WALD'),
  emptyCells: z.enum(['AS_THEY_ARE', 'ADD_HALF']).default('AS_THEY_ARE'),
  inputs: z.array(record({ study: slug, result: slug, counts: text.optional() })).min(1),
  /** The review pooled more trials than the inputs. */
  incomplete: z.boolean().default(false),
  /** Why the numbers agree, or do not. */
  explanation: text,
})

/** A pooled estimate as a review prints it. Kept apart from primary effects, never pooled. */
const pooledResult = record({
  slug,
  condition: slug,
  outcome: slug,
  instrument: slug.optional(),
  form: slug.optional(),
  name: text,
  ...reportedEffect.shape,
  k: count.optional(),
  participants: count.optional(),
  model: text.optional(),
  tau2: nonNegative.optional(),
  i2: finite.min(0).max(100).optional(),
  subgroup: text.optional(),
  /** What magnesium was compared with, where the review pooled several comparisons. */
  comparator: text.optional(),
  replication: replication.optional(),
  absentReason: absentReason.optional(),
  source: sourceKey,
})

export const study = record({
  slug,
  title: indexedTitle,
  evidenceKind: z.enum(['PRIMARY', 'SYSTEMATIC_REVIEW', 'META_ANALYSIS', 'NARRATIVE_REVIEW', 'GUIDELINE', 'COMMENTARY']),
  design: z.enum([
    'RCT_PARALLEL',
    'RCT_CROSSOVER',
    'RCT_CLUSTER',
    'RCT_FACTORIAL',
    'QUASI_EXPERIMENTAL',
    'COHORT',
    'CASE_CONTROL',
    'CROSS_SECTIONAL',
    'SINGLE_ARM',
    'CASE_SERIES',
    'MENDELIAN_RANDOMIZATION',
    'ANIMAL',
    'IN_VITRO',
    'REVIEW',
  ]),
  subjects: z.enum(['HUMAN', 'ANIMAL', 'IN_VITRO']).default('HUMAN'),
  species: text.optional(),
  allocation: text.optional(),
  masking: record({
    participants: z.enum(['MASKED', 'OPEN', 'UNKNOWN']),
    providers: z.enum(['MASKED', 'OPEN', 'UNKNOWN']),
    assessors: z.enum(['MASKED', 'OPEN', 'UNKNOWN']),
    text: text.optional(),
  }).optional(),
  /** ISO 3166-1 alpha-2. */
  countries: z.array(z.string().regex(/^[A-Z]{2}$/, 'must be a two-letter country code')).default([]),
  /** Where the country was not read in the source but inferred from it. */
  countriesInferred: z.boolean().default(false),
  setting: text.optional(),
  funding: text.optional(),
  conflictsOfInterest: text.optional(),
  registrations: z.array(indexedWord).default([]),
  /** Of which larger samples its people are, such as `aric`: studies that share one are partly of the same people. */
  cohorts: z.array(slug).default([]),
  participantsRandomized: count.optional(),
  participantsAnalysed: count.optional(),
  crossover: record({
    periods: z.number().int().min(2, 'a crossover has at least two periods').max(largestInteger),
    periodDays: positive.optional(),
    washoutDays: nonNegative.optional(),
    analysis: text.optional(),
    withinPersonCorrelation: finite.min(-1).max(1).optional(),
    correlationSource: text.optional(),
  }).optional(),
  cluster: record({
    clusters: count.optional(),
    meanClusterSize: positive.optional(),
    icc: finite.min(-1).max(1).optional(),
    iccSource: text.optional(),
  }).optional(),
  publications: z.array(publication).min(1),
  populations: z.array(population).default([]),
  arms: z.array(arm).default([]),
  results: z.array(result).default([]),
  pooledResults: z.array(pooledResult).default([]),
  riskOfBias: z.array(riskOfBias).default([]),
  /** What third parties doubt about the study; notices of its journal are status events of the publication. */
  concerns: z.array(record({ raisedBy: text, note: text, date: isoDate.optional(), source: sourceKey })).default([]),
  keyFindings: text.optional(),
  notes: z.array(text).default([]),
  sources: z.record(indexedWord, source),
})

// ── claims and safety ───────────────────────────────────────────────────────────────────────────────────────────────

export const claim = record({
  slug,
  section: text,
  statement: text,
  topic: z.enum([
    'EFFICACY',
    'MECHANISM',
    'PHYSIOLOGY',
    'BIOAVAILABILITY',
    'DEFICIENCY_CAUSE',
    'INTERACTION',
    'CONTRAINDICATION',
    'SAFETY',
    'COFACTOR',
    'BIBLIOGRAPHIC',
  ]),
  forms: z.array(slug).default([]),
  conditions: z.array(slug).default([]),
  outcomes: z.array(slug).default([]),
  /** Numbers the document states: a list with what each is, its value and unit. */
  stated: z.array(record({ what: text, value: finite, upper: finite.optional(), unit: text.optional() })).default([]),
  citations: z.array(slug).default([]),
  verdict: z.enum(['SUPPORTED', 'PARTLY_SUPPORTED', 'OVERSTATED', 'CONTRADICTED', 'UNSUPPORTED', 'ANIMAL_ONLY', 'NO_CITATION', 'NOT_ASSESSABLE', 'OMISSION']),
  explanation: text,
  /** `result` is the slug of a result inside `study`. */
  findings: z.array(record({ study: slug.optional(), result: slug.optional(), stance: z.enum(['SUPPORTS', 'REFUTES', 'CONTEXT']), note: text })).default([]),
})

export const sourceDocument = record({
  slug,
  title: text,
  authors: z.array(author).default([]),
  publishedAt: isoDate.optional(),
  dateNote: text.optional(),
  kind: text,
  language: text.default('en'),
  references: z.array(record({ number: ordinal, study: slug })).default([]),
  claims: z.array(claim).min(1),
})

const provenance = record({ source: text, locator: text.optional(), recordedAt: isoDate, note: text.optional() })

const hours = record({ from: positive, to: positive }).refine(({ from, to }) => from <= to, 'must not begin after its end')

export const interaction = record({
  slug,
  substance: text,
  synonyms: z.array(text).default([]),
  codes: z.array(code).default([]),
  forms: z.array(slug).default([]),
  effect: text,
  advice: text.optional(),
  /** Hours that the medicine is taken before magnesium, and after it, as sources advise: equal ends where they advise one number. */
  hoursBefore: hours.optional(),
  hoursAfter: hours.optional(),
  provenance,
})

export const contraindication = record({ slug, condition: slug, forms: z.array(slug).default([]), note: text.optional(), provenance })

/** What each kind of file under prisma/corpus holds. */
export const fileKinds = {
  'conditions.yaml': z.array(condition),
  'forms.yaml': z.array(form),
  'outcomes.yaml': z.array(outcome),
  'treatments.yaml': z.array(treatment),
  'instruments.yaml': z.array(instrument),
  'interactions.yaml': z.array(interaction),
  'contraindications.yaml': z.array(contraindication),
  'studies/*.yaml': study,
  'claims/*.yaml': sourceDocument,
} as const

export type ConditionEntry = z.infer<typeof condition>
export type FormEntry = z.infer<typeof form>
export type OutcomeEntry = z.infer<typeof outcome>
export type TreatmentEntry = z.infer<typeof treatment>
export type InstrumentEntry = z.infer<typeof instrument>
export type StudyEntry = z.infer<typeof study>
export type PublicationEntry = z.infer<typeof publicationEntry>
export type StatusEventEntry = z.infer<typeof statusEvent>
export type PopulationEntry = StudyEntry['populations'][number]
export type ArmEntry = StudyEntry['arms'][number]
export type DoseEntry = ArmEntry['doses'][number]
export type ResultEntry = StudyEntry['results'][number]
export type ArmResultEntry = ResultEntry['armResults'][number]
export type ReportedEffectEntry = ResultEntry['reported'][number]
export type PooledResultEntry = StudyEntry['pooledResults'][number]
export type SourceDocumentEntry = z.infer<typeof sourceDocument>
export type InteractionEntry = z.infer<typeof interaction>
export type ContraindicationEntry = z.infer<typeof contraindication>
export type CodeEntry = z.infer<typeof code>
