import { statusEventSlug, type Draft, type Origin } from './draft.js'
import type { NewChange } from './retractions.js'

/** The event that a publication would be given by what a source tells of it. */
export const changeProposal = (change: NewChange): Draft => eventProposal(change, { format: 'notice', source: change.event.source, line: null })

/** The event that a publication would be given by a record. */
export function eventProposal({ publication, slug, event }: NewChange, origin: Origin): Draft {
  return {
    kind: 'STATUS_EVENT',
    // Several corrections without a day are told apart by what is known of their dates.
    slug: event.date === undefined ? `${publication}/${slug}` : statusEventSlug(publication, event),
    document: { publication, event },
    origin,
    remark: eventWords(event),
  }
}

/** @example eventWords({ status: 'RETRACTED', note: 'Retraction in: PMID 1', source: 'PubMed 2' }) // 'RETRACTED: Retraction in: PMID 1 (PubMed 2)' */
export function eventWords({ status, date, note, source }: NewChange['event']): string {
  return `${status}${date === undefined ? '' : ` on ${date}`}${note === undefined ? '' : `: ${note}`} (${source})`
}
