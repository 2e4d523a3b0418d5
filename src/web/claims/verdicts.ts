import type { ClaimVerdict } from '../../generated/web/graphql.js'

interface VerdictWords {
  readonly name: string
  /** Tells verdicts apart without colour. */
  readonly sign: string
  /** What it means, for the glossary. */
  readonly meaning: string
}

/** Verdicts in words, from what holds to what cannot be judged. */
export const verdicts: Readonly<Record<ClaimVerdict, VerdictWords>> = {
  SUPPORTED: { name: 'supported', sign: '✓', meaning: 'The studies say so.' },
  PARTLY_SUPPORTED: { name: 'partly supported', sign: '◐', meaning: 'Part of it holds, and part does not or is not known.' },
  OVERSTATED: { name: 'overstated', sign: '▲', meaning: 'The studies show something of the kind, and less than is claimed.' },
  CONTRADICTED: { name: 'contradicted', sign: '✕', meaning: 'The studies say otherwise.' },
  UNSUPPORTED: { name: 'unsupported', sign: '?', meaning: 'A source is cited, and it does not say this. It may still be true.' },
  ANIMAL_ONLY: { name: 'animals only', sign: '◇', meaning: 'Only work in animals or in the laboratory stands behind it.' },
  NO_CITATION: { name: 'nothing cited', sign: '∅', meaning: 'The article cites nothing for it. It may still be true.' },
  NOT_ASSESSABLE: { name: 'not assessable', sign: '–', meaning: 'It cannot be checked as it is worded.' },
  OMISSION: { name: 'left out', sign: '+', meaning: 'The article does not say this, and a reader would need it.' },
}

export const verdictWords = Object.fromEntries(Object.entries(verdicts).map(([verdict, { name }]) => [verdict, name])) as Readonly<Record<ClaimVerdict, string>> // the same keys
