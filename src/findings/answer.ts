import { readComparisonKey } from '../evidence/comparisonKey.js'
import type { ComparisonKind } from '../generated/prisma/enums.js'
import type { CertaintyDomain } from '../summary/bodyOfEvidence.js'
import type { Limits } from '../summary/pooledGroup.js'
import { groupName, type TermNames } from '../synthesis/groups.js'
import { counted, listed, number, range, span } from './amount.js'
import { arrange, comparisonsOf } from './finding.js'
import type { Finding } from './findings.queries.js'
import { againstWhat, briefStatementOf, confidence, isRatio, noEffectOf, subjectOf } from './statement.js'

/** What a sentence of an answer tells. */
export const AnswerKind = {
  COMPARED: 'COMPARED',
  FOUND: 'FOUND',
  DOSES: 'DOSES',
  CERTAINTY: 'CERTAINTY',
  REVIEWS: 'REVIEWS',
  MISSING: 'MISSING',
} as const
export type AnswerKind = keyof typeof AnswerKind

export interface Sentence {
  readonly kind: AnswerKind
  readonly text: string
  readonly basis: SentenceBasis
}

/** What a sentence rests on: pools, effects, published pools, or the whole of what is held on the condition. */
export interface SentenceBasis {
  readonly pools?: readonly Finding[]
  /** Slugs. */
  readonly evidence?: readonly string[]
  readonly reviews?: readonly string[]
  readonly condition?: string
}

/** As many outcomes as an answer tells of; the summary of findings has the others. */
const mostFound = 3

/** Terms by slug, for words. */
export type AnswerNames = TermNames

/**
 * What is known of magnesium in a condition, sentence by sentence and by rule: what was compared, what was found, what was given, how sure that is,
 * what reviews found, what is missing. The same findings give the same sentences. None of them is advice.
 */
export function answerOf(
  condition: { readonly id: string; readonly slug: string; readonly name: string },
  findings: readonly Finding[],
  names: AnswerNames,
): Sentence[] {
  const ofCondition = { condition: condition.id }
  const keys = comparisonsOf(findings)
  const lead = keys.find((key) => findings.some(({ comparisonKey, isPooled }) => comparisonKey === key && isPooled)) ?? keys[0]
  if (lead === undefined) return [{ kind: 'MISSING', text: `Nothing can be said: no study of ${condition.name} in people is held here.`, basis: ofCondition }]
  const ofLead = findings.filter(({ comparisonKey }) => comparisonKey === lead)
  const { rows } = arrange(ofLead, condition.slug)
  const found = rows.filter(({ isPooled }) => isPooled).slice(0, mostFound)
  return [
    ...compared({ keys, lead, ofLead, basis: ofCondition }),
    ...foundIn(found, ofCondition),
    ...given(found, names),
    ...sureOf(found),
    ...reviewed(found, ofCondition),
    ...missing({ name: condition.name, findings, ofLead, found, basis: ofCondition }),
  ]
}

interface Comparisons {
  readonly keys: readonly string[]
  readonly lead: string
  readonly ofLead: readonly Finding[]
  readonly basis: SentenceBasis
}

function compared({ keys, lead, ofLead, basis }: Comparisons): Sentence[] {
  const [first] = ofLead
  if (first === undefined) return []
  const outcomes = new Set(ofLead.map(({ outcome }) => outcome.slug)).size
  const pooled = new Set(ofLead.flatMap(({ outcome, isPooled }) => (isPooled ? [outcome.slug] : []))).size
  const label = againstWhat(first)
  const how = readComparisonKey(lead).kind === 'EXPOSURE' ? '' : ' magnesium was given and'
  const others = keys.filter((key) => key !== lead)
  return [
    {
      kind: 'COMPARED',
      text: `${capital(label)},${how} ${counted(outcomes, 'outcome')} ${outcomes === 1 ? 'was' : 'were'} looked at; ${pooled === 0 ? 'none' : pooled === outcomes ? (outcomes === 1 ? 'it' : 'all') : number(pooled)} ${pooled < 2 ? 'has' : 'have'} an estimate.`,
      basis,
    },
    ...(others.length === 0 ? [] : [{ kind: 'COMPARED' as const, text: `Held as well, and not mixed with that: ${listed(countedKinds(others))}.`, basis }]),
  ]
}

