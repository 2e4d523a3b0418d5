import type { TrialOutcome } from './clinicalTrials.import.js'
import type { Transaction } from '../database/query.js'
import type { FetchOutcome } from './fetch.import.js'
import type { NotProposed, Proposal } from './draft.js'
import { proposalsOf } from './references.import.js'

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
      const { reference, sources, notices, notice = null } = outcome.publication
      const place = { format: sources.join(', '), source: outcome.address, line: null }
      yield* await proposalsOf(transaction, { reference, notices, notice, remarks: [] }, place)
    }
  }
}

/** What is at hand, told one after another. */
export async function* listed<Value>(values: readonly Value[]): AsyncGenerator<Value> {
  yield* values
}
