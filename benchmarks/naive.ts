// The control: type-graphql over Prisma as it is usually written, a resolver and a query for each relation, no loaders: tsx benchmarks/naive.ts <url>
import type { AddressInfo } from 'node:net'
import { ApolloServer } from '@apollo/server'
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify'
import { PrismaPg } from '@prisma/adapter-pg'
import Fastify from 'fastify'
import { GraphQLScalarType } from 'graphql'
import { PrismaClient, type Prisma } from '../src/generated/prisma/client.js'
import type { StudyDesign } from '../src/generated/prisma/enums.js'
import {
  Arg,
  buildSchemaSync,
  createUnionType,
  Field,
  FieldResolver,
  Float,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from '../src/graphql/decorators.js'

const [url = ''] = process.argv.slice(2)
const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 10 }) })

@ObjectType()
class Term {
  id!: number
  @Field(() => String) slug!: string
  @Field(() => String) name!: string
}

@ObjectType()
class EffectSize {
  @Field(() => String) measure!: string
  @Field(() => Float, { nullable: true }) estimate!: number | null
  @Field(() => Float, { nullable: true }) standardError!: number | null
  @Field(() => Float, { nullable: true }) ciLower!: number | null
  @Field(() => Float, { nullable: true }) ciUpper!: number | null
  @Field(() => Float, { nullable: true }) pValue!: number | null
}

@ObjectType()
class Population {
  id!: number
  @Field(() => String) label!: string
  @Field(() => Int, { nullable: true }) participants!: number | null
  @Field(() => Float, { nullable: true }) meanAge!: number | null
  @Field(() => Float, { nullable: true }) femalePercent!: number | null
}

@ObjectType()
class Arm {
  id!: number
  @Field(() => String) label!: string
  @Field(() => String) role!: string
}

@ObjectType()
class Dose {
  formId!: number
  @Field(() => String) route!: string
  @Field(() => Float, { nullable: true }) elementalMgPerDayLow!: number | null
  @Field(() => Float, { nullable: true }) elementalMgPerDayHigh!: number | null
  @Field(() => Float, { nullable: true }) startDay!: number | null
  @Field(() => Float, { nullable: true }) endDay!: number | null
}

@ObjectType()
class Author {
  @Field(() => String, { nullable: true }) family!: string | null
}

@ObjectType()
class Publication {
  @Field(() => String) title!: string
  @Field(() => String, { nullable: true }) doi!: string | null
  @Field(() => String, { nullable: true }) pmid!: string | null
  @Field(() => Int, { nullable: true }) year!: number | null
}

@ObjectType()
class Masking {
  @Field(() => String) participants!: string
  @Field(() => String) providers!: string
  @Field(() => String) assessors!: string
}

@ObjectType()
class Study {
  id!: number
  maskingParticipants!: string
  maskingProviders!: string
  maskingAssessors!: string
  @Field(() => String) slug!: string
  @Field(() => String) title!: string
  @Field(() => String) design!: string
  @Field(() => Int, { nullable: true }) participantsAnalysed!: number | null
}

@ObjectType()
class Evidence {
  id!: number
  studyId!: number
  populationId!: number
  interventionArmId!: number | null
  comparatorArmId!: number | null
  outcomeId!: number
  conditionId!: number
  formId!: number | null
  @Field(() => String) slug!: string
  @Field(() => Float, { nullable: true }) standardizedBenefit!: number | null
  @Field(() => String) direction!: string
  @Field(() => Int, { nullable: true }) participants!: number | null
}

@ObjectType()
class PageInfo {
  @Field(() => String, { nullable: true }) endCursor!: string | null
  @Field(() => Boolean) hasNextPage!: boolean
}

@ObjectType()
class TermCount {
  @Field(() => String) slug!: string
  @Field(() => Int) count!: number
  @Field(() => Int) studies!: number
}

@ObjectType()
class ValueCount {
  @Field(() => String) value!: string
  @Field(() => Int) count!: number
  @Field(() => Int) studies!: number
}

@ObjectType()
class Facets {
  where!: Prisma.EvidenceRowWhereInput
}

@ObjectType()
class EvidenceConnection {
  where!: Prisma.EvidenceRowWhereInput
  @Field(() => PageInfo) pageInfo!: PageInfo
  @Field(() => [Evidence]) nodes!: Evidence[]
}

