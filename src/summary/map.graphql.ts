import { EvidenceFilter } from '../evidence/evidence.filter.js'
import type { Context } from '../graphql/context.js'
import { Arg, Ctx, Field, FieldResolver, Float, Int, ObjectType, Query, Resolver, Root } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { SummaryGroup } from '../synthesis/groups.js'
import { mapEvidence, type EvidenceMapRecord, type MapCellRecord } from './evidenceMap.js'
import { EvidenceGap } from './gap.js'
import { benefitOf, EvidenceSummary } from './summary.graphql.js'
import { summaryLimits } from './summaryList.js'

describeEnum(EvidenceGap, 'EvidenceGap', 'Whether evidence is missing, whatever subjects the filter asks for.', {
  NONE: 'There are studies in people: one, or several that a published review has pooled.',
  ABSOLUTE_GAP: 'No study at all.',
  SYNTHESIS_GAP:
    'Two or more studies in people, and no published pooled estimate of just this condition, form or outcome. A review that names no form pooled all of them, and so none in particular; of designs, comparators, routes, doses and risks a review is taken to pool any.',
  HUMAN_GAP: 'Studies in animals or in vitro, and none in people.',
})

@ObjectType({ simpleResolvers: true, description: 'A row or column of a map.' })
export class MapAxis {
  @Field(() => String, { description: 'Slug of the term, or the word for the value.' })
  slug!: string

  @Field(() => String, { description: 'The same for a reader.' })
  name!: string
}

@ObjectType({
  simpleResolvers: true,
  description: 'Where a row and a column of a map meet. Counts of effects, studies and participants are those of `summary`.',
})
export class MapCell {
  @Field(() => String, { description: 'Slug of the row.' })
  row!: string

  @Field(() => String, { description: 'Slug of the column.' })
  column!: string

  @Field(() => Int, { description: 'Studies in people that the rest of the filter selects.' })
  humanStudies!: number

  @Field(() => Int, { description: 'Studies in animals or in vitro that the rest of the filter selects.' })
  otherStudies!: number

  @Field(() => Boolean, { description: 'True: a published review reports a pooled estimate of just this condition, form or outcome.' })
  isPooledByReview!: boolean

  @Field(() => EvidenceSummary, {
    nullable: true,
    description:
      'What the effects say together that answer the cell’s first question: randomised before observational, against nothing active before other comparisons. Null where the filter selects none.',
  })
  summary!: EvidenceSummary | null

  @Field(() => [EvidenceSummary], { description: 'One for each comparison and class of evidence that the cell holds; `summary` is the first of them.' })
  summaries!: readonly EvidenceSummary[]

  @Field(() => EvidenceGap, { nullable: true, description: 'Whether evidence is missing here.' })
  gap!: EvidenceGap
}

@ObjectType({ simpleResolvers: true, description: 'A grid of where evidence is and where it is missing.' })
export class EvidenceMap {
  @Field(() => [MapAxis], { description: 'Rows with any study, in people or not.' })
  rows!: readonly MapAxis[]

  @Field(() => [MapAxis], { description: 'Columns with any study, in people or not.' })
  columns!: readonly MapAxis[]

  @Field(() => [MapCell], { description: 'Row by row. Where the map is complete, every cell; else those with any study.' })
  cells!: readonly MapCell[]

  @Field(() => Boolean, { description: `True: cells without any study are there too, which they are up to ${summaryLimits.mapSize} cells.` })
  isComplete!: boolean
}

@Resolver(() => EvidenceMap)
export class EvidenceMapResolver {
  @Query(() => EvidenceMap, {
    nullable: true,
    complexity: summaryLimits.cost,
    description:
      'Condition × form (or any two other kinds of group): where evidence is and where it is missing. Its cells are the summaries of `evidenceSummaries` by both.',
  })
  evidenceMap(
    @Arg('filter', () => EvidenceFilter, {
      nullable: true,
      description: 'Which effects: the same filter as that of `evidence`. In people and not retracted, unless it says otherwise.',
    })
    filter: EvidenceFilter | null | undefined,
    @Arg('rows', () => SummaryGroup, { nullable: true, defaultValue: 'CONDITION', description: 'What the rows are.' }) rows: SummaryGroup,
    @Arg('columns', () => SummaryGroup, { nullable: true, defaultValue: 'FORM', description: 'What the columns are.' }) columns: SummaryGroup,
    @Ctx() context: Context,
  ): Promise<EvidenceMapRecord> {
    return mapEvidence(context, { filter: filter ?? null, rows, columns })
  }
}

@Resolver(() => MapCell)
export class MapCellResolver {
  @FieldResolver(() => Int, { description: 'Effects.' })
  effects(@Root() { summary }: MapCellRecord): number {
    return summary?.effects ?? 0
  }

  @FieldResolver(() => Int, { description: 'Studies behind them.' })
  studies(@Root() { summary }: MapCellRecord): number {
    return summary?.studies ?? 0
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Participants: of each study the largest number that an effect of it has; null where no effect tells.',
  })
  participants(@Root() { summary }: MapCellRecord): number | null {
    return summary?.participants ?? null
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'Hedges-g equivalent, positive = favours magnesium: pooled over the effects that convert, else the median of the effects’ own; null where no effect has one.',
  })
  standardizedBenefit(@Root() { summary }: MapCellRecord, @Ctx() context: Context): number | null | Promise<number | null> {
    return summary === null ? null : benefitOf(summary, context)
  }
}
