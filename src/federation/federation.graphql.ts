import { GraphQLScalarType, type GraphQLResolveInfo } from 'graphql'
import { Claim, SourceDocument } from '../claim/claim.graphql.js'
import { Contraindication, Interaction } from '../claim/safety.graphql.js'
import type { PublicError } from '../errors.js'
import { Evidence } from '../evidence/evidence.graphql.js'
import { PooledResult } from '../evidence/pooled.graphql.js'
import { requireAtMost } from '../graphql/atMost.js'
import type { Context } from '../graphql/context.js'
import { Arg, createUnionType, Ctx, Field, Info, ObjectType, Query, Resolver } from '../graphql/decorators.js'
import type { Node } from '../graphql/node.js'
import { Arm, Dose, Population, Publication, RiskOfBias, Study } from '../study/study.graphql.js'
import { Synthesis } from '../synthesis/synthesis.graphql.js'
import { Condition, Instrument, MagnesiumForm, Outcome, Treatment } from '../vocabulary/vocabulary.graphql.js'
import { findEntities } from './entities.js'
import { maxRepresentations, readRepresentation } from './representation.js'
import { subgraphSdl } from './subgraphSdl.js'

const AnyRepresentation = new GraphQLScalarType<unknown>({
  name: '_Any',
  description: 'A thing as another graph refers to it: its __typename and one of its keys.',
})

const EntityUnion = createUnionType({
  name: '_Entity',
  description: 'Anything that other graphs refer to.',
  types: () =>
    [
      ...([Study, Condition, MagnesiumForm, Outcome, Instrument, Treatment, Evidence, Publication, Population, Arm, Dose] as const),
      ...([RiskOfBias, PooledResult, Synthesis, Claim, SourceDocument, Interaction, Contraindication] as const),
    ] as const,
})

@ObjectType('_Service', { simpleResolvers: true, description: 'This graph as gateways and composition take it in.' })
class FederatedService {
  @Field(() => String, { description: 'The schema with the directives of Apollo Federation 2.' })
  sdl!: string
}

/** What makes this API a subgraph of Apollo Federation 2; names as the specification prescribes them. */
@Resolver()
export class FederationResolver {
  @Query(() => FederatedService, { description: 'For gateways and composition: this graph’s schema.' })
  _service(@Info() { schema }: GraphQLResolveInfo): FederatedService {
    return { sdl: subgraphSdl(schema) }
  }

  @Query(() => [EntityUnion], {
    nullable: 'items',
    description: `For gateways: the things that these name, in their order; null where there is none, with an error where one is malformed. At most ${maxRepresentations}.`,
  })
  _entities(
    @Arg('representations', () => [AnyRepresentation], { description: 'Each the __typename and a key of one thing.' }) representations: unknown[],
    @Ctx() context: Context,
  ): Promise<(Node | PublicError | null)[]> {
    const noun = 'representations'
    requireAtMost(representations.length, { reason: 'TOO_MANY_REPRESENTATIONS', argument: noun, taker: '_entities', noun, limit: maxRepresentations })
    return findEntities(context, representations.map(readRepresentation))
  }
}
