import { z } from 'zod'
import type { SummaryLineFragment } from '../generated/mcp/graphql.js'
import { spoken } from './words.js'

export const certaintyShape = z.object({
  level: z.string().nullable().describe('HIGH, MODERATE, LOW or VERY_LOW, by GRADE; null if nothing was rated.'),
  meaning: z.string(),
  startLevel: z.string().nullable(),
  startReason: z.string().nullable(),
  judgedBy: z.string().nullable().describe('The curator who judged; null if computed by stated rules.'),
  domains: z.array(
    z.object({ domain: z.string(), steps: z.number().describe('Levels down or up.'), reason: z.string().nullable(), rule: z.string().nullable() }),
  ),
  whyNone: z.string().nullable(),
})

const meanings = {
  HIGH: 'the true effect lies close to the estimate',
  MODERATE: 'the true effect is probably close to the estimate, and may be substantially different',
  LOW: 'the true effect may be substantially different from the estimate',
  VERY_LOW: 'the true effect is likely to be substantially different from the estimate',
} as const

/** The certainty of a pool as the API rates it. */
export function certaintyOf(summary: Pick<SummaryLineFragment, 'certainty' | 'notRatedReason'>): z.output<typeof certaintyShape> {
  const { certainty, notRatedReason } = summary
  if (certainty === null) return unrated(notRatedReason ?? 'nobody rated it')
  return {
    level: certainty.level,
    meaning: meanings[certainty.level],
    startLevel: certainty.startLevel,
    startReason: certainty.startReason,
    judgedBy: certainty.judgedBy,
    domains: certainty.judgements.map(({ domain, steps, reason, source }) => ({ domain, steps, reason, rule: source })),
    whyNone: null,
  }
}

export const unrated = (why: string): z.output<typeof certaintyShape> => ({
  ...{ level: null, startLevel: null, startReason: null, judgedBy: null, domains: [] },
  meaning: 'how certain this is was not rated',
  whyNone: why,
})

/** "Certainty (GRADE): very low: … Lowered for risk of bias (…)". */
export function shownCertainty({ level, meaning, domains, whyNone }: z.output<typeof certaintyShape>): string {
  if (level === null) return `Certainty: not rated, because ${whyNone ?? 'nothing was pooled'}.`
  const moved = domains
    .filter(({ steps }) => steps !== 0)
    .map(({ domain, steps, reason }) => `${spoken(domain)} ${steps > 0 ? '+' : '−'}${Math.abs(steps)}${reason === null ? '' : ` (${reason})`}`)
  return `Certainty (GRADE): ${spoken(level)}: ${meaning}.${moved.length === 0 ? '' : ` Changed for ${moved.join('; ')}.`}`
}
