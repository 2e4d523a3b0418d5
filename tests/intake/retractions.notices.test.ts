import { crossrefNotices, europePmcNotices, pubmedNotices, statusChanges, type Notice } from '../../src/intake/retractions.notices.js'
import type { CrossrefWork } from '../../src/intake/fetch.crossref.js'
import type { EuropePmcArticle } from '../../src/intake/fetch.europePmc.js'
import type { PubmedSummary } from '../../src/intake/fetch.pubmed.js'

const on = (...parts: number[]) => ({ 'date-parts': [parts] })
const work = (changes: Partial<CrossrefWork>) => ({ DOI: '10.1000/trial', 'updated-by': [], 'update-to': [], ...changes }) as unknown as CrossrefWork // of a work only these are read
const summary = (changes: Partial<PubmedSummary>) => ({ uid: '111', pubtype: [], references: [], ...changes }) as unknown as PubmedSummary // the same
const article = (changes: Partial<EuropePmcArticle>) => ({ id: '111', source: 'MED', pmid: '111', ...changes }) as unknown as EuropePmcArticle // the same
const reference = (reftype: string, refsource: string, pmid?: string) => ({ reftype, refsource, note: '', ...(pmid && { pmid }) })

test.each([
  ['retraction', 'RETRACTED'],
  ['withdrawal', 'RETRACTED'],
  ['removal', 'RETRACTED'],
  ['partial_retraction', 'CONCERN'],
  ['expression_of_concern', 'CONCERN'],
  ['expression-of-concern', 'CONCERN'],
  ['correction', 'CORRECTED'],
  ['corrigendum', 'CORRECTED'],
  ['erratum', 'CORRECTED'],
  ['reinstatement', 'CURRENT'],
])('%s in Crossref makes a publication %s', (type, status) => {
  expect(crossrefNotices(work({ 'updated-by': [{ type, DOI: '10.1000/Notice', updated: on(2018, 3, 1) }] }))).toEqual([
    { of: { doi: '10.1000/trial', pmid: null }, status, date: '2018-03-01', kind: type, notice: '10.1000/notice', source: 'Crossref 10.1000/trial' },
  ])
})

test('an addendum or a new version changes no status', () => {
  expect(crossrefNotices(work({ 'updated-by': ['addendum', 'clarification', 'new_version', 'new_edition'].map((type) => ({ type })) }))).toEqual([])
})

test('a notice tells of the publication it is about, not of itself', () => {
  const [told] = crossrefNotices(
    work({ DOI: '10.1000/notice', 'update-to': [{ type: 'retraction', label: 'Retraction', DOI: '10.1000/trial', updated: on(2018) }] }),
  )
  expect(told).toMatchObject({ of: { doi: '10.1000/trial' }, status: 'RETRACTED', notice: '10.1000/notice', date: '2018', kind: 'Retraction' })
  const [linked] = pubmedNotices(summary({ uid: '222', references: [reference('Retraction of', 'Lancet. 1995 Jun 10;345(8963):1455', '111')] }))
  expect(linked).toMatchObject({ of: { pmid: '111' }, status: 'RETRACTED', notice: 'PMID 222', date: null })
})

test.each([
  ['Retraction in', 'RETRACTED'],
  ['Expression of concern in', 'CONCERN'],
  ['Partial retraction in', 'CONCERN'],
  ['Erratum in', 'CORRECTED'],
  ['Corrected and republished in', 'CORRECTED'],
])('"%s" in PubMed and Europe PMC makes a publication %s', (type, status) => {
  const citation = 'PLoS One. 2018 Mar 1;13(3):e0193834'
  const expected = { of: { doi: null, pmid: '111' }, status, date: '2018-03-01', kind: type, notice: 'PMID 222' }
  expect(pubmedNotices(summary({ references: [reference(type, citation, '222')] }))).toEqual([{ ...expected, source: 'PubMed 111' }])
  const commentCorrection = [{ id: '222', source: 'MED', reference: citation, type }]
  expect(europePmcNotices(article({ commentCorrectionList: { commentCorrection } }))).toEqual([{ ...expected, source: 'Europe PMC 111' }])
})

test('comments and updates change no status', () => {
  const references = ['Comment in', 'Comment on', 'Update in', 'Update of', 'Cites', 'Republished in'].map((type) => reference(type, 'Lancet. 2018;1:1', '222'))
  expect(pubmedNotices(summary({ references }))).toEqual([])
})

test('a publication typed as retracted is, whether its notice is linked or not', () => {
  expect(pubmedNotices(summary({ pubtype: ['Journal Article', 'Retracted Publication'] }))).toMatchObject([{ status: 'RETRACTED', notice: null, date: null }])
  const references = [reference('Retraction in', 'Lancet. 2018 Mar;391:850')]
  expect(pubmedNotices(summary({ pubtype: ['Retracted Publication'], references }))).toMatchObject([{ date: '2018-03', notice: 'Lancet. 2018 Mar;391:850' }])
})

const notice = (changes: Partial<Notice>): Notice => ({
  of: { doi: '10.1000/trial', pmid: null },
  status: 'RETRACTED',
  date: '2018-03-01',
  kind: 'Retraction',
  notice: '10.1000/notice',
  source: 'Crossref 10.1000/trial',
  ...changes,
})

test('a retraction told by several is one event, with its best known day and all who tell it', () => {
  const told = [
    notice({ source: 'PubMed 111', date: '2018-04', kind: 'Retraction in', notice: 'PMID 222' }),
    notice({ source: 'Crossref 10.1000/trial (retraction-watch)', date: '2018-03-09' }),
    notice({}),
  ]
  expect(statusChanges(told)).toEqual([
    {
      slug: 'retracted',
      event: {
        status: 'RETRACTED',
        date: '2018-03-01',
        note: 'Retraction / Retraction in: 10.1000/notice; PMID 222',
        source: 'Crossref 10.1000/trial, Crossref 10.1000/trial (retraction-watch), PubMed 111',
      },
    },
  ])
})

test('a day that nobody tells is not made up', () => {
  const [change] = statusChanges([notice({ date: '2018-04' })])
  expect(change?.event).toEqual({ status: 'RETRACTED', note: 'Retraction: 10.1000/notice; dated 2018-04', source: 'Crossref 10.1000/trial' })
})

test('corrections of different notices stay apart, one told by two sources does not', () => {
  const correction = (changes: Partial<Notice>) => notice({ status: 'CORRECTED', kind: 'Correction', ...changes })
  const told = [
    correction({ date: '2018-03-01', notice: '10.1000/first' }),
    correction({ date: '2020-05-05', notice: '10.1000/second' }),
    correction({ source: 'PubMed 111', date: '2020-05', notice: 'PMID 333' }),
  ]
  expect(statusChanges(told).map(({ slug, event }) => [slug, event.note])).toEqual([
    ['corrected-2018-03-01', 'Correction: 10.1000/first'],
    ['corrected-2020-05-05', 'Correction: 10.1000/second; PMID 333'],
  ])
})
