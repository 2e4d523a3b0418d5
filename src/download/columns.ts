import type { DownloadRow } from './evidenceRow.js'

export type CellType = 'text' | 'number' | 'integer' | 'boolean'
export type Cell = string | number | boolean | null

/** A column of a table: the same in every format, and described in docs/downloads.md. */
export interface Column<Row> {
  readonly name: string
  readonly type: CellType
  readonly meaning: string
  readonly of: (row: Row) => Cell
}

const square = (value: number | null) => (value === null ? null : value * value)
const without = (n: number | undefined, events: number | undefined) => (n === undefined || events === undefined ? null : n - events)

/** Of the arm of magnesium (1) or of its comparator (2). */
const arm = (place: 0 | 1, row: DownloadRow) => row.arms?.[place] ?? {}
const listed = (values: readonly string[]) => (values.length === 0 ? null : values.join('; '))
const correlation = ({ node }: DownloadRow) => node.effect.measure === 'COR'

/** Of evidence.csv and evidence.parquet. The first are what metafor takes by these names. */
export const evidenceTable: readonly Column<DownloadRow>[] = [
  { name: 'study', type: 'text', meaning: 'slug of the study', of: (row) => row.studySlug },
  { name: 'yi', type: 'number', meaning: 'estimate on the analysis scale: log of a ratio, Fisher’s z of a correlation', of: (row) => row.analysisEstimate },
  { name: 'vi', type: 'number', meaning: 'its sampling variance', of: ({ node }) => square(node.effect.standardError) },
  { name: 'sei', type: 'number', meaning: 'its standard error', of: ({ node }) => node.effect.standardError },
  { name: 'measure', type: 'text', meaning: 'MD, SMD, ROM, OR, RR, RD, HR, IRR, COR or BETA', of: ({ node }) => node.effect.measure },
  { name: 'ai', type: 'integer', meaning: 'participants of the magnesium arm with the event', of: (row) => arm(0, row).events ?? null },
  { name: 'bi', type: 'integer', meaning: 'participants of the magnesium arm without', of: (row) => without(arm(0, row).n, arm(0, row).events) },
  { name: 'ci', type: 'integer', meaning: 'participants of the comparator with the event', of: (row) => arm(1, row).events ?? null },
  { name: 'di', type: 'integer', meaning: 'participants of the comparator without', of: (row) => without(arm(1, row).n, arm(1, row).events) },
  { name: 'n1i', type: 'integer', meaning: 'participants of the magnesium arm behind the numbers', of: (row) => arm(0, row).n ?? null },
  { name: 'n2i', type: 'integer', meaning: 'participants of the comparator behind the numbers', of: (row) => arm(1, row).n ?? null },
  { name: 'm1i', type: 'number', meaning: 'mean of the magnesium arm, as reported', of: (row) => arm(0, row).mean ?? null },
  { name: 'sd1i', type: 'number', meaning: 'its standard deviation, as reported', of: (row) => arm(0, row).sd ?? null },
  { name: 'm2i', type: 'number', meaning: 'mean of the comparator, as reported', of: (row) => arm(1, row).mean ?? null },
  { name: 'sd2i', type: 'number', meaning: 'its standard deviation, as reported', of: (row) => arm(1, row).sd ?? null },
  { name: 'ri', type: 'number', meaning: 'correlation, where that is the measure', of: (row) => (correlation(row) ? row.node.effect.estimate : null) },
  { name: 'ni', type: 'integer', meaning: 'participants behind a correlation', of: (row) => (correlation(row) ? row.node.participants : null) },
  {
    name: 'slab',
    type: 'text',
    meaning: 'author and year, to label a plot by',
    of: ({ author, year }) => [author, year].filter((part) => part !== null).join(' ') || null,
  },
  { name: 'estimate', type: 'number', meaning: 'as it is shown: ratios as ratios, correlations as correlations', of: ({ node }) => node.effect.estimate },
  { name: 'ci_lower', type: 'number', meaning: 'lower limit of its interval, as it is shown', of: ({ node }) => node.effect.ciLower },
  { name: 'ci_upper', type: 'number', meaning: 'upper limit', of: ({ node }) => node.effect.ciUpper },
  { name: 'ci_level', type: 'number', meaning: 'level of the interval, such as 0.95', of: ({ node }) => node.effect.ciLevel },
  { name: 'p_value', type: 'number', meaning: 'p-value', of: ({ node }) => node.effect.pValue },
  { name: 'p_operator', type: 'text', meaning: 'EQ, LT or GT: p < 0.001 is LT 0.001', of: ({ node }) => node.effect.pValueOperator },
  { name: 'unit', type: 'text', meaning: 'unit of a difference, UCUM', of: ({ node }) => node.effect.unit },
  {
    name: 'standardized_benefit',
    type: 'number',
    meaning: 'Hedges-g equivalent, positive where magnesium is better',
    of: ({ node }) => node.standardizedBenefit,
  },
  { name: 'direction', type: 'text', meaning: 'whom the effect favours, uncertainty taken into account', of: ({ node }) => node.direction },
  { name: 'origin', type: 'text', meaning: 'how the number came about: REPORTED, ARM_DATA, FROM_CI …', of: ({ node }) => node.origin },
  { name: 'absent_reason', type: 'text', meaning: 'why there is no number', of: ({ node }) => node.absentReason },
  { name: 'coherence', type: 'text', meaning: 'whether what was reported agrees with itself', of: ({ node }) => node.coherenceStatus },
  { name: 'risk_of_bias', type: 'text', meaning: 'overall judgement; empty where not assessed', of: ({ node }) => node.riskOfBiasLevel },
  { name: 'condition', type: 'text', meaning: 'slug of the condition that the outcome speaks to', of: ({ node }) => node.condition.slug },
  { name: 'form', type: 'text', meaning: 'slug of the magnesium form, where one was given', of: ({ node }) => node.form?.slug ?? null },
  { name: 'forms', type: 'text', meaning: 'slugs of all forms given, with semicolons', of: ({ forms }) => listed(forms) },
  { name: 'outcome', type: 'text', meaning: 'slug of the outcome', of: ({ node }) => node.outcome.slug },
  { name: 'instrument', type: 'text', meaning: 'slug of the instrument', of: ({ node }) => node.instrument?.slug ?? null },
  { name: 'elemental_mg_low', type: 'number', meaning: 'elemental magnesium, mg a day, at least', of: (row) => row.elementalMgLow },
  { name: 'elemental_mg_high', type: 'number', meaning: 'elemental magnesium, mg a day, at most', of: (row) => row.elementalMgHigh },
  { name: 'duration_days', type: 'number', meaning: 'length of the regimen, days', of: (row) => row.durationDays },
  { name: 'routes', type: 'text', meaning: 'how magnesium was given, with semicolons', of: ({ routes }) => listed(routes) },
  { name: 'timepoint_days', type: 'number', meaning: 'when the outcome was measured, days', of: ({ node }) => node.timepointDays },
  { name: 'timepoint_label', type: 'text', meaning: 'the same in words', of: ({ node }) => node.timepointLabel },
  { name: 'end_of_treatment', type: 'boolean', meaning: 'whether that was at the end of treatment', of: ({ node }) => node.endOfTreatment },
  { name: 'value_kind', type: 'text', meaning: 'FINAL, CHANGE, PERCENT_CHANGE, EVENT or ASSOCIATION', of: ({ node }) => node.valueKind },
  { name: 'analysis_set', type: 'text', meaning: 'ITT, MITT, PER_PROTOCOL, COMPLETERS or UNKNOWN', of: ({ node }) => node.analysisSet },
  {
    name: 'adjusted',
    type: 'boolean',
    meaning: 'whether the estimate is adjusted for covariates; empty where that was not read',
    of: ({ node }) => node.adjusted,
  },
  { name: 'participants', type: 'integer', meaning: 'participants behind the effect', of: ({ node }) => node.participants },
  { name: 'population', type: 'text', meaning: 'who was studied', of: (row) => row.population },
  { name: 'mean_age', type: 'number', meaning: 'mean age, years', of: (row) => row.meanAge },
  { name: 'female_percent', type: 'number', meaning: 'women, per cent', of: (row) => row.femalePercent },
  { name: 'baseline_serum_magnesium', type: 'number', meaning: 'mmol/L', of: (row) => row.baselineSerumMagnesium },
  { name: 'intervention', type: 'text', meaning: 'label of the magnesium arm', of: (row) => row.intervention },
  { name: 'comparator', type: 'text', meaning: 'label of the comparator', of: (row) => row.comparator },
  { name: 'comparator_role', type: 'text', meaning: 'PLACEBO, NO_TREATMENT …', of: (row) => row.comparatorRole },
  {
    name: 'comparison',
    type: 'text',
    meaning: 'what is compared with what: INACTIVE, ACTIVE:valproate …; pool within one',
    of: ({ node }) => node.comparisonKey,
  },
  { name: 'agents', type: 'text', meaning: 'treatments that magnesium is compared with', of: ({ node }) => listed(node.agents) },
  { name: 'combined_with', type: 'text', meaning: 'other active substances of the magnesium arm only', of: ({ node }) => listed(node.combinedWith) },
  { name: 'evidence_class', type: 'text', meaning: 'RANDOMIZED, COHORT …; pool within one', of: ({ node }) => node.evidenceClass },
  { name: 'exposure_metric', type: 'text', meaning: 'DIETARY_INTAKE, SERUM …', of: ({ node }) => node.exposureMetric },
  { name: 'is_primary', type: 'boolean', meaning: 'the study’s own primary result', of: ({ node }) => node.isPrimary },
  { name: 'unit_of_analysis', type: 'text', meaning: 'PARTICIPANTS, CHILDREN …', of: ({ node }) => node.unitOfAnalysis },
  { name: 'design', type: 'text', meaning: 'design of the study', of: (row) => row.design },
  { name: 'subjects', type: 'text', meaning: 'HUMAN, ANIMAL or IN_VITRO', of: (row) => row.subjects },
  { name: 'status', type: 'text', meaning: 'of the main report: CURRENT, CORRECTED, CONCERN or RETRACTED', of: (row) => row.status },
  { name: 'year', type: 'integer', meaning: 'year of the main report', of: (row) => row.year },
  { name: 'doi', type: 'text', meaning: 'DOI of the main report', of: (row) => row.doi },
  { name: 'pmid', type: 'text', meaning: 'PubMed’s id of the main report', of: (row) => row.pmid },
  { name: 'pmcid', type: 'text', meaning: 'PubMed Central’s id of the main report', of: (row) => row.pmcid },
  { name: 'title', type: 'text', meaning: 'title of the study', of: (row) => row.studyTitle },
  { name: 'source', type: 'text', meaning: 'where the numbers were read', of: (row) => row.source },
  { name: 'locator', type: 'text', meaning: 'where in it', of: (row) => row.locator },
  { name: 'slug', type: 'text', meaning: 'slug of the effect', of: ({ node }) => node.slug },
  { name: 'id', type: 'text', meaning: 'id of the effect in the API', of: ({ node }) => node.id },
]
