import { Field, ID, InterfaceType } from './decorators.js'

@InterfaceType({
  description: 'Anything with an id of its own: ids are global, opaque and stable, and node(id) gives the thing back.',
})
export abstract class Node {
  @Field(() => ID, { description: 'Global id, stable for ever.' })
  id!: string
}
