import { z } from 'zod'
import { AssistantCountDocument, AssistantTermsDocument, type AssistantTermsQuery, type EvidenceFilter } from '../../generated/mcp/graphql.js'
import { answerOf } from '../ask.js'
import { provenanceOf, provenanceShape } from '../shapes.js'
import { defineTool } from '../tool.js'
import { closingLines, counted, lines, spoken } from '../words.js'

const kinds = ['CONDITION', 'FORM', 'OUTCOME', 'INSTRUMENT', 'TREATMENT'] as const
type Kind = (typeof kinds)[number]

/** The word of the tools' arguments, and the filter, that each vocabulary is for. */
const uses = {
  CONDITION: { argument: 'condition', filter: (slug) => ({ conditions: [slug] }) },
  FORM: { argument: 'form', filter: (slug) => ({ forms: [slug] }) },
  OUTCOME: { argument: 'outcome', filter: (slug) => ({ outcomes: [slug] }) },
  INSTRUMENT: { argument: 'instrument', filter: (slug) => ({ instruments: [slug] }) },
  TREATMENT: { argument: 'agent', filter: (slug) => ({ agents: [slug] }) },
} as const satisfies Readonly<Record<Kind, { readonly argument: string; readonly filter: (slug: string) => EvidenceFilter }>>

const termShape = z.object({
  kind: z.enum(kinds),
  slug: z.string(),
  name: z.string(),
  matched: z.string().nullable().describe('The name, synonym or code that came closest; null if the text stands in its description.'),
  score: z.number().nullable().describe('1 for the same name or code, less the further the spelling is away.'),
  description: z.string().nullable(),
  synonyms: z.array(z.string()).describe('Five at most.'),
  codes: z.array(z.object({ system: z.string(), value: z.string(), url: z.string().nullable() })).describe('Five at most.'),
  effects: z.number().describe('Effects in people, of studies that are not retracted, that speak to the term or to a narrower one.'),
  argument: z.string().describe('The argument of the other tools that takes the slug.'),
})

type Detail = AssistantTermsQuery['search']['nodes'][number]['node']

export const findTerms = defineTool({
  name: 'find_terms',
  title: 'Find terms',
  description:
    'Finds what a text may mean: conditions, magnesium forms, outcomes, instruments and treatments, with the number of effects behind each. Call it first: the other tools take its slugs. Misspellings are forgiven.',
  input: z.strictObject({
    text: z.string().min(1).max(500).describe('A name as people write it: "migrane", "Mg oxide", "blood pressure"; or a code.'),
    kinds: z.array(z.enum(kinds)).max(5).describe('Only these vocabularies; all of them if left out.').optional(),
    limit: z.int().min(1).max(20).default(10).describe('Terms at most.'),
  }),
  output: z.object({
    text: z.string(),
    terms: z.array(termShape).describe('Best match first.'),
    furtherTerms: z.number().describe('Terms that matched and are not shown: ask with a higher limit, or narrow the kinds.'),
    provenance: provenanceShape,
  }),
  async run({ text, kinds: asked = [], limit }, session) {
    const wanted: readonly Kind[] = asked.length === 0 ? kinds : asked
    const found = await answerOf(session, AssistantTermsDocument, { text, kinds: [...wanted], first: limit })
    const mapped = found.mapTerms.map((match) => ({ ...match, node: match.term as Detail })) // of the same types
    const searched = found.search.nodes.map((hit) => ({ ...hit, name: hit.title, matched: null, score: null }))
    const all = [...mapped, ...searched]
      .flatMap((one) => wanted.flatMap((kind) => (kind === one.kind ? [{ ...one, kind }] : [])))
      .filter(({ kind, slug }, index, list) => list.findIndex((other) => other.kind === kind && other.slug === slug) === index)
    const chosen = all.slice(0, limit)
    const terms = await Promise.all(
      chosen.map(async ({ kind, slug, name, matched, score, node }) => {
        const { evidence } = await answerOf(session, AssistantCountDocument, { filter: uses[kind].filter(slug) })
        const { description, synonyms, codes } = detailOf(node)
        return { kind, slug, name, matched, score, description, synonyms, codes, effects: evidence.totalCount, argument: uses[kind].argument }
      }),
    )
    const unseen = Math.max(0, found.search.totalCount - found.search.nodes.length)
    const provenance = provenanceOf(session, found, `/search?${new URLSearchParams({ text })}`)
    const data = { text, terms, furtherTerms: all.length - chosen.length + unseen, provenance }
    const listed = terms.map(
      ({ kind, slug, name, effects, argument }) =>
        `- ${name} (${spoken(kind)}; ${argument}: "${slug}"): ${effects === 0 ? 'no effects' : counted(effects, 'effect')}`,
    )
    const heading =
      terms.length === 0 ? `No term matches "${text}". Try another name, a broader word or fewer kinds.` : `Terms that "${text}" may mean, best match first:`
    return {
      data,
      text: lines(
        heading,
        listed,
        data.furtherTerms > 0 ? `${counted(data.furtherTerms, 'further term')} matched: ask with a higher limit.` : null,
        closingLines(provenance),
      ),
    }
  },
})

const shownOfEach = 5

function detailOf(node: Detail) {
  const { description = null, synonyms = [], codes = [] } = 'synonyms' in node ? node : {}
  return { description, synonyms: synonyms.slice(0, shownOfEach), codes: codes.slice(0, shownOfEach) }
}
