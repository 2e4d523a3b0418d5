import { study as studyFormat, type ArmEntry, type PopulationEntry, type StudyEntry } from '../corpus/format.js'
import { readIdentifier } from '../study/identifiers.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'
import { armsOf, armTitled, registrySource, type LeaveOut } from './clinicalTrials.arms.js'
import { countIn, numberIn, registeredTrial, type Protocol, type RegisteredTrial } from './clinicalTrials.format.js'
import { countryCode } from './clinicalTrials.countries.js'
import { publicationsOf } from './clinicalTrials.publications.js'
import { resultsOf } from './clinicalTrials.results.js'

/** Why a registered trial cannot become a study, in one sentence each. */
export class TrialError extends Error {
  constructor(readonly sentences: readonly string[]) {
    super(sentences.join('\n'))
    this.name = 'TrialError'
  }
}

export interface MappedTrial {
  readonly nctId: string
  readonly study: StudyEntry
  /** What the registry tells and the study does not hold, with the reason: one sentence each. */
  readonly leftOut: readonly string[]
}

export interface TrialOptions {
  /** Slug of the condition that the results are of, where the trial names several or none that is known. */
  readonly condition?: string
  /** What stands for today where the registry gives no date, as YYYY-MM-DD. */
  readonly today: string
}

/**
 * A study in the format of the corpus from the JSON that ClinicalTrials.gov gives of it. Nothing is guessed: what cannot be
 * mapped in one way only is left out and named.
 *
 * @throws {TrialError} if it is not such JSON, or no study that the corpus has a place for
 */
export function mapTrial(json: unknown, vocabulary: Vocabulary, options: TrialOptions): MappedTrial {
  const trial = readTrial(json)
  const { protocolSection: protocol, resultsSection } = trial
  const leftOut: string[] = []
  const leaveOut: LeaveOut = (what) => void (leftOut.includes(what) || leftOut.push(what))
  const { nctId, briefTitle, officialTitle, secondaryIdInfos } = protocol.identificationModule
  const title = briefTitle ?? officialTitle
  const design = designOf(protocol)
  if (title === undefined) throw new TrialError([`${nctId} has no title`])
  if (design === null) {
    const { allocation, interventionModel, observationalModel } = protocol.designModule.designInfo
    const said = [protocol.designModule.studyType, allocation, interventionModel, observationalModel].filter((part) => part !== undefined).join(', ')
    throw new TrialError([`${nctId} has a design that the corpus has no place for: ${said || 'none is given'}`])
  }

  const conditions = conditionsOf(trial, vocabulary, leaveOut)
  const arms = withRandomized(armsOf(protocol, vocabulary, leaveOut), trial, leaveOut)
  const isRandomized = design.startsWith('RCT')
  const enrolled = protocol.designModule.enrollmentInfo
  const actual = enrolled?.type === 'ESTIMATED' ? undefined : enrolled?.count
  if (enrolled?.type === 'ESTIMATED') leaveOut(`enrolment: ${enrolled.count ?? 'a number'} is an estimate`)
  const measures = resultsSection?.outcomeMeasuresModule?.outcomeMeasures ?? []
  const condition = options.condition === undefined ? conditions : [options.condition]
  const [only] = condition
  if (measures.length > 0 && condition.length !== 1)
    leaveOut(
      `the results: ${condition.length === 0 ? 'no condition of the vocabulary is named' : `several conditions are named (${condition.join(', ')})`}; --condition says which they are of`,
    )
  const results =
    only === undefined || condition.length !== 1
      ? []
      : resultsOf(measures, { arms, condition: only, population: 'all', randomized: isRandomized, vocabulary, leaveOut })
  const planned = protocol.outcomesModule.primaryOutcomes.length + protocol.outcomesModule.secondaryOutcomes.length
  if (measures.length === 0 && planned > 0) leaveOut(`${planned} planned ${planned === 1 ? 'outcome' : 'outcomes'}: no results are posted`)
  if (resultsSection?.adverseEventsModule !== undefined)
    leaveOut('adverse events: they are counted by term and organ system, which no outcome of the vocabulary is')
  const masking = maskingOf(protocol)
  const countries = countriesOf(protocol, leaveOut)
  const registrations = [nctId, ...secondaryIdInfos.flatMap(({ id }) => registrationIn(id))]
  const crossover = design === 'RCT_CROSSOVER' ? periodsOf(trial) : null
  if (design === 'RCT_CROSSOVER' && crossover === null) leaveOut('crossover: the number of periods is not told')

  const parsed = studyFormat.safeParse({
    slug: nctId.toLowerCase(),
    title,
    evidenceKind: 'PRIMARY',
    design,
    ...(protocol.designModule.designInfo.allocation !== undefined && { allocation: wordsOf(protocol.designModule.designInfo.allocation) }),
    ...(masking !== null && { masking }),
    countries,
    ...(fundingOf(protocol) !== null && { funding: fundingOf(protocol) }),
    registrations: [...new Set(registrations)],
    ...(isRandomized && actual !== undefined && { participantsRandomized: actual }),
    ...(crossover !== null && { crossover: { periods: crossover } }),
    publications: publicationsOf(protocol, resultsSection !== undefined, leaveOut),
    populations: [populationOf(trial, conditions, actual)],
    arms,
    results,
    notes: notesOf(protocol),
    sources: {
      [registrySource]: {
        source: `https://clinicaltrials.gov/study/${nctId}`,
        supports: 'everything in this study',
        recordedAt: dayOf(protocol.statusModule.lastUpdatePostDateStruct?.date) ?? options.today,
        note: 'As the registry stood at its last posted update.',
      },
    },
  })
  if (!parsed.success) throw new TrialError(parsed.error.issues.map(({ path, message }) => `${nctId}: ${path.join('.')}: ${message}`))
  if (!givesMagnesium(parsed.data))
    throw new TrialError([`${nctId} gives magnesium in no arm that can be told, and its title names none: ${[title, ...leftOut].join('; ')}`])
  return { nctId, study: parsed.data, leftOut }
}