@ObjectType()
class Hit {
  @Field(() => String) kind!: string
  @Field(() => String) slug!: string
  @Field(() => String) title!: string
  @Field(() => Float) score!: number
}

@ObjectType()
class Hits {
  @Field(() => [Hit]) nodes!: Hit[]
}

@InputType()
class Range {
  @Field(() => Int, { nullable: true }) gte?: number
}

@InputType()
class EvidenceFilter {
  @Field(() => [String], { nullable: true }) conditions?: string[]
  @Field(() => [String], { nullable: true }) forms?: string[]
  @Field(() => [String], { nullable: true }) outcomes?: string[]
  @Field(() => [String], { nullable: true }) designs?: StudyDesign[]
  @Field(() => Range, { nullable: true }) year?: Range
  @Field(() => Range, { nullable: true }) participants?: Range
  @Field(() => Boolean, { nullable: true }) includeNarrower?: boolean
}

@InputType()
class EvidenceOrder {
  @Field(() => String) field!: string
  @Field(() => String) direction!: string
  @Field(() => String, { nullable: true }) nulls?: string
}

const AnyScalar = new GraphQLScalarType<unknown>({ name: '_Any' })
const Entity = createUnionType({ name: '_Entity', types: () => [Study] as const, resolveType: () => Study })

async function whereOf({ conditions, forms, outcomes, designs, year, participants }: EvidenceFilter): Promise<Prisma.EvidenceRowWhereInput> {
  const keys = (terms: Promise<{ id: number }[]>) => terms.then((found) => found.map(({ id }) => id))
  const formKeys = forms && (await keys(prisma.magnesiumForm.findMany({ where: { slug: { in: forms } }, select: { id: true } })))
  return {
    subjects: 'HUMAN',
    retracted: false,
    ...(conditions && { conditionId: { in: await keys(prisma.condition.findMany({ where: { slug: { in: conditions } }, select: { id: true } })) } }),
    ...(formKeys && { formIds: { hasSome: formKeys } }),
    ...(outcomes && { outcomeId: { in: await keys(prisma.outcome.findMany({ where: { slug: { in: outcomes } }, select: { id: true } })) } }),
    ...(designs && { design: { in: designs } }),
    ...(year?.gte !== undefined && { year: { gte: year.gte } }),
    ...(participants?.gte !== undefined && { participants: { gte: participants.gte } }),
  }
}

@Resolver(() => Evidence)
class EvidenceResolver {
  @Query(() => EvidenceConnection)
  async evidence(
    @Arg('filter', () => EvidenceFilter, { nullable: true }) filter: EvidenceFilter | null,
    @Arg('orderBy', () => [EvidenceOrder], { nullable: true }) orderBy: EvidenceOrder[] | null,
    @Arg('first', () => Int) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<EvidenceConnection> {
    const where = await whereOf(filter ?? {})
    if (first === 0) return { where, nodes: [], pageInfo: { endCursor: null, hasNextPage: false } }
    const found = await prisma.evidenceRow.findMany({
      where,
      orderBy: orderBy?.length ? [{ standardizedBenefit: { sort: 'desc', nulls: 'last' } }, { id: 'desc' }] : [{ studySlug: 'asc' }, { id: 'asc' }],
      take: first + 1,
      ...(after != null && { cursor: { id: cursorKey(after) }, skip: 1 }),
    })
    const nodes = found.slice(0, first)
    return { where, nodes, pageInfo: { endCursor: String(nodes.at(-1)?.id ?? ''), hasNextPage: found.length > first } }
  }

  @FieldResolver(() => EffectSize)
  effect(@Root() row: EffectSize): EffectSize {
    return row
  }

  @FieldResolver(() => Study)
  study(@Root() { studyId }: Evidence): Promise<Study> {
    return prisma.study.findUniqueOrThrow({ where: { id: studyId } })
  }

  @FieldResolver(() => Population)
  population(@Root() { populationId }: Evidence): Promise<Population> {
    return prisma.population.findUniqueOrThrow({ where: { id: populationId } })
  }

  @FieldResolver(() => Arm, { nullable: true })
  intervention(@Root() { interventionArmId }: Evidence): Promise<Arm | null> | null {
    return interventionArmId === null ? null : prisma.arm.findUnique({ where: { id: interventionArmId } })
  }

  @FieldResolver(() => Arm, { nullable: true })
  comparator(@Root() { comparatorArmId }: Evidence): Promise<Arm | null> | null {
    return comparatorArmId === null ? null : prisma.arm.findUnique({ where: { id: comparatorArmId } })
  }

  @FieldResolver(() => Term)
  outcome(@Root() { outcomeId }: Evidence): Promise<Term> {
    return prisma.outcome.findUniqueOrThrow({ where: { id: outcomeId } })
  }

  @FieldResolver(() => Term)
  condition(@Root() { conditionId }: Evidence): Promise<Term> {
    return prisma.condition.findUniqueOrThrow({ where: { id: conditionId } })
  }

  @FieldResolver(() => Term, { nullable: true })
  form(@Root() { formId }: Evidence): Promise<Term | null> | null {
    return formId === null ? null : prisma.magnesiumForm.findUnique({ where: { id: formId } })
  }
}

/** A cursor of the service, which names the row it stands at last. */
function cursorKey(cursor: string): number {
  const [, , key] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, number, number] // as run.ts makes them
  return key
}

