import { readFileSync } from 'node:fs'
import type { StudyEffect } from '../../src/statistics/pooling.js'

interface SmallStudyNumbers {
  readonly effects: Readonly<Record<string, readonly (readonly [estimate: number, variance: number])[]>>
  readonly egger: readonly (readonly [effects: string, t: number, df: number, p: number, limit: number])[]
  readonly rank: readonly (readonly [effects: string, tau: number, p: number])[]
  readonly trimAndFill: readonly (readonly [
    effects: string,
    method: string,
    test: 'z' | 'knha' | 'adhoc',
    side: string,
    missing: number,
    b: number,
    se: number,
    ciLower: number,
    ciUpper: number,
  ])[]
  readonly failSafe: readonly (readonly [effects: string, type: 'Rosenthal' | 'Orwin' | 'Rosenberg', target: number | null, studies: number])[]
  readonly dependent: {
    readonly effects: readonly (readonly [estimate: number, variance: number, cluster: number])[]
    readonly threeLevels: readonly (readonly [
      interval: 'WALD' | 'HKSJ',
      b: number,
      se: number,
      sigma2: readonly [number, number],
      logLikelihood: number,
      ciLower: number,
      ciUpper: number,
      p: number,
    ])[]
    readonly robust: readonly (readonly [kind: 'CR0' | 'CR1', b: number, se: number, df: number, ciLower: number, ciUpper: number, p: number])[]
  }
}

/** Numbers of R's metafor; tests/fixtures/metafor/README.md says how they came about. */
export const smallStudyNumbers = JSON.parse(readFileSync(new URL('../fixtures/metafor/smallStudies.json', import.meta.url), 'utf8')) as SmallStudyNumbers // the shape above, by which the fixture was written

export function effectsNamed(name: string): StudyEffect[] {
  return (smallStudyNumbers.effects[name] ?? []).map(([estimate, variance]) => ({ estimate, variance }))
}
