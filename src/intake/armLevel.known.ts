import type { StudyEntry } from '../corpus/format.js'
import type { Database } from '../database/client.js'
import { corpusOfNow } from './curation.js'

/**
 * The entries of known studies, from the files of the corpus and the accepted drafts; read when the first one is asked for.
 *
 * @returns a function that throws a RangeError for a study that is in neither: the database was filled from other files
 */
export function knownStudies(database: Database, corpusFolder: string): (slug: string) => Promise<StudyEntry> {
  const read = async () => new Map((await corpusOfNow(database, corpusFolder)).studies.map((study) => [study.slug, study]))
  let entries: Promise<ReadonlyMap<string, StudyEntry>> | undefined
  return async (slug) => {
    const entry = (await (entries ??= read())).get(slug)
    if (entry === undefined) throw new RangeError(`the study "${slug}" is in the database, and in no file under ${corpusFolder} and no accepted draft`)
    return entry
  }
}
