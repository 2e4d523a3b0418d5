import { changeLimits, type ChangeKind, type SubjectType } from '../changes/change.js'
import type { Corpus } from './files.js'
import { differences, isRecord, saysNothing, shortened, shortly, slugOf, type Difference, type PathStyle } from './differences.js'
import type { PublicationEntry, StudyEntry } from './format.js'

/** What a revision changed of one subject. */
export interface CorpusChange {
  readonly kind: ChangeKind
  readonly type: SubjectType
  readonly slug: string
  /** Slug of the study that it belongs to, of studies and publications. */
  readonly study: string | null
  /** Slugs of the conditions that the subject is or was about, narrower and broader ones left to readers. */
  readonly conditions: readonly string[]
  /** A line for each value; of a subject that is gone, its name comes first. */
  readonly what: readonly string[]
}

/** One document whose changes are told by themselves. */
interface Subject {
  readonly type: SubjectType
  readonly slug: string
  readonly name: string
  readonly conditions: readonly string[]
  readonly document: unknown
  /** What a subject says of itself when it comes. */
  readonly holds: readonly string[]
  /** Status events, of a publication. */
  readonly statusEvents?: PublicationEntry['statusEvents']
  /** The subject that it comes and goes with, which tells it. */
  readonly within?: string | undefined
  /** Slug of the study that it belongs to. */
  readonly study: string | null
}

/**
 * What changed from one corpus to another, subject by subject: vocabularies, studies, their publications, documents, claims and what concerns safety.
 * Publications and claims that come or go with their study or document are no changes of their own.
 */
export function corpusChanges(before: Corpus, after: Corpus): CorpusChange[] {
  const [earlier, later] = [subjectsOf(withoutThoseOf(after, before)), subjectsOf(withoutThoseOf(before, after))]
  const keys = [...new Set([...later.keys(), ...earlier.keys()])]
  return keys.flatMap((key): CorpusChange[] => {
    const [was, is] = [earlier.get(key), later.get(key)]
    if (was !== undefined && is !== undefined) return changed(was, is)
    const [subject, others] = was === undefined ? [is, earlier] : [was, later]
    if (subject === undefined || (subject.within !== undefined && !others.has(subject.within))) return []
    const { type, slug, study, name, conditions, holds } = subject
    if (was === undefined) return [{ kind: 'ADDED', type, slug, study, conditions, what: bounded([name, ...holds]) }]
    return [{ kind: 'REMOVED', type, slug, study, conditions, what: bounded([name]) }]
  })
}

/** Without the studies that the other corpus has as the same objects, which after a decision are nearly all: nobody need look into them. */
function withoutThoseOf(other: Corpus, corpus: Corpus): Corpus {
  const known = new Set(other.studies)
  return { ...corpus, studies: corpus.studies.filter((study) => !known.has(study)) }
}

function changed(was: Subject, is: Subject): CorpusChange[] {
  const { type, slug, study } = is
  const conditions = [...new Set([...is.conditions, ...was.conditions])]
  const lines = differences(was.document, is.document, '', dotted).map(lineOf)
  const status = differences(was.statusEvents, is.statusEvents, 'statusEvents', dotted).map(lineOf)
  const [before, after] = [standingOf(was), standingOf(is)]
  const standing = before === after ? [] : [`status: ${before} → ${after}`]
  return [
    ...(status.length === 0 ? [] : [{ kind: 'STATUS' as const, type, slug, study, conditions, what: bounded([...standing, ...status]) }]),
    ...(lines.length === 0 ? [] : [{ kind: 'CHANGED' as const, type, slug, study, conditions, what: bounded(lines) }]),
  ]
}

