/** Where in a document something stands: names of fields, places in lists from 0, or slugs of members of lists. */
export type DocumentPath = readonly string[]

/**
 * A path as people and messages write it.
 *
 * @returns null if it is none
 * @example readPath('results[0].armResults[mg].n') // ['results', '0', 'armResults', 'mg', 'n']
 * @example readPath('results.0.name') // ['results', '0', 'name']
 */
export function readPath(text: string): DocumentPath | null {
  const parts = text
    .trim()
    .replace(/\[([^\][]*)\]/g, '.$1')
    .replace(/^\./, '')
    .split('.')
  return parts.some((part) => part === '' || /[\][]/.test(part)) ? null : parts
}

/** Why a path leads nowhere in a document. */
export class PathFault extends Error {}

/**
 * The document with a value at a place. What is missing on the way is made; the place after the last of a list adds to it.
 *
 * @throws {PathFault} if the path leads into a text or number, or to no place of a list
 */
export function withValue(document: unknown, path: DocumentPath, value: unknown): unknown {
  const [part, ...rest] = path
  if (part === undefined) return value
  if (Array.isArray(document)) {
    const list = document as readonly unknown[]
    const place = placeIn(list, part)
    return list.length === place ? [...list, withValue(undefined, rest, value)] : list.with(place, withValue(list[place], rest, value))
  }
  if (document === undefined || document === null) return part === '0' ? [withValue(undefined, rest, value)] : { [part]: withValue(undefined, rest, value) }
  if (typeof document !== 'object') throw new PathFault(`"${part}" leads into ${JSON.stringify(document)}, which has no fields`)
  return { ...document, [part]: withValue(Object.hasOwn(document, part) ? (document as Record<string, unknown>)[part] : undefined, rest, value) }
}

/** The document without what stands at a place. @throws {PathFault} if nothing stands there */
export function withoutValue(document: unknown, path: DocumentPath): unknown {
  const [part, ...rest] = path
  if (part === undefined || typeof document !== 'object' || document === null) throw new PathFault('nothing stands there')
  if (Array.isArray(document)) {
    const list = document as readonly unknown[]
    const place = placeIn(list, part)
    if (place >= list.length) throw new PathFault(`the list has ${list.length} members: none is at ${part}, counted from 0`)
    return rest.length === 0 ? list.toSpliced(place, 1) : list.with(place, withoutValue(list[place], rest))
  }
  if (!Object.hasOwn(document, part)) throw new PathFault(`it has no "${part}"`)
  const { [part]: inner, ...others } = document as Record<string, unknown>
  return rest.length === 0 ? others : { ...document, [part]: withoutValue(inner, rest) }
}

function placeIn(list: readonly unknown[], part: string): number {
  const bySlug = list.findIndex((member) => typeof member === 'object' && member !== null && (member as { slug?: unknown }).slug === part)
  if (bySlug >= 0) return bySlug
  const place = /^\d{1,6}$/.test(part) ? Number(part) : NaN
  if (place <= list.length) return place
  throw new PathFault(
    Number.isNaN(place)
      ? `the list has no member with the slug ${part}: name one that is there, or its place from 0`
      : `the list has ${list.length} members: none is at ${part}, counted from 0`,
  )
}