@Resolver(() => Arm)
class ArmResolver {
  @FieldResolver(() => [Dose])
  doses(@Root() { id }: Arm): Promise<Dose[]> {
    return prisma.dose.findMany({ where: { armId: id }, orderBy: [{ phase: 'asc' }, { id: 'asc' }] })
  }
}

@Resolver(() => Dose)
class DoseResolver {
  @FieldResolver(() => Term)
  form(@Root() { formId }: Dose): Promise<Term> {
    return prisma.magnesiumForm.findUniqueOrThrow({ where: { id: formId } })
  }
}

@Resolver(() => Population)
class PopulationResolver {
  @FieldResolver(() => [Term])
  async conditions(@Root() { id }: Population): Promise<Term[]> {
    const found = await prisma.populationCondition.findMany({ where: { populationId: id }, include: { condition: true } })
    return found.map(({ condition }) => condition)
  }
}

const mainReport = async (studyId: number) =>
  (await prisma.studyPublication.findFirst({ where: { studyId, position: 0 }, include: { publication: true } }))?.publication ?? null

@Resolver(() => Study)
class StudyResolver {
  @Query(() => Study, { nullable: true })
  study(@Arg('slug', () => String) slug: string): Promise<Study | null> {
    return prisma.study.findUnique({ where: { slug } })
  }

  @Query(() => [Study], { nullable: 'items' })
  studiesByIdentifiers(@Arg('identifiers', () => [String]) identifiers: string[]): Promise<(Study | null)[]> {
    return Promise.all(
      identifiers.map((doi) => prisma.study.findFirst({ where: { publications: { some: { role: { not: 'TABULATED_IN' }, publication: { doi } } } } })),
    )
  }

  @Query(() => [Entity], { nullable: 'items' })
  _entities(@Arg('representations', () => [AnyScalar]) representations: { slug: string }[]): Promise<(Study | null)[]> {
    return Promise.all(representations.map(({ slug }) => prisma.study.findUnique({ where: { slug } })))
  }

  @FieldResolver(() => Int, { nullable: true })
  async year(@Root() { id }: Study): Promise<number | null> {
    return (await mainReport(id))?.year ?? null
  }

  @FieldResolver(() => String, { nullable: true })
  async doi(@Root() { id }: Study): Promise<string | null> {
    return (await mainReport(id))?.doi ?? null
  }

  @FieldResolver(() => String, { nullable: true })
  async pmid(@Root() { id }: Study): Promise<string | null> {
    return (await mainReport(id))?.pmid ?? null
  }

  @FieldResolver(() => Masking)
  masking(@Root() study: Study): Masking {
    return { participants: study.maskingParticipants, providers: study.maskingProviders, assessors: study.maskingAssessors }
  }

  @FieldResolver(() => [Author])
  async authors(@Root() { id }: Study): Promise<Author[]> {
    const report = await mainReport(id)
    return report === null ? [] : prisma.publicationAuthor.findMany({ where: { publicationId: report.id }, orderBy: { position: 'asc' } })
  }

  @FieldResolver(() => [Population])
  populations(@Root() { id }: Study): Promise<Population[]> {
    return prisma.population.findMany({ where: { studyId: id }, orderBy: { position: 'asc' } })
  }

