import type { ArmEntry, ArmResultEntry, ReportedEffectEntry, ResultEntry } from '../corpus/format.js'
import { normalized, type InstrumentTerm, type OutcomeTerm, type Vocabulary } from '../vocabulary/vocabulary.js'
import { armTitled, registrySource, type LeaveOut } from './clinicalTrials.arms.js'
import { effectsReported } from './clinicalTrials.effects.js'
import { countIn, type MeasureClass, type OutcomeMeasure } from './clinicalTrials.format.js'
import { quantityOf, readerOf } from './clinicalTrials.measures.js'
import { daysOfTimeFrame, distinctSlugs, namesFitting, termsNamedIn } from './clinicalTrials.words.js'

export interface ResultContext {
  readonly arms: readonly ArmEntry[]
  /** Slug of the one condition that the study is of. */
  readonly condition: string
  readonly population: string
  readonly randomized: boolean
  readonly vocabulary: Vocabulary
  readonly leaveOut: LeaveOut
}

/** The results of the measures that can be told: one for each contrast of a magnesium arm with another, and each time. */
export function resultsOf(measures: readonly OutcomeMeasure[], context: ResultContext): ResultEntry[] {
  const results = measures.flatMap((measure) =>
    resultsOfMeasure(measure, { ...context, leaveOut: (what) => context.leaveOut(`outcome "${measure.title}": ${what}`) }),
  )
  const slugs = distinctSlugs(
    results.map(({ outcome, timepointDays, comparator, intervention }) =>
      [outcome, timepointDays === undefined ? '' : `${timepointDays}d`, intervention, comparator].join(' '),
    ),
    72,
  )
  return results.map((result, index) => ({ ...result, slug: slugs[index] ?? result.slug }))
}

function resultsOfMeasure(measure: OutcomeMeasure, context: ResultContext): ResultEntry[] {
  const { arms, leaveOut } = context
  if (measure.reportingStatus === 'NOT_POSTED' || measure.classes.length === 0) {
    leaveOut('no results are posted')
    return []
  }
  const told = outcomeToldBy(measure, context)
  if (typeof told === 'string') {
    leaveOut(told)
    return []
  }
  const armOf = new Map(measure.groups.flatMap(({ id, title }) => pairOf(id, armTitled(title, arms))))
  const unknown = measure.groups.filter(({ id }) => !armOf.has(id)).map(({ title }) => JSON.stringify(title))
  if (unknown.length > 0) leaveOut(`no arm taken is called ${unknown.join(' or ')}`)
  const numbers = numbersOf(measure, { armOf, leaveOut, inPercent: [told.outcome.unit, told.instrument?.unit].includes('%') })
  const interventions = [...new Set(armOf.values())].filter(({ role }) => role === 'MAGNESIUM')
  const comparators = [...new Set(armOf.values())].filter(({ role }) => role !== 'MAGNESIUM')
  if (interventions.length === 0) {
    leaveOut('none of its groups is a magnesium arm')
    return []
  }
  const contrasts = interventions.flatMap((intervention): { intervention: ArmEntry; comparator: ArmEntry | null }[] =>
    comparators.length === 0 ? [{ intervention, comparator: null }] : comparators.map((comparator) => ({ intervention, comparator })),
  )
  return numbers.flatMap(({ timeFrame, valueKind, adjusted, unit, byArm, title }) =>
    contrasts.flatMap(({ intervention, comparator }): ResultEntry[] => {
      const armResults = [intervention, comparator].flatMap((arm) => (arm === null ? [] : (byArm.get(arm.slug) ?? [])))
      if (armResults.length < (comparator === null ? 1 : 2)) {
        leaveOut(`${intervention.label} against ${comparator?.label ?? 'nothing'}${title === '' ? '' : `, "${title}"`}: numbers of an arm are missing`)
        return []
      }
      const days = daysOfTimeFrame(timeFrame)
      const reported =
        comparator === null ? [] : effectsReported(measure, { intervention, comparator, armOf, armResults, leaveOut, only: numbers.length === 1 })
      return [
        {
          slug: 'result',
          outcome: told.outcome.slug,
          condition: context.condition,
          ...(told.instrument !== null && { instrument: told.instrument.slug }),
          population: context.population,
          intervention: intervention.slug,
          ...(comparator !== null && { comparator: comparator.slug }),
          name: title === '' ? measure.title : `${measure.title}: ${title}`,
          primary: measure.type === 'PRIMARY',
          ...(days !== null && { timepointDays: days }),
          ...(timeFrame.trim() !== '' && { timepointLabel: timeFrame.trim() }),
          ...(days !== null && intervention.doses.some(({ endDay }) => endDay === days) && { endOfTreatment: true }),
          analysisSet: analysisSetOf(measure.populationDescription ?? ''),
          valueKind,
          ...(unit !== null && { unit }),
          adjusted,
          unitOfAnalysis: 'PARTICIPANTS',
          covariates: [],
          armResults,
          reported,
          ...(!hasNumber(armResults, reported) && { absentReason: 'NOT_REPORTED' as const }),
          ...(measure.populationDescription !== undefined && { note: `Analysed: ${excerpt(measure.populationDescription)}` }),
          source: registrySource,
          exposureCategories: [],
          furtherSources: [],
          alternatives: [],
        },
      ]
    }),
  )
}

