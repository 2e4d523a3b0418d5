import type { Draft, DraftStatus } from './curation.js'

export const statusWords: Readonly<Record<DraftStatus, string>> = { DRAFT: 'to be decided', ACCEPTED: 'accepted', REJECTED: 'rejected' }
export const kindWords: Readonly<Record<Draft['kind'], string>> = { PUBLICATION: 'publication', STUDY: 'study', STATUS_EVENT: 'notice' }
