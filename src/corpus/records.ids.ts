/** Tables whose rows others point to: an integer key for joins, a slug that stays. */
export type Keyed =
  | 'condition'
  | 'magnesium_form'
  | 'outcome'
  | 'instrument'
  | 'treatment'
  | 'source'
  | 'publication'
  | 'study'
  | 'population'
  | 'arm'
  | 'dose'
  | 'study_outcome'
  | 'contrast'
  | 'result'
  | 'result_report'
  | 'effect'
  | 'risk_of_bias'
  | 'pooled_result'
  | 'source_document'
  | 'claim'
  | 'interaction'
  | 'contraindication'

export interface KnownKey {
  readonly table: Keyed
  readonly slug: string
  readonly id: number
}

/** Gives every slug its key: the one it already has, else the next free one, so that a new import changes no known key. */
export class Keys {
  readonly #keys = new Map<Keyed, Map<string, number>>()
  readonly #next = new Map<Keyed, number>()

  /**
   * @param existing keys that rows have
   * @param largest keys of each table, if not all rows are among the existing
   */
  constructor(existing: readonly KnownKey[], largest: readonly { readonly table: Keyed; readonly id: number }[] = existing) {
    for (const { table, slug, id } of existing) this.#of(table).set(slug, id)
    for (const { table, id } of largest) this.#next.set(table, Math.max(this.#next.get(table) ?? 1, id + 1))
  }

  /** The key of a row that is being written. */
  assign(table: Keyed, slug: string): number {
    const known = this.#of(table).get(slug)
    if (known !== undefined) return known
    const id = this.#next.get(table) ?? 1
    this.#next.set(table, id + 1)
    this.#of(table).set(slug, id)
    return id
  }

  #of(table: Keyed): Map<string, number> {
    const keys = this.#keys.get(table) ?? new Map<string, number>()
    this.#keys.set(table, keys)
    return keys
  }
}

/** Notes which slugs are given keys, so that only those are asked of the database. */
export class WantedKeys extends Keys {
  readonly slugs = new Map<Keyed, Set<string>>()

  constructor() {
    super([])
  }

  override assign(table: Keyed, slug: string): number {
    const slugs = this.slugs.get(table) ?? new Set()
    this.slugs.set(table, slugs.add(slug))
    return super.assign(table, slug)
  }
}
