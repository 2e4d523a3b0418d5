import type { Database } from '../database/client.js'
import { encodeId } from '../graphql/nodeId.js'
import type { Context } from '../graphql/context.js'
import type { Provenance } from '../study/study.js'
import type { Code } from '../vocabulary/vocabulary.js'

interface SafetyStatement {
  readonly id: string
  readonly slug: string
  /** Forms concerned; none means all. */
  readonly formKeys: readonly number[]
  readonly provenance: Provenance
}

export interface InteractionRecord extends SafetyStatement {
  readonly substance: string
  readonly synonyms: readonly string[]
  readonly codes: readonly Code[]
  readonly effect: string
  readonly advice: string | null
  readonly separationHours: number | null
  readonly hoursBefore: Hours | null
  readonly hoursAfter: Hours | null
}

interface Hours {
  readonly low: number
  readonly high: number
}

export interface ContraindicationRecord extends SafetyStatement {
  readonly conditionKey: number
  readonly note: string | null
}

export interface Safety {
  readonly interactions: readonly InteractionRecord[]
  readonly contraindications: readonly ContraindicationRecord[]
}

/** Interactions and contraindications of the context's data revision: a few dozen, kept in memory. */
export function safetyOf(context: Context): Promise<Safety> {
  return context.perRevision(loadSafety)
}

async function loadSafety({ prisma }: Database): Promise<Safety> {
  const [interactions, contraindications] = await Promise.all([
    prisma.interaction.findMany({ orderBy: { substance: 'asc' }, include: { codes: true, forms: true, source: true } }),
    prisma.contraindication.findMany({ orderBy: { slug: 'asc' }, include: { forms: true, source: true } }),
  ])
  return {
    interactions: interactions.map(({ slug, forms, source, substance, synonyms, codes, effect, advice, separationHours, ...hours }) => ({
      id: encodeId('Interaction', slug),
      slug,
      formKeys: forms.map(({ formId }) => formId),
      provenance: provenanceOf(source),
      substance,
      synonyms,
      codes,
      effect,
      advice,
      separationHours,
      hoursBefore: hoursOf(hours.hoursBeforeLow, hours.hoursBeforeHigh),
      hoursAfter: hoursOf(hours.hoursAfterLow, hours.hoursAfterHigh),
    })),
    contraindications: contraindications.map(({ slug, forms, source, conditionId, note }) => ({
      id: encodeId('Contraindication', slug),
      slug,
      formKeys: forms.map(({ formId }) => formId),
      provenance: provenanceOf(source),
      conditionKey: conditionId,
      note,
    })),
  }
}

const hoursOf = (low: number | null, high: number | null): Hours | null => (low === null || high === null ? null : { low, high })

function provenanceOf({ source, locator, recordedAt, note }: { source: string; locator: string | null; recordedAt: Date; note: string | null }): Provenance {
  return { source, locator, recordedAt: recordedAt.toISOString().slice(0, 10), note }
}
