import { groupBy } from '../grouping.js'
import { testBetweenGroups, type BetweenGroups } from '../statistics/subgroups.js'
import type { EntryName } from './entry.js'
import { choiceFor, poolEntries } from './pool.js'
import { participantsOf, shown, shownHeterogeneity, studiesOf, type ShownHeterogeneity } from './shown.js'
import type { PooledEntries } from './synthesis.js'

export interface Subgroup {
  readonly label: string
  readonly k: number
  readonly studies: number
  readonly participants: number | null
  readonly entries: readonly EntryName[]
  readonly estimate: number
  readonly ciLower: number
  readonly ciUpper: number
  readonly heterogeneity: ShownHeterogeneity
}

export interface Subgroups {
  readonly subgroups: readonly Subgroup[]
  /** Null if fewer than two subgroups can be pooled, or one has a standard error of 0. */
  readonly test: BetweenGroups | null
}

/** Each subgroup pooled by itself, with a tau² of its own, and the test of whether they differ; entries of no one subgroup stand in none. */
export function subgroupsOf({ grouped, measure, question }: PooledEntries): Subgroups {
  const groups = [
    ...groupBy(
      grouped.filter(({ group }) => group !== null),
      ({ group }) => group ?? '',
    ),
  ].sort(([a], [b]) => (a < b ? -1 : 1))
  const pools = groups.map(([label, entries]) => ({ label, entries, pooled: poolEntries(entries, measure, choiceFor(entries, question)) }))
  return {
    subgroups: pools.map(({ label, entries, pooled }) => ({
      label,
      k: pooled.k,
      studies: studiesOf(entries),
      participants: participantsOf(entries),
      entries: entries.map(({ label: shownAs, study, evidence }) => ({ label: shownAs, study, evidence })),
      estimate: shown(measure, pooled.estimate),
      ciLower: shown(measure, pooled.ciLower),
      ciUpper: shown(measure, pooled.ciUpper),
      heterogeneity: shownHeterogeneity({ entries, pooled, question }),
    })),
    test: pools.length < 2 ? null : testBetweenGroups(pools.map(({ pooled }) => pooled)),
  }
}
