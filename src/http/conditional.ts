import { createHash } from 'node:crypto'

/** Names an answer by everything that it depends on. */
export const answerKey = (parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('base64url')

/** The tag of an answer. Weak: the same answer may be sent compressed or not. */
export const tagOf = (key: string): string => `W/"${key.slice(0, 22)}"`

/** Whether If-None-Match names the tag; strong and weak forms of it are the same (RFC 9110, 13.1.2). */
export const namesTag = (header: string | undefined, tag: string): boolean =>
  header?.split(',').some((known) => withoutStrength(known) === withoutStrength(tag)) ?? false

/** Whether If-None-Match names whatever stands at the address: to be looked at when the address is known to have an answer. */
export const namesAny = (header: string | undefined): boolean => header?.trim() === '*'

const withoutStrength = (tag: string): string => tag.trim().replace(/^W\//, '')
