export const ChangeKind = { ADDED: 'ADDED', CHANGED: 'CHANGED', REMOVED: 'REMOVED', STATUS: 'STATUS' } as const
export type ChangeKind = keyof typeof ChangeKind

/** Types of the API whose nodes a change may be about. */
export type SubjectType =
  | 'Study'
  | 'Publication'
  | 'Condition'
  | 'MagnesiumForm'
  | 'Outcome'
  | 'Instrument'
  | 'Treatment'
  | 'SourceDocument'
  | 'Claim'
  | 'Interaction'
  | 'Contraindication'

/** How much of a change is kept; published in docs/limits.md. */
export const changeLimits = { lines: 20, lineLength: 300, valueLength: 100 } as const

/** What is known of the changes that a revision brought. */
export const ChangeRecording = { RECORDED: 'RECORDED', EVERYTHING_ADDED: 'EVERYTHING_ADDED', NOT_RECORDED: 'NOT_RECORDED' } as const
export type ChangeRecording = keyof typeof ChangeRecording
