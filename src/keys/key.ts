import { createHash, randomBytes } from 'node:crypto'

/** Every key begins so; what follows is eight hexadecimal digits that may be shown, and 256 random bits that may not. */
const form = /^mgev_([0-9a-f]{8})_([\w-]{43})$/

/** A key as its holder has it, and what is kept of it. */
export interface MadeKey {
  /** Shown once. */
  readonly text: string
  readonly prefix: string
  readonly hash: Buffer
}

/** A new key of the system's randomness. */
export function makeKey(): MadeKey {
  const prefix = randomBytes(4).toString('hex')
  const text = `mgev_${prefix}_${randomBytes(32).toString('base64url')}`
  return { text, prefix, hash: hashOfKey(text) }
}

/**
 * SHA-256 of the whole key, 32 bytes. No salt and no slow function: those guard passwords, which can be guessed; 256 random bits cannot, and every
 * request is checked.
 */
export function hashOfKey(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** The part of a key that may be shown; null for what is no key. */
export function prefixOfKey(text: string): string | null {
  return form.exec(text)?.[1] ?? null
}
