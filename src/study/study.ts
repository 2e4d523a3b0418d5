import type {
  AmountPer,
  ArmRole,
  DoseBasis,
  DoseUnit,
  EvidenceKind,
  MaskingState,
  PublicationRelationType,
  PublicationRole,
  PublicationStatus,
  RiskOfBiasLevel,
  Route,
  StudyDesign,
  SubjectKind,
} from '../generated/prisma/enums.js'
import { encodeId } from '../graphql/nodeId.js'
import type { ConditionTerm, FormTerm, TreatmentTerm, Vocabulary } from '../vocabulary/vocabulary.js'
import { isLasting } from './lastingSource.js'

export interface Provenance {
  readonly source: string
  readonly locator: string | null
  /** ISO day. */
  readonly recordedAt: string
  readonly note: string | null
}

export interface Author {
  readonly family: string | null
  readonly given: string | null
  readonly corporate: string | null
}

export interface StatusEvent {
  readonly status: PublicationStatus
  readonly occurredOn: string | null
  readonly note: string | null
  readonly source: string
}

interface Keyed {
  /** The database's own key. */
  readonly id: number
  readonly slug: string
}

interface PublicationDocument extends Keyed {
  readonly role: PublicationRole
  readonly title: string
  readonly titleAsPublished: boolean
  readonly authorsIncomplete: boolean
  readonly authors: readonly Author[]
  readonly journal: string | null
  readonly year: number | null
  readonly publishedOn: string | null
  readonly volume: string | null
  readonly issue: string | null
  readonly pages: string | null
  readonly doi: string | null
  readonly pmid: string | null
  readonly pmcid: string | null
  readonly types: readonly string[]
  readonly note: string | null
  readonly statusEvents: readonly StatusEvent[]
  readonly relations: readonly { readonly type: PublicationRelationType; readonly slug: string; readonly doi: string | null }[]
}

interface PopulationDocument extends Keyed {
  readonly label: string
  readonly isWholeSample: boolean
  readonly participants: number | null
  readonly meanAge: number | null
  readonly sdAge: number | null
  readonly minAge: number | null
  readonly maxAge: number | null
  readonly femalePercent: number | null
  readonly severity: string | null
  readonly pregnant: boolean | null
  readonly baselineSerumMagnesium: number | null
  readonly inclusion: string | null
  readonly note: string | null
  readonly conditionIds: readonly number[]
  readonly provenance: Provenance
}

interface DoseDocument extends Keyed {
  readonly formId: number
  readonly route: Route
  readonly phase: number
  readonly startDay: number | null
  readonly endDay: number | null
  readonly reportedAmount: number | null
  readonly reportedUnit: DoseUnit | null
  readonly basis: DoseBasis
  readonly amountPer: AmountPer | null
  readonly timesPerDay: number | null
  readonly daysPerWeek: number | null
  readonly reportedText: string | null
  readonly reportedElementalMgPerDay: number | null
  readonly reportedSaltMgPerDay: number | null
  readonly elementalMgPerDayLow: number | null
  readonly elementalMgPerDayHigh: number | null
  readonly saltMgPerDay: number | null
  readonly elementalMgPerKgLow: number | null
  readonly elementalMgPerKgHigh: number | null
  readonly elementalMgPerHourLow: number | null
  readonly elementalMgPerHourHigh: number | null
  readonly conversionNote: string | null
  readonly note: string | null
  readonly provenance: Provenance
}

interface ArmDocument extends Keyed {
  readonly label: string
  readonly role: ArmRole
  readonly randomized: number | null
  readonly analysed: number | null
  readonly coInterventions: readonly string[]
  /** Null where nobody recorded them. */
  readonly agentIds: readonly number[] | null
  readonly note: string | null
  readonly doses: readonly DoseDocument[]
}

