import { z } from 'zod'
import type { SourceReader } from './fetch.js'

/** ClinicalTrials.gov allows about 50 requests a minute from one address. */
export const clinicalTrialsIntervalMs = 1_250

/**
 * A study as ClinicalTrials.gov tells it: the JSON of its API of version 2, whole.
 *
 * @param id a registry number such as NCT01234567
 * @returns null where the registry has no such study
 * @throws {SourceError} see `SourceReader`
 */
export function findRegisteredTrial(clinicalTrials: SourceReader, id: string): Promise<unknown> {
  return clinicalTrials.read(`/studies/${encodeURIComponent(id)}`, { format: 'json' }, z.looseObject({ protocolSection: z.looseObject({}) }))
}
