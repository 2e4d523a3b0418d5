import { PublicError } from '../errors.js'
import type { EvidenceFilter } from '../evidence/evidence.filter.js'
import type { Candidate } from './candidate.js'
import { partsOf } from './parts.js'
import { participantsOf } from './shown.js'
import { synthesize, type Synthesis } from './synthesis.js'

/** A question that candidates of a selection answer; nothing is known of its pool where nothing can be pooled. */
export interface Part {
  readonly comparison: string
  readonly evidenceClass: Candidate['evidenceClass']
  readonly combinedWith: readonly string[]
  readonly outcome: string
  readonly measure: Synthesis['measure'] | null
  readonly unit: string | null
  readonly k: number
  readonly studies: number
  readonly participants: number | null
  readonly filter: EvidenceFilter
  readonly isPooled: boolean
}

/**
 * All questions that a selection answers, in the order in which the default takes them. What a part leaves out because it is in another unit is a part
 * by itself.
 *
 * @param filter of the whole selection
 * @param knownAgents whether a word names a treatment, which filters can ask for
 */
export function listParts(filter: EvidenceFilter, synthesis: Synthesis, knownAgent: (word: string) => boolean): Part[] {
  const pooled = new Set(synthesis.entries.flatMap(({ evidence }) => evidence))
  const partners = [...new Set(synthesis.candidates.flatMap(({ combinedWith }) => combinedWith))]
  const parts: Part[] = []
  for (const whole of partsOf(synthesis.candidates.filter(({ subjects }) => subjects === synthesis.candidates[0]?.subjects))) {
    let rest: readonly Candidate[] = whole
    while (rest.length > 0) {
      const [first] = rest
      if (first === undefined) break
      const found = attempt(() => synthesize({ ...synthesis.question, across: [], subgroupBy: null, measure: null, moderators: [] }, rest))
      const others = found === null ? new Set<string>() : new Set(found.unpoolable.filter(({ code }) => code === 'OTHER_UNIT').map(({ evidence }) => evidence))
      const own = rest.filter(({ slug }) => !others.has(slug))
      const units = [...new Set(own.flatMap(({ unit }) => unit ?? []))]
      const isDivided = rest.length < whole.length || others.size > 0
      parts.push({
        comparison: first.comparison,
        evidenceClass: first.evidenceClass,
        combinedWith: first.combinedWith,
        outcome: first.outcome,
        measure: found?.measure ?? null,
        unit: found?.unit ?? null,
        k: found?.pooled.k ?? 0,
        studies: found === null ? new Set(own.map(({ study }) => study)).size : new Set(found.entries.map(({ study }) => study)).size,
        participants: found === null ? null : participantsOf(found.entries),
        filter: filterOf(filter, { first, part: own, partners, knownAgent, units: isDivided ? units : [] }),
        isPooled: found !== null && found.entries.some(({ evidence }) => evidence.some((slug) => pooled.has(slug))),
      })
      if (others.size === rest.length) break
      rest = rest.filter(({ slug }) => others.has(slug))
    }
  }
  return parts
}

interface Asked {
  readonly first: Candidate
  readonly part: readonly Candidate[]
  readonly partners: readonly string[]
  readonly knownAgent: (word: string) => boolean
  readonly units: readonly string[]
}

function filterOf(filter: EvidenceFilter, { first, part, partners, knownAgent, units }: Asked): EvidenceFilter {
  const { combinedWith, comparison, evidenceClass, outcome } = first
  const others = partners.filter((word) => !combinedWith.includes(word) && knownAgent(word))
  const combination: EvidenceFilter[] =
    combinedWith.length === 0
      ? [{ combinations: 'EXCLUDE' }]
      : combinedWith.every(knownAgent)
        ? [...combinedWith.map((word): EvidenceFilter => ({ combinedWith: [word] })), ...(others.length === 0 ? [] : [{ not: { combinedWith: others } }])]
        : [{ combinations: 'ONLY', studies: [...new Set(part.map(({ study }) => study))] }]
  const question: EvidenceFilter = {
    comparisonKeys: [comparison],
    evidenceClasses: [evidenceClass],
    outcomes: [outcome],
    ...(units.length > 0 && { units: [...units] }),
  }
  return { ...filter, and: [...(filter.and ?? []), question, ...combination] }
}

function attempt<Value>(work: () => Value): Value | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof PublicError) return null
    throw error
  }
}
