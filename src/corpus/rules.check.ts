import { decimalsOf } from '../statistics/coherence.js'
import type { Corpus, Fault, Warning } from './files.js'

/** The slugs that a file may point to, by what they name. */
export type Known = Readonly<Record<Vocabulary, ReadonlySet<string>>>
export type Vocabulary = 'condition' | 'form' | 'outcome' | 'treatment' | 'instrument' | 'study' | 'publication'

/** What the rules say of one file. */
export interface Check {
  readonly faults: Fault[]
  readonly warnings: Warning[]
  /** A fault unless it holds. */
  expect(holds: boolean, field: string, value: unknown, rule: string): void
  /** A warning of the kind unless it holds. */
  advise(holds: boolean, kind: string, field: string, value: unknown, rule: string): void
  mustKnow(vocabulary: Vocabulary, field: string, values: readonly (string | undefined)[]): void
  mustBeUnique(field: string, values: readonly string[]): void
}

export function checkOf(file: string, known: Known): Check {
  const faults: Fault[] = []
  const warnings: Warning[] = []
  const expect: Check['expect'] = (holds, field, value, rule) => void (holds || faults.push({ file, field, value, rule }))
  return {
    faults,
    warnings,
    expect,
    advise: (holds, kind, field, value, rule) => void (holds || warnings.push({ file, field, value, rule, kind })),
    mustKnow: (vocabulary, field, values) =>
      values.forEach((value, index) =>
        expect(
          value === undefined || known[vocabulary].has(value),
          values.length > 1 ? `${field}[${index}]` : field,
          value,
          `must be the slug of a known ${vocabulary}`,
        ),
      ),
    mustBeUnique: (field, values) => {
      const seen = new Set<string>()
      for (const value of values) {
        expect(!seen.has(value), field, value, 'must be unique')
        seen.add(value)
      }
    },
  }
}

export function knownSlugs(corpus: Corpus): Known {
  return {
    condition: slugs(corpus.conditions),
    form: slugs(corpus.forms),
    outcome: slugs(corpus.outcomes),
    treatment: slugs(corpus.treatments),
    instrument: slugs(corpus.instruments),
    study: slugs(corpus.studies),
    publication: new Set(corpus.studies.flatMap((study) => study.publications.flatMap((entry) => ('slug' in entry ? [entry.slug] : [])))),
  }
}

export const slugs = (entries: readonly { readonly slug: string }[]) => new Set(entries.map(({ slug }) => slug))

/** Whether a number lies within limits as they are printed: compared to the decimals that both have, since 1.2 may stand for 1.24. */
export function isWithin(value: number | undefined, lower: number | undefined, upper: number | undefined): boolean {
  const inOrder = (a: number, b: number) => {
    const decimals = Math.min(decimalsOf(a), decimalsOf(b))
    return a <= b || (decimals <= 20 && Number(a.toFixed(decimals)) <= Number(b.toFixed(decimals)))
  }
  return value === undefined || ((lower === undefined || inOrder(lower, value)) && (upper === undefined || inOrder(value, upper)))
}
