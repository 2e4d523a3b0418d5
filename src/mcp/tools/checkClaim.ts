import { z } from 'zod'
import { PublicError } from '../../errors.js'
import {
  AssistantClaimDocument,
  AssistantClaimsAboutDocument,
  AssistantClaimSearchDocument,
  AssistantEvidenceDocument,
  AssistantWordsDocument,
  type AssistantWordsQuery,
  type ClaimDetailFragment,
  type ClaimVerdict,
  type EvidenceFilter,
  type StateFragment,
} from '../../generated/mcp/graphql.js'
import { answerOf, type Session } from '../ask.js'
import { terms } from '../filterWords.js'
import { provenanceOf, provenanceShape, resultOf, sourceOf, sourceShape, studyOf, studyShape, termShape } from '../shapes.js'
import { defineTool } from '../tool.js'
import { closingLines, counted, lines, shownResult, shownStudy, spoken } from '../words.js'
import { foundShape } from './findEvidence.js'

const verdictMeanings = {
  SUPPORTED: 'the studies say so',
  PARTLY_SUPPORTED: 'part of it holds',
  OVERSTATED: 'the studies show less than is claimed',
  CONTRADICTED: 'the studies say otherwise',
  UNSUPPORTED: 'not found in what it cites',
  NO_CITATION: 'nothing is cited for it',
  ANIMAL_ONLY: 'only animal or laboratory work stands behind it',
  NOT_ASSESSABLE: 'cannot be checked',
  OMISSION: 'what the document leaves out and a reader needs',
} as const satisfies Readonly<Record<ClaimVerdict, string>>

const claimShape = z.object({
  slug: z.string(),
  statement: z.string().describe('What the document asserts, in the curators’ words.'),
  verdict: z.string().describe('The curators’ verdict on this statement, not on the text that was asked about.'),
  verdictMeaning: z.string(),
  explanation: z.string(),
  topic: z.string(),
  document: z.object({ title: z.string(), authors: z.array(z.string()), kind: z.string(), publishedOn: z.string().nullable(), section: z.string() }),
  conditions: z.array(termShape),
  forms: z.array(termShape),
  outcomes: z.array(termShape),
  findings: z.array(z.object({ stance: z.string(), note: z.string(), study: studyShape.nullable(), source: sourceShape.nullable() })),
  cites: z.array(studyShape).describe('What the document itself cites for it; the first ten.'),
  page: z.string(),
})
type Claim = z.output<typeof claimShape>

const citedAtMost = 10

function claimOf(session: Session, claim: ClaimDetailFragment): Claim {
  const { slug, statement, verdict, explanation, topic, section, source, conditions, forms, outcomes, findings, citations } = claim
  return {
    ...{ slug, statement, verdict, explanation, topic, conditions, forms, outcomes },
    verdictMeaning: verdictMeanings[verdict],
    document: { title: source.title, authors: source.authors, kind: source.kind, publishedOn: source.publishedOn, section },
    findings: findings.map(({ stance, note, study, evidence }) => ({
      stance,
      note,
      study: study === null ? null : studyOf(session, study),
      source: evidence === null ? null : sourceOf(evidence.provenance),
    })),
    cites: citations.slice(0, citedAtMost).map((study) => studyOf(session, study)),
    page: `${session.origin}${session.basePath}/claims/${slug}`,
  }
}