/** The corpus asks a result without a number to say why; a mean of nobody knows how many is none. */
const hasNumber = (armResults: readonly ArmResultEntry[], reported: readonly ReportedEffectEntry[]) =>
  reported.length > 0 ||
  armResults.some(({ n, mean, events, percent, median }) => (n !== undefined && (mean ?? events) !== undefined) || (percent ?? median) !== undefined)

const pairOf = (id: string, arm: ArmEntry | null): [string, ArmEntry][] => (arm === null ? [] : [[id, arm]])
const excerpt = (text: string) => (text.length > 300 ? `${text.slice(0, 299)}…` : text)

/** The outcome that the title names, or that the one instrument it names measures; else why none can be told. */
export function outcomeToldBy(
  { title, description = '' }: Pick<OutcomeMeasure, 'title' | 'description'>,
  { condition, vocabulary: { conditions, outcomes, instruments } }: Pick<ResultContext, 'condition' | 'vocabulary'>,
): { outcome: OutcomeTerm; instrument: InstrumentTerm | null } | string {
  const named = (text: string) =>
    termsNamedIn(text, instruments, ({ name, synonyms, abbreviation }) => [name, ...synonyms, ...(abbreviation === null ? [] : [abbreviation])])
  const inTitle = named(title)
  const measuredBy = inTitle.length > 0 ? inTitle : named(description)
  const instrument = measuredBy.length === 1 ? (measuredBy[0] ?? null) : null
  const subject = `${title} ${subjectOf(condition, conditions)}`
  const fitting = (term: OutcomeTerm) => namesFitting(term, subject)
  const exact = outcomes.all.find((term) => fitting(term).some((name) => normalized(name) === normalized(title)))
  const found = exact === undefined ? termsNamedIn(title, outcomes, fitting) : [exact]
  if (found.length > 1) return `several outcomes of the vocabulary are named in it (${found.map(({ slug }) => slug).join(', ')})`
  const [outcome] = found
  if (outcome !== undefined) return { outcome, instrument: instrument !== null && outcome.instrumentKeys.includes(instrument.key) ? instrument : null }
  const byInstrument = instrument === null ? [] : outcomes.all.filter(({ instrumentKeys }) => instrumentKeys.includes(instrument.key))
  const [only] = byInstrument
  if (only !== undefined && byInstrument.length === 1) return { outcome: only, instrument }
  if (byInstrument.length > 1)
    return `${instrument?.name ?? ''} measures several outcomes of the vocabulary (${byInstrument.map(({ slug }) => slug).join(', ')})`
  const general = termsNamedIn(title, outcomes)
  return general.length === 0
    ? 'no outcome or instrument of the vocabulary is named in it'
    : `it names no subject: ${general.map(({ slug }) => slug).join(' or ')} is called so of other conditions`
}

/** What a condition, and what it is a kind of, are called. */
function subjectOf(ref: string, conditions: Vocabulary['conditions']): string {
  const named = (term: (typeof conditions.all)[number]): string[] => [
    term.name,
    ...term.synonyms,
    ...conditions.all.filter(({ key }) => term.parentKeys.includes(key)).flatMap(named),
  ]
  const condition = conditions.find(ref)
  return condition === undefined ? '' : named(condition).join(' ')
}

/** The numbers of one time, by arm. */
interface Numbers {
  /** What the class adds to the title where it is not a time: empty where there is one class. */
  readonly title: string
  readonly timeFrame: string
  readonly valueKind: ResultEntry['valueKind']
  readonly adjusted: boolean
  readonly unit: string | null
  readonly byArm: ReadonlyMap<string, ArmResultEntry>
}

interface Measured {
  readonly armOf: ReadonlyMap<string, ArmEntry>
  readonly leaveOut: LeaveOut
  /** Whether the outcome or its instrument is measured in percent. */
  readonly inPercent: boolean
}

