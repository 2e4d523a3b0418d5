import type { CodeableConcept, Coding, Quantity } from 'fhir/r5.js'
import type { AnalysisScale, EffectMeasure, OutcomeType } from '../../generated/prisma/enums.js'
import type { Term } from '../../vocabulary/vocabulary.js'

const statisticTypes = 'http://terminology.hl7.org/CodeSystem/statistic-type'
const estimateTypes = 'http://terminology.hl7.org/CodeSystem/attribute-estimate-type'
const variableRoles = 'http://terminology.hl7.org/CodeSystem/variable-role'
const stato = 'http://purl.obolibrary.org/obo/stato.owl'

const coded = (system: string, code: string, display: string): Coding => ({ system, code, display })

/**
 * What is estimated, by the code that FHIR binds (value set statistic-type of R5, 5.0.0) and by STATO's (read in the ontology's own files of 2024-07 and 2026-04,
 * https://github.com/ISA-tools/stato). FHIR knows Pearson's and Spearman's correlation but none unspecified; a ratio of means has neither code, and is told in words.
 */
export const statisticTypeOf: Readonly<Record<EffectMeasure, CodeableConcept>> = {
  OR: { coding: [coded(statisticTypes, 'C16932', 'Odds Ratio'), coded(stato, 'STATO:0000182', 'odds ratio')], text: 'odds ratio' },
  RR: { coding: [coded(statisticTypes, 'C93152', 'Relative Risk'), coded(stato, 'STATO:0000245', 'relative risk')], text: 'risk ratio' },
  RD: { coding: [coded(statisticTypes, '0000424', 'Risk Difference'), coded(stato, 'STATO:0000424', 'risk difference')], text: 'risk difference' },
  HR: { coding: [coded(statisticTypes, 'C93150', 'Hazard Ratio'), coded(stato, 'STATO:0000677', 'hazard ratio')], text: 'hazard ratio' },
  IRR: { coding: [coded(statisticTypes, 'rate-ratio', 'Incidence Rate Ratio'), coded(stato, 'STATO:0000680', 'incidence rate ratio')], text: 'rate ratio' },
  MD: { coding: [coded(statisticTypes, '0000457', 'Mean Difference'), coded(stato, 'STATO:0000457', 'mean difference')], text: 'mean difference' },
  SMD: {
    coding: [coded(statisticTypes, '0000100', 'Standardized Mean Difference'), coded(stato, 'STATO:0000100', 'standardized mean difference')],
    text: 'standardised mean difference',
  },
  COR: { coding: [coded(stato, 'STATO:0000142', 'correlation coefficient')], text: 'correlation' },
  BETA: {
    coding: [coded(statisticTypes, '0000565', 'Regression Coefficient'), coded(stato, 'STATO:0000565', 'regression coefficient')],
    text: 'regression coefficient',
  },
  ROM: { text: 'ratio of means' },
}

export const count: CodeableConcept = { coding: [coded(statisticTypes, 'C25463', 'Count')], text: 'participants with the event' }
export const mean: CodeableConcept = { coding: [coded(statisticTypes, 'C53319', 'Mean')], text: 'mean' }

export const confidenceInterval: CodeableConcept = {
  coding: [coded(estimateTypes, 'C53324', 'Confidence interval'), coded(stato, 'STATO:0000196', 'confidence interval')],
  text: 'confidence interval',
}
export const pValue: CodeableConcept = { coding: [coded(estimateTypes, 'C44185', 'P-value'), coded(stato, 'STATO:0000700', 'p-value')], text: 'p-value' }
export const standardDeviation: CodeableConcept = {
  coding: [coded(estimateTypes, 'C53322', 'Standard deviation'), coded(stato, 'STATO:0000684', 'standard deviation for sample')],
  text: 'standard deviation',
}

/** FHIR's list has the standard error of a mean only, which this is not. */
export const standardErrorOn: Readonly<Record<AnalysisScale, CodeableConcept>> = {
  IDENTITY: standardError('standard error'),
  LOG: standardError('standard error of the logarithm'),
  FISHER_Z: standardError('standard error of Fisher’s z'),
}

function standardError(text: string): CodeableConcept {
  return { coding: [coded(stato, 'STATO:0000562', 'standard error of estimate')], text }
}

/** Of what a variable is to the evidence. */
export const roles = {
  population: { coding: [coded(variableRoles, 'population', 'population')] },
  exposure: { coding: [coded(variableRoles, 'exposure', 'exposure')] },
  referenceExposure: { coding: [coded(variableRoles, 'referenceExposure', 'reference exposure')] },
  measuredVariable: { coding: [coded(variableRoles, 'measuredVariable', 'measured variable')] },
} as const satisfies Readonly<Record<string, CodeableConcept>>

export const riskOfBias: CodeableConcept = { coding: [coded('http://hl7.org/fhir/certainty-type', 'RiskOfBias', 'Risk of bias')] }

export const retracted: CodeableConcept = { coding: [coded('http://hl7.org/fhir/cited-artifact-status-type', 'retracted', 'Retracted')] }

export const handlingOf: Readonly<Record<OutcomeType, 'continuous' | 'dichotomous' | 'ordinal' | null>> = {
  CONTINUOUS: 'continuous',
  BINARY: 'dichotomous',
  ORDINAL: 'ordinal',
  TIME_TO_EVENT: null,
  COUNT: null,
}

/** Addresses of code systems, as FHIR's terminology and the OBO foundry name them; codes of others are left out. */
const systemAddresses: Readonly<Record<string, string>> = {
  MESH: 'http://id.nlm.nih.gov/mesh',
  MONDO: 'http://purl.obolibrary.org/obo/mondo.owl',
  DOID: 'http://purl.obolibrary.org/obo/doid.owl',
  CHEBI: 'http://purl.obolibrary.org/obo/chebi.owl',
  HP: 'http://human-phenotype-ontology.org',
  ICD10: 'http://hl7.org/fhir/sid/icd-10',
  ICD11: 'http://id.who.int/icd/release/11/mms',
  SNOMED: 'http://snomed.info/sct',
  LOINC: 'http://loinc.org',
  UNII: 'http://fdasis.nlm.nih.gov',
  ATC: 'http://www.whocc.no/atc',
  RXNORM: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  NCIT: 'http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl',
  CAS: 'urn:oid:2.16.840.1.113883.6.61',
}

/** A term with its codes, under the name that people read. */
export function conceptOf({ name, codes }: Pick<Term, 'name' | 'codes'>): CodeableConcept {
  const coding = codes.flatMap(({ system, value }): Coding[] => {
    const address = systemAddresses[system]
    return address === undefined ? [] : [{ system: address, code: value }]
  })
  return { ...(coding.length > 0 && { coding }), text: name }
}

/** A number with its unit by UCUM. */
export function quantityOf(value: number, unit: string | null): Quantity {
  return unit === null ? { value } : { value, unit: unit.replace(/^\{([^{}]*)\}$/, '$1'), system: 'http://unitsofmeasure.org', code: unit }
}
