/** Identifiers that a resolver, a registry or a repository keeps, and pages of journals that keep their own. */
const identifiers =
  /\b10\.\d{4,9}\/\S|\bPMC\s?\d{5}|\bpubmed\b\D{0,30}\d{5}|\bPMID:?\s?\d|\b(NCT|CD|CRD42)\d{6}|\bISRCTN\s?\d|\bACTRN\d|\bCTRI\/|\bIRCT\S*\d|@ [0-9a-f]{7}|\/handle\/\d|\/article\/view\/\d/i

/** A citation of journal, volume and page finds the paper in any library. */
const citation = /\b\d{1,4}(\(\S{1,8}\))?:\s?[A-Z]?e?\d+/

/** Publishers, registries, agencies and repositories: their own pages of their own records. */
const keepers: readonly RegExp[] = [
  /(^|\.)(ncbi\.nlm\.nih\.gov|doi\.org|clinicaltrials\.gov|isrctn\.com|ctri\.nic\.in|github\.com|cochranelibrary\.com)$/,
  /(^|\.)(springer\.com|springermedizin\.de|biomedcentral\.com|nature\.com|elsevier\.com|sciencedirect\.com|wiley\.com|lww\.com|bmj\.com|jamanetwork\.com|mdpi\.com|hindawi\.com|frontiersin\.org|karger\.com|thieme-connect\.de|cambridge\.org|oup\.com|informahealthcare\.com|jle\.com|scirp\.org|ccsenet\.org|medscimonit\.com|ekb\.eg|elpub\.ru|banglajol\.info)$/,
  /(^|\.)(diabetesjournals\.org|ahajournals\.org|aacrjournals\.org|ashpublications\.(org|net)|internationaljournalofcardiology\.com|ijaweb\.org|amj\.net\.au|jafib\.com|ackdjournal\.org|najms\.com|pjmhsonline\.com|pafmj\.org|igmpublication\.org|jamc\.ayubmed\.edu\.pk|jfrh\.tums\.ac\.ir|jsmj\.ajums\.ac\.ir|esmed\.org|aafp\.org|ons\.org|acpjc\.org)$/,
  /(^|\.)(nap\.edu|vkm\.no|bund\.de|europa\.eu|usda\.gov)$/,
  /(^|\.)(eprints?\d?|dspace|repository|digitalcommons|dash|cris|scholarlyworks|scholars|experts|research|open\.library|pure)\./,
]

/** Whether an address leads to the record itself: an identifier, a citation, or a keeper's own page. */
export function isLasting(source: string): boolean {
  if (identifiers.test(source)) return true
  const hosts = [...source.matchAll(/https?:\/\/([^/\s:]+)/g)].map(([, host = '']) => host)
  return hosts.length === 0 ? citation.test(source) || hostNamed(source) : hosts.some((host) => keepers.some((keeper) => keeper.test(host)))
}

/** An address that is written without its scheme. */
function hostNamed(source: string): boolean {
  return [...source.matchAll(/\b([a-z0-9-]+\.)+[a-z]{2,}\b/g)].some(([host]) => keepers.some((keeper) => keeper.test(host)))
}