const kindNouns: Readonly<Record<ComparisonKind, readonly [one: string, several: string]>> = {
  INACTIVE: ['comparison with placebo or no treatment', 'comparisons with placebo or no treatment'],
  ACTIVE: ['comparison with another treatment', 'comparisons with other treatments'],
  MAGNESIUM: ['comparison of magnesium with magnesium', 'comparisons of magnesium with magnesium'],
  EXPOSURE: ['kind of observed intake or level', 'kinds of observed intake or level'],
  NONE: ['set of studies without a comparison group', 'sets of studies without a comparison group'],
}

function countedKinds(keys: readonly string[]): string[] {
  const kinds = keys.map((key) => readComparisonKey(key).kind)
  return [...new Set(kinds)].map((kind) => counted(kinds.filter((other) => other === kind).length, ...kindNouns[kind]))
}

function foundIn(found: readonly Finding[], basis: SentenceBasis): Sentence[] {
  if (found.length === 0) return [{ kind: 'FOUND', text: 'What was found cannot be told: no outcome has a number that can be pooled.', basis }]
  return found.map((finding) => ({ kind: 'FOUND', text: briefStatementOf(finding) ?? finding.statement, basis: { pools: [finding] } }))
}

/** Forms, routes, doses and lengths of what the pooled studies gave; nothing of exposures that nobody gave. */
function given(found: readonly Finding[], names: AnswerNames): Sentence[] {
  const tried = found.flatMap(({ group, comparisonKey }) => (group.tried === null || readComparisonKey(comparisonKey).kind === 'EXPOSURE' ? [] : [group.tried]))
  if (tried.length === 0) return []
  const all = (valuesOf: (one: (typeof tried)[number]) => readonly string[]) => [...new Set(tried.flatMap(valuesOf))].sort()
  const basis = { evidence: all(({ evidence }) => evidence) }
  const studies = all((one) => one.studies).length
  const [forms, routes] = [all((one) => one.forms), all((one) => one.routes)]
  const mg = joined(tried.map(({ elementalMgPerDay }) => elementalMgPerDay))
  const days = joined(tried.map(({ durationDays }) => durationDays))
  const inThese = studies === 1 ? 'In the one study behind this' : `In the ${String(studies)} studies behind this`
  const told = [...(mg === null ? [] : [`${range(mg)} mg of elemental magnesium a day`]), ...(days === null ? [] : [`for ${span(days)}`])]
  return [
    {
      kind: 'DOSES',
      text:
        told.length === 0 ? `${inThese}, neither the daily dose nor the length of treatment is told.` : `${inThese}, as far as it is told: ${told.join(', ')}.`,
      basis,
    },
    ...(forms.length === 0
      ? []
      : [
          {
            kind: 'DOSES' as const,
            text: `Given was ${listed(forms.map((form) => names.forms.find(form)?.name ?? form))}${routes.length === 0 ? '' : `, ${listed(routes.map((route) => groupName('ROUTE', route, names)))}`}.`,
            basis,
          },
        ]),
  ]
}

function joined(limits: readonly (Limits | null)[]): { low: number; high: number } | null {
  const told = limits.filter((one) => one !== null)
  return told.length === 0 ? null : { low: Math.min(...told.map(({ low }) => low)), high: Math.max(...told.map(({ high }) => high)) }
}

const domains: Readonly<Record<CertaintyDomain, string>> = {
  RISK_OF_BIAS: 'risk of bias',
  INCONSISTENCY: 'results that differ',
  INDIRECTNESS: 'indirectness',
  IMPRECISION: 'imprecision',
  PUBLICATION_BIAS: 'possible unpublished studies',
  LARGE_EFFECT: 'a large effect',
  DOSE_RESPONSE: 'a gradient of dose',
  CONFOUNDING: 'confounding',
}

function sureOf(found: readonly Finding[]): Sentence[] {
  return found.flatMap((finding): Sentence[] => {
    const { rating } = finding
    if (rating === null) return []
    const reasons = (isCounted: (steps: number) => boolean) => rating.judgements.flatMap(({ domain, steps }) => (isCounted(steps) ? [domains[domain]] : []))
    const [lowered, raised] = [reasons((steps) => steps < 0), reasons((steps) => steps > 0)]
    const start = rating.startLevel === 'HIGH' ? '' : 'it began low, by the design of the studies'
    const why = [
      ...(start === '' ? [] : [start]),
      ...(lowered.length === 0 ? [] : [`lowered for ${listed(lowered)}`]),
      ...(raised.length === 0 ? [] : [`raised for ${listed(raised)}`]),
    ]
    return [
      {
        kind: 'CERTAINTY',
        text: `${confidence[rating.level]} on ${subjectOf(finding)}: ${why.length === 0 ? 'nothing lowered it' : why.join(', ')}.`,
        basis: { pools: [finding] },
      },
    ]
  })
}

