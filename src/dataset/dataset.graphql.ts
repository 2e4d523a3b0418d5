import type { Context } from '../graphql/context.js'
import { Ctx, Field, Int, ObjectType, Query, Resolver } from '../graphql/decorators.js'
import { DateTimeScalar } from '../graphql/scalars.js'
import { engineVersion, release } from '../version.js'
import { findDatasetFacts } from './dataset.queries.js'

/** What an import counts, with what each count is of. */
const counted = {
  studies: 'Studies, reviews among them.',
  publications: 'Reports of studies.',
  arms: 'Arms.',
  doses: 'Doses: phases of regimens.',
  results: 'Results: what `evidence` lists, of people and of others.',
  effects: 'Numbers for these results, alternatives included.',
  pooledResults: 'Pooled results that reviews publish.',
  conditions: 'Conditions.',
  forms: 'Magnesium forms.',
  outcomes: 'Outcomes.',
  instruments: 'Instruments.',
  treatments: 'Treatments that magnesium is compared or combined with.',
  claims: 'Claims of source documents.',
  interactions: 'Interactions.',
  contraindications: 'Contraindications.',
} as const

type Counted = keyof typeof counted
const noCounts = Object.fromEntries(Object.keys(counted).map((name) => [name, 0])) as Record<Counted, number> // fromEntries forgets the keys

@ObjectType({ simpleResolvers: true, description: 'Rows by kind.' })
export class DatasetCounts implements Record<Counted, number> {
  /** What an import counted; of kinds that an older release did not count, 0. */
  static of(counts: Readonly<Record<string, number>> | undefined): DatasetCounts {
    return { ...noCounts, ...counts }
  }

  @Field(() => Int, { description: counted.studies })
  studies!: number

  @Field(() => Int, { description: counted.publications })
  publications!: number

  @Field(() => Int, { description: counted.arms })
  arms!: number

  @Field(() => Int, { description: counted.doses })
  doses!: number

  @Field(() => Int, { description: counted.results })
  results!: number

  @Field(() => Int, { description: counted.effects })
  effects!: number

  @Field(() => Int, { description: counted.pooledResults })
  pooledResults!: number

  @Field(() => Int, { description: counted.conditions })
  conditions!: number

  @Field(() => Int, { description: counted.forms })
  forms!: number

  @Field(() => Int, { description: counted.outcomes })
  outcomes!: number

  @Field(() => Int, { description: counted.instruments })
  instruments!: number

  @Field(() => Int, { description: counted.treatments })
  treatments!: number

  @Field(() => Int, { description: counted.claims })
  claims!: number

  @Field(() => Int, { description: counted.interactions })
  interactions!: number

  @Field(() => Int, { description: counted.contraindications })
  contraindications!: number
}

@ObjectType({ simpleResolvers: true, description: 'What stands behind the answers.' })
export class Dataset {
  @Field(() => String, { description: 'Release of the curated data.' })
  release!: string

  @Field(() => String, { description: 'Fingerprint of the data: the same revision gives the same answers.' })
  dataRevision!: string

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the data were imported here; null where nothing was.' })
  importedAt!: Date | null

  @Field(() => String, { description: 'Version of the formulas.' })
  engineVersion!: string

  @Field(() => String, { description: 'Under which the curated data may be used.' })
  licence!: string

  @Field(() => String, { description: 'How to cite the data.' })
  citation!: string

  @Field(() => DatasetCounts, { description: 'Rows by kind.' })
  counts!: DatasetCounts

  @Field(() => [String], {
    description: 'Slugs of the studies whose main report has no DOI, PMID or PMCID: they cannot be matched, nor a retraction of them noticed.',
  })
  studiesWithoutIdentifier!: readonly string[]

  @Field(() => [String], { description: 'What a reader should know is missing or doubtful.' })
  warnings!: string[]
}

@Resolver()
export class DatasetResolver {
  @Query(() => Dataset, { nullable: true, description: 'Release, revision, counts and known gaps of the data.' })
  async dataset(@Ctx() { database, dataRevision }: Context): Promise<Dataset> {
    const facts = await findDatasetFacts(database)
    const warning = (count: number | undefined, text: string) => (count ? [`${count} ${text}`] : [])
    return {
      release,
      dataRevision: dataRevision.revision,
      importedAt: facts?.importedAt ?? null,
      engineVersion: facts?.engineVersion ?? engineVersion,
      licence: 'CC BY 4.0 for the curated data, MIT for the program',
      citation: `Magnesium evidence service, release ${release}, revision ${dataRevision.revision.slice(0, 12)}`,
      counts: DatasetCounts.of(facts?.counts),
      studiesWithoutIdentifier: facts?.studiesWithoutIdentifier ?? [],
      warnings: [
        ...(facts === null ? ['nothing has been imported'] : []),
        ...warning(facts?.effectsWithoutEstimate, 'effects have no estimate: only a p value or a statement was reported or read (absentReason says which)'),
        ...warning(facts?.effectsWithoutStandardError, 'effects have an estimate without a standard error and cannot be pooled'),
        ...warning(facts?.incoherentEffects, 'effects have reported numbers that do not agree with each other (coherence says where)'),
        ...warning(facts?.ambiguousDoses, 'doses are intervals, because the source leaves the form or the basis open'),
        ...warning(facts?.studiesWithoutIdentifier.length, 'studies have a main report without DOI, PMID and PMCID (studiesWithoutIdentifier names them)'),
        ...warning(facts?.inferredCountries, 'studies have a country that was inferred, not read'),
      ],
    }
  }
}
