import type { TrialOutcome } from './clinicalTrials.import.js'
import type { Transaction } from '../database/query.js'
import type { FetchOutcome } from './fetch.import.js'
import { statusEventSlug, type NotProposed, type Proposal } from './draft.js'
import { proposalOf } from './references.import.js'
import type { NewChange } from './retractions.js'

const trialFormat = 'ClinicalTrials.gov'

/** What a trial proposes: its study, or why it proposes none. */
export function trialProposals(outcome: TrialOutcome): Proposal[] {
  const origin = { format: trialFormat, source: outcome.source, line: null }
  if (outcome.kind === 'REFUSED') return outcome.reasons.map((why): NotProposed => ({ outcome: 'REFUSED', subject: outcome.source, why, origin }))
  const { nctId, study } = outcome.trial
  if (outcome.kind === 'KNOWN')
    return [{ outcome: 'SKIPPED', subject: nctId, why: `is the study ${outcome.known.study} already, by ${outcome.known.by}`, origin }]
  return [{ kind: 'STUDY', slug: study.slug, document: study, origin }]
}

/** The event that a publication would be given. */
export function changeProposal({ publication, slug, event }: NewChange): Proposal {
  return {
    kind: 'STATUS_EVENT',
    // Several corrections without a day are told apart by what is known of their dates.
    slug: event.date === undefined ? `${publication}/${slug}` : statusEventSlug(publication, event),
    document: { publication, event },
    origin: { format: 'notice', source: event.source, line: null },
  }
}

/**
 * What fetched publications propose, matched to what is known as references of a file are; or why an identifier gave none.
 *
 * @param transaction that keeps the drafts: a publication that is asked for twice finds the draft of the first
 */
export async function* fetchProposals(transaction: Transaction, outcomes: readonly FetchOutcome[]): AsyncGenerator<Proposal> {
  for (const outcome of outcomes) {
    const origin = { format: 'identifier', source: outcome.asked, line: null }
    if (outcome.kind === 'REFUSED') for (const why of outcome.reasons) yield { outcome: 'REFUSED', subject: outcome.asked, why, origin }
    else {
      const { reference, sources } = outcome.publication
      yield await proposalOf(transaction, reference, { format: sources.join(', '), source: outcome.address, line: null })
    }
  }
}

/** What is at hand, told one after another. */
export async function* listed<Value>(values: readonly Value[]): AsyncGenerator<Value> {
  yield* values
}