export const checkClaim = defineTool({
  name: 'check_claim',
  title: 'Check a claim',
  description:
    'Finds claims of articles, pages and labels that curators checked against the studies: their verdict, what the studies say and the citations. It makes no verdict of its own: if no claim matches, it says so and names the evidence to look at. Give a text, the slug of a claim, or terms.',
  input: z.strictObject({
    text: z.string().min(1).max(500).describe('The claim in words, such as "magnesium oxide prevents migraine".').optional(),
    claim: z.string().min(1).max(200).describe('Slug of a claim.').optional(),
    condition: terms.condition.optional(),
    form: terms.form.optional(),
    limit: z.int().min(1).max(20).default(5).describe('Claims at most.'),
  }),
  output: z.object({
    matches: z.array(claimShape).describe('Claims that match: all words of the text, the slug, or the terms.'),
    furtherMatches: z.number(),
    related: z
      .array(claimShape)
      .describe(
        'If none matches: claims about the same terms, or with words like those of the text. They are other statements, and their verdicts are of these.',
      ),
    termsFound: z.array(z.object({ kind: z.string(), slug: z.string(), name: z.string() })),
    evidenceToLookAt: z.array(foundShape).describe('If none matches: single effects about these terms, five at most.'),
    provenance: provenanceShape,
  }),
  async run({ text, claim, condition, form, limit }, session) {
    if (text === undefined && claim === undefined && condition === undefined && form === undefined)
      throw new PublicError('BAD_USER_INPUT', 'nothing to check: give a text, the slug of a claim, a condition or a form', {
        reason: 'BAD_PARAMETER',
        argument: 'text',
      })
    const about = { ...(condition !== undefined && { conditions: [condition] }), ...(form !== undefined && { forms: [form] }) }
    const matched = await matchesOf(session, { text, claim, about, limit })
    const found = matched.claims.length > 0 || text === undefined ? [] : await termsOf(session, text)
    const slugs = (kind: string, given: string | undefined) =>
      given === undefined ? found.filter((term) => term.kind === kind).map(({ slug }) => slug) : [given]
    const [conditions, forms, outcomes] = [slugs('CONDITION', condition), slugs('FORM', form), slugs('OUTCOME', undefined)]
    const named = { ...(conditions.length > 0 && { conditions }), ...(forms.length > 0 && { forms }) }
    const isNamed = Object.keys(named).length > 0 || outcomes.length > 0
    const [related, evidence] =
      matched.claims.length > 0
        ? [[], []]
        : await Promise.all([
            relatedOf(session, named, text, limit),
            isNamed ? evidenceAbout(session, { ...named, ...(outcomes.length > 0 && { outcomes }) }) : [],
          ])
    const provenance = provenanceOf(session, matched, claim !== undefined && matched.claims.length > 0 ? `/claims/${claim}` : '/claims')
    const matches = matched.claims.map((one) => claimOf(session, one))
    const data = {
      matches,
      furtherMatches: Math.max(0, matched.totalCount - matches.length),
      related: related.map((one) => claimOf(session, one)),
      termsFound: found.map(({ kind, slug, name }) => ({ kind, slug, name })),
      evidenceToLookAt: evidence,
      provenance,
    }
    return {
      data,
      text: lines(
        matches.length > 0
          ? `Verdicts below are the curators’, each on the statement beside it and on no other:`
          : 'No checked claim matches, so there is no verdict. None can be told from what follows either:',
        matches.flatMap(shownClaim),
        data.furtherMatches > 0 ? `${counted(data.furtherMatches, 'further claim')} matched: ask with a higher limit or more words.` : null,
        data.related.length > 0 ? 'Other statements, about the same terms or in like words; each verdict is of that statement alone:' : null,
        data.related.map(({ statement, verdict, page }) => `- "${statement}": ${spoken(verdict)} (${page})`),
        evidence.length > 0 ? 'Single effects to look at; synthesize pools them:' : null,
        evidence.map((result) => `- ${shownStudy(result.study)}. ${shownResult(result)}`),
        matches.length === 0 && data.related.length === 0 && evidence.length === 0
          ? 'No term of it is known here: ask find_terms for its condition and form.'
          : null,
        closingLines(provenance),
      ),
    }
  },
})

function shownClaim({ statement, verdict, verdictMeaning, explanation, document, findings, page }: Claim): string[] {
  return [
    `- "${statement}" (${document.title}, ${document.section}): ${spoken(verdict)}: ${verdictMeaning}. ${explanation}`,
    ...findings.map(
      ({ stance, note, study, source }) =>
        `  ${spoken(stance)}: ${note}${study === null ? '' : ` Source: ${shownStudy(study)}`}${source?.locator == null ? '' : `, ${source.locator}`}`,
    ),
    `  ${page}`,
  ]
}

