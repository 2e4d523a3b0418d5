import type { Database } from '../database/client.js'

/** The newest import that changed something; answers carry it and caches are keyed by it. */
export interface DataRevision {
  readonly id: number
  readonly revision: string
}

/** What every resolver is given. Features hang what they need on it by the functions that make it; the kit knows none of them. */
export interface Context {
  /** Where evidence is read: the primary, or a replica that holds what it holds. */
  readonly database: Database
  /** Where is written, and read what was written a moment ago. */
  readonly primary: Database
  readonly dataRevision: DataRevision
  /** Path under which callers find the service, for addresses in answers; '' where absent. */
  readonly basePath?: string
  /** The `make` of one request: made at first use, gone with the request (loaders). */
  perRequest<Value>(make: (context: Context) => Value): Value
  /** The `make` of one data revision: shared by all requests until the data change (vocabulary, parsed studies). */
  perRevision<Value>(make: (database: Database, revision: DataRevision) => Value): Value
}

/** Things kept under a data revision by the function that makes them; gone when another revision is seen. */
export class RevisionMemo {
  readonly #kept = new Map<unknown, unknown>()

  constructor(
    readonly primary: Database,
    readonly dataRevision: DataRevision,
  ) {}

  get<Value>(make: (database: Database, revision: DataRevision) => Value, database: Database): Value {
    return once(this.#kept, make, () => {
      const made = make(database, this.dataRevision)
      // What could not be read is read again for the next request.
      if (made instanceof Promise) made.catch(() => this.#kept.delete(make))
      return made
    })
  }
}

export interface Request {
  /** Aborted when nobody waits for the answer any more: its statements are then cancelled, those for everybody are not. */
  readonly signal?: AbortSignal
  /** Where it reads; default the primary. */
  readonly reader?: Database
  /** Where is read what all requests share; default the primary. */
  readonly sharedReader?: Database
}

/** A request's own context. */
export function contextOver(memo: RevisionMemo, { signal, reader = memo.primary, sharedReader = memo.primary }: Request = {}): Context {
  const kept = new Map<unknown, unknown>()
  const until = (database: Database) => (signal === undefined ? database : { ...database, signal })
  const context: Context = {
    database: until(reader),
    primary: until(memo.primary),
    dataRevision: memo.dataRevision,
    perRequest: (make) => once(kept, make, () => make(context)),
    perRevision: (make) => memo.get(make, sharedReader),
  }
  return context
}

function once<Value>(kept: Map<unknown, unknown>, make: unknown, create: () => Value): Value {
  if (!kept.has(make)) kept.set(make, create())
  return kept.get(make) as Value // stored under the function whose result type it is
}