const isBaseline = (title: string) => /^\s*(at )?baseline\b(?!.*\b(week|month|day|change|to)\b)/i.test(title)

/** One set of numbers for each class that is a time, or for the only class; a class "Baseline" is the baseline of the others. */
function numbersOf(measure: OutcomeMeasure, { armOf, leaveOut, inPercent }: Measured): Numbers[] {
  const [only] = measure.classes
  const single = measure.classes.length === 1
  const baseline = single ? undefined : measure.classes.find(({ title }) => isBaseline(title ?? ''))
  const baselines =
    baseline === undefined
      ? new Map<string, ArmResultEntry>()
      : (armResultsOf(measure, baseline, armOf, () => undefined)?.byArm ?? new Map<string, ArmResultEntry>())
  const taken = single && only !== undefined ? [only] : measure.classes.filter((entry) => entry !== baseline)
  return taken.flatMap((entry): Numbers[] => {
    const title = entry.title ?? ''
    const isTime = daysOfTimeFrame(title) !== null
    if (!single && !isTime) {
      leaveOut(`the part "${title}" is no time that can be read`)
      return []
    }
    const read = armResultsOf(measure, entry, armOf, leaveOut)
    if (read === null) return []
    const byArm = new Map(
      [...read.byArm].map(([arm, numbers]) => {
        const before = baselines.get(arm)
        const { mean, sd } = before ?? {}
        return [arm, { ...numbers, ...(mean !== undefined && { baselineMean: mean }), ...(sd !== undefined && { baselineSd: sd }) }]
      }),
    )
    const { adjusted } = read
    const quantity = read.valueKind === null ? quantityOf(measure, title, read.unit, inPercent) : { valueKind: read.valueKind, unit: read.unit }
    if (typeof quantity === 'string') {
      leaveOut(quantity)
      return []
    }
    const timeFrame = isTime ? title : (measure.timeFrame ?? '')
    return [{ title: single || isTime ? '' : title, timeFrame, ...quantity, adjusted, byArm }]
  })
}

interface ArmNumbers {
  readonly byArm: ReadonlyMap<string, ArmResultEntry>
  /** Null where the measure is of means, whose kind the title tells. */
  readonly valueKind: 'EVENT' | null
  readonly adjusted: boolean
  readonly unit: string | null
}

function armResultsOf(measure: OutcomeMeasure, entry: MeasureClass, armOf: ReadonlyMap<string, ArmEntry>, leaveOut: LeaveOut): ArmNumbers | null {
  const [category, ...more] = entry.categories
  if (category === undefined) return null
  if (more.length > 0) {
    leaveOut(`it has several categories (${entry.categories.map(({ title }) => title ?? '').join(', ')}), and which is the event is not told`)
    return null
  }
  const read = readerOf(measure)
  if (typeof read === 'string') {
    leaveOut(read)
    return null
  }
  const denominators = [entry.denoms, measure.denoms].flat().filter(({ units }) => /^participants$/i.test(units))
  const participants = (groupId: string) => denominators.flatMap(({ counts }) => counts).find((count) => count.groupId === groupId)?.value
  const byArm = new Map<string, ArmResultEntry>()
  for (const [groupId, arm] of armOf) {
    const measured = category.measurements.find((measurement) => measurement.groupId === groupId)
    const n = countIn(participants(groupId))
    const numbers = measured === undefined ? null : read.numbers(measured, (what) => leaveOut(`${arm.label}: ${what}`))
    if (n === 0) leaveOut(`${arm.label}: nobody was analysed`)
    else if (measured === undefined || numbers === null)
      leaveOut(`${arm.label}: ${measured === undefined ? 'nothing is given' : `${JSON.stringify(measured.value ?? '')} is no number`}`)
    else byArm.set(arm.slug, { arm: arm.slug, ...(n !== null && { n }), eventsFromPercent: false, ...numbers })
  }
  return { byArm, valueKind: read.valueKind, adjusted: read.adjusted, unit: read.unit }
}

function analysisSetOf(description: string): ResultEntry['analysisSet'] {
  if (/\bmodified intent(ion)?[- ]to[- ]treat\b|\bmITT\b/i.test(description)) return 'MITT'
  if (/\bintent(ion)?[- ]to[- ]treat\b|\bITT\b/i.test(description)) return 'ITT'
  if (/\bper[- ]protocol\b/i.test(description)) return 'PER_PROTOCOL'
  if (/\bcompleters?\b/i.test(description)) return 'COMPLETERS'
  return 'UNKNOWN'
}
