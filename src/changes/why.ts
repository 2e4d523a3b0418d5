import type { ChangeRecord } from './changes.queries.js'
import type { Conclusion } from './conclusion.js'

/** What happened between the two states of a conclusion. */
export interface Between {
  /** Of the two revisions. */
  readonly engineVersions: readonly [string, string]
  /** Revisions whose changes were not recorded. */
  readonly notRecorded: number
  /** Changes of studies and publications, by the study's slug. */
  readonly byStudy: ReadonlyMap<string, readonly ChangeRecord[]>
  /** Changes of the terms that the conclusion is about: its outcome, instruments, condition, forms. */
  readonly ofTerms: readonly ChangeRecord[]
}

/** Sentences at most; published in docs/limits.md. */
export const mostReasons = 20

/** Why a conclusion moved: which studies came, went or changed, and whether the formulas did. */
export function reasonsOf(before: Conclusion | null, after: Conclusion | null, between: Between): string[] {
  const [was, is] = [before?.studies ?? {}, after?.studies ?? {}]
  const studies = [...new Set([...Object.keys(is), ...Object.keys(was)])].sort()
  const ofStudies = studies.flatMap((study) => {
    if (was[study] === is[study]) return []
    return [ofStudy(study, was[study] === undefined ? 'CAME' : is[study] === undefined ? 'WENT' : 'DIFFERS', between.byStudy.get(study) ?? [])]
  })
  const [then, now] = between.engineVersions
  const ofFormulas = then === now ? [] : [`The formulas changed from version ${then} to ${now}.`]
  const isTold = ofStudies.length + ofFormulas.length > 0
  const ofTerms = isTold ? [] : between.ofTerms.map(({ subjectSlug, subjectType, what }) => `${subjectType} ${subjectSlug} was changed: ${firstOf(what)}.`)
  const { notRecorded } = between
  const unknown = notRecorded === 0 ? [] : [`The changes of ${notRecorded} revision${notRecorded === 1 ? '' : 's'} in between were not recorded.`]
  const reasons = [...ofFormulas, ...ofStudies, ...ofTerms]
  const shown = reasons.length > mostReasons ? [...reasons.slice(0, mostReasons - 1), `And ${reasons.length - mostReasons + 1} more.`] : reasons
  return [...shown, ...unknown, ...(shown.length + unknown.length === 0 ? ['The same studies enter, with the same numbers: what surrounds them changed.'] : [])]
}

function ofStudy(study: string, what: 'CAME' | 'WENT' | 'DIFFERS', changes: readonly ChangeRecord[]): string {
  const of = (kind: ChangeRecord['kind']) => changes.find((change) => change.kind === kind)
  const status = of('STATUS')
  if (what === 'CAME' && of('ADDED')?.subjectType === 'Study') return `${study} was added.`
  if (what === 'WENT' && of('REMOVED')?.subjectType === 'Study') return `${study} was removed.`
  if (what === 'WENT' && status?.what[0]?.endsWith('→ RETRACTED')) return `${study} was retracted.`
  const verb = { CAME: 'entered the pool', WENT: 'left the pool', DIFFERS: 'was changed' }[what]
  const told = (what !== 'DIFFERS' && status) || (of('CHANGED') ?? status)
  return told === undefined ? `${study} ${verb}.` : `${study} ${verb}: ${firstOf(told.what)}.`
}

/** The lines about numbers before the others. */
function firstOf(lines: readonly string[]): string {
  const numbers = lines.filter((line) => line.startsWith('results.'))
  return (numbers.length > 0 ? numbers : lines).slice(0, 3).join('; ')
}
