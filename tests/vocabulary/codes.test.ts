import { asNotation, holdsCode, isCodeAmong, looksLikeCode, notationsOf } from '../../src/vocabulary/codes.js'

test.each([
  'MONDO:0005278',
  'mondo: 0005278',
  'MONDO_0005278',
  'http://purl.obolibrary.org/obo/MONDO_0005278',
  'MESH:D008882',
  'D008882',
  'd008882',
  'C091418',
  'CHEBI:32599',
  'CHEMBL2105061',
  'DB14513',
  'NCT02466087',
  'PMC5487054',
  'G43',
  'G43.9',
  'ICD10:G43.9',
  'ICD-10: G43.9',
  '8A80.1Z',
  'A12CC04',
  '3A3U0GI71G',
  '1309-48-4',
  '232-094-6',
  '19123-9',
  'AACACXATQSKRQG-UHFFFAOYSA-L',
  '10.1371/journal.pone.0180067',
  'doi:10.1371/journal.pone.0180067',
  '24083',
  '0005277',
])('%s looks like a code', (text) => {
  expect(looksLikeCode(text)).toBe(true)
  expect(holdsCode(text)).toBe(true)
})

test.each([
  'migraine',
  'PHQ-9',
  'PHQ9',
  'SF-36',
  'IL-6',
  'HbA1c',
  'A1c',
  'vitamin B12',
  'type 2 diabetes',
  'Mg2+',
  'ratio: high',
  'magnesium-citrate',
  '',
  'HAM-D17',
  '500 mg',
])('"%s" looks like words', (text) => {
  expect(looksLikeCode(text)).toBe(false)
})

test.each([
  ['magnesium NCT02466088', true],
  ['depression (MESH:D003867)', true],
  ['vitamin B12 in 2017', false],
])('whether "%s" holds a code among its words: %s', (text, expected) => {
  expect(holdsCode(text)).toBe(expected)
})

test('a code is written with its system or without it, whether or not its value carries the system', () => {
  const same = { full: 'CHEBI:32599', bare: '32599' }
  expect(notationsOf({ system: 'CHEBI', value: 'CHEBI:32599' })).toEqual(same)
  expect(notationsOf({ system: 'CHEBI', value: '32599' })).toEqual(same)
  expect(['chebi:32599', 'CHEBI_32599', ' chebi : 32599 ', 'http://purl.obolibrary.org/obo/CHEBI_32599'].map(asNotation)).toEqual(Array(4).fill('CHEBI:32599'))
  expect(asNotation('icd-10:g43.9')).toBe('ICD10:G43.9')
  expect(isCodeAmong([{ system: 'CHEBI', value: 'CHEBI:32599' }], '32599')).toBe(true)
  expect(isCodeAmong([{ system: 'CHEBI', value: 'CHEBI:32599' }], '3259')).toBe(false)
})
