import type { Code } from './vocabulary.js'

/**
 * Codes of external vocabularies, with and without the name of their system. One digit tells two codes apart, so a text that looks like a code is
 * matched exactly or not at all.
 */

/** Shapes of codes without the name of their system. */
const shapes: readonly RegExp[] = [
  // Digits alone: MONDO, PubChem, SNOMED, PMID.
  /^\d+$/,
  // A few letters before many digits: MeSH, UMLS, ChEMBL, DrugBank, NCIt, PMC, registries of trials.
  /^[A-Z]{1,8}[-_]?\d{5,}[A-Z]?$/,
  // ICD-10: "G43", "G43.9", "M1A.0".
  /^[A-Z]\d[\dAB](\.\w{1,4})?$/,
  // ICD-11: "8A80", "8A80.1Z".
  /^[\dA-Z][A-HJ-NP-Z]\d[\dA-Z](\.\w{1,3})?$/,
  // ATC: "A12C", "A12CC", "A12CC04".
  /^[A-Z]\d{2}[A-Z]{1,2}(\d{2})?$/,
  // UNII.
  /^(?=(?:.*\d){2})(?=.*[A-Z])[\dA-Z]{10}$/,
  // CAS and EC numbers, LOINC.
  /^\d{1,7}(-\d{2,3})?-\d$/,
  // InChIKey.
  /^[A-Z]{14}-[A-Z]{10}-[A-Z]$/,
  // DOI.
  /^10\.\d{4,9}\/\S+$/,
]

/** Whether a text looks like a code, an identifier or the address of one, rather than like words. */
export function looksLikeCode(text: string): boolean {
  const written = text.trim().toUpperCase()
  if (/^HTTPS?:\/\/\S+$/.test(written) || /^[A-Z][A-Z\d.-]*\s*:\s*\S*\d\S*$/.test(written) || /^[A-Z]+_\d{4,}$/.test(written)) return true
  return shapes.some((shape) => shape.test(written))
}

/** Whether a word of a text looks like a code; among other words only one of many digits does ("vitamin B12", "in 2017"). */
export function holdsCode(text: string): boolean {
  return looksLikeCode(text) || text.split(/\s+/).some((word) => (word.match(/\d/g)?.length ?? 0) >= 5 && looksLikeCode(word.replace(/^[("-]+|[)",.;]+$/g, '')))
}

/** How a code may be written: "MESH:D003866" and "D003866". A value may carry its system itself: "CHEBI:32599". */
export function notationsOf({ system, value }: Code): { readonly full: string; readonly bare: string } {
  const written = value.toUpperCase()
  const bare = written.startsWith(`${system}:`) ? written.slice(system.length + 1) : written
  return { full: `${system}:${bare}`, bare }
}

/** A text as notations of codes are written: "icd-10: g43.9" is ICD10:G43.9, and so is the last part of an address, "…/obo/MONDO_0005277". */
export function asNotation(text: string): string {
  const written = text
    .trim()
    .toUpperCase()
    .replace(/^HTTPS?:\/\/\S*\//, '')
  const [, system, value] = /^([A-Z][A-Z\d.-]*)\s*[:_]\s*(\S.*)$/.exec(written) ?? []
  return system === undefined || value === undefined ? written : `${system.replace(/[.-]/g, '')}:${value}`
}

/** Whether a text is one of these codes, with or without the name of its system. */
export function isCodeAmong(codes: readonly Code[], text: string): boolean {
  const notation = asNotation(text)
  return codes.some((code) => Object.values(notationsOf(code)).includes(notation))
}
