import type { ArmEntry, ArmResultEntry, ReportedEffectEntry, ResultEntry } from '../corpus/format.js'
import type { InstrumentTerm, OutcomeTerm, Vocabulary } from '../vocabulary/vocabulary.js'
import { armTitled, registrySource, type LeaveOut } from './clinicalTrials.arms.js'
import { countIn, numberIn, type Analysis, type Measurement, type MeasureClass, type OutcomeMeasure } from './clinicalTrials.format.js'
import { daysOfTimeFrame, distinctSlugs, termsNamedIn } from './clinicalTrials.words.js'

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
  const { arms, vocabulary, leaveOut } = context
  if (measure.reportingStatus === 'NOT_POSTED' || measure.classes.length === 0) {
    leaveOut('no results are posted')
    return []
  }
  const told = outcomeToldBy(measure, vocabulary)
  if (typeof told === 'string') {
    leaveOut(told)
    return []
  }
  const armOf = new Map(measure.groups.flatMap(({ id, title }) => pairOf(id, armTitled(title, arms))))
  const unknown = measure.groups.filter(({ id }) => !armOf.has(id)).map(({ title }) => JSON.stringify(title))
  if (unknown.length > 0) leaveOut(`no arm taken is called ${unknown.join(' or ')}`)
  const numbers = numbersOf(measure, armOf, leaveOut)
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
          covariates: [],
          armResults,
          reported,
          ...(!hasNumber(armResults, reported) && { absentReason: 'NOT_REPORTED' as const }),
          ...(measure.populationDescription !== undefined && { note: `Analysed: ${excerpt(measure.populationDescription)}` }),
          source: registrySource,
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
function outcomeToldBy(
  { title, description = '' }: OutcomeMeasure,
  { outcomes, instruments }: Vocabulary,
): { outcome: OutcomeTerm; instrument: InstrumentTerm | null } | string {
  const named = (text: string) =>
    termsNamedIn(text, instruments, ({ name, synonyms, abbreviation }) => [name, ...synonyms, ...(abbreviation === null ? [] : [abbreviation])])
  const inTitle = named(title)
  const measuredBy = inTitle.length > 0 ? inTitle : named(description)
  const instrument = measuredBy.length === 1 ? (measuredBy[0] ?? null) : null
  const exact = outcomes.find(title)
  const found = exact === undefined ? termsNamedIn(title, outcomes) : [exact]
  if (found.length > 1) return `several outcomes of the vocabulary are named in it (${found.map(({ slug }) => slug).join(', ')})`
  const [outcome] = found
  if (outcome !== undefined) return { outcome, instrument: instrument !== null && outcome.instrumentKeys.includes(instrument.key) ? instrument : null }
  const byInstrument = instrument === null ? [] : outcomes.all.filter(({ instrumentKeys }) => instrumentKeys.includes(instrument.key))
  const [only] = byInstrument
  if (only !== undefined && byInstrument.length === 1) return { outcome: only, instrument }
  if (byInstrument.length > 1)
    return `${instrument?.name ?? ''} measures several outcomes of the vocabulary (${byInstrument.map(({ slug }) => slug).join(', ')})`
  return 'no outcome or instrument of the vocabulary is named in it'
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

const isBaseline = (title: string) => /^\s*(at )?baseline\b(?!.*\b(week|month|day|change|to)\b)/i.test(title)

/** One set of numbers for each class that is a time, or for the only class; a class "Baseline" is the baseline of the others. */
function numbersOf(measure: OutcomeMeasure, armOf: ReadonlyMap<string, ArmEntry>, leaveOut: LeaveOut): Numbers[] {
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
    const words = `${measure.title} ${title}`
    const changed = /\b(per ?cent(age)?|%) change\b/i.test(words) ? 'PERCENT_CHANGE' : /\bchanges?\b/i.test(words) ? 'CHANGE' : 'FINAL'
    const { adjusted, unit, valueKind } = read
    const timeFrame = isTime ? title : (measure.timeFrame ?? '')
    return [{ title: single || isTime ? '' : title, timeFrame, valueKind: valueKind ?? changed, adjusted, unit, byArm }]
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
    const numbers = measured === undefined ? null : read.numbers(measured)
    if (measured === undefined || numbers === null)
      leaveOut(`${arm.label}: ${measured === undefined ? 'nothing is given' : `${JSON.stringify(measured.value ?? '')} is no number`}`)
    else byArm.set(arm.slug, { arm: arm.slug, ...(n !== null && { n }), eventsFromPercent: false, ...numbers })
  }
  return { byArm, valueKind: read.valueKind, adjusted: read.adjusted, unit: read.unit }
}

