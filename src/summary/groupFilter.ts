import type { EvidenceFilter } from '../evidence/evidence.filter.js'
import { ArmRole, RiskOfBiasLevel, type EvidenceClass, type Route, type StudyDesign } from '../generated/prisma/enums.js'
import type { Candidate } from '../synthesis/candidate.js'
import { doseBands } from '../evidence/doseBands.js'
import { ambiguousDose, doseNotStated, groupOf, none, notAssessed, several, type SummaryGroup } from '../synthesis/groups.js'

/** One group of a kind. */
export interface GroupValue {
  readonly by: SummaryGroup
  readonly value: string
}

/**
 * Filters that select the groups of a list: what to ask `evidence` or `synthesis` for, to be given the same effects.
 *
 * @param within the filter of the whole list; null where the groups say all of it
 * @param candidates all that the list holds: where forms or routes were given together, a filter for one of them must leave those out
 */
export function filtersOfGroups(within: EvidenceFilter | null, candidates: readonly Candidate[]): (groups: readonly GroupValue[]) => EvidenceFilter {
  const present = { forms: valuesOf(forms, candidates), routes: valuesOf(routes, candidates) }
  const joint = candidates.filter((candidate) => candidate.forms.length > 1 || candidate.routes.length > 1)
  return (groups) => {
    const parts = groups.map((group) =>
      narrowing(
        group,
        joint.filter((candidate) => groups.every((other) => other === group || mayBeFoundBy(candidate, other))),
        present,
      ),
    )
    // What is left out at the root (people only, nothing retracted) keeps its meaning only if the outer filter stays the root.
    if (within !== null) return { ...within, and: [...(within.and ?? []), ...parts] }
    const [plain, nested] = [parts.filter(isPlain), parts.filter((part) => !isPlain(part))]
    return Object.assign({}, leftOut, ...plain, nested.length === 0 ? {} : { and: nested }) as EvidenceFilter // its parts have no field in common but includeNarrower, which is the same in all
  }
}

/** Whether the plain filter for a group finds an effect: also one that was given several forms or routes, among them this. */
function mayBeFoundBy(candidate: Candidate, { by, value }: GroupValue): boolean {
  if (groupOf(candidate, by) === value) return true
  return (by === 'FORM' && candidate.forms.includes(value)) || (by === 'ROUTE' && candidate.routes.some((route) => route === value))
}

/** What the API takes a filter to say where it says nothing, so that the question is the same text as one that was asked. */
const leftOut: EvidenceFilter = { includeNarrower: true, doseAmbiguity: 'ANY_OVERLAP', combinations: 'INCLUDE' }

const isPlain = ({ and, or, not }: EvidenceFilter) => and == null && or == null && not == null

/** Alternatives of a value that several can be given of at once. */
interface Togetherness {
  readonly given: (candidate: Candidate) => readonly string[]
  readonly filter: (values: readonly string[]) => EvidenceFilter
}

const forms: Togetherness = { given: ({ forms: slugs }) => slugs, filter: (values) => ({ forms: [...values], includeNarrower: false }) }
const routes: Togetherness = { given: (candidate) => candidate.routes, filter: (values) => ({ routes: [...values] as Route[] }) } // its groups are routes

const valuesOf = ({ given }: Togetherness, candidates: readonly Candidate[]) => [...new Set(candidates.flatMap((candidate) => [...given(candidate)]))].sort()

/** @param joint effects with several forms or routes that are in the other groups as well */
function narrowing({ by, value }: GroupValue, joint: readonly Candidate[], present: { readonly forms: string[]; readonly routes: string[] }): EvidenceFilter {
  switch (by) {
    case 'CONDITION':
      return { conditions: [value], includeNarrower: false }
    case 'OUTCOME':
      return { outcomes: [value] }
    case 'DESIGN':
      return { designs: [value as StudyDesign] } // its groups are designs
    case 'COMPARATOR':
      return value === none ? { not: { comparators: Object.values(ArmRole) } } : { comparators: [value as ArmRole] } // its groups are roles
    case 'COMPARISON':
      return { comparisonKeys: [value] }
    case 'EVIDENCE_CLASS':
      return { evidenceClasses: [value as EvidenceClass] } // its groups are classes
    case 'RISK_OF_BIAS':
      return value === notAssessed ? { not: { riskOfBias: Object.values(RiskOfBiasLevel) } } : { riskOfBias: [value as RiskOfBiasLevel] } // its groups are levels
    case 'DOSE_BAND':
      return doseFilter(value)
    case 'FORM':
      return together(forms, value, { joint, present: present.forms })
    case 'ROUTE':
      return together(routes, value, { joint, present: present.routes })
  }
}

interface Beside {
  readonly joint: readonly Candidate[]
  /** Every value in the list. */
  readonly present: readonly string[]
}

/** One value alone, several, or none. The plain filter for one value also finds it among others, which are left out where there are any. */
function together(kind: Togetherness, value: string, { joint, present }: Beside): EvidenceFilter {
  const { filter, given } = kind
  if (value === none) return present.length === 0 ? {} : { not: filter(present) }
  const mixed = joint.filter((candidate) => given(candidate).length > 1)
  if (value === several) {
    const values = valuesOf(kind, mixed)
    return { or: values.slice(0, -1).map((one, index) => ({ ...filter([one]), and: [filter(values.slice(index + 1))] })) }
  }
  const companions = valuesOf(
    kind,
    mixed.filter((candidate) => given(candidate).includes(value)),
  ).filter((one) => one !== value)
  return companions.length === 0 ? filter([value]) : { ...filter([value]), not: filter(companions) }
}

const stated: EvidenceFilter = { elementalMgPerDay: { gte: 0 } }

function doseFilter(value: string): EvidenceFilter {
  const bands = doseBands.map(({ from }, index): EvidenceFilter => {
    const next = doseBands[index + 1]
    return { elementalMgPerDay: { gte: from, ...(next !== undefined && { lt: next.from }) }, doseAmbiguity: 'WHOLLY_WITHIN' }
  })
  if (value === doseNotStated) return { not: stated }
  if (value === ambiguousDose) return { ...stated, not: { or: bands } }
  return bands[doseBands.findIndex((band) => band.value === value)] ?? {}
}
