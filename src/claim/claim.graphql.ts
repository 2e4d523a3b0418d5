import { PublicError } from '../errors.js'
import { evidenceLoader } from '../evidence/evidence.queries.js'
import { Evidence } from '../evidence/evidence.graphql.js'
import type { EvidenceRecord } from '../evidence/evidence.js'
import { ClaimTopic, ClaimVerdict, Stance } from '../generated/prisma/enums.js'
import type { ClaimTopic as ClaimTopicValue, ClaimVerdict as ClaimVerdictValue, Stance as StanceValue } from '../generated/prisma/enums.js'
import { connectionOf, connectionTypes, type Connection } from '../graphql/connection.js'
import type { Context } from '../graphql/context.js'
import { Arg, Args, Ctx, Field, FieldResolver, ID, ObjectType, Query, Resolver, Root } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { planPage } from '../graphql/keyset.js'
import { requireNames } from '../graphql/names.js'
import { Node } from '../graphql/node.js'
import { slugOfId } from '../graphql/nodeId.js'
import { DateScalar, JsonScalar } from '../graphql/scalars.js'
import { Study } from '../study/study.graphql.js'
import { getStudy } from '../study/study.queries.js'
import type { StudyRecord } from '../study/study.js'
import { Condition, MagnesiumForm, Outcome } from '../vocabulary/vocabulary.graphql.js'
import { namingNearestTerms, vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { ClaimListArgs, claimOrder, claimsWanted, namesInClaims } from './claim.filter.js'
import { claimsOfStudy, countClaims, findClaimPage, findClaimsBySlug, type ClaimRecord, type FindingRecord } from './claim.queries.js'

describeEnum(Stance, 'Stance', 'How a finding bears on a claim.', {
  SUPPORTS: 'Speaks for it.',
  REFUTES: 'Speaks against it.',
  CONTEXT: 'What a reader should know beside it.',
})

@ObjectType({ implements: Node, simpleResolvers: true, description: 'An article, page or label whose claims are checked.' })
export class SourceDocument extends Node {
  @Field(() => String, { description: 'Readable, stable name.' })
  slug!: string

  @Field(() => String, { description: 'Title.' })
  title!: string

  @Field(() => [String], { description: 'Authors as printed.' })
  authors!: readonly string[]

  @Field(() => DateScalar, { nullable: true, description: 'Day of publication, where it is unambiguous.' })
  publishedOn!: string | null

  @Field(() => String, { nullable: true, description: 'What is printed, where the day is not clear.' })
  dateNote!: string | null

  @Field(() => String, { description: 'Kind of document.' })
  kind!: string

  @Field(() => String, { description: 'Language, BCP 47.' })
  language!: string
}

@ObjectType({ simpleResolvers: true, description: 'What one study says to a claim.' })
export class ClaimFinding {
  @Field(() => Stance, { description: 'For, against, or beside it.' })
  stance!: StanceValue

  @Field(() => String, { description: 'The finding in words, with its numbers.' })
  note!: string
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'Something a document asserts, and how it holds against the studies.' })
export class Claim extends Node {
  @Field(() => String, { description: 'Readable, stable name.' })
  slug!: string

  @Field(() => SourceDocument, { description: 'The document.' })
  source!: SourceDocument

  @Field(() => String, { description: 'Section of the document.' })
  section!: string

  @Field(() => String, { description: 'The assertion, in our own words.' })
  statement!: string

  @Field(() => ClaimTopic, { description: 'What it is about.' })
  topic!: ClaimTopicValue

  @Field(() => [MagnesiumForm], { description: 'Forms it is about.' })
  forms!: MagnesiumForm[]

  @Field(() => [Condition], { description: 'Conditions it is about.' })
  conditions!: Condition[]

  @Field(() => [Outcome], { description: 'Outcomes it is about.' })
  outcomes!: Outcome[]

  @Field(() => JsonScalar, { nullable: true, description: 'The numbers that the document states: [{ what, value, upper?, unit? }].' })
  stated!: unknown

  @Field(() => ClaimVerdict, { description: 'How it holds.' })
  verdict!: ClaimVerdictValue

  @Field(() => String, { description: 'Why: what the studies show.' })
  explanation!: string
}

const { ConnectionType: ClaimConnection } = connectionTypes(Claim, 'Claim')

@Resolver(() => Claim)
export class ClaimResolver {
  @Query(() => ClaimConnection, {
    nullable: true,
    description: 'What source documents assert, and how the cited studies bear it out; in the order of the document.',
  })
  async claims(@Args(() => ClaimListArgs) { filter, ...page }: ClaimListArgs, @Ctx() context: Context): Promise<Connection<ClaimRecord>> {
    const vocabulary = await vocabularyOf(context)
    return namingNearestTerms(context, async () => {
      const wanted = claimsWanted(filter ?? {}, vocabulary)
      await requireNames(context.database, namesInClaims(filter ?? {}))
      const found = await findClaimPage(context, wanted, planPage('claims', claimOrder, page))
      return connectionOf(found, found.rows, () => countClaims(context.database, wanted))
    })
  }

  @Query(() => Claim, { nullable: true, description: 'One claim, by exactly one argument; null where none is known by it.' })
  async claim(
    @Arg('id', () => ID, { nullable: true, description: 'Global id.' }) id: string | null | undefined,
    @Arg('slug', () => String, { nullable: true, description: 'Slug.' }) slug: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<ClaimRecord | null> {
    if ((id == null) === (slug == null))
      throw new PublicError('BAD_USER_INPUT', `claim takes exactly one of id, slug, got ${id == null ? 'none' : 'both'}`, { reason: 'EXACTLY_ONE_ARGUMENT' })
    const [claim] = await findClaimsBySlug(context, [id == null ? (slug ?? '') : slugOfId(id, 'Claim')])
    return claim ?? null
  }

  @FieldResolver(() => [Study], { description: 'Studies that the document cites for it; inferred from its reference list where its text has no markers.' })
  citations(@Root() { citationKeys }: ClaimRecord, @Ctx() context: Context): Promise<StudyRecord[]> {
    return Promise.all(citationKeys.map((key) => getStudy(context, key)))
  }

  @FieldResolver(() => [ClaimFinding], { description: 'What the studies say, finding by finding.' })
  findings(@Root() { findings }: ClaimRecord): readonly FindingRecord[] {
    return findings
  }
}

@Resolver(() => ClaimFinding)
export class ClaimFindingResolver {
  @FieldResolver(() => Study, { nullable: true, description: 'The study.' })
  study(@Root() { studyKey }: FindingRecord, @Ctx() context: Context): StudyRecord | Promise<StudyRecord> | null {
    return studyKey === null ? null : getStudy(context, studyKey)
  }

  @FieldResolver(() => Evidence, { nullable: true, description: 'The effect that decides, where there is one.' })
  evidence(@Root() { resultKey }: FindingRecord, @Ctx() context: Context): Promise<EvidenceRecord | null> | null {
    return resultKey === null ? null : context.perRequest(evidenceLoader).load(resultKey)
  }
}

@Resolver(() => Study)
export class StudyClaimsResolver {
  @FieldResolver(() => [Claim], { description: 'Claims that cite the study or are judged by it.' })
  claims(@Root() { key }: StudyRecord, @Ctx() context: Context): Promise<ClaimRecord[]> {
    return context.perRequest(claimsOfStudy).load(key)
  }
}