interface RiskOfBiasDocument extends Keyed {
  readonly resultId: number | null
  readonly tool: string
  readonly version: string | null
  /** As printed; null where only domains or a score are. */
  readonly overall: RiskOfBiasLevel | null
  readonly level: RiskOfBiasLevel | null
  readonly readTo: string | null
  readonly score: number | null
  readonly scoreMaximum: number | null
  readonly reviewId: number | null
  readonly assessedPrecision: 'DAY' | 'MONTH' | 'YEAR'
  readonly domains: readonly { readonly domain: string; readonly judgement: RiskOfBiasLevel; readonly support: string | null }[]
  readonly assessedBy: string
  readonly assessedOn: string
  readonly provenance: Provenance
}

/** One study with everything in it, as the view study_row_source builds it. */
export interface StudyDocument extends Keyed {
  readonly title: string
  readonly evidenceKind: EvidenceKind
  readonly design: StudyDesign
  readonly subjects: SubjectKind
  readonly species: string | null
  readonly allocation: string | null
  readonly masking: { readonly participants: MaskingState; readonly providers: MaskingState; readonly assessors: MaskingState; readonly text: string | null }
  readonly countries: readonly string[]
  readonly countriesInferred: boolean
  /** Larger samples that its people are of. */
  readonly cohorts: readonly string[]
  readonly setting: string | null
  readonly funding: string | null
  readonly conflictsOfInterest: string | null
  readonly participantsRandomized: number | null
  readonly participantsAnalysed: number | null
  readonly keyFindings: string | null
  readonly notes: readonly string[]
  readonly status: PublicationStatus
  readonly crossover: {
    readonly periods: number
    readonly periodDays: number | null
    readonly washoutDays: number | null
    readonly analysis: string | null
    readonly withinPersonCorrelation: number | null
    readonly correlationSource: string | null
  } | null
  readonly cluster: {
    readonly clusters: number | null
    readonly meanClusterSize: number | null
    readonly icc: number | null
    readonly iccSource: string | null
  } | null
  readonly registrations: readonly string[]
  readonly publications: readonly PublicationDocument[]
  readonly populations: readonly PopulationDocument[]
  readonly arms: readonly ArmDocument[]
  readonly riskOfBias: readonly RiskOfBiasDocument[]
  readonly concerns: readonly { readonly raisedBy: string; readonly note: string; readonly raisedOn: string | null; readonly provenance: Provenance }[]
  readonly sources: readonly (Provenance & { readonly supports: string | null })[]
}

export type PopulationRecord = Omit<PopulationDocument, 'id'> & { readonly id: string; readonly key: number; readonly conditions: readonly ConditionTerm[] }
export type DoseRecord = Omit<DoseDocument, 'id'> & { readonly id: string; readonly key: number; readonly form: FormTerm }
export type ArmRecord = Omit<ArmDocument, 'id' | 'doses' | 'agentIds'> & {
  readonly id: string
  readonly key: number
  readonly doses: readonly DoseRecord[]
  readonly agents: readonly TreatmentTerm[] | null
}
export type PublicationRecord = Omit<PublicationDocument, 'id'> & { readonly id: string }
export type RiskOfBiasRecord = Omit<RiskOfBiasDocument, 'id'> & { readonly id: string }

/** A study as the API shows it: ids made global, terms looked up, the main report's bibliography brought forward. */
export interface StudyRecord extends Omit<StudyDocument, 'id' | 'publications' | 'populations' | 'arms' | 'riskOfBias'> {
  readonly id: string
  readonly key: number
  readonly authors: readonly Author[]
  readonly authorsIncomplete: boolean
  readonly year: number | null
  readonly publicationDate: string | null
  readonly journal: string | null
  readonly citation: string
  readonly doi: string | null
  readonly pmid: string | null
  readonly pmcid: string | null
  readonly publications: readonly PublicationRecord[]
  readonly populations: readonly PopulationRecord[]
  readonly arms: readonly ArmRecord[]
  readonly riskOfBias: readonly RiskOfBiasRecord[]
  readonly statusEvents: readonly StatusEvent[]
  readonly provenance: Provenance
}