/** @throws {TrialError} naming the fields at fault */
export function readTrial(json: unknown): RegisteredTrial {
  const parsed = registeredTrial.safeParse(json)
  if (parsed.success) return parsed.data
  throw new TrialError(
    parsed.error.issues
      .slice(0, 20)
      .map(({ path, message }) => `not a study of ClinicalTrials.gov's API of version 2: ${path.join('.') || 'the whole'}: ${message}`),
  )
}

function designOf({ designModule }: Protocol): StudyEntry['design'] | null {
  const { allocation, interventionModel, observationalModel, timePerspective } = designModule.designInfo
  if (designModule.studyType === 'OBSERVATIONAL') {
    if (timePerspective === 'CROSS_SECTIONAL') return 'CROSS_SECTIONAL'
    return observationalModel === 'COHORT'
      ? 'COHORT'
      : observationalModel === 'CASE_CONTROL'
        ? 'CASE_CONTROL'
        : observationalModel === 'CASE_ONLY'
          ? 'CASE_SERIES'
          : null
  }
  if (designModule.studyType !== 'INTERVENTIONAL') return null
  if (interventionModel === 'SINGLE_GROUP') return allocation === 'RANDOMIZED' ? null : 'SINGLE_ARM'
  if (allocation === 'NON_RANDOMIZED') return 'QUASI_EXPERIMENTAL'
  if (allocation !== 'RANDOMIZED') return null
  return interventionModel === 'PARALLEL'
    ? 'RCT_PARALLEL'
    : interventionModel === 'CROSSOVER'
      ? 'RCT_CROSSOVER'
      : interventionModel === 'FACTORIAL'
        ? 'RCT_FACTORIAL'
        : null
}

