import { readQuestion, wantedWords } from '../../src/study/words.js'

const shown = (text: string): string =>
  readQuestion(text)
    .map(({ words, isExcluded, isAlternative }) => `${isAlternative ? '| ' : ''}${isExcluded ? '!' : ''}[${words}]`)
    .join(' ')

test.each([
  ['words', 'magnesium citrate', '[magnesium] [citrate]'],
  ['a no-break space', 'magnesium\u00a0citrate', '[magnesium] [citrate]'],
  ['a hyphen inside a word', 'pre-eclampsia', '[pre-eclampsia]'],
  ['an operator at the beginning of a word', 'sleep -asthma', '[sleep] ![asthma]'],
  ['a hyphen at the beginning and another inside', '-pre-eclampsia', '![pre-eclampsia]'],
  ['a hyphen between spaces', 'sleep - asthma', '[sleep] [-] [asthma]'],
  ['a phrase, and one that is left out', '"type 2" -"pre eclampsia"', '[type 2] ![pre eclampsia]'],
  ['quotes of a word processor', '“type 2” diabetes', '[type 2] [diabetes]'],
  ['a quote that nothing closes', '"type 2', '[type] [2]'],
  ['a quote inside a word', '5" tablets', '[5] [tablets]'],
  ['brackets', '(-asthma) (sleep)', '![asthma)] [sleep)]'],
  ['alternatives', 'oxide or citrate OR "malate"', '[oxide] | [citrate] | [malate]'],
  ['an "or" at the end or at the beginning', 'or oxide or', '[oxide]'],
  ['an "or" in quotes', 'oxide "or" citrate', '[oxide] [or] [citrate]'],
  ['a DOI as an address', 'https://doi.org/10.1371/Journal.pone.0180067', '[10.1371/journal.pone.0180067]'],
  ['a DOI among words', 'depression doi:10.1371/journal.pone.0180067', '[depression] [10.1371/journal.pone.0180067]'],
  ['a PMID', 'PMID: 28654669', '[28654669]'],
  ['a number with leading zeros', '007', '[007]'],
  ['nothing', ' \u2003 ', ''],
])('%s: %s is read as %s', (_, text, expected) => {
  expect(shown(text)).toBe(expected)
})

test('the words that a text asks for are those that it does not leave out', () => {
  expect(wantedWords('sleep -asthma or "type 2"')).toBe('sleep or type 2')
})
