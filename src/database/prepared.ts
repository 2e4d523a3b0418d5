import { createHash } from 'node:crypto'
import type pg from 'pg'
import { LRUCache } from 'lru-cache'

/** Texts kept prepared on one connection at most: a prepared page of evidence holds some tens of kilobytes in the server. */
export const preparedTexts = 300

const textsRemembered = 2_000

/**
 * Which statements are worth preparing. Planning a page of evidence takes longer than running it, so a text that comes
 * a second time is prepared and from then on only run; a text seen once is not, for filters combine without end.
 *
 * The server keeps a prepared statement until its connection closes. When `preparedTexts` are prepared, all names are
 * forgotten and every connection that holds any is replaced when next released, so what is kept stays bounded and
 * what is asked now takes the place of what was asked once. The planner replans a statement for the values of its first
 * runs; page sizes must stand in the text as literals, since a plan made for any limit reads far too much.
 */
export class PreparedStatements {
  #names = new Map<string, string>()
  #seen = new LRUCache<string, true>({ max: textsRemembered })
  #generation = 0
  readonly #generationOf = new WeakMap<pg.PoolClient, number>()

  /** The name to run this text under on this connection, or none to run it unprepared. */
  nameFor(text: string, client: pg.PoolClient): string | undefined {
    const name = this.#names.get(text) ?? this.#admit(text)
    if (name === undefined) return undefined
    const generation = this.#generationOf.get(client) ?? this.#generation
    this.#generationOf.set(client, generation)
    return generation === this.#generation ? name : undefined
  }

  /** Whether a connection holds statements whose names are forgotten. */
  isStale(client: pg.PoolClient): boolean {
    return (this.#generationOf.get(client) ?? this.#generation) !== this.#generation
  }

  #admit(text: string): string | undefined {
    if (!this.#seen.has(text)) {
      this.#seen.set(text, true)
      return undefined
    }
    if (this.#names.size >= preparedTexts) {
      this.#names = new Map()
      this.#generation += 1
    }
    const name = createHash('sha256').update(text).digest('base64url')
    this.#names.set(text, name)
    return name
  }
}
