import type { Database } from '../database/client.js'
import { isOfTheServer, type StandIn } from '../database/query.js'
import { findDataRevision } from '../dataset/dataset.queries.js'
import type { DataRevision } from '../graphql/context.js'
import { findPosition, findStanding } from './replica.queries.js'

export interface ReplicasOptions {
  /** The replicas by name; each name is shown to operators. */
  readonly replicas?: Readonly<Record<string, Database>>
  /** A replica that is further behind is not asked; default 10 s. */
  readonly lagLimitMs?: number
}

/** How a replica stood when it was last looked at. */
export interface ReplicaStanding {
  readonly name: string
  readonly answers: boolean
  /** Since when the primary has been further than the replica, at most; 0 where it is not, null where that is not known. */
  readonly lagSeconds: number | null
  /** Whether questions about the newest evidence are given to it. */
  readonly isAsked: boolean
}

interface Followed {
  readonly name: string
  /** Statements that it cannot answer go to the primary. */
  readonly reader: Database
  readonly database: Database
  answers: boolean
  /** When the primary was last known to be no further than this replica is. */
  levelAt: number
  dataRevision: DataRevision | null
}

/** How often replicas are looked at while requests come; and while one of them has not the newest evidence yet. */
const [lookAfterMs, lookSoonAfterMs] = [1_000, 100]

/**
 * The primary and the replicas that follow it. What a request reads is read from whichever is least busy of the primary and those replicas that hold the
 * evidence of its data revision, which is the primary's: nobody is told what was true before an import, however far a replica is behind. Nobody waits for
 * a replica either: they are looked at beside the requests, and what one fails to answer the primary is asked.
 *
 * While the primary does not answer, replicas that were level with it are read alone.
 */
export class Replicas {
  readonly #followed: readonly Followed[]
  readonly #lagLimitMs: number
  /** Where the primary was, and when, oldest first. */
  #positions: { readonly at: number; readonly position: number }[] = []
  #primaryAnswers = true
  #lookedAt = -Infinity
  #looking: Promise<void> | null = null
  #turn = 0
  readonly #reads = new Map<string, number>()
  /** Requests that were given a database in this turn of the event loop: its pool does not show their statements yet. */
  readonly #given = new Map<Database, number>()

