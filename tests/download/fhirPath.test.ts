import { UcumLhcUtils } from '@lhncbc/ucum-lhc'
import { compile } from 'fhirpath'
import r5 from 'fhirpath/fhir-context/r5'
import type { Bundle } from 'fhir/r5.js'
import sql from 'sql-template-tag'
import { rows } from '../../src/database/query.js'
import { startService, type Service } from '../support/service.js'

// A second reading of the Bundle, by the U.S. National Library of Medicine's FHIRPath engine and its own model of R5 (element names, which of them repeat, types),
// and of its units by their UCUM library.

let service: Service
let whole: Bundle
beforeAll(async () => {
  service = await startService()
  await retract('tarleton-2017')
  whole = await bundle({ retracted: 'INCLUDE', subjects: [] })
})
afterAll(() => service.stop())

const bundle = async (filter: object): Promise<Bundle> => {
  const response = await fetch(`${service.url}/download/evidence.fhir.json?${new URLSearchParams({ filter: JSON.stringify(filter) }).toString()}`)
  return (await response.json()) as Bundle
}

async function retract(publication: string) {
  await rows(
    service.database,
    sql`INSERT INTO publication_status_event (publication_id, position, status, occurred_on, source)
      SELECT id, 100, 'RETRACTED', '2020-01-01', 'test' FROM publication WHERE slug = ${publication}`,
  )
  await rows(service.database, sql`SELECT refresh_read_model()`)
}

const ask = (expression: string) => compile(expression, r5)(whole)

/** Elements that R5 does not have, or has as one where there are many, or as many where there is one. */
function strangersIn(value: unknown, type: string, at: string): string[] {
  return Object.entries(value as object).flatMap(([name, inner]: [string, unknown]) => {
    if (name === 'resourceType') return []
    const here = `${type}.${name}`
    const place = `${at}.${name}`
    if (Array.isArray(inner) !== (r5.path2Repeating[here] ?? false)) return [`${place}: ${Array.isArray(inner) ? 'repeats' : 'does not repeat'}`]
    const elementType: unknown = r5.path2Type[here]
    if (typeof elementType !== 'string') return [`${place}: unknown`]
    const parts = [inner].flat().filter((part) => typeof part === 'object' && part !== null)
    const partType = (part: object) => (elementType === 'Resource' ? (part as { resourceType: string }).resourceType : elementType)
    return parts.flatMap((part: object) =>
      strangersIn(part, /^(BackboneElement|Element)$/.test(elementType) ? (r5.pathsDefinedElsewhere[here] ?? here) : partType(part), place),
    )
  })
}

test('every element is one of R5, and repeats where it may', () => {
  expect(strangersIn(whole, 'Bundle', 'Bundle')).toEqual([])
  expect(strangersIn({ resourceType: 'Evidence', effect: 1, note: { text: 'one' } }, 'Evidence', 'Evidence')).toEqual([
    'Evidence.effect: unknown',
    'Evidence.note: does not repeat',
  ])
})

// The keys are those of R5's own definitions (hl7.org/fhir/R5), whose FHIRPath this is.
test.each([
  ['bdl-7', 'entry.fullUrl.isDistinct()'],
  ['bdl-8', "entry.fullUrl.all($this.contains('/_history/').not())"],
  ['evv-1', 'entry.resource.characteristic.all((definitionCodeableConcept | definitionByTypeAndValue).count() < 2)'],
  ['qty-3', 'descendants().ofType(Quantity).all(code.empty() or system.exists())'],
  ['rng-2', 'descendants().ofType(Range).all(low.value.empty() or high.value.empty() or low.value <= high.value)'],
  ['ref-2', 'descendants().ofType(Reference).all(reference.exists() or identifier.exists() or display.exists())'],
  ['cod-1', 'descendants().ofType(Coding).all(code.exists().not() or system.exists())'],
])('the rule %s of R5 holds', (_, rule) => {
  expect(ask(rule)).toEqual([true])
})

test('the engine sees the types that the rules are about', () => {
  for (const type of ['Quantity', 'Range', 'Reference', 'Coding']) expect(ask(`descendants().ofType(${type}).count() > 100`)).toEqual([true])
  expect(ask('entry.resource.ofType(EvidenceVariable).characteristic.definitionByTypeAndValue.exists()')).toEqual([true])
})

test('every unit is one of UCUM', () => {
  const ucum = UcumLhcUtils.getInstance()
  const units = ask("descendants().ofType(Quantity).where(system = 'http://unitsofmeasure.org').code.distinct()") as string[]
  expect(units.length).toBeGreaterThan(10)
  expect(units.filter((unit) => ucum.validateUnitString(unit).status !== 'valid')).toEqual([])
})

test('the effects of a retracted report are retired, its citation is, and both say why', () => {
  const of =
    "entry.resource.ofType(Evidence).where(relatedArtifact.where(type = 'derived-from').resourceReference.reference.endsWith('/fhir/Citation/citation-tarleton-2017'))"
  expect(ask(`${of}.exists()`)).toEqual([true])
  expect(ask(`${of}.all(status = 'retired' and note.text.where($this = 'The main report is of status retracted.').exists())`)).toEqual([true])
  const citation = "entry.resource.ofType(Citation).where(id = 'citation-tarleton-2017')"
  expect(ask(`${citation}.status`)).toEqual(['retired'])
  expect(ask(`${citation}.citedArtifact.currentState.coding.code`)).toEqual(['retracted'])
  // Nothing else is retired but what is of a retracted report: its effects, and the citation that is marked so.
  const retired = "entry.resource.where(status = 'retired')"
  expect(ask(`${retired}.ofType(Evidence).all(note.text.where($this = 'The main report is of status retracted.').exists())`)).toEqual([true])
  expect(ask(`${retired}.ofType(Citation).all(citedArtifact.currentState.coding.code = 'retracted')`)).toEqual([true])
  expect(ask(`${retired}.ofType(Evidence).count() > ${of}.count()`)).toEqual([true])
})

test('a study is named by every report of it, the main one first', () => {
  const several = 'entry.resource.ofType(Evidence).where(relatedArtifact.count() > 1)'
  expect(ask(`${several}.exists()`)).toEqual([true])
  expect(ask(`${several}.all(relatedArtifact.first().type = 'derived-from' and relatedArtifact.skip(1).all(type = 'citation'))`)).toEqual([true])
})
