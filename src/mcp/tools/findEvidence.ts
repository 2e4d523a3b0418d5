import { z } from 'zod'
import { AssistantEvidenceDocument } from '../../generated/mcp/graphql.js'
import { answerOf } from '../ask.js'
import { filterOf, filterWords, pageQueryOf } from '../filterWords.js'
import { moreShape, provenanceOf, provenanceShape, resultOf, resultShape, studyOf, studyShape } from '../shapes.js'
import { defineTool } from '../tool.js'
import { closingLines, counted, lines, shownResult, shownStudy } from '../words.js'

const orders = {
  STUDY: [],
  NEWEST: [{ field: 'YEAR', direction: 'DESC' }],
  LARGEST: [{ field: 'PARTICIPANTS', direction: 'DESC' }],
} as const

export const foundShape = resultShape.extend({ study: studyShape })

export const findEvidence = defineTool({
  name: 'find_evidence',
  title: 'Find evidence',
  description:
    'Lists effects of magnesium as single studies found them: study, design, dose, estimate, interval, direction and where in the source the number stands. In people, and without retracted studies. For one answer over all studies call synthesize.',
  input: z.strictObject({
    ...filterWords,
    orderBy: z.enum(['STUDY', 'NEWEST', 'LARGEST']).default('STUDY').describe('By study, the newest first, or the most participants first.'),
    limit: z.int().min(1).max(50).default(10).describe('Effects at most.'),
    after: z.string().max(1_000).describe('`nextAfter` of the answer before, for the effects that follow.').optional(),
  }),
  output: z.object({ evidence: z.array(foundShape), more: moreShape, provenance: provenanceShape }),
  async run({ limit, after, orderBy, ...words }, session) {
    const { evidence, ...state } = await answerOf(session, AssistantEvidenceDocument, {
      filter: filterOf(words),
      first: limit,
      after: after ?? null,
      orderBy: [...orders[orderBy]],
    })
    const found = evidence.nodes.map((node) => ({ ...resultOf(node), study: studyOf(session, node.study) }))
    const { hasNextPage, endCursor } = evidence.pageInfo
    const more = { total: evidence.totalCount, shown: found.length, nextAfter: hasNextPage ? endCursor : null }
    const provenance = provenanceOf(session, state, `/evidence${pageQueryOf(words)}`)
    return {
      data: { evidence: found, more, provenance },
      text: lines(
        more.total === 0
          ? 'Nothing is known here: no effect in people matches. That is an absence of evidence, not evidence that there is no effect.'
          : `Single effects, not an answer by themselves: ${counted(more.total, 'effect')} in all, ${more.shown} shown.`,
        found.map((result) => `- ${shownStudy(result.study)}. ${shownResult(result)}`),
        more.nextAfter === null ? null : `For the next ones give after: "${more.nextAfter}".`,
        closingLines(provenance),
      ),
    }
  },
})
