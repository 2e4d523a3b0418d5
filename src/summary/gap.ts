export const EvidenceGap = { NONE: 'NONE', ABSOLUTE_GAP: 'ABSOLUTE_GAP', SYNTHESIS_GAP: 'SYNTHESIS_GAP', HUMAN_GAP: 'HUMAN_GAP' } as const
export type EvidenceGap = keyof typeof EvidenceGap

/** What is known of a cell of a map, whatever subjects the filter asks for. */
export interface Known {
  readonly humanStudies: number
  /** In animals or in vitro. */
  readonly otherStudies: number
  /** A published review reports a pooled estimate for the cell. */
  readonly isPooledByReview: boolean
}

/**
 * Where evidence is missing: no study at all; none in people; or at least two in people that no published review has pooled. One study leaves
 * nothing to pool, and is no gap of this kind.
 */
export function gapOf({ humanStudies, otherStudies, isPooledByReview }: Known): EvidenceGap {
  if (humanStudies === 0) return otherStudies === 0 ? 'ABSOLUTE_GAP' : 'HUMAN_GAP'
  return humanStudies > 1 && !isPooledByReview ? 'SYNTHESIS_GAP' : 'NONE'
}
