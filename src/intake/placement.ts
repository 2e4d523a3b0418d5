import type { DraftPublication, Placement } from '../corpus/accepted.js'
import type { Corpus } from '../corpus/files.js'
import type { PublicationEntry, StudyEntry } from '../corpus/format.js'
import { CurationError } from './curation.error.js'
import { kindTold, type StudyKind } from './design.js'
import { sameAuthor, sameTitle } from './matching.titles.js'

type Role = PublicationEntry['role']

/** Where accepted publications go: into a study, or each into a study made for it. What is left out is told by the draft and the study. */
export type PublicationPlace =
  | { readonly study: string; readonly role?: Role | undefined }
  | { readonly made: { readonly [Field in keyof StudyKind]?: StudyKind[Field] | undefined }; readonly role?: Role | undefined }

export interface Placed {
  readonly placement: Placement
  /** What told a design that nobody gave. */
  readonly by: string | null
}

interface Placing {
  readonly id: number
  readonly slug: string
  readonly document: DraftPublication
}

/**
 * Where a publication that is not known goes.
 *
 * @param isConfirmed whether the curator has seen that the publication is unlike those of its study, or a second primary report of it
 * @throws {CurationError} for a place that is missing, a design that nothing tells, or, with the reason UNCONFIRMED_PLACE, a doubtful place
 */
export function placementOf({ id, slug, document }: Placing, place: PublicationPlace | undefined, { studies }: Corpus, isConfirmed: boolean): Placed {
  if (place === undefined)
    throw new CurationError(`draft ${id} is a publication that is not known, "${document.title}": say which study it reports, or that it is one`)
  if ('made' in place) {
    const told = place.made.design === undefined ? kindTold(document) : null
    const design = place.made.design ?? told?.design
    if (design === undefined)
      throw new CurationError(`draft ${id}, "${document.title}": neither its types nor its title tell its design: name it for this draft`)
    const made = { design, evidenceKind: place.made.evidenceKind ?? told?.evidenceKind ?? 'PRIMARY' }
    return { placement: { study: slug, role: place.role ?? document.role, made }, by: told?.by ?? null }
  }
  const known = studies.find((study) => study.slug === place.study)
  if (known === undefined) throw new CurationError(`draft ${id}: there is no study ${place.study}`)
  const role = place.role ?? usualRole(document.role, known)
  if (!isConfirmed) refuseDoubtful(id, document, known, role)
  return { placement: { study: place.study, role }, by: null }
}

/** A study has one primary report; what else reports it is a follow-up until the curator says more. */
function usualRole(role: Role, study: StudyEntry): Role {
  return role === 'PRIMARY_REPORT' && primaryReportOf(study) !== undefined ? 'FOLLOW_UP' : role
}

const reportsOf = ({ publications }: StudyEntry) => publications.filter((entry) => 'slug' in entry)
const primaryReportOf = (study: StudyEntry) => reportsOf(study).find(({ role }) => role === 'PRIMARY_REPORT')

function refuseDoubtful(id: number, document: DraftPublication, study: StudyEntry, role: Role): void {
  const doubt = (why: string) => new CurationError(`draft ${id}: ${why}; confirm it if it is meant`, { reason: 'UNCONFIRMED_PLACE' })
  const primary = primaryReportOf(study)
  if (role === 'PRIMARY_REPORT' && primary !== undefined)
    throw doubt(`${study.slug} has a primary report already, ${primary.slug}, "${primary.title}": a further one is usually a FOLLOW_UP`)
  const reports = reportsOf(study)
  const isNear =
    document.registrations.some((registration) => study.registrations.includes(registration)) ||
    sameTitle(document.title, study.title) ||
    reports.some(
      (report) => sameTitle(document.title, report.title) || (report.year !== undefined && report.year === document.year) || sharesAuthor(document, report),
    )
  if (isNear) return
  const [first] = reports
  throw doubt(
    `"${document.title}" (${describedBy(document)}) has neither title nor author nor year of what reports ${study.slug}` +
      (first === undefined ? '' : `, such as "${first.title}" (${describedBy(first)})`),
  )
}

type Report = Pick<PublicationEntry, 'authors' | 'year'>

const namesOf = ({ authors }: Report) => authors.map((author) => ('corporate' in author ? author.corporate : author.family))

/** Whether the first author of one is among the authors of the other. */
function sharesAuthor(one: Report, other: Report): boolean {
  const [ours, theirs] = [namesOf(one), namesOf(other)]
  const isAmong = (name: string | undefined, names: readonly string[]) => name !== undefined && names.some((candidate) => sameAuthor(name, candidate))
  return isAmong(ours[0], theirs) || isAmong(theirs[0], ours)
}

const describedBy = (report: Report) => [namesOf(report)[0] ?? 'no author', report.year ?? 'no year'].join(', ')
