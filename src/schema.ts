import { buildASTSchema, isAbstractType, lexicographicSortSchema, parse, printSchema, type GraphQLSchema } from 'graphql'
import { ChangeConnectionResolver, ChangeResolver, RevisionResolver } from './changes/changes.graphql.js'
import { ConclusionChangeResolver } from './changes/conclusions.graphql.js'
import { ClaimFindingResolver, ClaimResolver, StudyClaimsResolver } from './claim/claim.graphql.js'
import { ContraindicationResolver, InteractionResolver, MagnesiumFormSafetyResolver } from './claim/safety.graphql.js'
import { DatasetResolver } from './dataset/dataset.graphql.js'
import {
  ConditionEvidenceResolver,
  EvidenceConnectionResolver,
  EvidenceResolver,
  MagnesiumFormEvidenceResolver,
  StudyEvidenceResolver,
} from './evidence/evidence.graphql.js'
import { PooledResultResolver, StudyPooledResultsResolver } from './evidence/pooled.graphql.js'
import {
  AnswerSentenceResolver,
  ConditionFindingsResolver,
  FindingRowResolver,
  PooledResultComparisonResolver,
  SummaryOfFindingsResolver,
} from './findings/findings.graphql.js'
import { FederationResolver } from './federation/federation.graphql.js'
import { withoutFederation } from './federation/subgraphSdl.js'
import { buildSchemaSync } from './graphql/decorators.js'
import { takeNullAsOmitted } from './graphql/defaults.js'
import { typeOfId } from './graphql/nodeId.js'
import { NodeResolver } from './node.graphql.js'
import { SearchResolver } from './search/search.graphql.js'
import { RiskOfBiasResolver, StudyResolver } from './study/study.graphql.js'
import { SynthesisDifferenceResolver } from './synthesis/difference.graphql.js'
import { ReplicationResolver } from './synthesis/replication.graphql.js'
import { ContributionResolver, namedEntryResolvers, SynthesisResolver } from './synthesis/synthesis.graphql.js'
import { EvidenceMapResolver, MapCellResolver } from './summary/map.graphql.js'
import { ConditionSummariesResolver, EvidenceSummaryResolver, MagnesiumFormSummariesResolver } from './summary/summary.graphql.js'
import { DoseResolver } from './vocabulary/dose.graphql.js'
import {
  byRefsResolvers,
  ConditionResolver,
  InstrumentResolver,
  MagnesiumFormResolver,
  OutcomeResolver,
  TreatmentResolver,
  VocabularyResolver,
} from './vocabulary/vocabulary.graphql.js'

/** The whole API: every resolver of every feature. */
export function buildServiceSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      NodeResolver,
      EvidenceResolver,
      EvidenceConnectionResolver,
      StudyEvidenceResolver,
      ConditionEvidenceResolver,
      MagnesiumFormEvidenceResolver,
      PooledResultResolver,
      StudyPooledResultsResolver,
      StudyResolver,
      RiskOfBiasResolver,
      VocabularyResolver,
      ...byRefsResolvers,
      ConditionResolver,
      MagnesiumFormResolver,
      OutcomeResolver,
      InstrumentResolver,
      TreatmentResolver,
      DoseResolver,
      SynthesisResolver,
      ContributionResolver,
      ...namedEntryResolvers,
      ReplicationResolver,
      SynthesisDifferenceResolver,
      EvidenceSummaryResolver,
      ConditionSummariesResolver,
      MagnesiumFormSummariesResolver,
      EvidenceMapResolver,
      MapCellResolver,
      FindingRowResolver,
      PooledResultComparisonResolver,
      SummaryOfFindingsResolver,
      ConditionFindingsResolver,
      AnswerSentenceResolver,
      SearchResolver,
      ClaimResolver,
      ClaimFindingResolver,
      StudyClaimsResolver,
      InteractionResolver,
      ContraindicationResolver,
      MagnesiumFormSafetyResolver,
      DatasetResolver,
      RevisionResolver,
      ChangeResolver,
      ChangeConnectionResolver,
      ConclusionChangeResolver,
      FederationResolver,
    ],
    validate: false,
  })
  // What may be of several types tells its own by its id, at once: type-graphql would make a promise for each thing of a list.
  for (const type of Object.values(schema.getTypeMap())) if (isAbstractType(type)) type.resolveType = ({ id }: { readonly id: string }) => typeOfId(id)
  takeNullAsOmitted(schema)
  const query = schema.getQueryType()
  if (query)
    query.description =
      'What can be asked: evidence by condition, form, outcome or effect; studies and their identifiers; vocabularies; what documents claim; safety; doses.'
  return schema
}

/** The schema as it is committed under schema/schema.graphql and reviewed in diffs: without what only gateways ask. */
export function printServiceSchema(schema: GraphQLSchema = buildServiceSchema()): string {
  return `${printSchema(buildASTSchema(withoutFederation(parse(printSchema(lexicographicSortSchema(schema))))))}\n`
}