export function studyRecord(document: StudyDocument, { conditions, forms, treatments }: Vocabulary): StudyRecord {
  const main = document.publications[0]
  const global = <Type extends string, Thing extends Keyed>(type: Type, thing: Thing) => ({ ...thing, id: encodeId(type, thing.slug), key: thing.id })
  return {
    ...global('Study', document),
    authors: main?.authors ?? [],
    authorsIncomplete: main?.authorsIncomplete ?? false,
    year: main?.year ?? null,
    publicationDate: main?.publishedOn ?? null,
    journal: main?.journal ?? null,
    citation: main === undefined ? document.title : citationOf(main),
    doi: main?.doi ?? null,
    pmid: main?.pmid ?? null,
    pmcid: main?.pmcid ?? null,
    publications: document.publications.map((publication) => global('Publication', publication)),
    populations: document.populations.map((population) => ({
      ...global('Population', population),
      conditions: population.conditionIds.map((key) => conditions.get(key)),
    })),
    arms: document.arms.map(({ agentIds, ...arm }) => ({
      ...global('Arm', arm),
      agents: agentIds?.map((key) => treatments.get(key)) ?? null,
      doses: arm.doses.map((dose) => ({ ...global('Dose', dose), form: forms.get(dose.formId) })),
    })),
    riskOfBias: document.riskOfBias.map((assessment) => global('RiskOfBias', assessment)),
    statusEvents: document.publications.flatMap(({ role, statusEvents }) => (role === 'TABULATED_IN' ? [] : statusEvents)),
    sources: recordsFirst(document.sources),
    provenance: recordsFirst(document.sources)[0] ?? { source: document.slug, locator: null, recordedAt: '1970-01-01', note: 'no source is recorded' },
  }
}

/** Sources with the addresses of records first, and copies of them behind; else in the order of the file. */
function recordsFirst(sources: StudyDocument['sources']): StudyDocument['sources'] {
  const isRecord = ({ source, locator }: Provenance) => isLasting(`${source} ${locator ?? ''}`)
  return [...sources.filter(isRecord), ...sources.filter((source) => !isRecord(source))]
}

/** The assessment that a result's level of bias is told by: the latest of the result itself, else of the study, that comes to a level. */
export function assessmentOf({ riskOfBias }: Pick<StudyRecord, 'riskOfBias'>, resultKey: number): RiskOfBiasRecord | null {
  const judged = riskOfBias.filter(({ level }) => level !== null)
  return judged.find(({ resultId }) => resultId === resultKey) ?? judged.find(({ resultId }) => resultId === null) ?? null
}

/** One line in the order of Vancouver style: authors, title, journal, year;volume(issue):pages, DOI. What is unknown is left out. */
export function citationOf(publication: Omit<PublicationDocument, 'id' | 'slug' | 'role' | 'types' | 'note' | 'statusEvents' | 'relations'>): string {
  const { authors, authorsIncomplete, title, journal, year, volume, issue, pages, doi } = publication
  const names = authors
    .slice(0, 6)
    .map(({ family, given, corporate }) => corporate ?? [family, given?.replace(/[^\p{Lu}-]/gu, '') || given].filter(Boolean).join(' '))
  const byline = names.length === 0 ? '' : `${names.join(', ')}${authors.length > 6 || authorsIncomplete ? ', et al' : ''}.`
  const place = `${volume ?? ''}${issue === null ? '' : `(${issue})`}${pages === null ? '' : `:${pages}`}`
  const when = [year, place].filter(Boolean).join(';')
  const sentence = (text: string | null) => (text ? `${text.replace(/\.$/, '')}.` : '')
  return [byline, sentence(title), [sentence(journal), when && `${when}.`].filter(Boolean).join(' '), doi === null ? '' : `doi:${doi}`]
    .filter(Boolean)
    .join(' ')
}
