import type { ClaimVerdict } from '../../generated/web/graphql.js'

/** Verdicts in words, from what holds to what cannot be judged. */
export const verdictWords: Readonly<Record<ClaimVerdict, string>> = {
  SUPPORTED: 'supported',
  PARTLY_SUPPORTED: 'partly supported',
  OVERSTATED: 'overstated',
  CONTRADICTED: 'contradicted',
  UNSUPPORTED: 'unsupported',
  ANIMAL_ONLY: 'animals only',
  NO_CITATION: 'nothing cited',
  NOT_ASSESSABLE: 'not assessable',
  OMISSION: 'left out',
}