/** Who is masked is told person by person; without that only "open" is certain. */
function maskingOf({ designModule }: Protocol): StudyEntry['masking'] | null {
  const info = designModule.designInfo.maskingInfo
  if (info?.masking === undefined) return null
  const { masking, whoMasked, maskingDescription } = info
  const isOpen = masking === 'NONE'
  const of = (who: string) => (isOpen ? 'OPEN' : whoMasked.length === 0 ? 'UNKNOWN' : whoMasked.includes(who) ? 'MASKED' : 'OPEN')
  const who = whoMasked.length === 0 ? '' : ` (${whoMasked.map(wordsOf).join(', ')})`
  return {
    participants: of('PARTICIPANT'),
    providers: of('CARE_PROVIDER'),
    assessors: of('OUTCOMES_ASSESSOR'),
    text: isOpen ? 'open-label' : `${wordsOf(masking)}${who}${maskingDescription === undefined ? '' : `: ${maskingDescription.slice(0, 300)}`}`,
  }
}

const wordsOf = (code: string) => code.toLowerCase().replaceAll('_', ' ')

/** The conditions that the registry names by a word of the vocabulary, or whose MeSH heading is one's. */
function conditionsOf({ protocolSection, derivedSection }: RegisteredTrial, { conditions }: Vocabulary, leaveOut: LeaveOut): string[] {
  const named = protocolSection.conditionsModule.conditions
  const found = named.map((name) => conditions.find(name)?.slug ?? null)
  const meshes = derivedSection?.conditionBrowseModule?.meshes ?? []
  const coded = meshes.flatMap(
    ({ id, term }) => (id === undefined ? undefined : conditions.find(`MESH:${id}`)) ?? (term === undefined ? undefined : conditions.find(term)) ?? [],
  )
  const known = found.filter((slug) => slug !== null).length
  const byHeading = known > 0 || coded.length === 0 ? '' : `; by its MeSH headings the trial is of ${coded.map(({ slug }) => slug).join(', ')}`
  named.forEach((name, index) => {
    if (found[index] === null && (known > 0 || coded.length < named.length)) leaveOut(`condition "${name}": the vocabulary has none of that name${byHeading}`)
  })
  // The registry derives its headings from the same names; they say more only where no name is known.
  const own = found.filter((slug) => slug !== null)
  return [...new Set(own.length > 0 ? own : coded.map(({ slug }) => slug))]
}

function countriesOf({ contactsLocationsModule }: Protocol, leaveOut: LeaveOut): string[] {
  const names = [...new Set(contactsLocationsModule.locations.flatMap(({ country }) => country ?? []))]
  return [
    ...new Set(
      names.flatMap((name) => {
        const code = countryCode(name)
        if (code === null) leaveOut(`country "${name}": it has no code that is known`)
        return code ?? []
      }),
    ),
  ]
}

function fundingOf({ sponsorCollaboratorsModule: { leadSponsor, collaborators } }: Protocol): string | null {
  const names = [...(leadSponsor === undefined ? [] : [`${leadSponsor.name} (sponsor)`]), ...collaborators.map(({ name }) => name)]
  return names.length === 0 ? null : names.join('; ')
}

function registrationIn(id: string | undefined): string[] {
  const identifier = readIdentifier(id ?? '')
  return identifier?.kind === 'registration' ? [identifier.value] : []
}

/** How many started in each arm, by the flow of participants; of a crossover its groups are sequences, not arms. */
function withRandomized(arms: readonly ArmEntry[], { resultsSection }: RegisteredTrial, leaveOut: LeaveOut): ArmEntry[] {
  const flow = resultsSection?.participantFlowModule
  const started = flow?.periods[0]?.milestones.find(({ type }) => type === 'STARTED')
  if (flow === undefined || started === undefined) return [...arms]
  const counts = new Map<string, number>()
  for (const { id, title } of flow.groups) {
    const arm = armTitled(title, arms)
    const count = countIn(started.achievements.find(({ groupId }) => groupId === id)?.numSubjects)
    if (arm === null) leaveOut(`participant flow "${title}": no arm taken is called so`)
    else if (count !== null) counts.set(arm.slug, count)
  }
  return arms.map((arm) => {
    const randomized = counts.get(arm.slug)
    return randomized === undefined ? arm : { ...arm, randomized }
  })
}