type NumbersRead = Partial<Omit<ArmResultEntry, 'arm' | 'n' | 'eventsFromPercent'>>

interface MeasureReader {
  readonly valueKind: 'EVENT' | null
  readonly adjusted: boolean
  readonly unit: string | null
  readonly numbers: (measured: Measurement) => NumbersRead | null
}

/** How the numbers of a measure are read, by what the registry says they are; else why they are not. */
function readerOf({ paramType = '', dispersionType = '', unitOfMeasure = '' }: OutcomeMeasure): MeasureReader | string {
  const kind = paramType.toUpperCase().replaceAll(' ', '_')
  // "Units on a scale" says no more than that there is one; the instrument says which.
  const unit = /\b(units?|scores?|points?) on (a|the) scale\b/i.test(unitOfMeasure) ? null : unitOfMeasure.trim() || null
  const withValue = (numbers: (value: number, measured: Measurement) => NumbersRead | null) => (measured: Measurement) => {
    const value = numberIn(measured.value)
    return value === null ? null : numbers(value, measured)
  }
  if (kind === 'COUNT_OF_PARTICIPANTS' || (kind === 'NUMBER' && /^(participants|subjects|patients|people)$/i.test(unitOfMeasure.trim()))) {
    const events = (value: number) => (Number.isInteger(value) && value >= 0 ? { events: value } : null)
    return { valueKind: 'EVENT', adjusted: false, unit: null, numbers: withValue(events) }
  }
  if (kind === 'NUMBER' && /^(percent(age)?|%|proportion) of (participants|subjects|patients|people)$/i.test(unitOfMeasure.trim()))
    return /^proportion/i.test(unitOfMeasure.trim())
      ? 'it gives proportions, which may be of 1 or of 100'
      : { valueKind: 'EVENT', adjusted: false, unit: null, numbers: withValue((percent) => ({ percent })) }
  if (kind === 'MEAN' || kind === 'LEAST_SQUARES_MEAN') {
    const spread = spreadOf(dispersionType)
    return { valueKind: null, adjusted: kind === 'LEAST_SQUARES_MEAN', unit, numbers: withValue((mean, measured) => ({ mean, ...spread(measured) })) }
  }
  if (kind === 'MEDIAN') {
    const spread = spreadOf(dispersionType)
    return { valueKind: null, adjusted: false, unit, numbers: withValue((median, measured) => ({ median, ...spread(measured) })) }
  }
  return `${paramType || 'a number of no stated kind'}${unitOfMeasure === '' ? '' : ` of ${unitOfMeasure}`} has no place in a result of an arm`
}

