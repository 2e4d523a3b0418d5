import { PublicError } from '../errors.js'
import type { Context } from '../graphql/context.js'
import { Arg, Ctx, Field, Float, ID, ObjectType, Query, Resolver } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { slugOfId } from '../graphql/nodeId.js'
import { ChangeCause, differenceOf, type Difference } from './difference.js'
import { Synthesis } from './synthesis.graphql.js'
import { findSyntheses, type SynthesisRecord } from './synthesis.queries.js'

describeEnum(ChangeCause, 'ChangeCause', 'What stands between two syntheses.', {
  EDITED: 'The same effects with other numbers.',
  REMOVED: 'Effects that are no longer there: taken out of the data, retracted, or outside the second filter.',
  ADDED: 'Effects that were not there before.',
  CHOICE: 'Another measure, model, estimator, interval, level, rule or grouping.',
})

@ObjectType({ simpleResolvers: true, description: 'A pool on the way from one synthesis to the other.' })
export class SynthesisDifferenceStep {
  @Field(() => ChangeCause, { description: 'What kind of change.' })
  cause!: ChangeCause

  @Field(() => String, { description: 'Slugs of the effects, or the choice with its two values.' })
  what!: string

  @Field(() => Float, { nullable: true, description: 'Pooled estimate after the step, as it is shown; null where it has no answer.' })
  estimate!: number | null

  @Field(() => Float, { nullable: true, description: 'Lower confidence limit.' })
  ciLower!: number | null

  @Field(() => Float, { nullable: true, description: 'Upper confidence limit.' })
  ciUpper!: number | null

  @Field(() => Float, { nullable: true, description: 'What the step moved the estimate by, on the analysis scale; null where the measure changed.' })
  shift!: number | null
}

@ObjectType({ simpleResolvers: true, description: 'A study whose effects differ between two syntheses.' })
export class ChangedStudy {
  @Field(() => String, { description: 'Slug of the study.' })
  study!: string

  @Field(() => String, { description: 'First author and year.' })
  label!: string

  @Field(() => ChangeCause, { description: 'What happened to its effects.' })
  cause!: ChangeCause

  @Field(() => [String], { description: 'Slugs of the effects that differ.' })
  evidence!: readonly string[]

  @Field(() => Float, {
    nullable: true,
    description: 'What this study alone moves the first synthesis by, on the analysis scale; null where that has no answer, or more than 200 effects differ.',
  })
  shift!: number | null
}

@ObjectType({ simpleResolvers: true, description: 'A choice that differs between two syntheses.' })
export class ChangedChoice {
  @Field(() => String, { description: 'Which choice.' })
  name!: string

  @Field(() => String, { description: 'Its value in the first.' })
  from!: string

  @Field(() => String, { description: 'Its value in the second.' })
  to!: string
}

@ObjectType({ simpleResolvers: true, description: 'Which studies, edits or choices moved the estimate from one synthesis to another.' })
export class SynthesisDifference {
  @Field(() => Synthesis, { description: 'The first.' })
  from!: Synthesis

  @Field(() => Synthesis, { description: 'The second.' })
  to!: Synthesis

  @Field(() => [ChangedChoice], { description: 'Choices that differ.' })
  choices!: readonly ChangedChoice[]

  @Field(() => [ChangedStudy], { description: 'Studies whose effects differ.' })
  studies!: readonly ChangedStudy[]

  @Field(() => [SynthesisDifferenceStep], {
    description: 'The way from the first to the second: edits, removals, additions, then each choice. Shifts sum to the whole.',
  })
  steps!: readonly SynthesisDifferenceStep[]

  @Field(() => Float, { nullable: true, description: 'The whole shift of the estimate, on the analysis scale; null where the measures differ.' })
  shift!: number | null
}

@Resolver()
export class SynthesisDifferenceResolver {
  @Query(() => SynthesisDifference, {
    nullable: true,
    complexity: 1_000,
    description: 'Compares two kept syntheses: which studies, edits or choices moved the estimate. Both ids must have been asked for before.',
  })
  async synthesisDiff(
    @Arg('from', () => ID, { description: 'Id of the first.' }) from: string,
    @Arg('to', () => ID, { description: 'Id of the second.' }) to: string,
    @Ctx() context: Context,
  ): Promise<Difference & { readonly from: SynthesisRecord; readonly to: SynthesisRecord }> {
    const [first, second] = await findSyntheses(
      context,
      [from, to].map((id) => slugOfId(id, 'Synthesis')),
    )
    if (first == null || second == null)
      throw new PublicError('BAD_USER_INPUT', `no synthesis is kept under the id "${first == null ? from : to}": ask synthesis for its id first`, {
        reason: 'UNKNOWN_SYNTHESIS',
        argument: first == null ? 'from' : 'to',
      })
    return { ...differenceOf(first.synthesis, second.synthesis), from: first, to: second }
  }
}
