import { readFile } from 'node:fs/promises'
import type { CodeableConcept } from 'fhir/r5.js'
import {
  confidenceInterval,
  count,
  mean,
  pValue,
  retracted,
  riskOfBias,
  roles,
  standardDeviation,
  standardErrorOn,
  statisticTypeOf,
} from '../../src/download/fhir/codes.js'
import { designOf } from '../../src/download/fhir/designs.js'
import { StudyDesign } from '../../src/generated/prisma/enums.js'

// The lists of R5 and the labels of STATO as they were read; the file says where.
const lists = JSON.parse(await readFile('tests/fixtures/fhir/r5Lists.json', 'utf8')) as Record<string, Record<string, string | null> | undefined>
const page = await readFile('docs/using-from-fhir.md', 'utf8')

const measures = Object.values(statisticTypeOf)
const others = [count, mean, confidenceInterval, pValue, standardDeviation, retracted, riskOfBias, ...Object.values(standardErrorOn)]
const designs = Object.values(StudyDesign).flatMap(designOf)
const codingsOf = (concepts: readonly CodeableConcept[]) => concepts.flatMap(({ coding }) => coding ?? [])

test('every code is in the list of its system, under the name that it has there', () => {
  for (const { system = '', code = '', display } of codingsOf([...measures, ...others, ...designs, ...Object.values(roles)])) {
    const known = lists[system]?.[code]
    expect([system, code, known]).not.toContain(undefined)
    if (known !== null) expect([code, display]).toEqual([code, known])
  }
})

test('the page names every code of a measure or an attribute', () => {
  expect(codingsOf([...measures, ...others]).filter(({ code = '' }) => !page.includes(code))).toEqual([])
})

test('what has no code is told in words', () => {
  expect([...measures, count, mean, ...designs.filter(({ coding }) => coding === undefined)].filter(({ text = '' }) => text === '')).toEqual([])
  expect(statisticTypeOf.ROM).toEqual({ text: 'ratio of means' })
})
