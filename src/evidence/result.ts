import type {
  AbsentReason,
  ArmRole,
  BenefitDirection,
  Comparison,
  EffectDirection,
  EffectMeasure,
  OutcomeType,
  StudyDesign,
  ValueKind,
} from '../generated/prisma/enums.js'

type Maybe<Value> = Value | undefined

/** What a source reports of one arm; a number that it does not report is left out. */
export interface ArmNumbers {
  readonly arm: string
  readonly n?: Maybe<number>
  /** How n was inferred if the source does not print it: "the only split that fits the percentages". */
  readonly nInferred?: Maybe<string>
  readonly events?: Maybe<number>
  readonly eventsFromPercent: boolean
  readonly percent?: Maybe<number>
  readonly mean?: Maybe<number>
  readonly sd?: Maybe<number>
  readonly se?: Maybe<number>
  readonly ciLower?: Maybe<number>
  readonly ciUpper?: Maybe<number>
  readonly median?: Maybe<number>
  readonly q1?: Maybe<number>
  readonly q3?: Maybe<number>
  /** Width between the quartiles, where they are not printed. */
  readonly iqr?: Maybe<number>
  readonly minimum?: Maybe<number>
  readonly maximum?: Maybe<number>
  readonly baselineSd?: Maybe<number>
  /** Decimals that mean, deviation and error are printed with; those of their shortest forms if left out. */
  readonly decimals?: Maybe<number>
  readonly note?: Maybe<string>
}

/** An effect as a source reports it: ratios as ratios, intervals at their stated level. */
export interface ReportedNumbers {
  readonly measure: EffectMeasure
  readonly estimate?: Maybe<number>
  readonly standardError?: Maybe<number>
  readonly ciLower?: Maybe<number>
  readonly ciUpper?: Maybe<number>
  readonly ciLevel?: Maybe<number>
  readonly p?: Maybe<{ readonly value: number; readonly operator: Comparison; readonly decimals?: Maybe<number> }>
  /** Whether the limits are of a credible interval. */
  readonly intervalKind?: Maybe<'CONFIDENCE' | 'CREDIBLE'>
  /** Decimals that estimate and limits are printed with; those of their shortest forms if left out. */
  readonly decimals?: Maybe<number>
  readonly printed?: Maybe<Readonly<Record<string, Maybe<number | string>>>>
  readonly note?: Maybe<string>
}

/** One source's account of a result. */
export interface Report {
  readonly armResults: readonly ArmNumbers[]
  readonly reported: readonly ReportedNumbers[]
}

/** A result with what must be known of its study, outcome and instrument to derive its effects. */
export interface ResultInQuestion {
  readonly study: {
    readonly design: StudyDesign
    readonly participantsRandomized?: Maybe<number>
    readonly participantsAnalysed?: Maybe<number>
    readonly crossover?: Maybe<{ readonly withinPersonCorrelation?: Maybe<number> }>
    readonly cluster?: Maybe<{ readonly meanClusterSize?: Maybe<number>; readonly icc?: Maybe<number> }>
    readonly arms: readonly { readonly slug: string; readonly role: ArmRole; readonly randomized?: Maybe<number>; readonly analysed?: Maybe<number> }[]
    readonly populations: readonly { readonly slug: string; readonly wholeSample: boolean; readonly participants?: Maybe<number> }[]
  }
  readonly result: Report & {
    readonly population: string
    readonly intervention?: Maybe<string>
    readonly comparator?: Maybe<string>
    readonly exposure?: Maybe<{ readonly reference?: Maybe<string>; readonly contrastedHas?: Maybe<'MORE_MAGNESIUM' | 'LESS_MAGNESIUM'> }>
    readonly valueKind: ValueKind
    /** What is counted: "PARTICIPANTS", the default, or something of which a participant may have several, such as babies or eyes. */
    readonly unitOfAnalysis?: Maybe<string>
    readonly adjusted: boolean
    readonly statedDirection?: Maybe<EffectDirection>
    readonly absentReason?: Maybe<AbsentReason>
    readonly alternatives: readonly Report[]
  }
  /** The elemental dose of each phase of the intervention's regimen: as reported, and as its salt would give. */
  readonly regimen: readonly {
    readonly reportedElementalMg: Maybe<number>
    readonly derived: { readonly low: number; readonly high: number } | null
    readonly saltMg: number | null
  }[]
  readonly outcome: { readonly type: OutcomeType; readonly benefitDirection: BenefitDirection }
  /** Standard deviations that other studies report on the scale of the result, one of each. */
  readonly deviationsElsewhere?: Maybe<readonly number[]>
  readonly instrument: Maybe<{
    readonly benefitDirection: BenefitDirection
    readonly minimum?: Maybe<number>
    readonly maximum?: Maybe<number>
    readonly integerScores: boolean
  }>
}
