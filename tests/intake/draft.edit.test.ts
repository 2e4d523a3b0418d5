import fc from 'fast-check'
import { readDesigns } from '../../src/intake/designs.table.js'
import { kindTold } from '../../src/intake/design.js'
import { settledValues } from '../../src/intake/draft.edit.js'
import { readPath, withoutValue, withValue } from '../../src/intake/draft.paths.js'
import { matchingSources, onlySource } from '../../src/intake/draft.sources.js'

const field = fc.stringMatching(/^[a-z][a-zA-Z]{0,8}$/)

test('a value that is set at a path is the only one that changes, and is gone when it is taken out', () => {
  fc.assert(
    fc.property(fc.dictionary(field, fc.jsonValue()), fc.array(field, { minLength: 1, maxLength: 3 }), fc.integer(), (document, path, value) => {
      const [first = ''] = path
      const clean = Object.fromEntries(Object.entries(document).filter(([name]) => name !== first))
      const edited = withValue(clean, path, value) as Record<string, unknown>
      expect(path.reduce<unknown>((inner, part) => (inner as Record<string, unknown>)[part], edited)).toBe(value)
      expect(withoutValue(edited, [first])).toEqual(clean)
    }),
  )
})

test('a path reads in both notations, and members of lists by their slug too', () => {
  expect(readPath('results[0].armResults[mg].n')).toEqual(['results', '0', 'armResults', 'mg', 'n'])
  expect(readPath('results.0.armResults.mg.n')).toEqual(['results', '0', 'armResults', 'mg', 'n'])
  expect(['', 'a..b', 'a[', '[]', 'a]b'].map(readPath)).toEqual([null, null, null, null, null])
  const document = { results: [{ slug: 'one', unit: 'g' }, { slug: 'two' }] }
  expect(withValue(document, ['results', 'two', 'unit'], 'mg')).toEqual({
    results: [
      { slug: 'one', unit: 'g' },
      { slug: 'two', unit: 'mg' },
    ],
  })
  expect(withValue(document, ['results', '2'], { slug: 'three' })).toEqual({ results: [...document.results, { slug: 'three' }] })
  expect(() => withValue(document, ['results', '3', 'unit'], 'mg')).toThrow('the list has 2 members')
})

test('a path cannot reach a prototype', () => {
  withValue({}, ['__proto__', 'polluted'], true)
  withValue({}, ['constructor', 'prototype', 'polluted'], true)
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

const document = { slug: 'a-2024', role: 'PRIMARY_REPORT', title: 'A title' }
test.each([
  ['pmid', '28654669', '28654669'],
  ['year', '2017', 2017],
  ['title', 'Magnesium: a trial # 3', 'Magnesium: a trial # 3'],
  ['title', '1984', '1984'],
  ['titleAsPublished', 'false', false],
  ['volume', '12', '12'],
  ['types', '["Review"]', ['Review']],
  ['note', 'null', 'null'],
])('a text for %s, %s, becomes %p', (path, text, value) => {
  expect(settledValues({ kind: 'PUBLICATION', document, isChange: false }, { [path]: text })).toEqual({ [path]: value })
})

const sources = ['./folder/review.ris', 'other/review.ris', 'export.bib', 'https://doi.org/10.1/x']
test.each([
  ['export.bib', ['export.bib']],
  ['./export.bib', ['export.bib']],
  ['/home/me/export.bib', ['export.bib']],
  ['folder/review.ris', ['./folder/review.ris']],
  ['/home/me/folder/review.ris', ['./folder/review.ris']],
  ['review.ris', ['./folder/review.ris', 'other/review.ris']],
  ['https://doi.org/10.1/x', ['https://doi.org/10.1/x']],
])('the source %s means %j', (asked, found) => {
  expect(matchingSources(asked, sources)).toEqual(found)
})

test.each(['view.ris', 'nothing.ris', '', '.', '/'])('the source "%s" is none, and the known ones are listed', (asked) => {
  expect(() => matchingSources(asked, sources)).toThrow('the sources are ./folder/review.ris, other/review.ris, export.bib')
})

test('a decision needs one source: a name of several is refused with both', () => {
  expect(() => onlySource('review.ris', sources)).toThrow('"review.ris" may be any of ./folder/review.ris, other/review.ris')
  expect(onlySource('export.bib', sources)).toBe('export.bib')
})

test.each([
  [['Randomized Controlled Trial'], 'Magnesium', 'RCT_PARALLEL', 'PRIMARY'],
  [['Randomized Controlled Trial'], 'A double-blind cross-over trial', 'RCT_CROSSOVER', 'PRIMARY'],
  [['Journal Article'], 'Magnesium for sleep: a randomised trial', 'RCT_PARALLEL', 'PRIMARY'],
  [['Journal Article', 'Meta-Analysis', 'Systematic Review'], 'Randomized trials of magnesium', 'REVIEW', 'META_ANALYSIS'],
  [['Review'], 'Magnesium', 'REVIEW', 'NARRATIVE_REVIEW'],
  [['Case Reports'], 'Magnesium', 'CASE_SERIES', 'PRIMARY'],
  [[], 'Magnesium and stroke: a Mendelian randomization study', 'MENDELIAN_RANDOMIZATION', 'PRIMARY'],
  [[], 'A prospective cohort of sailors', 'COHORT', 'PRIMARY'],
  [[], 'Randomised trials: a systematic review', 'REVIEW', 'SYSTEMATIC_REVIEW'],
])('types %j and the title "%s" tell %s, %s', (types, title, design, evidenceKind) => {
  expect(kindTold({ types, title })).toMatchObject({ design, evidenceKind })
})

test('what tells no design is told as none', () => {
  expect(kindTold({ types: ['Journal Article'], title: 'Magnesium in sailors' })).toBeNull()
})

test.each([',', ';', '\t'])('a table of designs separated by "%s" is read', (sign) => {
  const text = ['draft,design,study', '12,rct_parallel,', 'nobody-2024,,tarleton-2017'].join('\r\n').replaceAll(',', sign)
  expect(readDesigns(`\uFEFF${text}\r\n`)).toMatchObject([
    { draft: '12', place: { made: { design: 'RCT_PARALLEL' } } },
    { draft: 'nobody-2024', place: { study: 'tarleton-2017' } },
  ])
})

test.each([
  ['draft,design\n12,TRIAL', /line 2, column design: must be one of RCT_PARALLEL/],
  ['draft,design\n,COHORT', /line 2, column draft/],
  ['draft,design\n12,COHORT\n12,COHORT', /line 3, column draft: 12 has a line already/],
  ['id,design\n12,COHORT', /has the columns draft, design/],
  ['draft,design,study\n12,COHORT,tarleton-2017', /line 2: a draft goes into a study that is there, or makes one/],
  ['draft,design\n"12,COHORT', /cannot be read/],
])('a table of designs that is wrong is refused by line and column', (text, message) => {
  expect(() => readDesigns(text)).toThrow(message)
})
