import { UnplacedDraft, withAccepted, type Accepted } from '../corpus/accepted.js'
import type { Corpus } from '../corpus/files.js'

/** A later acceptance that rests on an earlier one, and how. */
export interface Builder {
  readonly draft: number
  readonly why: string
}

/**
 * The acceptances that build on another: they were made of what it brought, or could not be taken in without it.
 *
 * @param accepted in the order of the decisions
 * @param id of the one that would be undone
 */
export function buildersOn(files: Corpus, accepted: readonly Accepted[], id: number): Builder[] {
  const place = accepted.findIndex((draft) => draft.id === id)
  const undone = accepted[place]
  if (undone === undefined) return []
  const before = withAccepted(files, accepted.slice(0, place))
  const touched = changedStudies(before, withAccepted(before, [undone]))
  const builders: Builder[] = []
  let without = before
  for (const later of accepted.slice(place + 1)) {
    const why = restsOn(undone, later, touched)
    if (why !== null) builders.push({ draft: later.id, why })
    else
      try {
        without = withAccepted(without, [later])
      } catch (error) {
        if (!(error instanceof UnplacedDraft)) throw error
        builders.push({ draft: later.id, why: error.why })
      }
  }
  return builders
}

function restsOn(undone: Accepted, later: Accepted, touched: ReadonlySet<string>): string | null {
  if (later.kind === 'STUDY') {
    const { slug } = later.document as { slug: string } // checked when it was imported
    return touched.has(slug) ? `it replaced the study ${slug}, as it was with this one` : null
  }
  if (undone.matched === null || later.matched !== undone.matched || later.kind !== undone.kind) return null
  const field = Object.keys(undone.document as object).find((name) => Object.hasOwn(later.document as object, name)) // both were checked when they were imported
  return field === undefined ? null : `it changed ${field} of ${later.matched} again`
}

function changedStudies(before: Corpus, after: Corpus): ReadonlySet<string> {
  const known = new Set(before.studies)
  return new Set(after.studies.flatMap((study) => (known.has(study) ? [] : [study.slug])))
}
