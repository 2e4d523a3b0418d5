import { readIdentifier } from '../study/identifiers.js'
import { SourceError } from './fetch.js'
import { fetchPublication, type FetchedPublication } from './fetch.publication.js'
import type { Sources } from './fetch.sources.js'

/** What came of one identifier. */
export type FetchOutcome = { /** As it was asked for. */ readonly asked: string } & (
  | { readonly kind: 'FETCHED'; readonly publication: FetchedPublication; /** Web address of the publication. */ readonly address: string }
  | { readonly kind: 'REFUSED'; readonly reasons: readonly string[] }
)

/** Asks for publications one after another; what is wrong with one is its own outcome, and the others go on. */
export async function* fetchPublications(asked: readonly string[], sources: Sources): AsyncGenerator<FetchOutcome> {
  for (const text of asked) yield { asked: text, ...(await outcomeOf(text, sources)) }
}

async function outcomeOf(text: string, sources: Sources) {
  const refused = (...reasons: string[]) => ({ kind: 'REFUSED' as const, reasons })
  const identifier = readIdentifier(text)
  if (identifier === null) return refused(`${JSON.stringify(text)} is no DOI, PMID or PMCID`)
  if (identifier.kind === 'registration')
    return refused(`${identifier.value} is the number of a registered trial: import-trial takes those of ClinicalTrials.gov`)
  try {
    const publication = await fetchPublication(sources, identifier)
    if (publication === null) return refused(`no source has a publication with the ${identifier.kind.toUpperCase()} ${identifier.value}`)
    if (publication.reference.title === '') return refused(`what ${publication.sources.join(' and ')} have of ${identifier.value} has no title`)
    const { doi, pmid } = publication.reference
    const address =
      doi !== null
        ? `https://doi.org/${doi}`
        : pmid !== null
          ? `https://pubmed.ncbi.nlm.nih.gov/${pmid}/`
          : `https://pmc.ncbi.nlm.nih.gov/articles/${identifier.value}/`
    return { kind: 'FETCHED' as const, publication, address }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    return refused(error.message)
  }
}