/** What an interval says: above no effect, below it, or neither. */
const sideOf = (measure: string, lower: number, upper: number) => (lower > noEffectOf(measure) ? 1 : upper < noEffectOf(measure) ? -1 : 0)

function reviewed(found: readonly Finding[], basis: SentenceBasis): Sentence[] {
  if (found.length === 0) return []
  const beside = found.filter(({ reviews }) => reviews.length > 0)
  if (beside.length === 0)
    return [{ kind: 'REVIEWS', text: `No published pooled result on ${found.length === 1 ? 'this outcome' : 'these outcomes'} is held here.`, basis }]
  return beside.map((finding) => {
    const { reviews, group, comparisonKey } = finding
    const ids = { reviews: reviews.map(({ id }) => id), pools: [finding] }
    const start = `On ${subjectOf(finding)}, ${counted(reviews.length, 'published pooled result is', 'published pooled results are')} held`
    // Which side of an exposure a review calls more is not always told.
    if (readComparisonKey(comparisonKey).kind === 'EXPOSURE') return { kind: 'REVIEWS', text: `${start}.`, basis: ids }
    const own = sideOf(group.measure ?? 'MD', group.ciLower ?? 0, group.ciUpper ?? 0)
    const sides = reviews.map(({ effect: { measure, ciLower, ciUpper } }) =>
      ciLower === null || ciUpper === null || isRatio(measure) !== isRatio(group.measure ?? 'MD') ? null : sideOf(measure, ciLower, ciUpper),
    )
    const count = (isCounted: (side: -1 | 0 | 1) => boolean) => sides.filter((side) => side !== null && isCounted(side)).length
    const [same, opposite] = [count((side) => side === own), count((side) => side !== own && side * own === -1)]
    const between = count((side) => side !== own && side * own === 0)
    const parts = [
      ...(same === 0 ? [] : [`${number(same)} ${same === 1 ? 'agrees' : 'agree'} with the pool here`]),
      ...(between === 0 ? [] : [`${number(between)} ${between === 1 ? 'differs' : 'differ'} on whether no effect is excluded`]),
      ...(opposite === 0 ? [] : [`${number(opposite)} ${opposite === 1 ? 'points' : 'point'} the other way`]),
      ...(same + between + opposite === sides.length ? [] : [`${number(sides.length - same - between - opposite)} cannot be compared`]),
    ]
    return { kind: 'REVIEWS', text: `${start}: ${listed(parts)}.`, basis: ids }
  })
}

interface Held {
  readonly name: string
  readonly findings: readonly Finding[]
  readonly ofLead: readonly Finding[]
  readonly found: readonly Finding[]
  readonly basis: SentenceBasis
}

function missing({ name, findings, ofLead, found, basis }: Held): Sentence[] {
  const say = (applies: boolean, text: string, of: SentenceBasis = basis): Sentence[] => (applies ? [{ kind: 'MISSING', text, basis: of }] : [])
  const harms = ofLead.filter(({ outcome }) => outcome.isHarm)
  const tried = found.flatMap(({ group }) => group.tried ?? [])
  const days = joined(tried.map(({ durationDays }) => durationDays))
  const isGiven = ofLead.every(({ comparisonKey }) => readComparisonKey(comparisonKey).kind !== 'EXPOSURE')
  return [
    ...say(!findings.some(({ evidenceClass }) => evidenceClass === 'RANDOMIZED'), `No randomised trial of ${name} is held here.`),
    ...say(harms.length === 0 && isGiven, 'Unwanted effects are missing: none is an outcome of this comparison.'),
    ...say(harms.length > 0 && !harms.some(({ isPooled }) => isPooled), 'Unwanted effects were looked at, and none has an estimate.'),
    ...say(
      days !== null && days.high < 365 && isGiven,
      `Longer use is not covered: no study behind this lasted longer than ${days === null ? '' : span({ low: days.high, high: days.high })}.`,
      { evidence: [...new Set(tried.flatMap(({ evidence }) => evidence))].sort() },
    ),
    ...say(
      ofLead.every(({ outcome }) => outcome.importance === 'SURROGATE'),
      'What patients would feel is missing: every outcome is a marker that stands for something else.',
    ),
  ]
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
