import { Field, Float, ObjectType } from '../graphql/decorators.js'
import type { AbsoluteEffect } from './perThousand.js'

@ObjectType({ simpleResolvers: true, description: 'A pooled effect on an event, in people of a thousand.' })
export class PerThousand implements AbsoluteEffect {
  @Field(() => Float, { description: 'Risk under what magnesium is compared with, from 0 to 1.' })
  baseline!: number

  @Field(() => String, { description: 'Where that risk comes from.' })
  baselineSource!: string

  @Field(() => Float, { description: 'People of a thousand with the event without magnesium.' })
  without!: number

  @Field(() => Float, { description: 'People of a thousand with the event with magnesium.' })
  with!: number

  @Field(() => Float, { description: 'With less without: negative where fewer have the event.' })
  difference!: number

  @Field(() => Float, { description: 'Lower limit of the difference, of the interval of the estimate.' })
  lower!: number

  @Field(() => Float, { description: 'Upper limit.' })
  upper!: number

  @Field(() => Float, { nullable: true, description: 'People to treat for one event more or fewer; null where the interval includes no effect.' })
  numberNeeded!: number | null
}
