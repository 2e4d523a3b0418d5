import { PublicError } from '../errors.js'
import { canonical } from '../canonical.js'
import type { Candidate } from './candidate.js'
import type { SynthesisQuestion } from './question.js'
import { shown } from './shown.js'
import { synthesize, type GroupOf, type Synthesis } from './synthesis.js'

/** What stands between two syntheses. */
export const ChangeCause = { EDITED: 'EDITED', REMOVED: 'REMOVED', ADDED: 'ADDED', CHOICE: 'CHOICE' } as const
export type ChangeCause = keyof typeof ChangeCause

/** A pool on the way from one synthesis to the other; null where it has no answer. */
export interface DifferenceStep {
  readonly cause: ChangeCause
  /** What was changed at this step. */
  readonly what: string
  readonly estimate: number | null
  readonly ciLower: number | null
  readonly ciUpper: number | null
  /** Of the estimate on the analysis scale; null where the measure changed or there is no answer. */
  readonly shift: number | null
}

/** A study whose effects differ between the two, and what that alone does to the first. */
export interface ChangedStudy {
  readonly study: string
  readonly label: string
  readonly cause: ChangeCause
  /** Slugs of the effects that differ. */
  readonly evidence: readonly string[]
  readonly shift: number | null
}

export interface ChangedChoice {
  readonly name: string
  readonly from: string
  readonly to: string
}

export interface Difference {
  readonly choices: readonly ChangedChoice[]
  readonly studies: readonly ChangedStudy[]
  readonly steps: readonly DifferenceStep[]
  readonly shift: number | null
}

interface State {
  readonly question: SynthesisQuestion
  readonly candidates: readonly Candidate[]
}

/** With more changed studies than this, what each does alone is not computed. */
const mostStudiesAlone = 200

/**
 * How one synthesis became another: edits first, then studies that went, then those that came, then each choice by itself, in this order. Shifts of
 * steps sum to the whole; those of studies, each taken alone, need not.
 */
export function differenceOf(from: Synthesis, to: Synthesis, groupOf?: GroupOf): Difference {
  const pool = (state: State) => attempt(() => synthesize(state.question, state.candidates, groupOf))
  const changes = changedCandidates(from.candidates, to.candidates)
  const choices = changedChoices(from.question, to.question)
  const steps: DifferenceStep[] = []
  let [state, before]: [State, Synthesis | null] = [from, from]
  const step = (cause: ChangeCause, what: string, next: State) => {
    const after = pool(next)
    steps.push({ cause, what, ...numbersOf(after), shift: shiftBetween(before, after) })
    ;[state, before] = [next, after]
  }
  for (const cause of ['EDITED', 'REMOVED', 'ADDED'] as const) {
    const ofCause = changes.filter((change) => change.cause === cause)
    if (ofCause.length > 0)
      step(cause, ofCause.map(({ after, before: gone }) => (after ?? gone)?.slug).join(', '), { ...state, candidates: applied(state.candidates, ofCause) })
  }
  for (const { name, from: one, to: other } of choices) {
    const value = Object.entries(to.question).find(([field]) => field === name)?.[1]
    step('CHOICE', `${name}: ${one} to ${other}`, { ...state, question: { ...state.question, [name]: value } })
  }
  const studies = [...new Set(changes.map(({ study }) => study))].map((study) => {
    const ofStudy = changes.filter((change) => change.study === study)
    const causes = new Set(ofStudy.map(({ cause }) => cause))
    const [first] = ofStudy
    return {
      study,
      label: (first?.after ?? first?.before)?.label ?? study,
      cause: causes.size === 1 && first !== undefined ? first.cause : ('EDITED' as const),
      evidence: ofStudy.map(({ after, before: gone }) => (after ?? gone)?.slug ?? ''),
      shift: changes.length > mostStudiesAlone ? null : shiftBetween(from, pool({ question: from.question, candidates: applied(from.candidates, ofStudy) })),
    }
  })
  return { choices, studies, steps, shift: shiftBetween(from, to) }
}

interface Change {
  readonly study: string
  readonly cause: Exclude<ChangeCause, 'CHOICE'>
  readonly before: Candidate | null
  readonly after: Candidate | null
}

function changedCandidates(from: readonly Candidate[], to: readonly Candidate[]): Change[] {
  const [before, after] = [new Map(from.map((candidate) => [candidate.slug, candidate])), new Map(to.map((candidate) => [candidate.slug, candidate]))]
  const gone = from
    .filter(({ slug }) => !after.has(slug))
    .map((candidate): Change => ({ study: candidate.study, cause: 'REMOVED', before: candidate, after: null }))
  const others = to.flatMap((candidate): Change[] => {
    const known = before.get(candidate.slug)
    if (known === undefined) return [{ study: candidate.study, cause: 'ADDED', before: null, after: candidate }]
    return canonical(known) === canonical(candidate) ? [] : [{ study: candidate.study, cause: 'EDITED', before: known, after: candidate }]
  })
  return [...gone, ...others]
}

function applied(candidates: readonly Candidate[], changes: readonly Change[]): Candidate[] {
  const bySlug = new Map(candidates.map((candidate) => [candidate.slug, candidate]))
  for (const { before, after } of changes) {
    if (before !== null) bySlug.delete(before.slug)
    if (after !== null) bySlug.set(after.slug, after)
  }
  return [...bySlug.values()]
}

const told = (value: unknown) => (value === null || value === undefined ? 'left out' : Array.isArray(value) ? `[${value.join(', ')}]` : String(value))

function changedChoices(from: SynthesisQuestion, to: SynthesisQuestion): ChangedChoice[] {
  const after = new Map(Object.entries(to))
  return Object.entries(from)
    .map(([name, value]) => ({ name, from: told(value), to: told(after.get(name)) }))
    .filter((choice) => choice.from !== choice.to)
}

function numbersOf(synthesis: Synthesis | null): Pick<DifferenceStep, 'estimate' | 'ciLower' | 'ciUpper'> {
  if (synthesis === null) return { estimate: null, ciLower: null, ciUpper: null }
  const { measure, pooled } = synthesis
  return { estimate: shown(measure, pooled.estimate), ciLower: shown(measure, pooled.ciLower), ciUpper: shown(measure, pooled.ciUpper) }
}

function shiftBetween(before: Synthesis | null, after: Synthesis | null): number | null {
  return before === null || after === null || before.measure !== after.measure ? null : after.pooled.estimate - before.pooled.estimate
}

function attempt(work: () => Synthesis): Synthesis | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof PublicError) return null
    throw error
  }
}
