import { examine } from '../../src/corpus/rules.js'
import { validCorpus } from '../../src/corpus/reading.js'
import type { Corpus } from '../../src/corpus/files.js'
import { comparisonOf } from '../../src/evidence/comparison.js'

let corpus: Corpus
beforeAll(async () => {
  corpus = await validCorpus('prisma/corpus')
})

/** Exposures that are none to magnesium in people: a medium of cells, the hour of a blood sample, sleep withheld. */
const otherExposures = ['cazzaniga-2022', 'mauskop-2002', 'nabaee-2018']

const contrasts = () =>
  corpus.studies.flatMap((study) =>
    study.results.map(({ slug, intervention, comparator, exposure }) => {
      const arm = (name: string | undefined) => study.arms.find((entry) => entry.slug === name) ?? null
      return {
        study: study.slug,
        result: `${study.slug}-${slug}`,
        ...comparisonOf({ intervention: arm(intervention), comparator: arm(comparator), exposure: exposure ?? null }, corpus.treatments),
      }
    }),
  )

test('what active comparators and combinations hold are known treatments, in no words of a label', () => {
  const known = new Set(corpus.treatments.map(({ slug }) => slug))
  const unknown = contrasts().flatMap(({ result, agents, combinedWith }) =>
    [...agents, ...combinedWith].filter((agent) => !known.has(agent)).map((agent) => `${result}: ${agent}`),
  )
  expect(unknown).toEqual([])
})

test('every contrast with an active control names its agents', () => {
  const roles = corpus.studies.flatMap((study) => study.arms.filter(({ role }) => role === 'ACTIVE_CONTROL').map((arm) => ({ study: study.slug, ...arm })))
  // The source calls the water low in minerals no placebo, and there is no treatment in it.
  expect(roles.filter(({ agents }) => agents === undefined || agents.length === 0).map(({ study }) => study)).toEqual(['rylander-2004-magnesium-water'])
  expect(contrasts().filter(({ kind, agents }) => kind === 'ACTIVE' && agents.length === 0)).toEqual([])
})

test('every exposure is of a known kind', () => {
  const other = contrasts().filter(({ exposure }) => exposure === 'OTHER')
  expect([...new Set(other.map(({ study }) => study))].sort()).toEqual(otherExposures)
})

test('every outcome says how much it matters', () => {
  expect(corpus.outcomes.filter(({ importance }) => importance === undefined).map(({ slug }) => slug)).toEqual([])
})

test('no warning stands for what the files could say', () => {
  const kinds = new Set(examine(corpus).warnings.map(({ kind }) => kind))
  for (const kind of [
    'an arm with other treatments that names no agents',
    'an outcome without its importance',
    'categories of one exposure without ranks',
    'a standard error that contradicts its deviation',
    'arms that add up to fewer people than were randomised',
  ])
    expect([...kinds]).not.toContain(kind)
})
