import { readIdentifier } from '../../src/study/identifiers.js'

const doi = { kind: 'doi', value: '10.1371/journal.pone.0180067' }
test.each([
  ['10.1371/journal.pone.0180067', doi],
  ['10.1371/JOURNAL.PONE.0180067', doi],
  ['https://doi.org/10.1371/journal.pone.0180067', doi],
  ['http://dx.doi.org/10.1371/journal.pone.0180067', doi],
  ['https://doi.org/10.1371%2Fjournal.pone.0180067', doi],
  ['doi:10.1371/journal.pone.0180067', doi],
  ['DOI: 10.1371/journal.pone.0180067.', doi],
  [' doi 10.1371/journal.pone.0180067 ', doi],
  ['10.1016/S0140-6736(95)90865-X', { kind: 'doi', value: '10.1016/s0140-6736(95)90865-x' }],
  ['28654669', { kind: 'pmid', value: '28654669' }],
  ['PMID: 28654669', { kind: 'pmid', value: '28654669' }],
  ['pmid28654669', { kind: 'pmid', value: '28654669' }],
  ['https://pubmed.ncbi.nlm.nih.gov/28654669/', { kind: 'pmid', value: '28654669' }],
  ['PMC5487054', { kind: 'pmcid', value: 'PMC5487054' }],
  ['pmcid: pmc5487054', { kind: 'pmcid', value: 'PMC5487054' }],
  ['https://pmc.ncbi.nlm.nih.gov/articles/PMC5487054/', { kind: 'pmcid', value: 'PMC5487054' }],
  ['NCT02466087', { kind: 'registration', value: 'NCT02466087' }],
  ['nct02466087', { kind: 'registration', value: 'NCT02466087' }],
  ['https://clinicaltrials.gov/study/NCT02466087', { kind: 'registration', value: 'NCT02466087' }],
  ['ISRCTN14728094', { kind: 'registration', value: 'ISRCTN14728094' }],
  ['IRCT2016030326886N1', { kind: 'registration', value: 'IRCT2016030326886N1' }],
  ['EudraCT 2015-003749-24', { kind: 'registration', value: '2015-003749-24' }],
])('%s is read', (text, expected) => {
  expect(readIdentifier(text)).toEqual(expected)
})

test.each(['', 'nonsense', '10.1371', 'doi:', 'PMC', 'NCT123', '123456789', 'https://example.org/28654669', '%E0%A4%A'])('"%s" is no identifier', (text) => {
  expect(readIdentifier(text)).toBeNull()
})
