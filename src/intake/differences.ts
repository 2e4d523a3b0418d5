/** One value that two documents have differently; undefined where one of them has none. */
export interface Difference {
  /** Dotted: "publications[0].doi". */
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

/**
 * What changes from one document to another, value by value, in the order of the later one. Members of lists that have a slug are the same member
 * where they have the same.
 */
export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  if (Array.isArray(before) && Array.isArray(after)) return ofLists(before, after, path)
  if (isRecord(before) && isRecord(after)) {
    const fields = [...new Set([...Object.keys(after), ...Object.keys(before)])]
    return fields.flatMap((field) => differences(before[field], after[field], path === '' ? field : `${path}.${field}`))
  }
  const isSame = JSON.stringify(before) === JSON.stringify(after) || (saysNothing(before) && saysNothing(after))
  return isSame ? [] : [{ path, before, after }]
}

/** An empty list says as much as none. */
const saysNothing = (value: unknown) => value === undefined || value === null || (Array.isArray(value) && value.length === 0)

/** A difference in a clause: "year is 2017 here and 2009 there". */
export function shortDifference({ path, before, after }: Difference): string {
  return `${path} is ${shortly(before)} here and ${shortly(after)} there`
}

function shortly(value: unknown): string {
  const text = saysNothing(value) ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}

function ofLists(before: readonly unknown[], after: readonly unknown[], path: string): Difference[] {
  const slugs = [...after, ...before].map(slugOf)
  if (slugs.includes(null)) {
    const places = Array.from({ length: Math.max(before.length, after.length) }, (_, place) => place)
    return places.flatMap((place) => differences(before[place], after[place], `${path}[${place}]`))
  }
  const member = (list: readonly unknown[], slug: string | null) => list.find((candidate) => slugOf(candidate) === slug)
  return [...new Set(slugs)].flatMap((slug) => differences(member(before, slug), member(after, slug), `${path}[${slug}]`))
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

function slugOf(member: unknown): string | null {
  return isRecord(member) && typeof member['slug'] === 'string' ? member['slug'] : null
}
