import fc from 'fast-check'
import { searchWords } from '../../src/search/question.js'
import { readQuestion } from '../../src/study/words.js'

const common = new Set(['magnesium', 'randomised'])

test.each([
  ['a common word', 'magnesium for sleep', 'sleep', ['magnesium for sleep', 'magnesium sleep', 'sleep']],
  ['a question', 'Does magnesium help migraine?', 'migraine?', ['Does magnesium help migraine?', 'magnesium migraine?', 'migraine?']],
  [
    'a name with a common word',
    'what is magnesium glycinate good for',
    'glycinate',
    ['what is magnesium glycinate good for', 'magnesium glycinate', 'glycinate'],
  ],
  ['nothing but words without weight', 'which magnesium is best', 'magnesium', ['which magnesium is best', 'magnesium']],
  ['nothing but asking words', 'what is it', 'what is it', ['what is it']],
  ['a phrase', '"magnesium for sleep"', '"magnesium for sleep"', ['magnesium for sleep']],
  ['what is left out', 'magnesium sleep -magnesium -"in animals"', 'sleep -"magnesium" -"in animals"', ['magnesium sleep', 'sleep']],
  ['alternatives', 'magnesium or sleep', 'magnesium or sleep', ['magnesium or sleep']],
  ['capitals and accents', 'MAGNÉSIUM sleep', 'sleep', ['MAGNÉSIUM sleep', 'sleep']],
  ['an identifier', 'https://doi.org/10.1371/Journal.pone.0180067', '10.1371/journal.pone.0180067', ['10.1371/journal.pone.0180067']],
])('%s: "%s" searches for "%s"', (_, text, words, names) => {
  expect(searchWords(text, common)).toEqual({ text: words, names })
})

test('the words that are searched for are words of the question, and some are left', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      const wanted = (question: string) => readQuestion(question).map(({ words, isExcluded }) => `${isExcluded ? '-' : ''}${words}`)
      const [asked, searched] = [wanted(text), wanted(searchWords(text, common).text)]
      expect(asked.length === 0 || searched.length > 0).toBe(true)
      if (!readQuestion(text).some(({ isAlternative }) => isAlternative)) expect(searched.filter((words) => !asked.includes(words))).toEqual([])
    }),
  )
})
