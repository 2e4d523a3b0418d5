import { z } from 'zod'
import { AssistantFindingsDocument, type SummaryLineFragment } from '../../generated/mcp/graphql.js'
import { answerOf } from '../ask.js'
import { certaintyOf, certaintyShape, shownCertainty } from '../certainty.js'
import { filterOf, pageQueryOf, terms } from '../filterWords.js'
import { directionMeanings, provenanceOf, provenanceShape, termShape, warningShape } from '../shapes.js'
import { defineTool } from '../tool.js'
import { closingLines, counted, lines, shownEffect } from '../words.js'

const maybeNumber = z.number().nullable()

const rowShape = z.object({
  outcome: termShape.nullable(),
  importance: z.string().nullable(),
  comparison: z.object({ key: z.string(), kind: z.string(), label: z.string() }),
  evidenceClass: z.string(),
  studies: z.number().describe('Studies behind the effects, pooled or not.'),
  participants: maybeNumber,
  studiesPooled: maybeNumber,
  participantsPooled: maybeNumber,
  measure: z.string().nullable(),
  unit: z.string().nullable(),
  estimate: maybeNumber,
  ciLower: maybeNumber,
  ciUpper: maybeNumber,
  i2: maybeNumber,
  direction: z.string(),
  directionMeaning: z.string(),
  whyNotPooled: z.string().nullable(),
  certainty: certaintyShape,
  warnings: z.array(warningShape),
  synthesisId: z.string().nullable(),
})

export const summaryOfFindings = defineTool({
  name: 'summary_of_findings',
  title: 'Summary of findings',
  description:
    'Sets side by side what is known of one condition: a row for each outcome, comparison and class of evidence, with studies, participants, pooled effect and certainty by GRADE. Against placebo or no treatment unless another comparison or agent is given.',
  input: z.strictObject({
    condition: terms.condition,
    form: terms.form.optional(),
    comparison: terms.comparison.optional(),
    agent: terms.agent.optional(),
    limit: z.int().min(1).max(50).default(12).describe('Rows at most, the ones with the most studies first.'),
  }),
  output: z.object({ condition: termShape, comparison: z.string(), rows: z.array(rowShape), moreRows: z.number(), provenance: provenanceShape }),
  async run({ limit, ...words }, session) {
    const asked = words.comparison === undefined && words.agent === undefined ? { ...words, comparison: 'INACTIVE' } : words
    const { condition, evidenceSummaries, ...state } = await answerOf(session, AssistantFindingsDocument, {
      condition: words.condition,
      filter: filterOf(asked),
    })
    const named = condition ?? { slug: words.condition, name: words.condition }
    const provenance = provenanceOf(session, state, `/conditions/${named.slug}${pageQueryOf({ form: words.form, agent: words.agent })}`)
    const rows = evidenceSummaries.slice(0, limit).map(rowOf)
    const moreRows = evidenceSummaries.length - rows.length
    return {
      data: { condition: named, comparison: asked.agent ?? asked.comparison ?? '', rows, moreRows, provenance },
      text: lines(
        rows.length === 0
          ? `Nothing is known here of ${named.name}: no effect matches. That is an absence of evidence, not evidence that there is no effect.`
          : `${named.name}: ${counted(evidenceSummaries.length, 'row')}, ${rows.length} shown, those with the most studies first.`,
        rows.map(shownRow),
        moreRows > 0 ? `${counted(moreRows, 'further row')}: ask with a higher limit.` : null,
        closingLines(provenance),
      ),
    }
  },
})

function rowOf(summary: SummaryLineFragment): z.output<typeof rowShape> {
  const { outcome, comparison, evidenceClass, studies, participants, studiesPooled, participantsPooled, measure, unit, estimate, ciLower, ciUpper, i2 } =
    summary
  return {
    ...{ comparison, evidenceClass, studies, participants, studiesPooled, participantsPooled, measure, unit, estimate, ciLower, ciUpper, i2 },
    outcome: outcome === null ? null : { slug: outcome.slug, name: outcome.name },
    importance: outcome?.importance ?? null,
    direction: summary.direction,
    directionMeaning: directionMeanings[summary.direction],
    whyNotPooled: summary.notPooledReason,
    certainty: certaintyOf(summary),
    warnings: summary.warnings,
    synthesisId: summary.synthesisId,
  }
}

function shownRow({
  outcome,
  comparison,
  evidenceClass,
  measure,
  studies,
  studiesPooled,
  directionMeaning,
  whyNotPooled,
  certainty,
  ...numbers
}: z.output<typeof rowShape>): string {
  const effect =
    measure === null
      ? `not pooled: ${whyNotPooled ?? 'no reason known'}`
      : `${shownEffect({ measure, ...numbers })}, ${directionMeaning}; ${counted(studiesPooled ?? 0, 'study', 'studies')} pooled`
  return `- ${outcome?.name ?? 'no one outcome'} ${comparison.label} (${evidenceClass.toLowerCase()}): ${shownCertainty(certainty)} ${effect}, of ${counted(studies, 'study', 'studies')}.`
}
