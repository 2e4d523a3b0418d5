import type {
  AbsentReason,
  AnalysisScale,
  AnalysisSet,
  Comparison,
  CoherenceStatus,
  ComparisonKind,
  EffectDirection,
  EffectMeasure,
  EffectOrigin,
  EvidenceClass,
  ExposureMetric,
  RiskOfBiasLevel,
  UnitOfAnalysis,
  ValueKind,
} from '../generated/prisma/enums.js'
import { encodeId } from '../graphql/nodeId.js'
import type { Provenance } from '../study/study.js'
import type { ConditionTerm, FormTerm, InstrumentTerm, OutcomeTerm, Vocabulary } from '../vocabulary/vocabulary.js'

/** An effect as it is shown: ratios as ratios, correlations as correlations; the standard error on the analysis scale. */
export interface EffectSizeRecord {
  readonly measure: EffectMeasure
  readonly analysisScale: AnalysisScale
  readonly estimate: number | null
  readonly standardError: number | null
  readonly ciLower: number | null
  readonly ciUpper: number | null
  readonly ciLevel: number | null
  readonly pValue: number | null
  readonly pValueOperator: Comparison | null
  readonly unit: string | null
}

/** A row of the flat read model, as the page statement selects it. */
export interface EvidenceRow extends Omit<EffectSizeRecord, 'unit'> {
  readonly key: number
  readonly slug: string
  readonly effectKey: number
  readonly studyKey: number
  readonly conditionKey: number
  readonly populationKey: number
  readonly contrastKey: number
  readonly interventionArmKey: number | null
  readonly comparatorArmKey: number | null
  readonly formKey: number | null
  readonly outcomeKey: number
  readonly instrumentKey: number | null
  readonly timepointDays: number | null
  readonly timepointLabel: string | null
  readonly endOfTreatment: boolean | null
  readonly analysisSet: AnalysisSet
  readonly valueKind: ValueKind
  readonly unit: string | null
  /** Null where nobody read whether it is. */
  readonly adjusted: boolean | null
  readonly participants: number | null
  readonly standardizedBenefit: number | null
  readonly direction: EffectDirection
  readonly origin: EffectOrigin
  readonly riskOfBiasLevel: RiskOfBiasLevel | null
  readonly coherenceStatus: CoherenceStatus
  readonly absentReason: AbsentReason | null
  readonly comparisonKind: ComparisonKind
  readonly comparisonKey: string
  readonly agents: readonly string[]
  readonly combinedWith: readonly string[]
  readonly evidenceClass: EvidenceClass
  readonly exposureMetric: ExposureMetric | null
  readonly isPrimary: boolean
  readonly unitOfAnalysis: UnitOfAnalysis
}

/** A node of evidence: what stands in the flat row, with its terms looked up. */
export interface EvidenceRecord extends Omit<EvidenceRow, keyof EffectSizeRecord> {
  readonly id: string
  readonly condition: ConditionTerm
  readonly form: FormTerm | null
  readonly outcome: OutcomeTerm
  readonly instrument: InstrumentTerm | null
  readonly effect: EffectSizeRecord
}

/** Field by field: an object spread out into another of so many fields takes twenty times as long, which would be a fifth of a page. */
export function evidenceRecord(row: EvidenceRow, vocabulary: Vocabulary): EvidenceRecord {
  return {
    key: row.key,
    slug: row.slug,
    effectKey: row.effectKey,
    studyKey: row.studyKey,
    conditionKey: row.conditionKey,
    populationKey: row.populationKey,
    contrastKey: row.contrastKey,
    interventionArmKey: row.interventionArmKey,
    comparatorArmKey: row.comparatorArmKey,
    formKey: row.formKey,
    outcomeKey: row.outcomeKey,
    instrumentKey: row.instrumentKey,
    timepointDays: row.timepointDays,
    timepointLabel: row.timepointLabel,
    endOfTreatment: row.endOfTreatment,
    analysisSet: row.analysisSet,
    valueKind: row.valueKind,
    adjusted: row.adjusted,
    participants: row.participants,
    standardizedBenefit: row.standardizedBenefit,
    direction: row.direction,
    origin: row.origin,
    riskOfBiasLevel: row.riskOfBiasLevel,
    coherenceStatus: row.coherenceStatus,
    absentReason: row.absentReason,
    comparisonKind: row.comparisonKind,
    comparisonKey: row.comparisonKey,
    agents: row.agents,
    combinedWith: row.combinedWith,
    evidenceClass: row.evidenceClass,
    exposureMetric: row.exposureMetric,
    isPrimary: row.isPrimary,
    unitOfAnalysis: row.unitOfAnalysis,
    id: encodeId('Evidence', row.slug),
    condition: vocabulary.conditions.get(row.conditionKey),
    form: row.formKey === null ? null : vocabulary.forms.get(row.formKey),
    outcome: vocabulary.outcomes.get(row.outcomeKey),
    instrument: row.instrumentKey === null ? null : vocabulary.instruments.get(row.instrumentKey),
    effect: {
      measure: row.measure,
      analysisScale: row.analysisScale,
      estimate: row.estimate,
      standardError: row.standardError,
      ciLower: row.ciLower,
      ciUpper: row.ciUpper,
      ciLevel: row.ciLevel,
      pValue: row.pValue,
      pValueOperator: row.pValueOperator,
      unit: carriesUnit(row.measure) ? row.unit : null,
    },
  }
}

