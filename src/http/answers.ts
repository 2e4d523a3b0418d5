import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { LRUCache } from 'lru-cache'
import type { DataRevision } from '../graphql/context.js'
import { engineVersion } from '../version.js'
import { answerKey } from './conditional.js'
import type { SharedAnswers } from './sharedAnswers.js'

/** An answer as it was sent: whole, without errors, a function of the operation and the data alone. */
export interface Answer {
  readonly contentType: string
  readonly body: Buffer
  /** Made when the answer is given a second time to somebody who takes it. */
  gzipped?: Buffer
}

/** What tells one answer from another, beside the data. */
export interface Question {
  readonly method: string
  readonly mediaType: string
  /** What the operation is, in any form of which equal ones mean equal operations. */
  readonly operation: string
}

const compressed = promisify(gzip)
/** Shorter ones are as long when compressed. */
const worthCompressing = 2_048
/** Of an entry's key and bookkeeping, roughly. */
const overheadBytes = 300

/** Answers under the data revision that they are of: another revision asks other keys, and what is asked no more is the first to go. */
export class KeptAnswers {
  readonly #kept: LRUCache<string, Answer> | null
  #hits = 0
  #shared = 0
  #misses = 0

  /**
   * @param roomBytes for all of them in this process; none are kept, and none shared, where it is 0
   * @param others where other processes' answers are found
   */
  constructor(
    readonly roomBytes: number,
    private readonly others: SharedAnswers | null = null,
  ) {
    this.#kept =
      roomBytes === 0
        ? null
        : new LRUCache({
            maxSize: roomBytes,
            maxEntrySize: Math.max(1, Math.floor(roomBytes / 8)),
            sizeCalculation: ({ body, gzipped }) => body.length + (gzipped?.length ?? 0) + overheadBytes,
          })
  }

  async find(key: string): Promise<Answer | undefined> {
    const own = this.#kept?.get(key)
    if (own !== undefined) this.#hits += 1
    if (own !== undefined || this.#kept === null) return own
    const shared = await this.others?.find(key)
    if (shared === undefined) this.#misses += 1
    else {
      this.#shared += 1
      this.#kept.set(key, shared)
    }
    return shared
  }

  keep(key: string, answer: Answer): void {
    if (this.#kept === null) return
    this.#kept.set(key, answer)
    this.others?.keep(key, answer)
  }

  /** The answer's bytes for who takes gzip, kept for the next; undefined where compressing gains nothing. */
  async gzipped(key: string, answer: Answer): Promise<Buffer | undefined> {
    if (answer.body.length < worthCompressing) return undefined
    if (answer.gzipped === undefined) {
      answer.gzipped = await compressed(answer.body)
      this.#kept?.set(key, answer)
    }
    return answer.gzipped
  }

  /** Since the process began; bytes and entries at the moment. */
  get counts(): { readonly hits: number; readonly shared: number; readonly misses: number; readonly bytes: number; readonly entries: number } {
    return { hits: this.#hits, shared: this.#shared, misses: this.#misses, bytes: this.#kept?.calculatedSize ?? 0, entries: this.#kept?.size ?? 0 }
  }
}

/** Names an answer: the same under the same data, engine and question, whichever process gives it. */
export const keyOf = ({ id, revision }: DataRevision, { method, mediaType, operation }: Question): string =>
  answerKey([engineVersion, id, revision, method, mediaType, operation])
