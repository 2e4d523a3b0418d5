import type { EffectMeasure } from '../generated/prisma/enums.js'
import type { EventArm } from '../statistics/binary.js'
import { type AnalysisScale, analysisScaleOf } from '../statistics/effectSize.js'
import type { StudyEffect } from '../statistics/pooling.js'

/** A measure of a pool: those of effects, Peto's odds ratio, raw correlations, and numbers that say nothing of what they are (GEN). */
export type PooledMeasure = EffectMeasure | 'PETO' | 'RAW_COR' | 'GEN'

/** The scale that a measure is pooled on. */
export function scaleOf(measure: PooledMeasure): AnalysisScale {
  return measure === 'PETO' ? 'LOG' : measure === 'RAW_COR' || measure === 'GEN' ? 'IDENTITY' : analysisScaleOf[measure]
}

/** Events and participants of the two sides. */
export interface Counts {
  readonly intervention: EventArm
  readonly comparator: EventArm
}

/** What an entry is of: how it is shown, its study and its effects by slug. */
export type EntryName = Pick<Entry, 'label' | 'study' | 'evidence'>

/** One independent number of a pool, on the analysis scale: usually a study; several of a study where the question says so. */
export interface Entry extends StudyEffect {
  readonly label: string
  /** Of entries that share it, the effects are not independent. */
  readonly study: string
  readonly year: number | null
  /** Slugs of the effects that went in. */
  readonly evidence: readonly string[]
  readonly participants: number | null
  /** What pooling of raw counts needs; null where they are not known. */
  readonly counts: Counts | null
  /** By the moderator's name; null where the study does not report it. */
  readonly moderators: Readonly<Record<string, number | null>>
  /** The subgroup that it is of, where subgroups are asked for. */
  readonly group: string | null
  /** What was done to reach the number, in words. */
  readonly notes: readonly string[]
}
