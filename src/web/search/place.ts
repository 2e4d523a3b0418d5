import type { SearchKind } from '../../generated/web/graphql.js'

export const kindWords: Readonly<Record<SearchKind, string>> = {
  STUDY: 'study',
  CONDITION: 'condition',
  FORM: 'form',
  OUTCOME: 'outcome',
  INSTRUMENT: 'instrument',
  TREATMENT: 'treatment',
  CLAIM: 'claim',
}

export const kindsWords: Readonly<Record<SearchKind, string>> = {
  STUDY: 'studies',
  CONDITION: 'conditions',
  FORM: 'forms',
  OUTCOME: 'outcomes',
  INSTRUMENT: 'instruments',
  TREATMENT: 'treatments',
  CLAIM: 'claims',
}

/** A condition leads to its outcomes, an outcome to its studies. */
export const kindOrder: readonly SearchKind[] = ['CONDITION', 'FORM', 'OUTCOME', 'TREATMENT', 'STUDY', 'CLAIM', 'INSTRUMENT']

/** Where a hit is shown. */
export function placeOf(kind: SearchKind, slug: string): string {
  if (kind === 'STUDY') return `/studies/${slug}`
  if (kind === 'CONDITION') return `/conditions/${slug}`
  if (kind === 'FORM') return `/forms/${slug}`
  if (kind === 'CLAIM') return `/claims/${slug}`
  if (kind === 'TREATMENT') return `/evidence?agent=${slug}`
  return `/evidence?${kind === 'OUTCOME' ? 'outcome' : 'instrument'}=${slug}`
}
