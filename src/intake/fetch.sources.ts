import { openSource, usualPatience, type Patience, type SourceReader } from './fetch.js'
import { clinicalTrialsIntervalMs } from './fetch.clinicalTrials.js'
import { crossrefIntervalMs, crossrefListIntervalMs } from './fetch.crossref.js'
import { europePmcIntervalMs } from './fetch.europePmc.js'
import { pubmedIntervalMs, type PubmedCaller } from './fetch.pubmed.js'

/** Where the services are and who asks: these settings of the configuration. */
export interface SourceSettings {
  readonly contactEmail: string | null
  readonly ncbiApiKey: string | null
  readonly pubmedUrl: string
  readonly europePmcUrl: string
  readonly crossrefUrl: string
  readonly clinicalTrialsUrl: string
}

/** The services that records are fetched from, each with the pace it allows. */
export interface Sources {
  readonly caller: PubmedCaller
  readonly pubmed: SourceReader
  readonly europePmc: SourceReader
  readonly crossref: SourceReader
  /** Crossref again, asked for lists, which it allows less often. */
  readonly crossrefLists: SourceReader
  readonly clinicalTrials: SourceReader
}

/** Milliseconds from request to request, where another pace than the public services' is allowed: of a copy of one's own. */
export type Paces = Partial<Record<'pubmed' | 'europePmc' | 'crossref' | 'crossrefLists' | 'clinicalTrials', number>>

export function openSources(settings: SourceSettings, patience: Patience = usualPatience, paces: Paces = {}): Sources {
  const { contactEmail: contact, ncbiApiKey: apiKey } = settings
  const open = (name: string, baseUrl: string, intervalMs: number) => openSource({ name, baseUrl, intervalMs }, contact, patience)
  return {
    caller: { contact, apiKey },
    pubmed: open('PubMed', settings.pubmedUrl, paces.pubmed ?? pubmedIntervalMs(apiKey)),
    europePmc: open('Europe PMC', settings.europePmcUrl, paces.europePmc ?? europePmcIntervalMs),
    crossref: open('Crossref', settings.crossrefUrl, paces.crossref ?? crossrefIntervalMs),
    crossrefLists: open('Crossref', settings.crossrefUrl, paces.crossrefLists ?? crossrefListIntervalMs),
    clinicalTrials: open('ClinicalTrials.gov', settings.clinicalTrialsUrl, paces.clinicalTrials ?? clinicalTrialsIntervalMs),
  }
}
