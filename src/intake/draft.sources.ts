import { CurationError } from './curation.error.js'

/** Named in one message at most. */
const sourcesNamed = 20

/**
 * The sources that somebody means: the one of exactly this name, else all whose path ends with it, or with which it ends
 * ("review.ris", "./folder/review.ris" and "/home/me/folder/review.ris" are one file).
 *
 * @throws {CurationError} UNKNOWN_SOURCE, listing the known ones
 * @example matchingSources('review.ris', ['./folder/review.ris', 'other.ris']) // ['./folder/review.ris']
 */
export function matchingSources(asked: string, known: readonly string[]): string[] {
  if (known.includes(asked)) return [asked]
  const wanted = plainPath(asked)
  const found = known.filter((source) => {
    const path = plainPath(source)
    return path === wanted || path.endsWith(`/${wanted}`) || wanted.endsWith(`/${path}`)
  })
  if (found.length > 0 && wanted !== '') return found
  throw new CurationError(
    known.length === 0 ? `nothing comes from "${asked}": there are no such drafts` : `nothing comes from "${asked}": the sources are ${listed(known)}`,
    { reason: 'UNKNOWN_SOURCE' },
  )
}

/** The one source that somebody means. @throws {CurationError} UNKNOWN_SOURCE, also if several match */
export function onlySource(asked: string, known: readonly string[]): string {
  const [first = asked, ...others] = matchingSources(asked, known)
  if (others.length === 0) return first
  throw new CurationError(`"${asked}" may be any of ${listed([first, ...others])}: name one of them`, { reason: 'UNKNOWN_SOURCE' })
}

const listed = (sources: readonly string[]) =>
  [...sources.slice(0, sourcesNamed), ...(sources.length > sourcesNamed ? [`${sources.length - sourcesNamed} more`] : [])].join(', ')

function plainPath(text: string): string {
  const parts = text.replaceAll('\\', '/').split('/')
  const kept: string[] = []
  for (const part of parts) {
    if (part === '.' || (part === '' && kept.length > 0)) continue
    if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop()
    else kept.push(part)
  }
  return kept.join('/').replace(/^(\.\.\/)+/, '')
}
