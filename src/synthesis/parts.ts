import { comparisonKinds, evidenceClassNames, readComparisonKey } from '../evidence/comparisonKey.js'
import { groupBy } from '../grouping.js'
import type { Candidate } from './candidate.js'
import { isUsable, type UnpoolableReason } from './number.js'
import type { Across } from './question.js'

/** One property of the question that an effect answers; effects that differ in it are pooled together only where that is asked for. */
interface Property {
  /** Any of these lets it differ. */
  readonly across: readonly Across[]
  readonly keyOf: (candidate: Candidate) => string
  /** The place of a value among others, the first to be taken lowest; of equals the one with the most participants is taken. */
  readonly placeOf: (key: string) => number
  readonly code: (candidate: Candidate, taken: Candidate) => UnpoolableReason
  readonly reason: (candidate: Candidate, taken: Candidate) => string
}

const kindOf = ({ comparison }: Candidate) => readComparisonKey(comparison).kind
const firstOf = (values: readonly string[]) => (key: string) => values.indexOf(key)
const words = (value: string) => value.toLowerCase().replaceAll('_', ' ')

/** In the order in which they part a selection: the first question that there is evidence for is the one that is answered. */
const properties: readonly Property[] = [
  {
    across: ['EVIDENCE_CLASSES'],
    keyOf: ({ evidenceClass }) => evidenceClass,
    placeOf: firstOf(Object.keys(evidenceClassNames)),
    code: () => 'OTHER_DESIGN',
    reason: ({ evidenceClass }, taken) => `this is ${words(evidenceClass)} evidence, and the pool is of ${words(taken.evidenceClass)} evidence`,
  },
  {
    across: ['COMPARISONS'],
    keyOf: kindOf,
    placeOf: firstOf(comparisonKinds),
    code: () => 'OTHER_COMPARISON',
    reason: (candidate, taken) => `the comparison is another one (${candidate.comparison}), and the pool is of ${taken.comparison}`,
  },
  {
    across: ['AGENTS', 'COMPARISONS'],
    keyOf: (candidate) => (kindOf(candidate) === 'EXPOSURE' ? '' : candidate.comparison),
    placeOf: () => 0,
    code: (candidate) => (kindOf(candidate) === 'ACTIVE' ? 'OTHER_AGENT' : 'OTHER_COMPARISON'),
    reason: (candidate, taken) => `magnesium is compared with something else (${candidate.comparison}), and the pool is of ${taken.comparison}`,
  },
  {
    across: ['EXPOSURES'],
    keyOf: (candidate) => (kindOf(candidate) === 'EXPOSURE' ? candidate.comparison : ''),
    placeOf: () => 0,
    code: () => 'OTHER_EXPOSURE',
    reason: (candidate, taken) => `another exposure is contrasted (${candidate.comparison}), and the pool is of ${taken.comparison}`,
  },
  {
    across: ['COMBINATIONS'],
    keyOf: ({ combinedWith }) => combinedWith.join('+'),
    placeOf: (key) => (key === '' ? 0 : 1),
    code: () => 'COMBINATION',
    reason: ({ combinedWith }) =>
      combinedWith.length === 0
        ? 'magnesium was given alone, and the pool is of combinations'
        : `magnesium was given together with ${combinedWith.join(', ')}, which the comparator did not get`,
  },
  {
    across: ['OUTCOMES'],
    keyOf: ({ outcome }) => outcome,
    placeOf: () => 0,
    code: () => 'OTHER_OUTCOME',
    reason: ({ outcome }, taken) => `the outcome is another one (${outcome}), and the pool is of ${taken.outcome}`,
  },
]

export interface LeftOut {
  readonly candidate: Candidate
  readonly code: UnpoolableReason
  readonly reason: string
}

/**
 * The part of a selection that answers one question: the first that there is evidence for. Randomised before observational, inactive comparators before
 * active ones before other magnesium, magnesium alone before combinations; then the outcome with the most participants.
 *
 * @param across what may differ within the part, because it was asked for
 */
export function defaultPart(
  candidates: readonly Candidate[],
  across: readonly Across[],
): { readonly part: readonly Candidate[]; readonly left: readonly LeftOut[] } {
  let part = candidates
  const left: LeftOut[] = []
  for (const { across: mixed, keyOf, placeOf, code, reason } of properties) {
    if (mixed.some((one) => across.includes(one))) continue
    const groups = groupBy(part, keyOf)
    if (groups.size < 2) continue
    const [taken = []] = [...groups]
      .map(([key, group]) => ({ key, group, poolable: group.filter(hasNumber) }))
      // What has no number answers nothing; a question of which nothing has one comes last.
      .sort(
        (a, b) =>
          Number(a.poolable.length === 0) - Number(b.poolable.length === 0) ||
          placeOf(a.key) - placeOf(b.key) ||
          peopleIn(b.poolable) - peopleIn(a.poolable) ||
          studiesIn(b.poolable) - studiesIn(a.poolable) ||
          (a.key < b.key ? -1 : 1),
      )
      .map(({ group }) => group)
    const [first] = taken
    if (first === undefined) continue
    const stay = new Set(taken)
    for (const candidate of part) if (!stay.has(candidate)) left.push({ candidate, code: code(candidate, first), reason: reason(candidate, first) })
    part = taken
  }
  return { part, left }
}

/** All parts of a selection, each of one question, in the order of their questions. */
export function partsOf(candidates: readonly Candidate[]): Candidate[][] {
  const parts: Candidate[][] = []
  let rest: readonly Candidate[] = candidates
  while (rest.length > 0) {
    const { part, left } = defaultPart(rest, [])
    parts.push([...part])
    rest = left.map(({ candidate }) => candidate)
  }
  return parts
}

const hasNumber = ({ effects, arms }: Candidate) => effects.some(isUsable) || (arms?.intervention.events != null && arms.comparator.events != null)

/** People of the studies, of each the largest number that an effect of it has. */
function peopleIn(candidates: readonly Candidate[]): number {
  const ofStudy = new Map<string, number>()
  for (const { study, participants } of candidates) ofStudy.set(study, Math.max(ofStudy.get(study) ?? 0, participants ?? 0))
  return [...ofStudy.values()].reduce((sum, people) => sum + people, 0)
}

const studiesIn = (candidates: readonly Candidate[]) => new Set(candidates.map(({ study }) => study)).size
