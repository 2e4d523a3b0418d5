import type { Evidence, EvidenceStatistic, EvidenceStatisticAttributeEstimate, EvidenceVariableDefinition, Quantity } from 'fhir/r5.js'
import type { AbsentReason, Comparison, EffectOrigin } from '../../generated/prisma/enums.js'
import type { DownloadRow } from '../evidenceRow.js'
import { confidenceInterval, count, mean, notSynthesized, pValue, quantityOf, roles, standardDeviation, statisticTypeOf } from './codes.js'
import { fhirId } from './ids.js'

/** What an effect refers to, each a resource of the same Bundle. */
export interface References {
  readonly population: string
  readonly exposure: string
  /** Null where nothing was compared with. */
  readonly comparator: string | null
  readonly outcome: string
  readonly citation: string | null
}

/** One effect. What was reported and what was derived is told in the notes; without a number the reason stands there. */
export function evidenceResource(row: DownloadRow, references: References): Evidence {
  const { node, author, year, intervention, comparator, status, design } = row
  const contrast = intervention === null ? (row.exposure?.metric ?? 'magnesium') : `${intervention} against ${comparator ?? 'nothing'}`
  return {
    resourceType: 'Evidence',
    id: fhirId('evidence', node.slug),
    identifier: [{ system: 'urn:magnesium-evidence', value: node.id }],
    title: `${node.outcome.name}, ${contrast}${author === null ? '' : ` (${[author, year].filter((part) => part !== null).join(' ')})`}`,
    status: status === 'RETRACTED' ? 'retired' : 'active',
    note: notesOf(row).map((text) => ({ text })),
    variableDefinition: variablesOf(references),
    synthesisType: notSynthesized,
    studyDesign: [{ text: design.toLowerCase().replaceAll('_', ' ') }],
    statistic: [effectStatistic(row), ...armStatistics(row)],
    ...(references.citation !== null && { relatedArtifact: [{ type: 'derived-from', resourceReference: { reference: `Citation/${references.citation}` } }] }),
  }
}

function variablesOf({ population, exposure, comparator, outcome }: References): EvidenceVariableDefinition[] {
  const observed = (id: string) => ({ observed: { reference: `EvidenceVariable/${id}` } })
  return [
    { variableRole: roles.population, ...observed(population) },
    { variableRole: roles.exposure, ...observed(exposure) },
    ...(comparator === null ? [] : [{ variableRole: roles.referenceExposure, ...observed(comparator) }]),
    { variableRole: roles.measuredVariable, ...observed(outcome) },
  ]
}

function effectStatistic({ node }: DownloadRow): EvidenceStatistic {
  const { measure, estimate, unit } = node.effect
  const attributes = attributesOf(node.effect)
  return {
    description: `${node.adjusted ? 'adjusted, ' : ''}magnesium against its comparator${node.timepointLabel === null ? '' : `, ${node.timepointLabel}`}`,
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
  const interval: EvidenceStatisticAttributeEstimate[] =
    ciLower === null || ciUpper === null
      ? []
      : [{ type: confidenceInterval, ...(ciLevel !== null && { level: ciLevel }), range: { low: quantityOf(ciLower, unit), high: quantityOf(ciUpper, unit) } }]
  const scale = { IDENTITY: 'standard error', LOG: 'standard error of the logarithm', FISHER_Z: 'standard error of Fisher’s z' }[analysisScale]
  return [
    ...interval,
    ...(standardError === null ? [] : [{ type: { text: scale }, quantity: { value: standardError } }]),
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
    ...(node.absentReason === null ? [] : [`A number is missing: ${absentWords[node.absentReason]}.`]),
    ...(status === 'CURRENT' ? [] : [`The main report is of status ${status.toLowerCase()}.`]),
    `Read in: ${[source, locator].filter((part) => part !== null).join(', ')}.`,
    'Evidence of one study, and no advice.',
  ]
}
