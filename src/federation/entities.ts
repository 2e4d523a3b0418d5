import { PublicError } from '../errors.js'
import type { Context } from '../graphql/context.js'
import type { Node } from '../graphql/node.js'
import { decodeId } from '../graphql/nodeId.js'
import { groupBy } from '../grouping.js'
import { findNodes } from '../node.graphql.js'
import { findStudiesReferred, type StudyReference } from '../study/study.queries.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import type { Referred } from './representation.js'

/**
 * The things that representations name, in their order: null where there is none, the error where the representation is malformed. Studies of all
 * keys take one statement, terms of the vocabulary none, and things of other types one or two for each type.
 */
export async function findEntities(context: Context, representations: readonly (Referred | PublicError)[]): Promise<(Node | PublicError | null)[]> {
  const found: (Node | PublicError | null)[] = representations.map((one) => (one instanceof PublicError ? one : null))
  const asked = representations.flatMap((one, place) => (one instanceof PublicError ? [] : [{ ...one, place }]))
  await Promise.all(
    [...groupBy(asked, ({ type }) => type)].map(async ([type, ofType]) => {
      const things = await findOfType(context, type, ofType)
      ofType.forEach(({ place }, index) => {
        found[place] = things[index] ?? null
      })
    }),
  )
  return found
}

function findOfType(context: Context, type: string, referred: readonly Referred[]): Promise<readonly (Node | PublicError | null)[]> {
  if (type === 'Study') return findStudiesReferred(context, referred.map(studyReference))
  if (type === 'Condition' || type === 'MagnesiumForm' || type === 'Outcome' || type === 'Instrument' || type === 'Treatment')
    return findTerms(context, type, referred)
  return findOwn(context, type, referred)
}

function studyReference({ key, value }: Referred): StudyReference | null {
  if (value === null || key.kind === 'code') return null
  if (key.kind !== 'id') return { kind: key.kind, value }
  const slug = slugOf('Study', value)
  return slug === null ? null : { kind: 'slug', value: slug }
}

async function findTerms(
  context: Context,
  type: 'Condition' | 'MagnesiumForm' | 'Outcome' | 'Instrument' | 'Treatment',
  referred: readonly Referred[],
): Promise<(Node | null)[]> {
  const { conditions, forms, outcomes, instruments, treatments } = await vocabularyOf(context)
  const terms = { Condition: conditions, MagnesiumForm: forms, Outcome: outcomes, Instrument: instruments, Treatment: treatments }[type]
  return referred.map(({ key, value }) => {
    if (value === null) return null
    const slug = key.kind === 'id' ? slugOf(type, value) : value
    const term = slug === null ? undefined : terms.find(slug)
    // A name is no key: what is asked by slug must be the slug.
    return term === undefined || (key.kind !== 'code' && term.slug !== slug) ? null : term
  })
}

async function findOwn(context: Context, type: string, referred: readonly Referred[]): Promise<(Node | PublicError | null)[]> {
  const ids = referred.map(({ value }) => (value !== null && slugOf(type, value) !== null ? value : null))
  const known = ids.filter((id) => id !== null)
  const nodes = known.length === 0 ? [] : await findNodes(context, known)
  const byId = new Map(known.map((id, place) => [id, nodes[place] ?? null]))
  return ids.map((id) => (id === null ? null : (byId.get(id) ?? null)))
}

/** The slug in a global id of a type; null where it is not one. */
function slugOf(type: string, id: string): string | null {
  try {
    const decoded = decodeId(id)
    return decoded.type === type ? decoded.slug : null
  } catch {
    return null
  }
}