/** What stands beside a mean or median. An interval of another level than 95 % has no place, as no level is kept with it. */
function spreadOf(dispersionType: string): (measured: Measurement) => NumbersRead {
  const pair = (lower: 'ciLower' | 'q1' | 'minimum', upper: 'ciUpper' | 'q3' | 'maximum') => (measured: Measurement) => {
    const [low, high] = [numberIn(measured.lowerLimit), numberIn(measured.upperLimit)]
    return low === null || high === null || low > high ? {} : { [lower]: low, [upper]: high }
  }
  const one = (name: 'sd' | 'se') => (measured: Measurement) => {
    const spread = numberIn(measured.spread)
    return spread === null || spread < 0 ? {} : { [name]: spread }
  }
  const type = dispersionType
    .toUpperCase()
    .replace(/[\s_-]+/g, ' ')
    .trim()
  if (type === 'STANDARD DEVIATION') return one('sd')
  if (type === 'STANDARD ERROR') return one('se')
  if (/^95\s?% CONFIDENCE INTERVAL$/.test(type)) return pair('ciLower', 'ciUpper')
  if (/^INTER ?QUARTILE RANGE$/.test(type)) return pair('q1', 'q3')
  if (type === 'FULL RANGE') return pair('minimum', 'maximum')
  return () => ({})
}

function analysisSetOf(description: string): ResultEntry['analysisSet'] {
  if (/\bmodified intent(ion)?[- ]to[- ]treat\b|\bmITT\b/i.test(description)) return 'MITT'
  if (/\bintent(ion)?[- ]to[- ]treat\b|\bITT\b/i.test(description)) return 'ITT'
  if (/\bper[- ]protocol\b/i.test(description)) return 'PER_PROTOCOL'
  if (/\bcompleters?\b/i.test(description)) return 'COMPLETERS'
  return 'UNKNOWN'
}

interface Contrasted {
  readonly intervention: ArmEntry
  readonly comparator: ArmEntry
  readonly armOf: ReadonlyMap<string, ArmEntry>
  /** Of the intervention, then of the comparator. */
  readonly armResults: readonly ArmResultEntry[]
  readonly leaveOut: LeaveOut
  /** Whether the measure has one time, so that its analyses are of it. */
  readonly only: boolean
}

/**
 * The effects that the registry reports for a contrast. It does not say which group was subtracted from which, so an
 * effect is taken where the numbers of the arms tell, and turned round (with what was printed) where they say the reverse.
 */
function effectsReported(measure: OutcomeMeasure, { intervention, comparator, armOf, armResults, leaveOut, only }: Contrasted): ReportedEffectEntry[] {
  const ofContrast = measure.analyses.filter(({ groupIds }) => {
    const slugs = groupIds.map((id) => armOf.get(id)?.slug)
    return slugs.length === 2 && slugs.includes(intervention.slug) && slugs.includes(comparator.slug)
  })
  return ofContrast.flatMap((analysis): ReportedEffectEntry[] => {
    const named = `the analysis${analysis.statisticalMethod === undefined ? '' : ` by ${analysis.statisticalMethod}`} of ${intervention.label} against ${comparator.label}`
    const estimate = numberIn(analysis.paramValue)
    const kind = effectKindOf(analysis.paramType ?? '')
    if (estimate === null || kind === null) {
      leaveOut(
        `${named}: ${analysis.paramType ?? 'no effect'} ${analysis.paramValue ?? `(p ${analysis.pValue ?? 'not given'})`} is no effect that can be taken`,
      )
      return []
    }
    if (!only) {
      leaveOut(`${named}: which of several times it is of is not told`)
      return []
    }
    const expected = contrastOf(kind, armResults)
    const turned = expected === null ? null : turnNeeded(kind, estimate, expected)
    if (turned === null) {
      leaveOut(`${named}: whether ${estimate} is magnesium minus comparator, or the reverse, is not told`)
      return []
    }
    return [effectOf(analysis, kind, estimate, turned)]
  })
}

type EffectKind = 'MD' | 'OR' | 'RR' | 'RD'

function effectKindOf(paramType: string): EffectKind | null {
  if (/\bmean difference\b|\bLS means? difference\b|\bdifference (in|of|between) (LS |least squares )?means?\b/i.test(paramType)) return 'MD'
  if (/\bodds ratio\b/i.test(paramType)) return 'OR'
  if (/\brisk ratio\b|\brelative risk\b/i.test(paramType)) return 'RR'
  return /\brisk difference\b/i.test(paramType) ? 'RD' : null
}

