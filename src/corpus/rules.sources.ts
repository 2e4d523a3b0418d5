import type { StudyEntry } from './format.js'
import type { Check } from './rules.check.js'

/** The rules of where things were read: keys that must lead to a source, and addresses that should last. */
export function checkSources(check: Check, study: StudyEntry): void {
  for (const { field, source } of sourceKeysOf(study))
    check.expect(source in study.sources, field, source, `must be one of this file's sources (${Object.keys(study.sources).join(', ')})`)
  const main = study.publications[0]
  if (main !== undefined && 'slug' in main)
    check.advise(
      (main.doi ?? main.pmid ?? main.pmcid) !== undefined,
      'a main report without an identifier',
      'publications[0]',
      main.title,
      'look up its DOI, PMID or PMCID; without one the report cannot be matched, nor its retraction noticed',
    )
  for (const [key, { source, locator }] of Object.entries(study.sources))
    check.advise(
      isLasting(`${source} ${locator ?? ''}`),
      'a source without a lasting address',
      `sources.${key}.source`,
      source,
      'read it in the record itself and give that address: DOI, PubMed, PMC, a registry, a repository or the publisher',
    )
}

function sourceKeysOf(study: StudyEntry): { field: string; source: string }[] {
  return [
    ...study.populations.map(({ source }, index) => ({ field: `populations[${index}].source`, source })),
    ...study.arms.flatMap((arm, index) => arm.doses.map(({ source }, phase) => ({ field: `arms[${index}].doses[${phase}].source`, source }))),
    ...study.concerns.map(({ source }, index) => ({ field: `concerns[${index}].source`, source })),
    ...study.results.flatMap((result, index) => [
      { field: `results[${index}].source`, source: result.source },
      ...result.furtherSources.map((source, at) => ({ field: `results[${index}].furtherSources[${at}]`, source })),
      ...result.alternatives.map(({ source }, at) => ({ field: `results[${index}].alternatives[${at}].source`, source })),
    ]),
    ...study.pooledResults.map(({ source }, index) => ({ field: `pooledResults[${index}].source`, source })),
    ...study.riskOfBias.map(({ source }, index) => ({ field: `riskOfBias[${index}].source`, source })),
  ]
}

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

function isLasting(source: string): boolean {
  if (identifiers.test(source)) return true
  const hosts = [...source.matchAll(/https?:\/\/([^/\s:]+)/g)].map(([, host = '']) => host)
  return hosts.length === 0 ? citation.test(source) || hostNamed(source) : hosts.some((host) => keepers.some((keeper) => keeper.test(host)))
}

/** An address that is written without its scheme. */
function hostNamed(source: string): boolean {
  return [...source.matchAll(/\b([a-z0-9-]+\.)+[a-z]{2,}\b/g)].some(([host]) => keepers.some((keeper) => keeper.test(host)))
}
