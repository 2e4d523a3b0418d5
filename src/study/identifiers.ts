export type IdentifierKind = PublicationIdentifierKind | 'registration'
export type PublicationIdentifierKind = 'doi' | 'pmid' | 'pmcid'

export interface Identifier {
  readonly kind: IdentifierKind
  /** As the database stores it: bare lower-case DOI, digits, PMC and digits, the registry's id in capitals. */
  readonly value: string
}

const registry =
  /^(NCT\d{8}|ISRCTN\d{8}|IRCT\d+N\d+|ACTRN\d{14}|CTRI\/\d{4}\/\d{2,3}\/\d+|CHICTR[-A-Z0-9]+|DRKS\d{8}|UMIN\d{9}|JPRN-[A-Z0-9]+|NL\d{4,}|NTR\d{3,5}|PACTR\d+|RBR-[0-9A-Z]+|SLCTR\/\d{4}\/\d{3}|TCTR\d{11}|KCT\d{7}|CRD\d{8,}|\d{4}-\d{6}-\d{2}(-\d{2})?)$/

/**
 * Reads a DOI, PMID, PMCID or registry id in any usual notation: bare, prefixed ("PMID: 18281113", "doi:10.…") or as a
 * web address. Digits alone are a PMID.
 *
 * @returns null for text that is none of these
 */
export function readIdentifier(text: string): Identifier | null {
  const trimmed = text.trim().replace(/^<|>$/g, '')
  const doi = /^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi\s*[:=]?\s*|info:doi\/)?(10\.\d{4,9}\/\S+)$/i.exec(decoded(trimmed))?.[1]
  if (doi !== undefined) return { kind: 'doi', value: doi.replace(/[.,;]+$/, '').toLowerCase() }
  const pmcid = /^(?:https?:\/\/\S*?\/(?:articles\/)?|pmcid\s*[:=]?\s*)?(PMC\d+)\/?$/i.exec(trimmed)?.[1]
  if (pmcid !== undefined) return { kind: 'pmcid', value: pmcid.toUpperCase() }
  const pmid =
    /^(?:https?:\/\/(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov\/pubmed)\/|(?:pmid|pubmed(?:\s+id)?|medline)\s*[:=]?\s*)?(\d{1,8})\/?$/i.exec(
      trimmed,
    )?.[1]
  if (pmid !== undefined) return { kind: 'pmid', value: String(Number(pmid)) }
  const registration = trimmed.replace(/^(?:https?:\/\/\S*\/|eudract\s*(?:number|no\.?)?\s*[:=]?\s*|isrctn\s*[:=]\s*(?=isrctn))/i, '').toUpperCase()
  return registry.test(registration) ? { kind: 'registration', value: registration } : null
}

/**
 * Reads the value of a field that holds identifiers of one kind. Digits alone are of that kind, and of no other.
 *
 * @returns null for a value of another kind
 * @example readIdentifierAs('pmcid', '5487054') // 'PMC5487054'
 */
export function readIdentifierAs(kind: IdentifierKind, text: string): string | null {
  const trimmed = text.trim()
  const [, digits] = /^(?:pmcid\s*[:=]?\s*)?(?:pmc)?0*(\d+)(?:\.\d)?$/i.exec(trimmed) ?? []
  const identifier = readIdentifier(kind === 'pmcid' && digits !== undefined ? `PMC${digits}` : kind === 'pmid' ? trimmed.replace(/\.0$/, '') : trimmed)
  return identifier?.kind === kind ? identifier.value : null
}

/** Reads text that says itself what it identifies, by its form, a prefix or an address; digits alone do not. */
export function readNamedIdentifier(text: string): Identifier | null {
  return /^\d+$/.test(text.trim()) ? null : readIdentifier(text)
}

/** Percent signs undone where they can be: DOIs in addresses are often escaped. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
