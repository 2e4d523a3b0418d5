import { groupBy } from '../grouping.js'
import { formatFault, type Corpus, type Warning } from './files.js'

/** What the check of the files says in the end: how much there is, and of each kind of warning how many, or every one of them. */
export function reportLines({ studies, documents }: Pick<Corpus, 'studies' | 'documents'>, warnings: readonly Warning[], everyWarning: boolean): string[] {
  const checked = `no fault in ${counted(studies.length, 'study', 'studies')} and ${counted(documents.length, 'document', 'documents')}`
  if (warnings.length === 0) return [checked]
  const kinds = [...groupBy(warnings, ({ kind }) => kind)].sort(([, a], [, b]) => b.length - a.length)
  const lines = kinds.flatMap(([kind, those]) => [
    `  ${those.length} × ${kind}`,
    ...(everyWarning ? those.map((warning) => `    ${formatFault(warning)}`) : []),
  ])
  return [`${checked}; ${counted(warnings.length, 'warning', 'warnings')}${everyWarning ? '' : ' (all of them with --warnings)'}:`, ...lines]
}

const counted = (number: number, one: string, several: string) => `${number} ${number === 1 ? one : several}`
