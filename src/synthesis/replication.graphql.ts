import { PooledResult } from '../evidence/pooled.graphql.js'
import { pooledResultOrder } from '../evidence/pooled.filter.js'
import { countPooledResults, findPooledResultPage, findPooledResults, type PooledResultRecord } from '../evidence/pooled.queries.js'
import { connectionOf, connectionTypes, PageArgs, type Connection } from '../graphql/connection.js'
import type { Context } from '../graphql/context.js'
import { Args, ArgsType, Ctx, Field, FieldResolver, Int, ObjectType, Query, Resolver, Root } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { planPage } from '../graphql/keyset.js'
import sql from 'sql-template-tag'
import { Study } from '../study/study.graphql.js'
import { findStudiesBySlug } from '../study/study.queries.js'
import type { StudyRecord } from '../study/study.js'
import { ReplicationVerdict } from './replication.js'
import { replicationsOfPools, trialsOfPools, type ReplicationRecord } from './replication.queries.js'
import { Synthesis } from './synthesis.graphql.js'

describeEnum(ReplicationVerdict, 'ReplicationVerdict', 'What came of computing a published pooled result again from its trials.', {
  REPRODUCED: 'Estimate and limits agree to the printed decimals, or within one unit of the last.',
  DIFFERS: 'All its trials are held, and they give another number; `explanation` tells the cause, if it is known.',
  PARTLY_HELD: 'Some of its trials are held, or not the numbers that it pooled.',
  NOT_HELD: 'None of its trials is known to be held.',
})

@ObjectType({ simpleResolvers: true, description: 'A published pooled result beside what its trials give by the model that the review used.' })
export class Replication {
  @Field(() => PooledResult, { description: 'The pooled result as the review reports it.' })
  published!: PooledResult

  @Field(() => Synthesis, { nullable: true, description: 'The same pool from the trials held here; null where they cannot be pooled.' })
  recomputed!: Synthesis | null

  @Field(() => Int, { description: 'Trials, or comparisons of trials, of the review that are held.' })
  heldStudies!: number

  @Field(() => Int, { nullable: true, description: 'Trials that the review pooled; null where it does not say.' })
  ofStudies!: number | null

  @Field(() => Int, {
    nullable: true,
    description:
      'The largest difference of estimate and limits, in units of the last printed decimal: 0 agrees to the digit. Null where nothing was recomputed.',
  })
  unitsApart!: number | null

  @Field(() => ReplicationVerdict, { description: 'What came of it.' })
  verdict!: ReplicationVerdict

  @Field(() => String, { description: 'Why the numbers agree, or do not: model, empty cells, misprint, another selection or other counts.' })
  explanation!: string
}

const { ConnectionType: ReplicationConnection } = connectionTypes(Replication, 'Replication')

@ArgsType()
export class ReplicationListArgs extends PageArgs {
  @Field(() => [ReplicationVerdict], { nullable: true, description: 'What came of it, any of these; left out, all.' })
  verdict?: ReplicationVerdict[] | null
}

@Resolver(() => PooledResult)
export class ReplicationResolver {
  @Query(() => ReplicationConnection, {
    nullable: true,
    complexity: 200,
    description:
      'Published pooled results computed again from their trials, the latest review first. Each names its trials, their counts and the model; nothing is tuned to agree.',
  })
  async replications(
    @Args(() => ReplicationListArgs) { verdict, ...page }: ReplicationListArgs,
    @Ctx() context: Context,
  ): Promise<Connection<ReplicationRecord>> {
    const replications = context.perRequest(replicationsOfPools)
    const published = [sql`r.estimate IS NOT NULL`]
    const wanted =
      verdict == null
        ? published
        : [sql`r.slug = ANY (${(await ofVerdict(await findPooledResults(context, published), verdict)).map(({ slug }) => slug)}::text[])`]
    const found = await findPooledResultPage(context, wanted, planPage('replications', pooledResultOrder, page))
    return connectionOf(found, await allOf(found.rows), () => countPooledResults(context.database, wanted))

    async function ofVerdict(pooled: readonly PooledResultRecord[], verdicts: readonly ReplicationVerdict[]): Promise<PooledResultRecord[]> {
      const all = await allOf(pooled)
      return all.filter((replication) => verdicts.includes(replication.verdict)).map((replication) => replication.published)
    }

    async function allOf(pooled: readonly PooledResultRecord[]): Promise<ReplicationRecord[]> {
      return Promise.all(pooled.map((one) => replications.load(one)))
    }
  }

  @FieldResolver(() => Replication, {
    nullable: true,
    description: 'The same pool from the trials held here, by the model that the review used; null of pooled results without an estimate.',
  })
  replication(@Root() pooled: PooledResultRecord, @Ctx() context: Context): Promise<ReplicationRecord> | null {
    return pooled.effect.estimate === null ? null : context.perRequest(replicationsOfPools).load(pooled)
  }

  @FieldResolver(() => [Study], {
    description: 'Trials of this pool that are held; where the review’s list is not known, those on the outcome that it tabulates.',
  })
  async studies(@Root() { slug }: PooledResultRecord, @Ctx() context: Context): Promise<StudyRecord[]> {
    const { trials } = await context.perRequest(trialsOfPools).load(slug)
    const found = await findStudiesBySlug(context, [...new Set(trials)])
    return found.filter((study) => study !== null)
  }
}