/** Magnesium against comparator by the numbers of the arms; ratios as logarithms. */
function contrastOf(kind: EffectKind, [first, second]: readonly ArmResultEntry[]): number | null {
  if (kind === 'MD') return first?.mean === undefined || second?.mean === undefined ? null : first.mean - second.mean
  const [a, n1, c, n2] = [first?.events, first?.n, second?.events, second?.n]
  if (a === undefined || n1 === undefined || c === undefined || n2 === undefined || n1 === 0 || n2 === 0) return null
  if (kind === 'RD') return a / n1 - c / n2
  const ratio = kind === 'RR' ? a / n1 / (c / n2) : (a * (n2 - c)) / ((n1 - a) * c)
  return ratio > 0 && Number.isFinite(ratio) ? Math.log(ratio) : null
}

/** Whether the estimate must be turned round to be magnesium against comparator; null where the arms do not tell. */
function turnNeeded(kind: EffectKind, estimate: number, expected: number): boolean | null {
  const isRatio = kind === 'OR' || kind === 'RR'
  if (isRatio && estimate <= 0) return null
  const value = isRatio ? Math.log(estimate) : estimate
  // A difference of risks may be given in percent.
  if (value === 0 || expected === 0 || (kind === 'RD' && Math.abs(value) > 1)) return null
  // An adjusted estimate differs from the arms' difference; only a plain agreement in sign and size decides.
  if (Math.abs(Math.abs(value) - Math.abs(expected)) > Math.max(0.5 * Math.abs(expected), isRatio ? 0.05 : 0)) return null
  return Math.sign(value) !== Math.sign(expected)
}

function effectOf(analysis: Analysis, kind: EffectKind, estimate: number, turned: boolean): ReportedEffectEntry {
  const isRatio = kind === 'OR' || kind === 'RR'
  const turn = (value: number) => (!turned ? value : isRatio ? Number((1 / value).toPrecision(12)) : -value)
  const [lower, upper] = [numberIn(analysis.ciLowerLimit), numberIn(analysis.ciUpperLimit)]
  const percent = numberIn(analysis.ciPctValue)
  const isInterval =
    lower !== null &&
    upper !== null &&
    lower <= upper &&
    percent !== null &&
    percent > 0 &&
    percent < 100 &&
    analysis.ciNumSides !== 'ONE_SIDED' &&
    (!isRatio || lower > 0)
  const error = /standard error/i.test((analysis.dispersionType ?? '').replaceAll('_', ' ')) && !isRatio ? numberIn(analysis.dispersionValue) : null
  const p = pValueOf(analysis.pValue)
  return {
    measure: kind,
    estimate: turn(estimate),
    ...(error !== null && error > 0 && { standardError: error }),
    ...(isInterval && { ciLower: turn(turned ? upper : lower), ciUpper: turn(turned ? lower : upper), ciLevel: percent / 100 }),
    ...(p !== null && { p }),
    ...(turned && {
      printed: {
        estimate,
        ...(isInterval && { ciLower: lower, ciUpper: upper }),
        reason: 'The registry takes comparator against magnesium, as the numbers of the arms show.',
      },
    }),
    ...(analysis.statisticalMethod !== undefined && { note: `By ${analysis.statisticalMethod}.` }),
  }
}

/** "<0.001" or "0.03". */
function pValueOf(text: string | undefined): NonNullable<ReportedEffectEntry['p']> | null {
  const [, sign = '', number] = /^\s*([<>=]?)\s*=?\s*(\d*\.?\d+)\s*$/.exec(text ?? '') ?? []
  const value = numberIn(number)
  return value === null || value > 1 ? null : { value, operator: sign === '<' ? 'LT' : sign === '>' ? 'GT' : 'EQ' }
}