interface Asked {
  readonly text: string | undefined
  readonly claim: string | undefined
  readonly about: { readonly conditions?: string[]; readonly forms?: string[] }
  readonly limit: number
}

async function matchesOf(
  session: Session,
  { text, claim, about, limit }: Asked,
): Promise<StateFragment & { readonly claims: readonly ClaimDetailFragment[]; readonly totalCount: number }> {
  if (claim !== undefined) {
    const { claim: found, ...state } = await answerOf(session, AssistantClaimDocument, { slug: claim, id: null })
    if (found === null)
      throw new PublicError('BAD_USER_INPUT', `no claim has the slug "${claim}": give its text instead`, {
        reason: 'UNKNOWN_TERM',
        argument: 'claim',
        ref: claim,
      })
    return { ...state, claims: [found], totalCount: 1 }
  }
  // A search would forgive words that no claim has; what matches has all of them.
  const { claims, ...state } = await answerOf(session, AssistantClaimsAboutDocument, {
    filter: { ...about, ...(text !== undefined && { text }) },
    first: limit,
  })
  return { ...state, claims: claims.nodes, totalCount: claims.totalCount }
}

/** Claims about the terms, then claims with words like those of the text: other statements, each once. */
async function relatedOf(session: Session, about: Asked['about'], text: string | undefined, limit: number): Promise<readonly ClaimDetailFragment[]> {
  const [ofTerms, ofWords] = await Promise.all([
    Object.keys(about).length === 0 ? [] : answerOf(session, AssistantClaimsAboutDocument, { filter: about, first: limit }).then(({ claims }) => claims.nodes),
    text === undefined
      ? []
      : answerOf(session, AssistantClaimSearchDocument, { text, first: limit }).then(({ search }) => search.nodes.map(({ node }) => node)),
  ])
  const things: readonly object[] = ofWords
  const all = [...ofTerms, ...things.filter(isClaim)]
  return all.filter(({ slug }, index) => all.findIndex((other) => other.slug === slug) === index).slice(0, limit)
}

const isClaim = (node: object): node is ClaimDetailFragment => 'statement' in node

async function evidenceAbout(session: Session, filter: EvidenceFilter) {
  const { evidence } = await answerOf(session, AssistantEvidenceDocument, {
    filter,
    first: 5,
    after: null,
    orderBy: [{ field: 'PARTICIPANTS', direction: 'DESC' }],
  })
  return evidence.nodes.map((node) => ({ ...resultOf(node), study: studyOf(session, node.study) }))
}

/** A sentence of this many words is looked at; its names are at most three words long. */
const wordsRead = 60
const longestName = 3
/** Names as they stand, or a letter off. */
const surelyMeant = 0.9

/** The terms that a sentence names: by its words, and by two and three of them together. A longer name hides the shorter ones in it. */
async function termsOf(session: Session, text: string): Promise<AssistantWordsQuery['mapTerms']> {
  const words = (text.match(/[\p{L}\p{N}-]+/gu) ?? []).slice(0, wordsRead)
  const names = [...Array(longestName).keys()].flatMap((more) => words.map((_, start) => words.slice(start, start + more + 1).join(' ')))
  const texts = [...new Set(names)].filter((name) => name.length > 2)
  if (texts.length === 0) return []
  const { mapTerms } = await answerOf(session, AssistantWordsDocument, { texts })
  const sure = mapTerms.filter(({ score }) => score >= surelyMeant).sort((a, b) => b.text.length - a.text.length)
  return sure.filter(
    (term, index) =>
      !sure
        .slice(0, index)
        .some((longer) => (longer.kind === term.kind && longer.slug === term.slug) || (longer.text !== term.text && longer.text.includes(term.text))),
  )
}
