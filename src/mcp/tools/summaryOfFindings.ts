import { z } from 'zod'
import { AssistantFindingsDocument, type FindingLineFragment } from '../../generated/mcp/graphql.js'
import { answerOf, type Session } from '../ask.js'
import { certaintyOf, certaintyShape, shownCertainty } from '../certainty.js'
import { comparisonKinds, terms } from '../filterWords.js'
import {
  addressOf,
  effectShape,
  perThousandShape,
  provenanceOf,
  provenanceShape,
  sourceOf,
  sourceShape,
  studyOf,
  studyShape,
  termShape,
  warningShape,
} from '../shapes.js'
import { defineTool } from '../tool.js'
import { closingLines, counted, lines, shownEffect, shownPerThousand, shownStudy, spoken } from '../words.js'

const comparisonShape = z.object({ key: z.string(), kind: z.string(), label: z.string() })

const rowShape = z.object({
  condition: termShape.describe('The condition asked about, or a narrower one.'),
  outcome: termShape,
  importance: z.string().describe('CRITICAL, IMPORTANT or SURROGATE.'),
  evidenceClass: z.string(),
  timepoint: z.string().nullable(),
  studies: z.number(),
  participants: z.number().nullable(),
  statement: z.string().describe('One sentence, made by rule from effect and certainty.'),
  effect: effectShape.nullable().describe('The pooled effect; null if nothing was pooled.'),
  perThousand: perThousandShape.nullable(),
  minimalImportantDifference: z.number().nullable(),
  whyNotPooled: z.string().nullable(),
  certainty: certaintyShape,
  warnings: z.array(warningShape),
  synthesisId: z.string().nullable(),
  reviews: z
    .array(z.object({ slug: z.string(), name: z.string(), k: z.number().nullable(), effect: effectShape, review: studyShape, source: sourceShape }))
    .describe('What published reviews pooled; never part of the pool.'),
})

export const summaryOfFindings = defineTool({
  name: 'summary_of_findings',
  title: 'Summary of findings',
  description:
    'Tells what is found on one condition against one comparator, outcome by outcome, those that matter most first: studies, people, pooled effect, people of a thousand, certainty by GRADE and one sentence. For the studies behind a row call synthesize with its outcome.',
  input: z.strictObject({
    condition: terms.condition,
    comparison: z.enum(comparisonKinds).default('INACTIVE').describe('What magnesium is compared with; INACTIVE is placebo, no treatment or usual care.'),
    agent: z
      .string()
      .min(1)
      .max(200)
      .describe('Which comparison of the kind, such as the treatment of ACTIVE; `comparisons` of an answer lists keys.')
      .optional(),
    baselineRisk: z.number().gt(0).lt(1).describe('Risk without magnesium, for people of a thousand; the median of the trials if left out.').optional(),
    limit: z.int().min(1).max(60).default(7).describe('Rows at most, the ones that matter most first.'),
  }),
  output: z.object({
    condition: termShape,
    comparison: comparisonShape.nullable(),
    rows: z.array(rowShape),
    moreRows: z.number().describe('Rows that are not shown: ask with a higher limit.'),
    comparisons: z.array(comparisonShape).describe('What else is compared on the condition.'),
    table: z.object({ html: z.string(), csv: z.string(), png: z.string() }).nullable(),
    provenance: provenanceShape,
  }),
  async run({ condition: ref, comparison, agent, baselineRisk, limit }, session) {
    const variables = { condition: ref, comparison, agent: agent ?? null, baselineRisk: baselineRisk ?? null }
    const { condition, ...state } = await answerOf(session, AssistantFindingsDocument, variables)
    const findings = condition?.summaryOfFindings ?? null
    const named = { slug: condition?.slug ?? ref, name: condition?.name ?? ref }
    const all = [...(findings?.rows ?? []), ...(findings?.moreRows ?? [])]
    const rows = all.slice(0, limit).map((row) => rowOf(session, row))
    const provenance = provenanceOf(session, state, `/conditions/${named.slug}`)
    const data = {
      condition: named,
      comparison: findings?.comparison ?? null,
      rows,
      moreRows: all.length - rows.length,
      comparisons: condition?.comparisons ?? [],
      table:
        findings === null
          ? null
          : { html: addressOf(session, findings.htmlUrl), csv: addressOf(session, findings.csvUrl), png: addressOf(session, findings.pngUrl) },
      provenance,
    }
    const others = data.comparisons.filter(({ key }) => key !== data.comparison?.key)
    return {
      data,
      text: lines(
        data.comparison === null
          ? `Nothing is found on ${named.name} in this comparison. That is an absence of evidence, not evidence that there is no effect.`
          : `${named.name}, magnesium ${data.comparison.label}: ${counted(all.length, 'outcome')}, ${rows.length} shown, those that matter most first.`,
        rows.flatMap(shownRow),
        data.moreRows > 0 ? `${counted(data.moreRows, 'further row')}: ask with a higher limit.` : null,
        others.length > 0 ? `Other comparisons: ${others.map(({ key, label }) => `${label} (${key})`).join(', ')}.` : null,
        closingLines(provenance),
      ),
    }
  },
})

function rowOf(session: Session, { relative, difference, certainty, notPooledReason, reviews, ...row }: FindingLineFragment): z.output<typeof rowShape> {
  return {
    ...row,
    effect: relative ?? difference,
    whyNotPooled: notPooledReason,
    certainty: certaintyOf({ certainty, notRatedReason: notPooledReason === null ? null : 'GRADE rates an estimate, and none was pooled' }),
    reviews: reviews.map(({ study, provenance, ...review }) => ({ ...review, review: studyOf(session, study), source: sourceOf(provenance) })),
  }
}

function shownRow(row: z.output<typeof rowShape>): string[] {
  const { outcome, condition, evidenceClass, importance, certainty, statement, effect, perThousand, studies, participants, reviews } = row
  const people = participants === null ? 'participants not known' : counted(participants, 'participant')
  return [
    `- ${outcome.name} (${condition.name}; ${spoken(importance)}; ${spoken(evidenceClass)}): ${statement}`,
    `  ${shownCertainty(certainty)} ${effect === null ? '' : `${shownEffect(effect)}. `}${counted(studies, 'study', 'studies')}, ${people}.${perThousand === null ? '' : ` ${shownPerThousand(perThousand)}`}`,
    ...reviews.map(({ effect: pooled, review, source }) => `  Published review: ${shownStudy(review)}: ${shownEffect(pooled)}; read in ${source.source}`),
  ]
}