/** Ratios and standardised differences are pure numbers. */
const carriesUnit = (measure: EffectMeasure) => measure === 'MD' || measure === 'BETA'

/** A number of an arm, as its source gives it. */
export interface ArmResultRecord {
  readonly armKey: number
  readonly n: number | null
  readonly events: number | null
  readonly nInferred: string | null
  readonly eventsFromPercent: boolean
  readonly percent: number | null
  readonly mean: number | null
  readonly sd: number | null
  readonly se: number | null
  readonly ciLower: number | null
  readonly ciUpper: number | null
  readonly median: number | null
  readonly q1: number | null
  readonly q3: number | null
  readonly iqr: number | null
  readonly minimum: number | null
  readonly maximum: number | null
  readonly baselineMean: number | null
  readonly baselineSd: number | null
  readonly note: string | null
}

export interface CoherenceCheckRecord {
  readonly rule: string
  readonly status: CoherenceStatus
  readonly observed?: number | null
  readonly expected?: number | null
  readonly message: string
}

/** One number for a result: the default one, or another that stands beside it. */
export interface EffectRecord extends EffectSizeRecord {
  readonly isDefault: boolean
  readonly origin: EffectOrigin
  readonly formula: string | null
  readonly inputs: Readonly<Record<string, unknown>> | null
  readonly assumptions: readonly string[]
  readonly printed: Readonly<Record<string, unknown>> | null
  readonly participants: number | null
  readonly direction: EffectDirection
  readonly standardizedBenefit: number | null
  readonly benefitNote: string | null
  readonly coherence: CoherenceStatus
  readonly coherenceChecks: readonly CoherenceCheckRecord[]
  readonly absentReason: AbsentReason | null
  readonly note: string | null
}

/** What one source reports of a result. */
export interface ReportRecord {
  readonly position: number
  readonly note: string | null
  readonly provenance: Provenance
  readonly armResults: readonly ArmResultRecord[]
  readonly effects: readonly EffectRecord[]
}

export interface ExposureRecord {
  readonly kind: ExposureMetric
  readonly metric: string
  readonly unit: string | null
  readonly contrasted: string | null
  readonly reference: string | null
  readonly contrastedHasMoreMagnesium: boolean | null
}

/** What a node of evidence shows beyond its row: read only when asked, in one statement for all rows of a page. */
export interface ResultDetail {
  readonly name: string
  readonly isPrimary: boolean
  readonly covariates: readonly string[]
  readonly note: string | null
  readonly exposure: ExposureRecord | null
  readonly responsePercent: number | null
  /** Keys of the arms that one p value compares together. */
  readonly overArms: { readonly arms: readonly number[]; readonly pValue: number; readonly pValueOperator: Comparison } | null
  readonly furtherSources: readonly Provenance[]
  readonly exposureCategories: readonly {
    readonly label: string
    readonly isReference: boolean
    readonly dose: number | null
    readonly doseUnit: string | null
    readonly cases: number | null
    readonly participants: number | null
    readonly personYears: number | null
  }[]
  readonly reports: readonly ReportRecord[]
}

/** An effect brought from its analysis scale to the one it is shown on; 15 digits, so that exp(ln(1.15)) is 1.15. */
export function asShown<Effect extends EffectSizeRecord>(effect: Effect): Effect {
  const show = (value: number | null) =>
    value === null || effect.analysisScale === 'IDENTITY'
      ? value
      : Number((effect.analysisScale === 'LOG' ? Math.exp(value) : Math.tanh(value)).toPrecision(15))
  return {
    ...effect,
    estimate: show(effect.estimate),
    ciLower: show(effect.ciLower),
    ciUpper: show(effect.ciUpper),
    unit: carriesUnit(effect.measure) ? effect.unit : null,
  }
}
