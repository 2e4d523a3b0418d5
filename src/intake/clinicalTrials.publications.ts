import type { PublicationEntry } from '../corpus/format.js'
import { readIdentifier } from '../study/identifiers.js'
import type { LeaveOut } from './clinicalTrials.arms.js'
import type { Protocol } from './clinicalTrials.format.js'

/**
 * The registry's own entry, and the papers that it links as the trial's results. Papers cited as background are of other
 * trials; papers that the registry found by itself (DERIVED) may be.
 */
export function publicationsOf(
  { identificationModule, referencesModule, statusModule }: Protocol,
  hasResults: boolean,
  leaveOut: LeaveOut,
): PublicationEntry[] {
  const { nctId, briefTitle, officialTitle } = identificationModule
  const slug = nctId.toLowerCase()
  const posted = (hasResults ? statusModule.resultsFirstPostDateStruct : statusModule.studyFirstPostDateStruct)?.date
  const day = /^\d{4}-\d{2}-\d{2}$/.test(posted ?? '') ? posted : undefined
  const entry: PublicationEntry = {
    ...nothing,
    slug: `${slug}-registry`,
    role: hasResults ? 'REGISTRY_RESULTS' : 'PROTOCOL',
    title: officialTitle ?? briefTitle ?? nctId,
    titleAsPublished: true,
    journal: 'ClinicalTrials.gov',
    ...(day !== undefined && { date: day }),
    note: `https://clinicaltrials.gov/study/${nctId}`,
  }
  const papers = referencesModule.references.flatMap(({ pmid, type, citation }): PublicationEntry[] => {
    if (type !== 'RESULT') {
      if (type === 'DERIVED')
        leaveOut(
          `publication ${pmid === undefined ? JSON.stringify(citation ?? '') : `PMID ${pmid}`}: the registry found it by the trial's number, and does not say that it reports results`,
        )
      return []
    }
    const identifier = readIdentifier(pmid ?? '')
    const told = citationParts(citation ?? '')
    if (identifier?.kind !== 'pmid' && told.title === null) {
      leaveOut(`publication ${JSON.stringify(citation ?? '')}: it has neither a PMID nor a citation that can be read`)
      return []
    }
    const known = identifier?.kind === 'pmid' ? identifier.value : null
    return [
      {
        ...nothing,
        slug: known === null ? `${slug}-report` : `${slug}-pmid-${known}`,
        role: 'PRIMARY_REPORT',
        title: told.title ?? `Report of ${nctId}`,
        authors: told.firstAuthor === null ? [] : [{ family: told.firstAuthor }],
        authorsIncomplete: true,
        ...(told.year !== null && { year: told.year }),
        ...(told.doi !== null && { doi: told.doi }),
        ...(known !== null && { pmid: known }),
        note: 'Read from the citation in the registry.',
      },
    ]
  })
  const [first, ...more] = uniqueBy(papers, ({ pmid, slug: own }) => pmid ?? own)
  // A trial has one primary report; which of several it is, the registry's order says.
  return first === undefined
    ? [entry]
    : [
        first,
        ...numbered(
          more.map((paper) => ({ ...paper, role: 'SECONDARY_REPORT' as const })),
          first.slug,
        ),
        entry,
      ]
}

const nothing = {
  titleAsPublished: false,
  authors: [],
  authorsIncomplete: false,
  types: [],
  relations: [],
  statusEvents: [],
} satisfies Partial<PublicationEntry>

const uniqueBy = <Value>(values: readonly Value[], key: (value: Value) => string) => [...new Map(values.map((value) => [key(value), value])).values()]

/** Reports without a PMID would all be called the same. */
function numbered(papers: readonly PublicationEntry[], taken: string): PublicationEntry[] {
  const seen = new Set([taken])
  return papers.map((paper) => {
    let slug = paper.slug
    for (let number = 2; seen.has(slug); number++) slug = `${paper.slug}-${number}`
    seen.add(slug)
    return { ...paper, slug }
  })
}

/** A citation as PubMed writes it: "Family AB, Family C. Title. Journal. 2017 Jun 27;12(6):e0180067. doi: 10.…". */
function citationParts(citation: string) {
  const [authors = '', title = ''] = citation.split(/\.\s+/)
  const firstAuthor = /^(\p{Lu}[\p{L}'’ -]*?)\s+\p{Lu}{1,4}(?:,|$)/u.exec(authors.trim())?.[1] ?? null
  const year = /\b((?:19|20)\d{2})\b(?:\s+[A-Z][a-z]{2})?[^.]*;/.exec(citation)?.[1]
  const doi = readIdentifier(/\bdoi:\s*(10\.\S+)/i.exec(citation)?.[1]?.replace(/\.$/, '') ?? '')
  return {
    firstAuthor,
    title: firstAuthor === null || title.trim() === '' ? null : title.trim(),
    year: year === undefined ? null : Number(year),
    doi: doi?.kind === 'doi' ? doi.value : null,
  }
}
