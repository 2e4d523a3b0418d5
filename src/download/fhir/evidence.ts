import type {
  Evidence,
  EvidenceCertainty,
  EvidenceStatistic,
  EvidenceStatisticAttributeEstimate,
  EvidenceVariableDefinition,
  Quantity,
  RelatedArtifact,
} from 'fhir/r5.js'
import type { AbsentReason, Comparison, EffectDirection, EffectOrigin } from '../../generated/prisma/enums.js'
import type { RiskOfBiasRecord } from '../../study/study.js'
import type { DownloadRow } from '../evidenceRow.js'
import { confidenceInterval, count, mean, pValue, quantityOf, riskOfBias, roles, standardDeviation, standardErrorOn, statisticTypeOf } from './codes.js'
import { designOf } from './designs.js'
import { fhirId } from './ids.js'

/** What an effect refers to: the fullUrls of resources of the same Bundle. */
export interface References {
  readonly population: string
  readonly exposure: string
  /** Null where nothing was compared with. */
  readonly comparator: string | null
  readonly outcome: string
  /** The main report first. */
  readonly citations: readonly string[]
}

/** One effect. What was reported and what was derived is told in the notes; without a number the reason stands there. */
export function evidenceResource(row: DownloadRow, references: References, assessment: RiskOfBiasRecord | null): Evidence {
  const { node, author, year, intervention, comparator, status, design } = row
  const contrast = intervention === null ? (row.exposure?.metric ?? 'magnesium') : `${intervention} against ${comparator ?? 'nothing'}`
  return {
    resourceType: 'Evidence',
    id: fhirId('evidence', node.slug),
    identifier: [{ system: 'urn:magnesium-evidence:effect', value: node.id }],
    title: `${node.outcome.name}, ${contrast}${author === null ? '' : ` (${[author, year].filter((part) => part !== null).join(' ')})`}`,
    status: status === 'RETRACTED' ? 'retired' : 'active',
    note: notesOf(row).map((text) => ({ text })),
    variableDefinition: variablesOf(references, row.comparison),
    studyDesign: designOf(design),
    statistic: [effectStatistic(row), ...armStatistics(row)],
    ...(assessment !== null && { certainty: [certaintyOf(assessment)] }),
    ...(references.citations.length > 0 && { relatedArtifact: reportsOf(references) }),
  }
}

function reportsOf({ citations }: References): RelatedArtifact[] {
  return citations.map((reference, place) => ({ type: place === 0 ? 'derived-from' : 'citation', resourceReference: { reference } }))
}

/** Of a single effect nothing is rated but its risk of bias; FHIR's codes of ratings are for certainty, so the level is in words. */
function certaintyOf({ tool, version, overall, level, assessedBy }: RiskOfBiasRecord): EvidenceCertainty {
  return {
    description: `by ${[tool, version].filter((part) => part !== null).join(' ')}${overall === null ? ', the worst of the domains read' : ''}`,
    type: riskOfBias,
    rating: { text: (level ?? 'not assessed').toLowerCase().replaceAll('_', ' ') },
    rater: assessedBy,
  }
}

function variablesOf({ population, exposure, comparator, outcome }: References, comparison: string): EvidenceVariableDefinition[] {
  const observed = (reference: string) => ({ observed: { reference } })
  return [
    { variableRole: roles.population, ...observed(population) },
    { variableRole: roles.exposure, ...observed(exposure), description: comparison },
    ...(comparator === null ? [] : [{ variableRole: roles.referenceExposure, ...observed(comparator) }]),
    { variableRole: roles.measuredVariable, ...observed(outcome) },
  ]
}

function effectStatistic({ node, comparison }: DownloadRow): EvidenceStatistic {
  const { measure, estimate, unit } = node.effect
  const attributes = attributesOf(node.effect)
  return {
    description: `${node.adjusted ? 'adjusted, ' : ''}magnesium, ${comparison}${node.timepointLabel === null ? '' : `, ${node.timepointLabel}`}`,
    statisticType: statisticTypeOf[measure],
    ...(estimate !== null && { quantity: quantityOf(estimate, unit) }),
    ...(node.participants !== null && { sampleSize: { numberOfStudies: 1, numberOfParticipants: node.participants } }),
    ...(attributes.length > 0 && { attributeEstimate: attributes }),
  }
}

