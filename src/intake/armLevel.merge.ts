import type { ArmEntry, ArmResultEntry, PopulationEntry, ResultEntry, StudyEntry } from '../corpus/format.js'
import { sameResult } from './armLevel.study.js'

export interface Merged {
  readonly study: StudyEntry
  /** What the file says differently and the known study keeps, in a sentence each. */
  readonly kept: readonly string[]
}

/**
 * A known study with what a file of arm-level results adds to it: what was open is filled, new arms and results join, and numbers that
 * differ take the place of the known ones, which stay beside them as an alternative with their source. What was curated of the study itself stays.
 */
export function mergedStudy(known: StudyEntry, file: StudyEntry): Merged {
  const kept: string[] = []
  const fill = <Thing extends object>(before: Thing, after: Thing, of: string, fields: readonly (keyof Thing & string)[]): Thing => {
    const filled = { ...before }
    for (const field of fields) {
      if (after[field] === undefined) continue
      if (before[field] === undefined) filled[field] = after[field]
      else if (JSON.stringify(before[field]) !== JSON.stringify(after[field]))
        kept.push(`${of}: ${field} stays ${JSON.stringify(before[field])}, the file has ${JSON.stringify(after[field])}`)
    }
    return filled
  }
  const study: StudyEntry = {
    ...fill(known, file, known.slug, ['design']),
    countries: known.countries.length > 0 ? known.countries : file.countries,
    registrations: [...new Set([...known.registrations, ...file.registrations])],
    populations: joined(known.populations, file.populations, (before, after): PopulationEntry => ({
      ...fill(before, after, `population ${before.slug}`, ['meanAge', 'femalePercent']),
      conditions: [...new Set([...before.conditions, ...after.conditions])],
    })),
    arms: joined(known.arms, file.arms, (before, after): ArmEntry => ({
      ...fill(before, after, `arm ${before.slug}`, ['role', 'randomized']),
      doses: before.doses.length > 0 ? before.doses : after.doses,
    })),
    results: joinedResults(known.results, file.results),
    sources: { ...known.sources, ...file.sources },
  }
  const used = new Set(JSON.stringify(study).match(/"source":"[^"]+"/g))
  return {
    study: { ...study, sources: Object.fromEntries(Object.entries(study.sources).filter(([key]) => key in known.sources || used.has(`"source":"${key}"`))) },
    kept,
  }
}

/** The known ones in their order, each with what the file adds; then those that only the file has. */
function joined<Thing extends { readonly slug: string }>(
  known: readonly Thing[],
  file: readonly Thing[],
  join: (before: Thing, after: Thing) => Thing,
): Thing[] {
  const bySlug = new Map(file.map((thing) => [thing.slug, thing]))
  const slugs = new Set(known.map(({ slug }) => slug))
  return [
    ...known.map((before) => {
      const after = bySlug.get(before.slug)
      return after === undefined ? before : join(before, after)
    }),
    ...file.filter(({ slug }) => !slugs.has(slug)),
  ]
}

function joinedResults(known: readonly ResultEntry[], file: readonly ResultEntry[]): ResultEntry[] {
  const joinedTo = new Set<ResultEntry>()
  const results = known.map((before) => {
    const after = file.find((result) => !joinedTo.has(result) && sameResult(before, result))
    if (after === undefined) return before
    joinedTo.add(after)
    return joinedResult(before, after)
  })
  return [...results, ...file.filter((result) => !joinedTo.has(result))]
}

function joinedResult(before: ResultEntry, after: ResultEntry): ResultEntry {
  const pairs = after.armResults.map((numbers) => ({ numbers, known: before.armResults.find(({ arm }) => arm === numbers.arm) }))
  const filled = pairs.map(({ known, numbers }): ArmResultEntry => ({ ...known, ...numbers }))
  const armResults = [...filled, ...before.armResults.filter(({ arm }) => !filled.some((entry) => entry.arm === arm))]
  if (sameNumbers(before.armResults, armResults)) return before
  const contradicts = pairs.some(
    ({ known, numbers }) =>
      known !== undefined && Object.entries(numbers).some(([field, value]) => field in known && known[field as keyof ArmResultEntry] !== value),
  ) // a field of both
  const counted = { ...withoutReason(before, after), armResults, source: after.source }
  if (!contradicts) return before.armResults.length === 0 ? counted : { ...counted, source: before.source }
  // What the study had so far stays beside it, with where it was read.
  const previous = { armResults: before.armResults, reported: [], note: 'until then the number of this result', source: before.source }
  return { ...counted, alternatives: [...before.alternatives, previous] }
}

/** A result that has a number now no longer says why it has none. */
function withoutReason(before: ResultEntry, after: ResultEntry): ResultEntry {
  const result = { ...before }
  if (after.absentReason === undefined) delete result.absentReason
  return result
}

const sameNumbers = (one: readonly ArmResultEntry[], other: readonly ArmResultEntry[]) => canonical(one) === canonical(other)
const canonical = (entries: readonly ArmResultEntry[]) =>
  JSON.stringify(
    [...entries]
      .sort((a, b) => (a.arm < b.arm ? -1 : 1))
      .map((entry) =>
        Object.entries(entry)
          .filter(([, value]) => value !== undefined)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
  )