/** The current status of a publication is the last of its events by date; those without a date come first. */
function standingOf({ statusEvents = [] }: Subject): string {
  const inOrder = statusEvents.map((event, position) => ({ ...event, position })).sort((a, b) => compare(a.date ?? '', b.date ?? '') || a.position - b.position)
  return inOrder.at(-1)?.status ?? 'CURRENT'
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const dotted: PathStyle = {
  keyOf: (member) => slugOf(member) ?? wordOf(member, 'arm') ?? wordOf(member, 'ref'),
  key: (key) => `.${key}`,
  place: (place, isAlone) => (isAlone ? '' : `[${place}]`),
}

const wordOf = (member: unknown, field: string) => (isRecord(member) && typeof member[field] === 'string' ? member[field] : null)

function lineOf({ path, before, after }: Difference): string {
  const limit = changeLimits.valueLength
  if (saysNothing(before)) return `${path}: added${toldOf(after)}`
  if (saysNothing(after)) return `${path}: removed${toldOf(before)}`
  return `${path}: ${shortly(before, limit)} → ${shortly(after, limit)}`
}

/** What has a slug is told by it, which the path ends with. */
const toldOf = (value: unknown) => (slugOf(value) === null ? ` ${shortly(value, changeLimits.valueLength)}` : '')

function bounded(lines: readonly string[]): string[] {
  const { lines: most, lineLength } = changeLimits
  const shown = lines.length > most ? lines.slice(0, most - 1) : lines
  const further = lines.length - shown.length
  return [...shown.map((line) => shortened(line, lineLength)), ...(further > 0 ? [`and ${further} more`] : [])]
}

function subjectsOf(corpus: Corpus): Map<string, Subject> {
  const subjects: Subject[] = [
    ...corpus.conditions.map((term) => subjectOf('Condition', term, { name: term.name, conditions: [term.slug] })),
    ...corpus.forms.map((term) => subjectOf('MagnesiumForm', term, term)),
    ...corpus.outcomes.map((term) => subjectOf('Outcome', term, term)),
    ...corpus.instruments.map((term) => subjectOf('Instrument', term, term)),
    ...corpus.treatments.map((term) => subjectOf('Treatment', term, term)),
    ...corpus.studies.flatMap(ofStudy),
    ...corpus.documents.flatMap(({ claims, ...document }) => {
      const own = subjectOf('SourceDocument', document, { name: document.title, holds: counted({ claim: claims.length }) })
      const ofClaims = claims.map((claim) => subjectOf('Claim', claim, { name: claim.statement, conditions: claim.conditions, within: keyOf(own) }))
      return [own, ...ofClaims]
    }),
    ...corpus.interactions.map((entry) => subjectOf('Interaction', entry, { name: entry.substance })),
    ...corpus.contraindications.map((entry) => subjectOf('Contraindication', entry, { name: entry.condition, conditions: [entry.condition] })),
  ]
  return new Map(subjects.map((subject) => [keyOf(subject), subject]))
}

const keyOf = ({ type, slug }: Pick<Subject, 'type' | 'slug'>) => `${type} ${slug}`

function subjectOf(
  type: SubjectType,
  document: { readonly slug: string },
  { name, conditions = [], holds = [], within }: { readonly name: string } & Partial<Pick<Subject, 'conditions' | 'holds' | 'within'>>,
): Subject {
  return { type, slug: document.slug, study: type === 'Study' ? document.slug : null, name, conditions, document, holds, within }
}

/** A study without its publications, and these; one that another study describes stays with the study that refers to it. */
function ofStudy({ publications, ...study }: StudyEntry): Subject[] {
  const conditions = [
    ...new Set([
      ...study.populations.flatMap((population) => population.conditions),
      ...[...study.results, ...study.pooledResults].map(({ condition }) => condition),
    ]),
  ]
  const references = publications.filter((entry) => 'ref' in entry)
  const { arms, results, pooledResults } = study
  const holds = counted({ arm: arms.length, result: results.length, 'pooled result': pooledResults.length })
  const own = subjectOf('Study', { ...study, ...(references.length > 0 && { publications: references }) }, { name: study.title, conditions, holds })
  const reports = publications
    .filter((entry) => 'slug' in entry)
    .map(({ statusEvents, ...entry }): Subject => {
      const document = { ...entry, study: study.slug }
      return { ...subjectOf('Publication', document, { name: entry.title, conditions, within: keyOf(own) }), study: study.slug, statusEvents }
    })
  return [own, ...reports]
}

/** "2 arms, 1 result": what there is none of is left out. */
function counted(counts: Readonly<Record<string, number>>): string[] {
  const told = Object.entries(counts).flatMap(([noun, count]) => (count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'}`]))
  return told.length === 0 ? [] : [told.join(', ')]
}
