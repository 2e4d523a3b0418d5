import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { z } from 'zod'
import type { Entry } from '../synthesis/entry.js'
import type { PooledGroup } from '../summary/pooledGroup.js'
import type { Summary } from '../summary/summaryList.js'
import type { SynthesisWarning } from '../synthesis/warnings.js'

/** Which group of effects a conclusion is about, by slugs and words that outlast the rows. */
export interface ConclusionKey {
  readonly condition: string
  readonly outcome: string
  readonly comparison: string
  readonly evidenceClass: string
}

const number = z.number().nullable()

/** A conclusion as it is kept: what a summary says, and the studies behind it, each with a digest of its number in the pool. */
const keptConclusion = z.object({
  isFirstOfGroup: z.boolean(),
  counts: z.object({
    effects: z.number(),
    studies: z.number(),
    participants: number,
    favoursMagnesium: z.number(),
    favoursComparator: z.number(),
    noClearDifference: z.number(),
    unclear: z.number(),
    medianBenefit: number,
  }),
  pool: z.looseObject({ k: number, estimate: number, ciLower: number, ciUpper: number, direction: z.string() }),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
  studies: z.record(z.string(), z.string()),
})

export interface Conclusion {
  readonly isFirstOfGroup: boolean
  readonly counts: Pick<
    Summary,
    'effects' | 'studies' | 'participants' | 'favoursMagnesium' | 'favoursComparator' | 'noClearDifference' | 'unclear' | 'medianBenefit'
  >
  readonly pool: PooledGroup
  readonly warnings: readonly SynthesisWarning[]
  /** Digest of what entered, by the study's slug. */
  readonly studies: Readonly<Record<string, string>>
}

/** What is known of a summary, as it is kept. */
export function conclusionOf(summary: Summary, pool: PooledGroup, warnings: readonly SynthesisWarning[], entries: readonly Entry[]): Conclusion {
  const { isFirstOfGroup, effects, studies, participants, favoursMagnesium, favoursComparator, noClearDifference, unclear, medianBenefit } = summary
  const numbers = new Map<string, number[]>()
  for (const { study, estimate, variance } of entries) numbers.set(study, [...(numbers.get(study) ?? []), rounded(estimate), rounded(variance)])
  return {
    isFirstOfGroup,
    counts: { effects, studies, participants, favoursMagnesium, favoursComparator, noClearDifference, unclear, medianBenefit },
    pool,
    warnings,
    studies: Object.fromEntries([...numbers].map(([study, values]) => [study, digestOf(JSON.stringify(values)).slice(0, 8)])),
  }
}

/** Ten digits: the last ones of a sum depend on the order in which it was added up. */
const rounded = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(10)) : value)

const digestOf = (text: string) => createHash('sha256').update(text).digest('base64url')

const pack = promisify(gzip)
const unpack = promisify(gunzip)

/** A conclusion for its row. */
export async function packed(conclusion: Conclusion): Promise<{ digest: string; content: Buffer }> {
  const inTenDigits = JSON.stringify(conclusion, (_, value: unknown) => (typeof value === 'number' ? rounded(value) : value))
  return { digest: digestOf(inTenDigits).slice(0, 22), content: await pack(JSON.stringify(conclusion), { level: 9 }) }
}

/** @throws {z.ZodError} if a row holds something else */
export async function unpacked(content: Buffer): Promise<Conclusion> {
  const read = keptConclusion.parse(JSON.parse((await unpack(content)).toString('utf8')))
  return read as unknown as Conclusion // written by `packed`; what is compared is checked
}

/** What a reader takes from a conclusion, in the digits that are looked at; null if nothing was pooled. */
function gist(conclusion: Conclusion | null): string | null {
  if (conclusion === null || conclusion.pool.estimate === null) return null
  const { measure, unit, estimate, ciLower, ciUpper, direction, certainty } = conclusion.pool
  const digits = [estimate, ciLower, ciUpper].map((value) => value?.toPrecision(6))
  return JSON.stringify([measure, unit, digits, direction, certainty?.level])
}

/** Whether the pooled estimate with its interval, its direction or its certainty differ; appearing and disappearing count, what was pooled neither then nor now does not. */
export const hasMoved = (before: Conclusion | null, after: Conclusion | null): boolean => gist(before) !== gist(after)
