import { copyFile, mkdir, mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Corpus } from '../../src/corpus/files.js'
import type { StudyEntry } from '../../src/corpus/format.js'

type Publication = StudyEntry['publications'][number]

const ownOf = (study: StudyEntry) => study.publications.filter((entry): entry is Extract<Publication, { slug: string }> => 'slug' in entry)

/** Studies that point to one another in every way there is, with all that they point to, and some that only share a scale. */
export function connectedStudies({ studies }: Corpus, sharing = 20): StudyEntry[] {
  const bySlug = new Map(studies.map((study) => [study.slug, study]))
  const owner = new Map(studies.flatMap((study) => ownOf(study).map(({ slug }) => [slug, study.slug])))
  const namedBy = (study: StudyEntry) => [
    ...study.publications.flatMap((entry) => ('ref' in entry ? [owner.get(entry.ref)] : entry.relations.map(({ to }) => owner.get(to)))),
    ...study.riskOfBias.map(({ review }) => review),
    ...study.pooledResults.flatMap(({ replication }) => replication?.inputs.map((input) => input.study) ?? []),
  ]
  const wanted = new Set([
    ...['li-2007', 'duley-2005-prevention', 'rowe-2000'],
    ...studies.filter((study) => ownOf(study).some(({ relations }) => relations.length > 0)).map(({ slug }) => slug),
    ...studies
      .filter(({ riskOfBias }) => riskOfBias.some(({ review }) => review !== undefined))
      .slice(0, 4)
      .map(({ slug }) => slug),
    ...studies
      .filter(({ results }) => results.some(({ armResults }) => armResults.some(({ sd }) => sd !== undefined)))
      .slice(0, sharing)
      .map(({ slug }) => slug),
  ])
  for (const slug of wanted) {
    const study = bySlug.get(slug)
    if (study !== undefined) for (const named of namedBy(study)) if (named !== undefined) wanted.add(named)
  }
  return studies.filter(({ slug }) => wanted.has(slug))
}

/** A folder with the vocabularies, these studies, and no documents. */
export async function folderOf(studies: readonly StudyEntry[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'corpus-'))
  for (const { name } of (await readdir('prisma/corpus', { withFileTypes: true })).filter((entry) => entry.isFile()))
    await copyFile(path.join('prisma/corpus', name), path.join(folder, name))
  await Promise.all(['studies', 'claims'].map((name) => mkdir(path.join(folder, name))))
  for (const { slug } of studies) await copyFile(`prisma/corpus/studies/${slug}.yaml`, path.join(folder, 'studies', `${slug}.yaml`))
  return folder
}

type Mutation = (study: StudyEntry, pick: number, others: readonly StudyEntry[]) => StudyEntry

const at = <Item>(list: readonly Item[], pick: number): Item | undefined => list[pick % Math.max(list.length, 1)]
const withPublication = (study: StudyEntry, pick: number, change: (entry: Extract<Publication, { slug: string }>) => object): StudyEntry => {
  const chosen = at(ownOf(study), pick)
  return { ...study, publications: study.publications.map((entry) => (entry === chosen ? { ...chosen, ...change(chosen) } : entry)) }
}
const withResult = (study: StudyEntry, pick: number, change: (result: StudyEntry['results'][number]) => object): StudyEntry => {
  const chosen = at(study.results, pick)
  return { ...study, results: study.results.map((entry) => (entry === chosen ? { ...chosen, ...change(chosen) } : entry)) }
}

