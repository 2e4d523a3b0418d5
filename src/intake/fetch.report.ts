import type { TrialOutcome } from './clinicalTrials.import.js'
import type { FetchOutcome } from './fetch.import.js'
import type { NewChange } from './retractions.js'

/** What a trial would become, and what of it is left out; that it is known or refused, the report of the drafts says. */
export function trialLines(outcome: TrialOutcome): string[] {
  if (outcome.kind !== 'MAPPED') return []
  const { nctId, study, leftOut } = outcome.trial
  const held = [counted(study.arms.length, 'arm'), counted(study.results.length, 'result'), counted(study.publications.length, 'publication')]
  return [`${nctId}: ${study.title}: ${held.join(', ')}`, ...leftOut.map((what) => `  left out: ${what}`)]
}

/** What the sources have of a publication, and where they differ; that there is none, the report says. */
export function fetchLines(outcome: FetchOutcome): string[] {
  if (outcome.kind === 'REFUSED') return []
  const { reference, sources, conflicts, unread } = outcome.publication
  return [
    `${outcome.asked}: ${reference.title}${reference.year === null ? '' : ` (${reference.year})`}, from ${sources.join(', ')}`,
    ...conflicts.map((conflict) => `  the sources differ: ${conflict}`),
    ...unread.map((reason) => `  not asked: ${reason}`),
  ]
}

export function changeLine({ publication, event }: NewChange): string {
  return `${publication}: ${event.status}${event.date === undefined ? '' : ` on ${event.date}`}: ${event.note ?? ''} (${event.source})`
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`
