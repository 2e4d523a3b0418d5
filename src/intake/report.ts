import type { Origin } from './draft.js'

export const outcomes = ['ADDED', 'CHANGED', 'SKIPPED', 'REFUSED'] as const
export type Outcome = (typeof outcomes)[number]

/** What became of one record. */
export interface IntakeEntry {
  readonly outcome: Outcome
  readonly subject: string
  /** Of the draft; null where none was kept. */
  readonly id: number | null
  readonly why: string | null
  readonly origin: Origin
  /** Left out if the record has nothing otherwise than what is known. */
  readonly differs?: true
}

/** What an import did, or would do: how many of each outcome, and the first `entriesKept` of each by name. */
export interface IntakeReport {
  readonly dryRun: boolean
  readonly counts: Readonly<Record<Outcome, number>>
  readonly entries: readonly IntakeEntry[]
}

/** Of each outcome; the counts go on. */
export const entriesKept = 1_000

/** Gathers a report while an import goes on. */
export class Tally {
  readonly #counts: Record<Outcome, number> = { ADDED: 0, CHANGED: 0, SKIPPED: 0, REFUSED: 0 }
  readonly #entries: IntakeEntry[] = []

  add(entry: IntakeEntry): void {
    this.#counts[entry.outcome]++
    if (this.#counts[entry.outcome] <= entriesKept) this.#entries.push(entry)
  }

  get total(): number {
    return outcomes.reduce((sum, outcome) => sum + this.#counts[outcome], 0)
  }

  report(dryRun: boolean): IntakeReport {
    return { dryRun, counts: { ...this.#counts }, entries: [...this.#entries] }
  }
}

/** For a terminal: a line for each record that was not simply added, then the counts. */
export function reportText({ dryRun, counts, entries }: IntakeReport): string {
  const lines = entries.map(({ outcome, subject, id, why, origin }) => {
    const place = `${origin.source}${origin.line === null ? '' : `:${origin.line}`}`
    return `${outcome.toLowerCase().padEnd(8)}${id === null ? '' : `draft ${id}  `}${subject}${why === null ? '' : `: ${why}`}  (${place})`
  })
  const left = outcomes.reduce((sum, outcome) => sum + Math.max(0, counts[outcome] - entriesKept), 0)
  const sum = `${dryRun ? 'would be ' : ''}added ${counts.ADDED}, changed ${counts.CHANGED}, skipped ${counts.SKIPPED}, refused ${counts.REFUSED}`
  const end = dryRun ? ['nothing was kept: this was a dry run'] : nextSteps(entries)
  return [...lines, ...(left > 0 ? [`… and ${left} more`] : []), sum, ...end].join('\n')
}

/** Commands that show what an import left to decide. */
function nextSteps(entries: readonly IntakeEntry[]): string[] {
  const step = (command: string, of: readonly IntakeEntry[]) => {
    const sources = new Set(of.map(({ origin }) => origin.source))
    const [source = ''] = sources
    return of.length === 0 ? [] : [`next: ${command}${sources.size === 1 ? ` --source ${/^[\w./:-]+$/.test(source) ? source : JSON.stringify(source)}` : ''}`]
  }
  const kept = entries.filter(({ outcome }) => outcome === 'ADDED' || outcome === 'CHANGED')
  return [
    ...step('drafts list', kept),
    ...step(
      'drafts skipped',
      entries.filter(({ outcome, differs }) => outcome === 'REFUSED' || differs === true),
    ),
  ]
}
