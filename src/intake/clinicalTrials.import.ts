import type { Database } from '../database/client.js'
import { readIdentifier } from '../study/identifiers.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'
import { mapTrial, TrialError, type MappedTrial } from './clinicalTrials.js'
import { trialsOfFile } from './clinicalTrials.files.js'
import { findKnownTrial, type KnownTrial } from './clinicalTrials.queries.js'
import { SourceError } from './fetch.js'
import { findRegisteredTrial } from './fetch.clinicalTrials.js'
import type { Sources } from './fetch.sources.js'

/** What came of one trial: a study to propose, one that is known already, or why it is refused. */
export type TrialOutcome = { readonly source: string } & (
  | { readonly kind: 'MAPPED'; readonly trial: MappedTrial }
  | { readonly kind: 'KNOWN'; readonly trial: MappedTrial; readonly known: KnownTrial }
  | { readonly kind: 'REFUSED'; readonly reasons: readonly string[] }
)

export interface TrialImport {
  readonly database: Database
  readonly vocabulary: Vocabulary
  readonly sources: Sources
  /** See `TrialOptions`. */
  readonly condition?: string
  readonly today: string
}

/**
 * Reads trials one after another from files, or from the registry by their numbers. What is wrong with one is its own
 * outcome; the others go on.
 */
export async function* readTrials(inputs: readonly string[], { database, vocabulary, sources, condition, today }: TrialImport): AsyncGenerator<TrialOutcome> {
  for (const input of inputs) {
    for await (const { source, json } of jsonOf(input, sources)) {
      if (json instanceof Error) {
        yield { source, kind: 'REFUSED', reasons: json instanceof TrialError ? json.sentences : [json.message] }
        continue
      }
      yield await outcomeOf(source, json)
    }
  }

  async function outcomeOf(source: string, json: unknown): Promise<TrialOutcome> {
    try {
      const trial = mapTrial(json, vocabulary, { today, ...(condition !== undefined && { condition }) })
      const known = await findKnownTrial(database, trial.study)
      return known === null ? { source, kind: 'MAPPED', trial } : { source, kind: 'KNOWN', trial, known }
    } catch (error) {
      if (!(error instanceof TrialError)) throw error
      return { source, kind: 'REFUSED', reasons: error.sentences }
    }
  }
}

/** The JSON of an input, or why there is none. */
async function* jsonOf(input: string, sources: Sources): AsyncGenerator<{ source: string; json: unknown }> {
  const identifier = readIdentifier(input)
  const isNumber = identifier?.kind === 'registration' && identifier.value.startsWith('NCT')
  try {
    if (isNumber) {
      const source = `https://clinicaltrials.gov/study/${identifier.value}`
      const json = await findRegisteredTrial(sources.clinicalTrials, identifier.value)
      yield { source, json: json ?? new TrialError([`${identifier.value}: ClinicalTrials.gov has no such study`]) }
    } else for (const { place, json } of await trialsOfFile(input)) yield { source: place === '' ? input : `${input} ${place}`, json }
  } catch (error) {
    if (!(error instanceof TrialError) && !(error instanceof SourceError)) throw error
    yield { source: input, json: error }
  }
}
