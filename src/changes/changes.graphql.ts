import DataLoader from 'dataloader'
import { DatasetCounts } from '../dataset/dataset.graphql.js'
import { PublicError } from '../errors.js'
import { connectionOf, connectionTypes, PageArgs, type Connection } from '../graphql/connection.js'
import type { Context } from '../graphql/context.js'
import { Args, Ctx, Field, FieldResolver, ObjectType, Query, Resolver, Root } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { planPage } from '../graphql/keyset.js'
import { Node } from '../graphql/node.js'
import { encodeId } from '../graphql/nodeId.js'
import { DateTimeScalar } from '../graphql/scalars.js'
import { findNodes } from '../node.graphql.js'
import { ChangeKind, changeLimits, ChangeRecording } from './change.js'
import { ChangeListArgs, changesWanted } from './changes.filter.js'
import {
  changeOrder,
  countChanges,
  countRevisions,
  findChangePage,
  findRevisionPage,
  findRevisionsBetween,
  revisionOrder,
  type ChangeRecord,
  type ChangesWanted,
  type RevisionRecord,
} from './changes.queries.js'

describeEnum(ChangeKind, 'ChangeKind', 'What became of a subject.', {
  ADDED: 'It was not there before.',
  CHANGED: 'Values of it were added, corrected or removed.',
  REMOVED: 'It is not there any more.',
  STATUS: 'A notice about a publication was added, changed or removed: a correction, a concern or a retraction.',
})

describeEnum(ChangeRecording, 'ChangeRecording', 'What is known of the changes that a revision brought.', {
  RECORDED: '`changes` lists all of them; none if the revision has only new formulas.',
  EVERYTHING_ADDED: 'It was the first import: one change says how much it added.',
  NOT_RECORDED: 'The import was made by a release that recorded no changes, or followed one: what it changed is not known.',
})

@ObjectType({ simpleResolvers: true, description: 'A state of the data: an import that changed something.' })
export class Revision {
  @Field(() => String, { description: 'Fingerprint of the data: the `dataRevision` of `dataset` and of answers. A state that comes back has the same.' })
  revision!: string

  @Field(() => DateTimeScalar, { description: 'When it was imported here.' })
  importedAt!: Date

  @Field(() => String, { nullable: true, description: 'Release of the service that imported it; null if that was not recorded.' })
  release!: string | null

  @Field(() => String, { description: 'Version of the formulas.' })
  engineVersion!: string
}

const { ConnectionType: RevisionConnection } = connectionTypes(Revision, 'Revision')

@Resolver(() => Revision)
export class RevisionResolver {
  @Query(() => RevisionConnection, { nullable: true, description: 'The states that the data had here, the newest first.' })
  async revisions(@Args(() => PageArgs) page: PageArgs, @Ctx() { database, dataRevision }: Context): Promise<Connection<RevisionRecord>> {
    const found = await findRevisionPage(database, dataRevision.id, planPage('revisions', revisionOrder, page))
    return connectionOf(found, found.rows, () => countRevisions(database, dataRevision.id))
  }

  @FieldResolver(() => DatasetCounts, { description: 'Rows by kind.' })
  counts(@Root() { counts }: RevisionRecord): DatasetCounts {
    return DatasetCounts.of(counts)
  }

  @FieldResolver(() => ChangeRecording, { description: 'What is known of the changes that it brought.' })
  changeRecording(@Root() { changeRecord }: RevisionRecord): ChangeRecording {
    return changeRecord ?? 'NOT_RECORDED'
  }
}

@ObjectType({
  simpleResolvers: true,
  description: 'What a revision changed of one subject: a study, a publication, a term, a document, a claim, an interaction or a contraindication.',
})
export class Change {
  @Field(() => ChangeKind, { description: 'What became of the subject.' })
  kind!: ChangeKind

  @Field(() => DateTimeScalar, { description: 'When it was imported here.' })
  at!: Date

  @Field(() => String, { description: 'Fingerprint of the revision that brought it.' })
  revision!: string

  @Field(() => String, { nullable: true, description: 'Type of the subject, such as Study; null of the first import, which added everything.' })
  subjectType!: string | null

  @Field(() => String, { nullable: true, description: 'Slug of the subject, also of one that is gone; null of the first import.' })
  subjectSlug!: string | null

  @Field(() => [String], {
    description: `A line for each value: "results.phq9-6wk.reported.estimate: -6 → -5.8". What is added or removed as a whole is named. At most ${changeLimits.lines} lines; the last one then says how many more there are.`,
  })
  what!: readonly string[]
}

const { ConnectionType } = connectionTypes(Change, 'Change')

@ObjectType({ simpleResolvers: true, description: 'A page of changes, those of the newest revision first.' })
export class ChangeConnection extends ConnectionType {}

/** A page with the question that it answers. */
interface ChangeList extends Connection<ChangeRecord> {
  readonly wanted: ChangesWanted
}

@Resolver(() => Change)
export class ChangeResolver {
  @Query(() => ChangeConnection, {
    nullable: true,
    description:
      'What was added, corrected or removed, subject by subject, the newest revision first. `notRecorded` names revisions whose changes are not known.',
  })
  async changes(@Args(() => ChangeListArgs) asked: ChangeListArgs, @Ctx() context: Context): Promise<ChangeList> {
    const wanted = await changesWanted(context, asked)
    const found = await findChangePage(context.database, wanted, planPage('changes', changeOrder, asked))
    return { ...connectionOf(found, found.rows, () => countChanges(context.database, wanted)), wanted }
  }

  @FieldResolver(() => Node, { nullable: true, description: 'The subject as it is now; null if it is gone, and of the first import.' })
  async subject(@Root() { subjectType, subjectSlug }: ChangeRecord, @Ctx() context: Context): Promise<Node | null> {
    return subjectType === null || subjectSlug === null ? null : context.perRequest(nodeLoader).load(encodeId(subjectType, subjectSlug))
  }
}

@Resolver(() => ChangeConnection)
export class ChangeConnectionResolver {
  @FieldResolver(() => [Revision], { description: 'Revisions of the time asked for whose changes were not recorded. What they changed is not listed.' })
  async notRecorded(@Root() { wanted }: ChangeList, @Ctx() { database }: Context): Promise<RevisionRecord[]> {
    return (await findRevisionsBetween(database, wanted)).filter(({ changeRecord }) => changeRecord === null)
  }
}

const nodeLoader = (context: Context) =>
  new DataLoader<string, Node | null>(async (ids) => (await findNodes(context, ids)).map((node) => (node instanceof PublicError ? null : node)))
