import type { AuditActor } from '../generated/prisma/enums.js'

/** Who changes something. */
export interface Actor {
  readonly kind: AuditActor
  /** The user of the machine, or prefix and name of the key. */
  readonly name: string
}

/** Everything that is recorded, in the order that docs/keys.md lists it. */
export const auditActions = {
  EVIDENCE_IMPORTED: 'the evidence took a new state; before and after are its revisions',
  STATUS_CHANGED: 'a study was retracted, corrected or reinstated by an import; before and after are its status',
  DRAFTS_PROPOSED: 'an import added drafts or changed open ones; details count them',
  DRAFT_EDITED: 'a curator edited a draft; before and after are digests of what it said and says, details hold each value with what it was',
  DRAFT_ACCEPTED: 'a curator accepted a draft; before and after are digests of what it changed and of what it says',
  DRAFT_REJECTED: 'a curator rejected a draft; before is the digest of what it said',
  ACCEPTANCE_UNDONE: 'a curator took the acceptance of a draft back, which is open again; before is the digest of what it says',
  KEY_CREATED: 'a key was made',
  KEY_REVOKED: 'a key was revoked',
} as const satisfies Readonly<Record<string, string>>
export type AuditAction = keyof typeof auditActions

/** One change as it is recorded. */
export interface Change {
  readonly actor: Actor
  readonly action: AuditAction
  /** What was changed, for people: "PUBLICATION tarleton-2017", "key 1a2b3c4d". */
  readonly subject: string
  /** A digest, a revision or a status; null where there was nothing. */
  readonly before?: string | null
  readonly after?: string | null
  readonly details?: Readonly<Record<string, unknown>>
}

/** The service by itself: what it does when it starts. */
export const theService: Actor = { kind: 'SERVICE', name: 'magnesium-evidence' }