function attributesOf({
  ciLower,
  ciUpper,
  ciLevel,
  standardError,
  analysisScale,
  pValue: p,
  pValueOperator,
  unit,
}: DownloadRow['node']['effect']): EvidenceStatisticAttributeEstimate[] {
  const range = { ...(ciLower !== null && { low: quantityOf(ciLower, unit) }), ...(ciUpper !== null && { high: quantityOf(ciUpper, unit) }) }
  const interval: EvidenceStatisticAttributeEstimate[] =
    ciLower === null && ciUpper === null ? [] : [{ type: confidenceInterval, ...(ciLevel !== null && { level: ciLevel }), range }]
  return [
    ...interval,
    ...(standardError === null ? [] : [{ type: standardErrorOn[analysisScale], quantity: { value: standardError } }]),
    ...(p === null ? [] : [{ type: pValue, quantity: { value: p, ...comparatorOf(pValueOperator) } }]),
  ]
}

function comparatorOf(operator: Comparison | null): Partial<Pick<Quantity, 'comparator'>> {
  if (operator === 'LT') return { comparator: '<' }
  return operator === 'GT' ? { comparator: '>' } : {}
}

/** What the arms report, where both do. */
function armStatistics({ arms, intervention, comparator, unit }: DownloadRow): EvidenceStatistic[] {
  return (arms ?? []).flatMap(({ n, events, mean: value, sd }, place): EvidenceStatistic[] => {
    const description = (place === 0 ? intervention : comparator) ?? (place === 0 ? 'magnesium' : 'comparator')
    const sampleSize = n === undefined ? {} : { sampleSize: { knownDataCount: n } }
    return [
      ...(events === undefined ? [] : [{ description, statisticType: count, quantity: { value: events }, numberAffected: events, ...sampleSize }]),
      ...(value === undefined
        ? []
        : [
            {
              description,
              statisticType: mean,
              quantity: quantityOf(value, unit),
              ...sampleSize,
              ...(sd !== undefined && { attributeEstimate: [{ type: standardDeviation, quantity: quantityOf(sd, unit) }] }),
            },
          ]),
    ]
  })
}

const originWords: Readonly<Record<EffectOrigin, string>> = {
  REPORTED: 'The estimate is as the source reports it.',
  ARM_DATA: 'The estimate is derived from the numbers of the arms.',
  FROM_CI: 'The standard error is derived from the reported confidence interval.',
  FROM_P: 'The standard error is derived from the reported p-value.',
  FROM_TEST_STATISTIC: 'The standard error is derived from the reported test statistic.',
  FROM_MEDIAN: 'The estimate is derived from medians.',
  IMPUTED: 'A part of the estimate is imputed.',
}

const directionWords: Readonly<Record<EffectDirection, string>> = {
  FAVOURS_MAGNESIUM: 'The difference favours magnesium.',
  FAVOURS_COMPARATOR: 'The difference favours the comparator.',
  NO_CLEAR_DIFFERENCE: 'There is no clear difference.',
  UNCLEAR: 'Which side the difference favours is unclear.',
}

const absentWords: Readonly<Record<AbsentReason, string>> = {
  NOT_REPORTED: 'the source does not report it',
  NOT_EXTRACTED: 'it was not among what was read',
  NOT_APPLICABLE: 'it makes no sense here',
  ONLY_IN_FIGURE: 'it is shown in a figure only',
  ONLY_P_THRESHOLD: 'only a p-value or a threshold is given',
}

function notesOf({ node, status, source, locator }: DownloadRow): string[] {
  return [
    originWords[node.origin],
    directionWords[node.direction],
    ...(node.absentReason === null ? [] : [`A number is missing: ${absentWords[node.absentReason]}.`]),
    ...(status === 'CURRENT' ? [] : [`The main report is of status ${status.toLowerCase()}.`]),
    `Read in: ${[source, locator].filter((part) => part !== null).join(', ')}.`,
    'Evidence of one study, and no advice.',
  ]
}
