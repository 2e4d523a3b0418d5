/** One value that two documents have differently; undefined where one of them has none. */
export interface Difference {
  /** Dotted: "publications[0].doi". */
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

/** How members of lists are told apart, and how a path names them. */
export interface PathStyle {
  /** What a member is known by, the same in both documents; null if only its place tells. */
  readonly keyOf: (member: unknown) => string | null
  readonly key: (key: string) => string
  /** @param isAlone whether the list has no other member */
  readonly place: (place: number, isAlone: boolean) => string
}

const brackets: PathStyle = { keyOf: slugOf, key: (slug) => `[${slug}]`, place: (place) => `[${place}]` }

/**
 * What changes from one document to another, value by value, in the order of the later one. Members of lists that have a slug are the same member
 * where they have the same.
 */
export function differences(before: unknown, after: unknown, path = '', style = brackets): Difference[] {
  if (Array.isArray(before) && Array.isArray(after)) return ofLists(before, after, path, style)
  if (isRecord(before) && isRecord(after)) {
    const fields = [...new Set([...Object.keys(after), ...Object.keys(before)])]
    return fields.flatMap((field) => differences(before[field], after[field], path === '' ? field : `${path}.${field}`, style))
  }
  const isSame = JSON.stringify(before) === JSON.stringify(after) || (saysNothing(before) && saysNothing(after))
  return isSame ? [] : [{ path, before, after }]
}

/** An empty list says as much as none. */
export const saysNothing = (value: unknown) => value === undefined || value === null || (Array.isArray(value) && value.length === 0)

/** A difference in a clause: "year is 2017 here and 2009 there". */
export function shortDifference({ path, before, after }: Difference): string {
  return `${path} is ${shortly(before)} here and ${shortly(after)} there`
}

/** A value in few letters: text as it is, what is no text as JSON. */
export function shortly(value: unknown, limit = 120): string {
  const text = saysNothing(value) ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value)
  return shortened(text, limit)
}

/** The beginning of a text, in whole characters. */
export function shortened(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

function ofLists(before: readonly unknown[], after: readonly unknown[], path: string, style: PathStyle): Difference[] {
  const [earlier, later] = [before, after].map((list) => keyed(list, style))
  if (earlier === null || earlier === undefined || later === null || later === undefined) {
    const longest = Math.max(before.length, after.length)
    const places = Array.from({ length: longest }, (_, place) => place)
    return places.flatMap((place) => differences(before[place], after[place], `${path}${style.place(place, longest === 1)}`, style))
  }
  const keys = [...new Set([...later.keys(), ...earlier.keys()])]
  return keys.flatMap((key) => differences(earlier.get(key), later.get(key), `${path}${style.key(key)}`, style))
}

/** The members by their keys; null if one has none, or two have the same. */
function keyed(list: readonly unknown[], { keyOf }: PathStyle): ReadonlyMap<string, unknown> | null {
  const members = new Map<string, unknown>()
  for (const member of list) {
    const key = keyOf(member)
    if (key === null || members.has(key)) return null
    members.set(key, member)
  }
  return members
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

export function slugOf(member: unknown): string | null {
  return isRecord(member) && typeof member['slug'] === 'string' ? member['slug'] : null
}
