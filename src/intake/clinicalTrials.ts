import type { Fault } from '../corpus/files.js'
import { study as studyFormat, type ResultEntry, type StudyEntry } from '../corpus/format.js'
import { readIdentifier } from '../study/identifiers.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'
import { armsOf, registrySource, type LeaveOut } from './clinicalTrials.arms.js'
import { designOf, maskingOf } from './clinicalTrials.design.js'
import { registeredTrial, type Protocol, type RegisteredTrial } from './clinicalTrials.format.js'
import { countryCode } from '../vocabulary/countries.js'
import { periodsOf, populationOf, withRandomized } from './clinicalTrials.participants.js'
import { publicationsOf } from './clinicalTrials.publications.js'
import { resultsOf } from './clinicalTrials.results.js'
import { wordsOf } from './clinicalTrials.words.js'
import { examineResults } from './resultRules.js'

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
  return { nctId, study: withSoundResults(parsed.data, vocabulary, leaveOut), leftOut }
}

/** The study without effects, and without results, that the rules of the corpus refuse: more events than people, a mean of nobody. */
function withSoundResults(study: StudyEntry, vocabulary: Vocabulary, leaveOut: LeaveOut): StudyEntry {
  const told = ({ name }: ResultEntry, { field, value, rule }: Fault) =>
    leaveOut(`outcome "${name}": ${field}${value === undefined ? '' : ` ${JSON.stringify(value)}`} ${rule}`)
  const effects = examineResults(study, vocabulary).map(({ result, faults }) => {
    const ofEffects = faults.filter(({ field }) => field.startsWith('reported['))
    ofEffects.forEach((fault) => told(result, fault))
    const unsound = new Set(ofEffects.map(({ field }) => Number(/\d+/.exec(field)?.[0])))
    return { ...result, reported: result.reported.filter((_, place) => !unsound.has(place)) }
  })
  const results = examineResults({ ...study, results: effects }, vocabulary).flatMap(({ result, faults }) => {
    faults.forEach((fault) => told(result, fault))
    return faults.length === 0 ? [result] : []
  })
  return { ...study, results }
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
