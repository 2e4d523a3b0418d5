import type { Citation, Identifier } from 'fhir/r5.js'
import type { Author, PublicationRecord, StatusEvent } from '../../study/study.js'
import { retracted } from './codes.js'
import { fhirId } from './ids.js'

export const citationId = ({ slug }: Pick<PublicationRecord, 'slug'>) => fhirId('citation', slug)

/** A report of a study; a retracted one is retired and says so. */
export function citationOf(publication: PublicationRecord): Citation {
  const { title, journal, volume, issue, pages, publishedOn, year, authors, authorsIncomplete, statusEvents } = publication
  const isRetracted = retractionStands(statusEvents)
  const articleDate = publishedOn ?? (year === null ? null : String(year))
  const form = {
    ...(journal !== null && { publishedIn: { title: journal } }),
    ...(volume !== null && { volume }),
    ...(issue !== null && { issue }),
    ...(articleDate !== null && { articleDate }),
    ...(pages !== null && { pageString: pages }),
  }
  const identifier = identifiersOf(publication)
  return {
    resourceType: 'Citation',
    id: citationId(publication),
    title,
    status: isRetracted ? 'retired' : 'active',
    citedArtifact: {
      ...(identifier.length > 0 && { identifier }),
      ...(isRetracted && { currentState: [retracted] }),
      title: [{ text: title }],
      ...(Object.keys(form).length > 0 && { publicationForm: [form] }),
      ...(authors.length > 0 && {
        contributorship: {
          complete: !authorsIncomplete,
          entry: authors.map((author, place) => ({ contributor: { display: nameOf(author) }, rankingOrder: place + 1 })),
        },
      }),
    },
  }
}

/** A retraction stands until a later reinstatement, whatever else comes after it: the rule of the database's `study_status`. */
function retractionStands(events: readonly StatusEvent[]): boolean {
  return events.some(
    ({ status, occurredOn }, place) =>
      status === 'RETRACTED' &&
      !events.some(
        (other, otherPlace) =>
          other.status === 'CURRENT' && (occurredOn === null || other.occurredOn === null ? otherPlace > place : other.occurredOn > occurredOn),
      ),
  )
}

function identifiersOf({ doi, pmid, pmcid }: PublicationRecord): Identifier[] {
  return [
    ...(doi === null ? [] : [{ system: 'https://doi.org', value: doi }]),
    ...(pmid === null ? [] : [{ system: 'https://pubmed.ncbi.nlm.nih.gov', value: pmid }]),
    ...(pmcid === null ? [] : [{ system: 'https://pmc.ncbi.nlm.nih.gov/articles', value: pmcid }]),
  ]
}

const nameOf = ({ family, given, corporate }: Author) => corporate ?? [given, family].filter((part) => part !== null).join(' ')