  constructor(
    readonly primary: Database,
    { replicas = {}, lagLimitMs = 10_000 }: ReplicasOptions = {},
  ) {
    this.#lagLimitMs = lagLimitMs
    this.#followed = Object.entries(replicas).map(([name, database]) => {
      const standIn: StandIn = { database: primary, onFailure: () => Object.assign(followed, { answers: false, dataRevision: null }) }
      const followed: Followed = { name, database, reader: { ...database, standIn }, answers: false, levelAt: -Infinity, dataRevision: null }
      return followed
    })
  }

  /**
   * The revision of the evidence as it is now, as the primary tells it, or, while it does not answer, replicas that were level with it.
   *
   * @throws what asking the primary throws, where no replica can answer in its place
   */
  async newestRevision(): Promise<DataRevision> {
    if (!this.#primaryAnswers) {
      void this.#look()
      const known = await this.#revisionWithoutPrimary()
      if (known !== null) return known
    }
    try {
      const revision = await findDataRevision(this.primary)
      this.#primaryAnswers = true
      return revision
    } catch (error) {
      if (this.#followed.length === 0 || !isOfTheServer(error)) throw error
      this.#primaryAnswers = false
      const known = await this.#revisionWithoutPrimary()
      if (known === null) throw error
      return known
    }
  }

  /** Where a request reads the evidence of a revision. */
  readerOf(revision: DataRevision): Database {
    if (this.#followed.length === 0) return this.primary
    const able = this.#followed.filter((followed) => this.#isAble(followed, revision))
    const since = performance.now() - this.#lookedAt
    if (since > lookAfterMs || (able.length < this.#followed.length && since > lookSoonAfterMs)) void this.#look()
    // Of equally busy ones another each time, and the primary last.
    const first = (this.#turn = (this.#turn + 1) % Math.max(1, able.length))
    const inTurn = [...able.slice(first), ...able.slice(0, first)]
    const choices = this.#primaryAnswers || able.length === 0 ? [...inTurn, null] : inTurn
    const [chosen] = choices.toSorted((one, other) => this.#busyness(one?.database ?? this.primary) - this.#busyness(other?.database ?? this.primary))
    this.#give(chosen?.database ?? this.primary)
    const name = chosen?.name ?? 'primary'
    this.#reads.set(name, (this.#reads.get(name) ?? 0) + 1)
    return chosen?.reader ?? this.primary
  }

  #give(database: Database): void {
    if (this.#given.size === 0) setImmediate(() => this.#given.clear())
    this.#given.set(database, (this.#given.get(database) ?? 0) + 1)
  }

  /** Statements under way, waiting and to be expected, for each connection there may be. */
  #busyness(database: Database): number {
    const { totalCount, idleCount, waitingCount, options } = database.pool
    return (totalCount - idleCount + waitingCount + (this.#given.get(database) ?? 0)) / options.max
  }

  get primaryAnswers(): boolean {
    return this.#primaryAnswers
  }

  /** Requests by where they read, since the process began. */
  get reads(): ReadonlyMap<string, number> {
    return this.#reads
  }

  /** Their pools of connections, by name. */
  get databases(): ReadonlyMap<string, Database> {
    return new Map(this.#followed.map(({ name, database }) => [name, database]))
  }

  /** How replicas stand; looked at where that was not done within a second. */
  async standings(): Promise<ReplicaStanding[]> {
    if (this.#followed.length > 0 && performance.now() - this.#lookedAt > lookAfterMs) await this.#look()
    const newest = this.#primaryAnswers ? await findDataRevision(this.primary).catch(() => null) : null
    return this.#followed.map((followed) => {
      const lagMs = this.#reference() - followed.levelAt
      return {
        name: followed.name,
        answers: followed.answers,
        lagSeconds: !followed.answers || !Number.isFinite(lagMs) ? null : followed.levelAt >= (this.#positions.at(-1)?.at ?? Infinity) ? 0 : lagMs / 1_000,
        isAsked: this.#isAble(followed, newest ?? followed.dataRevision ?? { id: -1, revision: '' }),
      }
    })
  }

  #isAble({ answers, dataRevision, levelAt }: Followed, { id, revision }: DataRevision): boolean {
    return answers && dataRevision?.id === id && dataRevision.revision === revision && this.#isLevel(levelAt)
  }

  #isLevel(levelAt: number): boolean {
    return this.#reference() - levelAt <= this.#lagLimitMs
  }

  /** A primary that does not answer writes nothing: replicas are no further behind than they were when it last did. */
  #reference(): number {
    return this.#primaryAnswers ? performance.now() : (this.#positions.at(-1)?.at ?? performance.now())
  }

  async #revisionWithoutPrimary(): Promise<DataRevision | null> {
    const level = this.#followed.filter(({ levelAt }) => this.#isLevel(levelAt))
    const told = await Promise.all(
      level.map(async (followed) => {
        const revision = await findDataRevision(followed.database).catch(() => null)
        Object.assign(followed, { answers: revision !== null, dataRevision: revision })
        return revision
      }),
    )
    return told.filter((revision) => revision !== null).toSorted((one, other) => other.id - one.id)[0] ?? null
  }

  /** One look at a time; nobody but operators waits for it. */
  #look(): Promise<void> {
    return (this.#looking ??= this.#lookNow().finally(() => (this.#looking = null)))
  }

  async #lookNow(): Promise<void> {
    const at = (this.#lookedAt = performance.now())
    const position = await findPosition(this.primary).catch(() => null)
    this.#primaryAnswers = position !== null
    if (position !== null) this.#positions = [...this.#positions.filter((kept) => at - kept.at <= 2 * this.#lagLimitMs), { at, position }]
    await Promise.all(this.#followed.map((followed) => this.#lookAt(followed)))
  }

  async #lookAt(followed: Followed): Promise<void> {
    const standing = await findStanding(followed.database).catch(() => null)
    const reached = standing?.position ?? null
    if (standing === null || reached === null) return void Object.assign(followed, { answers: false, dataRevision: null })
    followed.answers = true
    followed.dataRevision = { id: standing.id, revision: standing.revision }
    const level = this.#positions.findLast(({ position }) => position <= reached)
    if (level !== undefined) followed.levelAt = level.at
  }
}
