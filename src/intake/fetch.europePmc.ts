import { z } from 'zod'
import type { Identifier } from '../study/identifiers.js'
import { SourceError, type SourceReader } from './fetch.js'

/** Europe PMC publishes no figure and asks for moderation: 5 requests a second. */
export const europePmcIntervalMs = 200

const article = z.looseObject({
  id: z.string(),
  source: z.string(),
  pmid: z.string().optional(),
  pmcid: z.string().optional(),
  doi: z.string().optional(),
  title: z.string().default(''),
  authorList: z
    .looseObject({
      author: z.array(
        z.looseObject({
          lastName: z.string().optional(),
          firstName: z.string().optional(),
          initials: z.string().optional(),
          collectiveName: z.string().optional(),
          fullName: z.string().optional(),
        }),
      ),
    })
    .optional(),
  journalInfo: z
    .looseObject({
      volume: z.string().optional(),
      issue: z.string().optional(),
      yearOfPublication: z.number().int().optional(),
      journal: z.looseObject({ title: z.string().optional() }).optional(),
    })
    .optional(),
  pageInfo: z.string().optional(),
  pubYear: z.string().optional(),
  firstPublicationDate: z.string().optional(),
  pubTypeList: z.looseObject({ pubType: z.array(z.string()) }).optional(),
  /** What corrects, retracts or comments on it. */
  commentCorrectionList: z
    .looseObject({
      commentCorrection: z.array(
        z.looseObject({ id: z.string().optional(), source: z.string().optional(), reference: z.string().default(''), type: z.string() }),
      ),
    })
    .optional(),
})
export type EuropePmcArticle = z.infer<typeof article>

const found = z.looseObject({ resultList: z.looseObject({ result: z.array(article) }) })

/** The record of a publication, and what else Europe PMC has under the identifier: a preprint, for one. */
export interface EuropePmcHit {
  readonly article: EuropePmcArticle
  readonly others: readonly string[]
}

/** Sources of Europe PMC, the one whose records are indexed by hand first. */
const preferred = ['MED', 'PMC', 'AGR', 'CBA', 'ETH', 'HIR', 'CTX', 'PAT', 'PPR']
const rank = ({ source }: EuropePmcArticle) => (preferred.indexOf(source) + preferred.length + 1) % (preferred.length + 1)

/**
 * A publication as Europe PMC has it, which also knows preprints and what PubMed does not. Of several records under one identifier the one of the
 * best source is taken; two of MEDLINE are two publications, and neither is.
 *
 * @throws {SourceError} see `SourceReader`
 */
export async function findEuropePmcArticle(europePmc: SourceReader, { kind, value }: Identifier): Promise<EuropePmcHit | null> {
  const query = kind === 'pmid' ? `EXT_ID:${value} AND SRC:MED` : kind === 'pmcid' ? `PMCID:${value}` : `DOI:"${value}"`
  const answer = await europePmc.read('/search', { query, resultType: 'core', format: 'json', pageSize: '10' }, found)
  const [article, ...others] = [...(answer?.resultList.result ?? [])].sort((one, other) => rank(one) - rank(other))
  if (article === undefined) return null
  if (others.some(({ source }) => source === article.source))
    throw new SourceError(
      `Europe PMC has several records of the ${kind.toUpperCase()} ${value}: ${[article, ...others].map(({ source, id }) => `${source} ${id}`).join(', ')}`,
    )
  return { article, others: others.map(({ source, id }) => `${source} ${id}`) }
}

/**
 * The full text of an article as XML, which Europe PMC has of those that are open access.
 *
 * @param pmcid such as PMC5487054
 * @returns null where it has none
 * @throws {SourceError} see `SourceReader`
 */
export const findFullText = (europePmc: SourceReader, pmcid: string): Promise<string | null> => europePmc.readXml(`/${encodeURIComponent(pmcid)}/fullTextXML`)