/** What a curator may do to a study. Some of it breaks a rule, in this study or in another one. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'another title': (study, pick) => ({ ...study, title: `${study.title} (${pick})` }),
  'a result less': (study, pick) => ({ ...study, results: study.results.filter((result) => result !== at(study.results, pick)) }),
  'a result of another name': (study, pick) => withResult(study, pick, ({ slug }) => ({ slug: `${slug}-${pick}` })),
  'results in another order': (study) => ({ ...study, results: study.results.toReversed() }),
  'other deviations': (study, pick) =>
    withResult(study, pick, ({ armResults }) => ({
      armResults: armResults.map(({ sd, ...entry }) => (sd === undefined ? entry : { ...entry, sd: sd * (pick % 2 === 0 ? 20 : 0.05) })),
    })),
  'a result of another outcome': (study, pick, others) => {
    const other = at(
      others.flatMap(({ results }) => results),
      pick,
    )
    return withResult(study, pick, () => (other === undefined ? {} : { outcome: other.outcome, name: other.name }))
  },
  'results that exchange their time points': (study, pick) => {
    const [one, other] = [at(study.results, pick), at(study.results, pick + 1)]
    const timeOf = (result: StudyEntry['results'][number] | undefined) => ({ timepointDays: result?.timepointDays, timepointLabel: result?.timepointLabel })
    return {
      ...study,
      results: study.results.map((result) => (result === one ? { ...result, ...timeOf(other) } : result === other ? { ...result, ...timeOf(one) } : result)),
    } as StudyEntry
  },
  'an alternative less': (study, pick) => withResult(study, pick, ({ alternatives }) => ({ alternatives: alternatives.slice(1) })),
  'alternatives in another order': (study, pick) => withResult(study, pick, ({ alternatives }) => ({ alternatives: alternatives.toReversed() })),
  'a number that cannot be': (study, pick) =>
    withResult(study, pick, ({ armResults }) => ({ armResults: armResults.map((entry) => ({ ...entry, sd: 1e300, mean: 1e308 })) })),
  'an arm of another name': (study, pick) => {
    const arm = at(study.arms, pick)?.slug
    const renamed = <Value>(value: Value) => (value === arm && arm !== undefined ? `${arm}-${pick}` : value)
    const ofReport = <Report extends { armResults: { arm: string }[] }>(report: Report) => ({
      ...report,
      armResults: report.armResults.map((entry) => ({ ...entry, arm: renamed(entry.arm) })),
    })
    return {
      ...study,
      arms: study.arms.map((entry) => ({ ...entry, slug: renamed(entry.slug) })),
      results: study.results.map((result) => ({
        ...ofReport(result),
        ...(result.intervention !== undefined && { intervention: renamed(result.intervention) }),
        ...(result.comparator !== undefined && { comparator: renamed(result.comparator) }),
        ...(result.overArms !== undefined && { overArms: { ...result.overArms, arms: result.overArms.arms.map(renamed) } }),
        alternatives: result.alternatives.map(ofReport),
      })),
    } as StudyEntry
  },
  'another whole sample': (study, pick) => ({
    ...study,
    populations: study.populations.map((population, index) => ({ ...population, wholeSample: index === pick % study.populations.length })),
  }),
  'no assessments': (study) => ({ ...study, riskOfBias: [] }),
  'no replications': (study) => ({
    ...study,
    pooledResults: study.pooledResults.map(
      (pooled) => Object.fromEntries(Object.entries(pooled).filter(([field]) => field !== 'replication')) as typeof pooled,
    ),
  }),
  'a publication less': (study, pick) => ({ ...study, publications: study.publications.filter((entry) => entry !== at(study.publications, pick)) }),
  'publications in another order': (study) => ({ ...study, publications: study.publications.toReversed() }),
  'a publication of another year': (study, pick) => withPublication(study, pick, () => ({ year: 1990 + (pick % 30), date: undefined })),
  'publications that exchange their identifiers': (study, pick) => {
    const [one, other] = [at(ownOf(study), pick), at(ownOf(study), pick + 1)]
    const of = (entry: typeof one) => ({ doi: entry?.doi, pmid: entry?.pmid, pmcid: entry?.pmcid })
    return {
      ...study,
      publications: study.publications.map((entry) => (entry === one ? { ...one, ...of(other) } : entry === other ? { ...other, ...of(one) } : entry)),
    } as StudyEntry
  },
  'the identifier of another study': (study, pick, others) => {
    const doi = at(others.flatMap(ownOf), pick)?.doi
    return withPublication(study, pick, () => (doi === undefined ? {} : { doi }))
  },
  'a retraction': (study, pick) =>
    withPublication(study, pick, ({ statusEvents }) => ({ statusEvents: [...statusEvents, { status: 'RETRACTED', date: '2024-05-06', source: 'invented' }] })),
  'other authors': (study, pick) => withPublication(study, pick, ({ authors }) => ({ authors: [...authors.slice(1), { corporate: `The ${pick} Group` }] })),
}

/** As a draft holds it: JSON, without what is left out. */
export const asDocument = (study: StudyEntry): StudyEntry => JSON.parse(JSON.stringify(study)) as StudyEntry