/** Periods of a crossover, where the flow of participants tells them; breaks between are none. */
function periodsOf({ resultsSection }: RegisteredTrial): number | null {
  const periods = (resultsSection?.participantFlowModule?.periods ?? []).filter(({ title }) => !/wash[\s-]?out|rest|run[\s-]?in|follow[\s-]?up/i.test(title))
  return periods.length < 2 ? null : periods.length
}

function populationOf({ protocolSection, resultsSection }: RegisteredTrial, conditions: readonly string[], actual: number | undefined): PopulationEntry {
  const { sex, minimumAge, maximumAge } = protocolSection.eligibilityModule
  const inclusion = [
    minimumAge === undefined && maximumAge === undefined ? null : `${minimumAge ?? 'any age'} to ${maximumAge ?? 'no upper limit'}`,
    sex === undefined || sex === 'ALL' ? null : `${wordsOf(sex)} only`,
  ].filter((part) => part !== null)
  const baseline = resultsSection?.baselineCharacteristicsModule
  const total = baseline?.groups.find(({ title }) => /^total$/i.test(title.trim()))?.id
  const measured = (title: RegExp, category?: RegExp) => {
    const measure = baseline?.measures.find((candidate) => title.test(candidate.title))
    const categories = measure?.classes.flatMap((entry) => entry.categories) ?? []
    const found = category === undefined ? (categories.length === 1 ? categories[0] : undefined) : categories.find((entry) => category.test(entry.title ?? ''))
    return { measure, measurement: found?.measurements.find(({ groupId }) => groupId === total) }
  }
  const age = measured(/^age, continuous$/i)
  const isMeanAge = age.measure?.paramType === 'MEAN' && /^years$/i.test(age.measure.unitOfMeasure ?? '')
  const meanAge = isMeanAge ? numberIn(age.measurement?.value) : null
  const sdAge = isMeanAge && /standard[ _]deviation/i.test(age.measure?.dispersionType ?? '') ? numberIn(age.measurement?.spread) : null
  const women = countIn(measured(/^sex: female, male$/i, /^female$/i).measurement?.value)
  const men = countIn(measured(/^sex: female, male$/i, /^male$/i).measurement?.value)
  const known = women !== null && men !== null && women + men > 0
  return {
    slug: 'all',
    label: 'whole sample',
    wholeSample: true,
    ...(actual !== undefined && { participants: actual }),
    ...(meanAge !== null && { meanAge }),
    ...(sdAge !== null && { sdAge }),
    ...(known && { femalePercent: Number(((100 * women) / (women + men)).toFixed(1)), note: `Share of women computed from ${women} women and ${men} men.` }),
    conditions: [...conditions],
    ...(inclusion.length > 0 && { inclusion: inclusion.join('; ') }),
    source: registrySource,
  }
}

/** What became of the trial, and when, which the corpus has no field for. */
function notesOf({ statusModule }: Protocol): string[] {
  const { overallStatus, whyStopped, startDateStruct, completionDateStruct, resultsFirstPostDateStruct } = statusModule
  const told = (verb: string, struct: typeof startDateStruct) =>
    struct?.date === undefined ? [] : [`${verb} ${struct.date}${struct.type === 'ESTIMATED' ? ' (expected)' : ''}`]
  const dates = [...told('started', startDateStruct), ...told('completed', completionDateStruct), ...told('results posted', resultsFirstPostDateStruct)]
  const status =
    overallStatus === undefined
      ? []
      : [`Status in the registry: ${wordsOf(overallStatus)}${whyStopped === undefined ? '' : `; why: ${whyStopped.trim().replace(/\.$/, '')}`}.`]
  return [...status, ...(dates.length === 0 ? [] : [`Dates in the registry: ${dates.join(', ')}.`])]
}

const dayOf = (date: string | undefined) => (date !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(date) ? date : null)

/** What a registry's search also finds is refused. */
const givesMagnesium = ({ arms, title }: StudyEntry) => arms.some(({ role }) => role === 'MAGNESIUM') || /\bmagnesium\b/i.test(title)
