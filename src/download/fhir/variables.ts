import type { EvidenceVariable, EvidenceVariableCharacteristic } from 'fhir/r5.js'
import type { ArmRecord, PopulationRecord } from '../../study/study.js'
import type { DownloadRow } from '../evidenceRow.js'
import { conceptOf, handlingOf, quantityOf } from './codes.js'
import { fhirId } from './ids.js'

type Characteristics = readonly (EvidenceVariableCharacteristic | null)[]

function variable(id: string, title: string, characteristics: Characteristics, more: Partial<EvidenceVariable> = {}): EvidenceVariable {
  const characteristic = characteristics.filter((one) => one !== null)
  return { resourceType: 'EvidenceVariable', id, title, status: 'active', actual: true, ...more, ...(characteristic.length > 0 && { characteristic }) }
}

const measured = (text: string, value: number | null, unit: string): EvidenceVariableCharacteristic | null =>
  value === null ? null : { definitionByTypeAndValue: { type: { text }, valueQuantity: quantityOf(value, unit) } }

export const populationId = ({ slug }: Pick<PopulationRecord, 'slug'>) => fhirId('population', slug)
export const armId = ({ slug }: Pick<ArmRecord, 'slug'>) => fhirId('arm', slug)
export const exposureId = ({ slug }: DownloadRow['node']) => fhirId('exposure', slug)
export const outcomeId = ({ outcome, instrument }: DownloadRow['node']) =>
  fhirId('outcome', instrument === null ? outcome.slug : `${outcome.slug}-${instrument.slug}`)

/** Who was studied. */
export function populationVariable(population: PopulationRecord): EvidenceVariable {
  const { label, conditions, meanAge, sdAge, femalePercent, baselineSerumMagnesium, severity, inclusion } = population
  return variable(
    populationId(population),
    label,
    [
      ...conditions.map((condition) => ({ definitionCodeableConcept: conceptOf(condition) })),
      measured('mean age', meanAge, 'a'),
      measured('standard deviation of age', sdAge, 'a'),
      measured('women', femalePercent, '%'),
      measured('mean serum magnesium before', baselineSerumMagnesium, 'mmol/L'),
      severity === null ? null : { description: severity },
    ],
    inclusion === null ? {} : { description: inclusion },
  )
}

/** What one arm received: forms with their codes, elemental magnesium a day, how and for how long. */
export function armVariable(arm: ArmRecord): EvidenceVariable {
  return variable(armId(arm), arm.label, [
    ...arm.doses.map((dose): EvidenceVariableCharacteristic => {
      const { form, route, elementalMgPerDayLow: low, elementalMgPerDayHigh: high, startDay, endDay, reportedText } = dose
      const days = endDay === null ? null : endDay - (startDay ?? 0)
      const words = [route.toLowerCase(), reportedText].filter((part) => part !== null).join(': ')
      return {
        description: low === null || high === null || low === high ? words : `${words} (the elemental dose depends on what the source leaves open)`,
        definitionByTypeAndValue: { type: conceptOf(form), ...elementalDose(low, high, form.name) },
        ...(days !== null && days > 0 && { durationQuantity: quantityOf(days, 'd') }),
      }
    }),
    ...arm.coInterventions.map((text) => ({ description: `with ${text}` })),
  ])
}

function elementalDose(low: number | null, high: number | null, form: string) {
  if (low === null || high === null) return { valueCodeableConcept: { text: form } }
  return low === high ? { valueQuantity: quantityOf(low, 'mg/d') } : { valueRange: { low: quantityOf(low, 'mg/d'), high: quantityOf(high, 'mg/d') } }
}

/** What was contrasted where nobody was allocated to anything. */
export function exposureVariable({ node, exposure }: DownloadRow): EvidenceVariable {
  const { metric = 'magnesium', unit = null, contrasted = null, reference = null } = exposure ?? {}
  const words = contrasted === null ? metric : `${metric}: ${contrasted}${reference === null ? '' : ` against ${reference}`}`
  return variable(exposureId(node), words, [node.form === null ? null : { definitionCodeableConcept: conceptOf(node.form) }], {
    ...(unit !== null && { note: [{ text: `per ${unit}` }] }),
  })
}

/** What was measured, and with what. */
export function outcomeVariable({ node }: DownloadRow): EvidenceVariable {
  const { outcome, instrument } = node
  const handling = handlingOf[outcome.type]
  return variable(
    outcomeId(node),
    instrument === null ? outcome.name : `${outcome.name} (${instrument.name})`,
    [{ definitionCodeableConcept: conceptOf(outcome) }, instrument === null ? null : { definitionCodeableConcept: conceptOf(instrument) }],
    handling === null ? {} : { handling },
  )
}
