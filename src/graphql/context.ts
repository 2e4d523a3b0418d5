import type { Database } from '../database/client.js'

/** The newest import that changed something; answers carry it and caches are keyed by it. */
export interface DataRevision {
  readonly id: number
  readonly revision: string
}

/** What every resolver is given. Features hang what they need on it by the functions that make it; the kit knows none of them. */
export interface Context {
  readonly database: Database
  readonly dataRevision: DataRevision
  /** The `make` of one request: made at first use, gone with the request (loaders). */
  perRequest<Value>(make: (context: Context) => Value): Value
  /** The `make` of one data revision: shared by all requests until the data change (vocabulary, parsed studies). */
  perRevision<Value>(make: (database: Database, revision: DataRevision) => Value): Value
}

/** Things kept under a data revision by the function that makes them; gone when another revision is seen. */
export class RevisionMemo {
  readonly #kept = new Map<unknown, unknown>()

  constructor(
    readonly database: Database,
    readonly dataRevision: DataRevision,
  ) {}

  get<Value>(make: (database: Database, revision: DataRevision) => Value): Value {
    return once(this.#kept, make, () => make(this.database, this.dataRevision))
  }
}

/** A request's own context. @param signal aborted when nobody waits for the answer any more: its statements are then cancelled, those for everybody are not */
export function contextOver(memo: RevisionMemo, signal?: AbortSignal): Context {
  const kept = new Map<unknown, unknown>()
  const context: Context = {
    database: signal === undefined ? memo.database : { ...memo.database, signal },
    dataRevision: memo.dataRevision,
    perRequest: (make) => once(kept, make, () => make(context)),
    perRevision: (make) => memo.get(make),
  }
  return context
}

function once<Value>(kept: Map<unknown, unknown>, make: unknown, create: () => Value): Value {
  if (!kept.has(make)) kept.set(make, create())
  return kept.get(make) as Value // stored under the function whose result type it is
}
