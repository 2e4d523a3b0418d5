import sql, { type Sql } from 'sql-template-tag'
import { ClaimTopic, ClaimVerdict } from '../generated/prisma/enums.js'
import { PageArgs } from '../graphql/connection.js'
import { ArgsType, Field, InputType } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import type { GivenName, Nameable } from '../graphql/names.js'
import { slugsNamed } from '../graphql/nodeId.js'
import type { SortKey } from '../graphql/keyset.js'
import { foundBy, wordsHelp } from '../study/words.js'
import { refHelp } from '../vocabulary/vocabulary.graphql.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'

describeEnum(ClaimTopic, 'ClaimTopic', 'What a claim is about.', {
  EFFICACY: 'What magnesium does for patients.',
  MECHANISM: 'How it is said to work.',
  PHYSIOLOGY: 'What it does in the body.',
  BIOAVAILABILITY: 'How forms are absorbed.',
  DEFICIENCY_CAUSE: 'What causes a deficiency, or goes with one.',
  INTERACTION: 'Medicines and supplements.',
  CONTRAINDICATION: 'Who should not take it.',
  SAFETY: 'Unwanted effects and limits.',
  COFACTOR: 'Other substances named beside it.',
  BIBLIOGRAPHIC: 'What a study is said to be or to have done.',
})
describeEnum(ClaimVerdict, 'ClaimVerdict', 'How a claim holds against the studies.', {
  SUPPORTED: 'The studies say so.',
  PARTLY_SUPPORTED: 'Part of it holds.',
  OVERSTATED: 'The studies show less than is claimed.',
  CONTRADICTED: 'The studies say otherwise.',
  UNSUPPORTED: 'Not found in what it cites.',
  ANIMAL_ONLY: 'Only animal or laboratory work stands behind it.',
  NO_CITATION: 'Nothing is cited for it.',
  NOT_ASSESSABLE: 'Cannot be checked.',
  OMISSION: 'What the document leaves out and a reader needs.',
})

@InputType({ description: 'Which claims to list; what is left out restricts nothing.' })
export class ClaimFilter {
  @Field(() => String, { nullable: true, description: 'Slug or global id of the document.' })
  source?: string | null

  @Field(() => [ClaimTopic], { nullable: true, description: 'Topics, any of them.' })
  topics?: ClaimTopic[] | null

  @Field(() => [ClaimVerdict], { nullable: true, description: 'Verdicts, any of them.' })
  verdicts?: ClaimVerdict[] | null

  @Field(() => [String], { nullable: true, description: `Forms the claim is about, narrower ones included: ${refHelp}.` })
  forms?: string[] | null

  @Field(() => [String], { nullable: true, description: `Conditions the claim is about, narrower ones included: ${refHelp}.` })
  conditions?: string[] | null

  @Field(() => String, { nullable: true, description: `Words in the claim or its explanation; ${wordsHelp}` })
  text?: string | null
}

@ArgsType()
export class ClaimListArgs extends PageArgs {
  @Field(() => ClaimFilter, { nullable: true, description: 'Which claims to list, in the order of their document.' })
  filter?: ClaimFilter | null
}

const documentSlug = (ref: string) => slugsNamed([ref], 'SourceDocument', 'source')[0] ?? ref

const documentSlugs: Nameable = {
  noun: 'source document',
  reason: 'UNKNOWN_DOCUMENT',
  read: documentSlug,
  names: sql`SELECT slug AS name FROM source_document`,
  having: sql`SELECT FROM source_document WHERE slug = asked.ref`,
}

/** The document that a filter names. */
export const namesInClaims = ({ source }: ClaimFilter): GivenName[] => (source == null ? [] : [{ nameable: documentSlugs, argument: 'source', ref: source }])

export function claimsWanted(filter: ClaimFilter, { conditions, forms }: Vocabulary): Sql[] {
  return [
    ...(filter.source == null ? [] : [sql`c.document_id IN (SELECT id FROM source_document WHERE slug = ${documentSlug(filter.source)})`]),
    ...(filter.topics?.length ? [sql`c.topic = ANY (${filter.topics}::claim_topic[])`] : []),
    ...(filter.verdicts?.length ? [sql`c.verdict = ANY (${filter.verdicts}::claim_verdict[])`] : []),
    ...(filter.forms?.length ? [sql`c.id IN (SELECT claim_id FROM claim_form WHERE form_id = ANY (${forms.keysNamed(filter.forms, true)}::int[]))`] : []),
    ...(filter.conditions?.length
      ? [sql`c.id IN (SELECT claim_id FROM claim_condition WHERE condition_id = ANY (${conditions.keysNamed(filter.conditions, true)}::int[]))`]
      : []),
    ...(filter.text?.trim() ? [sql`c.id IN (${foundBy('CLAIM', filter.text)})`] : []),
  ]
}

/** The order of the documents. */
export const claimOrder: SortKey[] = [
  { name: 'DOCUMENT', sql: sql`c.document_id`, type: 'integer', direction: 'ASC' },
  { name: 'POSITION', sql: sql`c.position`, type: 'integer', direction: 'ASC' },
]
