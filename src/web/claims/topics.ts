import type { ClaimTopic } from '../../generated/web/graphql.js'

/** What a claim is about, in words. */
export const topicWords: Readonly<Record<ClaimTopic, string>> = {
  EFFICACY: 'whether it helps',
  MECHANISM: 'how it works',
  PHYSIOLOGY: 'the body',
  COFACTOR: 'what it works with',
  BIOAVAILABILITY: 'uptake',
  DEFICIENCY_CAUSE: 'causes of deficiency',
  SAFETY: 'safety',
  CONTRAINDICATION: 'who should not take it',
  INTERACTION: 'interactions',
  BIBLIOGRAPHIC: 'what a source says of itself',
}
