import { pageRange } from './pages.js'
import type { IdentifierField, ReferenceKind } from './reference.js'

/** Values of some tags, in the order of the tags. */
type Values = (...tags: string[]) => readonly string[]

/**
 * What tags of a RIS record identify it. RIS has no tag for PMIDs, and each database puts them elsewhere: in AN, C2 (Scopus), C3 (CENTRAL), C5 or C7
 * (Embase). Digits in these tags are PMIDs only if the record says whose they are.
 */
export function risIdentifiers(
  all: Values,
  kind: ReferenceKind,
): { readonly identifiers: readonly IdentifierField[]; readonly articleNumber: string | undefined } {
  const isOf = (name: RegExp) => all('DB', 'DP').some((text) => name.test(text))
  const isScopus = isOf(/\bscopus\b/i)
  const hasOwnNumber = [...all('AN'), ...all('U2')].some((text) => ownNumber.test(text.trim()))
  const sevens = all('C7')
  const numbered = [...all('C5'), ...(isScopus ? [] : sevens)].filter((text) => hasOwnNumber && /^\d{5,8}$/.test(text.trim()))
  const fields = (field: IdentifierField['field'], texts: readonly string[]) => texts.map((text): IdentifierField => ({ field, text }))
  const explicit = [...all('AN'), ...all('C1', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'M1', 'M2', 'U1', 'U2', 'U3', 'U4', 'U5')]
  return {
    identifiers: [
      ...fields('doi', all('DO', 'DI')),
      ...fields('any', explicit),
      ...all('C3').flatMap(registerList),
      ...fields(isScopus ? 'pmid' : 'pmcid', all('C2')),
      ...fields('pmid', numbered),
      ...fields('any', all('M3', 'L3')),
      ...fields('address', all('UR', 'L1', 'L2', 'L3', 'L4', 'LK')),
      // Last, as the record may name its PMID better.
      ...fields('pmid', isPubmed(all, kind) ? all('AN').filter((text) => /^\s*[1-9]\d{4,7}\s*$/.test(text)) : []),
    ],
    articleNumber: pageRange(sevens.find((text) => /^\s*[A-Za-z]{0,4}\d+[A-Za-z]?(?:\s*-\s*\d+)?\s*$/.test(text) && !numbered.includes(text))) ?? undefined,
  }
}

/** Embase, CENTRAL and Lens; Web of Science has article numbers in C7. */
const ownNumber = /^(?:L\d{6,}|CN-\d+|\d{3}-\d{3}-\d{3}-\d{3}-\d{3})$/i

/** "PUBMED 28654669,EMBASE 617083124", as the register of the Cochrane Library writes it. */
function registerList(text: string): IdentifierField[] {
  return text.split(/[,;]/).map((text) => ({ field: 'any' as const, text }))
}

const otherDatabases =
  /\b(embase|cinahl|psyc\w*|scopus|web of science|wos|cochrane|central|biosis|amed|lilacs|cab\w*|proquest|eric|sport ?discus|wanfang|cnki|koreamed|agricola|inspec|europe pmc|pmc)\b/i
const otherAddresses = /ebsco|proquest|scopus|embase|webofscience|webofknowledge|isiknowledge|ovid|cnki|wanfang|cochranelibrary|psycnet|lilacs|bvsalud/i

/** True if AN numbers the records of PubMed: DB says so, or nothing of the record says that another database does. */
function isPubmed(all: Values, kind: ReferenceKind): boolean {
  const isPubmedName = (text: string) => /\b(pubmed|medline|nlm|national library of medicine|ncbi)\b/i.test(text) && !otherDatabases.test(text)
  const databases = all('DB').filter((text) => text.trim() !== '')
  if (databases.length > 0) return databases.every(isPubmedName)
  const providers = all('DP').filter((text) => text.trim() !== '')
  return (
    providers.every(isPubmedName) &&
    ['ARTICLE', 'PREPRINT', 'OTHER'].includes(kind) &&
    !all('U2').some((text) => ownNumber.test(text.trim())) &&
    !all('UR', 'L1', 'L2', 'L3', 'L4', 'LK').some((text) => otherAddresses.test(text)) &&
    !all('N1', 'C1', 'M1', 'M2', 'C8').some((text) => /accession (number|no)|\b(embase|cinahl|psycinfo|scopus|web of science|cochrane)\b/i.test(text))
  )
}
