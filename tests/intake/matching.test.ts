import { matchOf, type Candidate } from '../../src/intake/matching.js'
import { sameAuthor, sameTitle } from '../../src/intake/matching.titles.js'
import type { Reference } from '../../src/references/reference.js'
import { plain } from '../references/support.js'

const long = 'magnesium supplementation in adults with type 2 diabetes and hypertension attending outpatient clinics in northern Iran'

test.each([
  ['capitals, accents, signs', 'Étude du “magnésium” – œdème', 'Etude du magnesium: oedeme'],
  ['British spelling', 'Magnesium sulphate in oedema and anaemia: a randomised trial', 'Magnesium sulfate in edema and anemia: a randomized trial'],
  ['two letters swapped', 'Oral magnesuim in migraine', 'Oral magnesium in migraine'],
  ['a plural', 'Effects of magnesium infusions', 'Effect of magnesium infusion'],
  ['a word joined', 'Magnesium: a follow-up', 'Magnesium: a followup'],
  ['the kind of study left out', 'Magnesium in migraine: a randomized, double-blind, controlled trial', 'Magnesium in migraine'],
  ['other alphabets', 'Роль магния в лечении депрессии', 'РОЛЬ МАГНИЯ В ЛЕЧЕНИИ ДЕПРЕССИИ.'],
])('titles are the same but for %s', (_, one, other) => {
  expect(sameTitle(one, other)).toBe(true)
  expect(sameTitle(other, one)).toBe(true)
})

test.each([
  ['part I and part II', `${long}. Part I`, `${long}. Part II`],
  ['part A and part B', `${long}. Part A`, `${long}. Part B`],
  ['an erratum', `Erratum: ${long}`, long],
  ['its protocol', `${long}: study protocol`, long],
  ['a letter on it', `Comment on "${long}"`, long],
  ['its pilot', `${long}: a pilot study`, `${long}: a study`],
  ['what was measured', `Serum calcium after ${long}`, `Urine calcium after ${long}`],
  ['whom it was in', `Women: ${long}`, `Men: ${long}`],
  ['the other way round of a measure', `Hypotension and ${long}`, `Hypertension and ${long}`],
  ['a number', long, long.replace('type 2', 'type 1')],
  ['a year', `${long} 2015`, `${long} 2016`],
  ['titles in other alphabets', 'Роль магния', 'Роль кальция'],
])('titles differ by %s, however long', (_, one, other) => {
  expect(sameTitle(one, other)).toBe(false)
  expect(sameTitle(other, one)).toBe(false)
})

test('authors are the same with and without particles, accents and a second name', () => {
  expect(sameAuthor('van den Berg', 'Berg')).toBe(true)
  expect(sameAuthor('Müller', 'MULLER')).toBe(true)
  expect(sameAuthor('Ødegård', 'Odegard')).toBe(true)
  expect(sameAuthor('García-López', 'Garcia')).toBe(true)
  expect(sameAuthor('Berg', 'Bergen')).toBe(false)
})

const candidate: Candidate = {
  ...{ slug: 'known-2017', draft: null, title: plain.title, doi: plain.doi, pmid: plain.pmid, pmcid: plain.pmcid, year: 2017, author: 'Tarleton' },
  similarity: 1,
}
const bare = { ...plain, doi: null, pmid: null, pmcid: null }

test.each([
  ['the year before, as online', { year: 2016 }, 'SAME'],
  ['two years apart', { year: 2015 }, 'NEW'],
  ['no year', { year: null }, 'SAME'],
  ['another first author', { authors: [{ family: 'Littenberg', given: 'B.' }] }, 'NEW'],
  ['no authors', { authors: [] }, 'SAME'],
  ['another DOI, as of a preprint', { doi: '10.5555/preprint' }, 'NEW'],
  ['another PMID', { pmid: '1' }, 'NEW'],
])('the same title with %s is %s', (_, change, kind) => {
  expect(matchOf({ ...bare, ...change }, [candidate]).kind).toBe(kind)
})

test.each<[string, Partial<Reference>]>([
  ['title', { title: 'Else' }],
  ['title and year', { title: 'Else', year: 1999 }],
  ['title and author', { title: 'Else', authors: [{ family: 'Nobody', given: null }] }],
  ['year and author', { year: 1999, authors: [{ family: 'Nobody', given: null }] }],
  ['title, if nothing else is told', { title: 'Else', year: null, authors: [] }],
  ['a title without its subtitle, year and author', { title: 'Role of magnesium supplementation', year: 1999, authors: [{ family: 'Nobody', given: null }] }],
])('an identifier outweighs another %s', (_, change) => {
  expect(matchOf({ ...bare, pmid: plain.pmid, ...change }, [candidate])).toEqual({ kind: 'SAME', candidate, by: 'PMID' })
})

test.each<[string, Partial<Reference>]>([
  ['title, year and author', { title: 'Knots', year: 2012, authors: [{ family: 'Knoten', given: null }] }],
  ['title and year, no author being told', { title: 'Knots', year: 2012, authors: [] }],
  ['title and author, no year being told', { title: 'Knots', year: null, authors: [{ family: 'Knoten', given: null }] }],
])('an identifier is not believed against another %s: the record is a conflict that names both titles', (_, change) => {
  expect(matchOf({ ...bare, pmid: plain.pmid, ...change }, [candidate])).toEqual({
    kind: 'CONFLICT',
    why: expect.stringMatching(/^its PMID is of known-2017, but the title is "Role of magnesium.*" here and "Knots" there/),
  })
})

test('a title that is ours is no evidence against an identifier', () => {
  const reference = { ...bare, title: 'Knots', authors: [], pmid: plain.pmid }
  expect(matchOf({ ...reference, year: 1999 }, [{ ...candidate, titleAsPublished: false }]).kind).toBe('SAME')
})

test('of several like titles the most like is taken, and one that shares an identifier before it', () => {
  const [less, more] = [
    { ...candidate, slug: 'less', similarity: 0.9 },
    { ...candidate, slug: 'more', doi: null, similarity: 0.95 },
  ]
  expect(matchOf(bare, [less, more])).toMatchObject({ candidate: { slug: 'more' } })
  expect(matchOf({ ...bare, doi: plain.doi }, [more, less])).toMatchObject({ candidate: { slug: 'less' }, by: 'DOI' })
})

test('identifiers of two publications are a conflict, and so is one that contradicts', () => {
  const other = { ...candidate, slug: 'other-2018', doi: '10.5555/other', pmid: '2', pmcid: null }
  expect(matchOf({ ...bare, doi: plain.doi, pmid: '2' }, [candidate, other])).toEqual({
    kind: 'CONFLICT',
    why: 'its DOI is of known-2017 and its PMID of other-2018',
  })
  expect(matchOf({ ...bare, doi: plain.doi, pmid: '3' }, [candidate])).toEqual({
    kind: 'CONFLICT',
    why: 'its DOI is of known-2017, whose PMID is 28654669 and not 3',
  })
})