  @FieldResolver(() => [Arm])
  arms(@Root() { id }: Study): Promise<Arm[]> {
    return prisma.arm.findMany({ where: { studyId: id }, orderBy: { position: 'asc' } })
  }

  @FieldResolver(() => EvidenceConnection)
  async evidence(@Root() { id }: Study, @Arg('first', () => Int) first: number): Promise<EvidenceConnection> {
    const nodes = await prisma.evidenceRow.findMany({ where: { studyId: id }, orderBy: { id: 'asc' }, take: first })
    return { where: { studyId: id }, nodes, pageInfo: { endCursor: null, hasNextPage: false } }
  }

  @FieldResolver(() => [Publication])
  async publications(@Root() { id }: Study): Promise<Publication[]> {
    const found = await prisma.studyPublication.findMany({ where: { studyId: id }, include: { publication: true }, orderBy: { position: 'asc' } })
    return found.map(({ publication }) => publication)
  }
}

@Resolver(() => EvidenceConnection)
class EvidenceConnectionResolver {
  @FieldResolver(() => Int)
  totalCount(@Root() { where }: EvidenceConnection): Promise<number> {
    return prisma.evidenceRow.count({ where })
  }

  @FieldResolver(() => Facets)
  facets(@Root() { where }: EvidenceConnection): Facets {
    return { where }
  }
}

type Facet = 'formId' | 'outcomeId' | 'design' | 'direction'

/** Prisma cannot count distinct values of a group, so groups are made by study too and put together here. */
async function facet(where: Prisma.EvidenceRowWhereInput, by: Facet): Promise<{ value: string; count: number; studies: number }[]> {
  const groups = await prisma.evidenceRow.groupBy({ by: [by, 'studyId'], where, _count: { id: true } })
  const counts = new Map<string, { value: string; count: number; studies: number }>()
  for (const group of groups) {
    if (group[by] == null) continue
    const value = String(group[by])
    const known = counts.get(value) ?? { value, count: 0, studies: 0 }
    counts.set(value, { value, count: known.count + group._count.id, studies: known.studies + 1 })
  }
  return [...counts.values()]
}

@Resolver(() => Facets)
class FacetsResolver {
  @FieldResolver(() => [TermCount])
  async forms(@Root() { where }: Facets): Promise<TermCount[]> {
    const named = new Map((await prisma.magnesiumForm.findMany()).map(({ id, slug }) => [String(id), slug]))
    return (await facet(where, 'formId')).map(({ value, ...counts }) => ({ slug: named.get(value) ?? '', ...counts }))
  }

  @FieldResolver(() => [TermCount])
  async outcomes(@Root() { where }: Facets): Promise<TermCount[]> {
    const named = new Map((await prisma.outcome.findMany()).map(({ id, slug }) => [String(id), slug]))
    return (await facet(where, 'outcomeId')).map(({ value, ...counts }) => ({ slug: named.get(value) ?? '', ...counts }))
  }

  @FieldResolver(() => [ValueCount])
  designs(@Root() { where }: Facets): Promise<ValueCount[]> {
    return facet(where, 'design')
  }

  @FieldResolver(() => [ValueCount])
  directions(@Root() { where }: Facets): Promise<ValueCount[]> {
    return facet(where, 'direction')
  }
}

@Resolver()
class SearchResolver {
  @Query(() => Hits)
  async search(@Arg('text', () => String) text: string, @Arg('first', () => Int) first: number): Promise<Hits> {
    const found = await prisma.$queryRawUnsafe<Hit[]>('SELECT * FROM peer.found($1) LIMIT $2', text, first)
    return { nodes: found }
  }
}

const schema = buildSchemaSync({
  resolvers: [EvidenceResolver, ArmResolver, DoseResolver, PopulationResolver, StudyResolver, EvidenceConnectionResolver, FacetsResolver, SearchResolver],
  validate: false,
})
const app = Fastify({ bodyLimit: 1_000_000 })
const apollo = new ApolloServer({ schema, plugins: [fastifyApolloDrainPlugin(app)] })
await apollo.start()
app.route({ url: '/graphql', method: 'POST', handler: fastifyApolloHandler(apollo) })
await app.listen({ host: '127.0.0.1', port: 0 })
process.on('SIGTERM', () => process.exit(0))
process.send?.({ port: (app.server.address() as AddressInfo).port }) // listening on TCP
process.on('disconnect', () => process.exit(0))
