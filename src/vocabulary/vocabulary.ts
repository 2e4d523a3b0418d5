import { PublicError } from '../errors.js'
import type { BenefitDirection, FormCategory, OutcomeImportance, OutcomeType } from '../generated/prisma/enums.js'
import { asNotation, isCodeAmong, notationsOf } from './codes.js'
import type { FormComposition, Interval } from './dose.js'

export type TermKind = 'CONDITION' | 'FORM' | 'OUTCOME' | 'INSTRUMENT' | 'TREATMENT'

export interface Code {
  readonly system: string
  readonly value: string
}

export interface Term {
  /** Global id. */
  readonly id: string
  readonly key: number
  readonly slug: string
  readonly name: string
  readonly synonyms: readonly string[]
  readonly description: string | null
  readonly codes: readonly Code[]
}

export interface HierarchicalTerm extends Term {
  readonly parentKeys: readonly number[]
}

export type ConditionTerm = HierarchicalTerm

export interface FormTerm extends HierarchicalTerm {
  readonly category: FormCategory
  readonly formula: string | null
  readonly hydration: string | null
  readonly molarMass: number | null
  readonly elementalFractionLow: number | null
  readonly elementalFractionHigh: number | null
  readonly solubility: string | null
  readonly composition: FormComposition
}

export interface OutcomeTerm extends Term {
  readonly domain: string
  readonly type: OutcomeType
  readonly benefitDirection: BenefitDirection
  readonly isHarm: boolean
  /** Null where nobody judged it. */
  readonly importance: OutcomeImportance | null
  /** UCUM: what mean differences are converted to before they are pooled; null where they are pooled in one unit only. */
  readonly unit: string | null
  /** g/mol. */
  readonly molarMass: number | null
  readonly conversions: readonly UnitConversion[]
  readonly instrumentKeys: readonly number[]
}

/** A conversion that no molar mass gives: a difference in `from` times the factor is one in `to`. */
export interface UnitConversion {
  readonly from: string
  readonly to: string
  readonly factor: number
  /** For values, in `to`; a difference has none. */
  readonly offset?: number | undefined
  readonly source: string
}

export type TreatmentTerm = Term

export interface InstrumentTerm extends Term {
  readonly abbreviation: string | null
  readonly unit: string | null
  readonly minimum: number | null
  readonly maximum: number | null
  readonly benefitDirection: BenefitDirection
  readonly minimalImportantDifference: number | null
  readonly minimalImportantDifferenceSource: string | null
}

/** A ref that names no term. The nearest terms are looked up when it reaches the caller. */
export class UnknownTerm extends PublicError {
  constructor(
    readonly kind: TermKind,
    readonly ref: string,
  ) {
    super('BAD_USER_INPUT', `no ${nounOf[kind]} is called "${ref}"`, { reason: 'UNKNOWN_TERM', ref })
  }
}

export const nounOf: Readonly<Record<TermKind, string>> = {
  CONDITION: 'condition',
  FORM: 'magnesium form',
  OUTCOME: 'outcome',
  INSTRUMENT: 'instrument',
  TREATMENT: 'treatment',
}

const termKinds = Object.keys(nounOf) as TermKind[] // Object.keys forgets the names

/** Whether a text is part of one of the names, whatever its case, accents and punctuation. */
export function isPartOf(names: readonly string[], text: string): boolean {
  const wanted = normalized(text)
  return wanted !== '' && names.some((name) => normalized(name).includes(wanted))
}

/** Lower-case, without accents and punctuation: what names are compared by. The database's normalized() does the same. */
export function normalized(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** The terms of one vocabulary, found by key, slug, code, name or synonym. */
export class Terms<T extends Term> {
  readonly #byKey: ReadonlyMap<number, T>
  /** Terms by each thing that they are called, those that a look-up takes first before the others. */
  readonly #byRef = new Map<string, T[]>()

  constructor(
    readonly kind: TermKind,
    readonly all: readonly T[],
  ) {
    this.#byKey = new Map(all.map((term) => [term.key, term]))
    const remember = (name: string, term: T) => void this.#byRef.set(name, [...new Set([...(this.#byRef.get(name) ?? []), term])])
    for (const term of all) remember(`slug:${term.slug}`, term)
    // A code that two terms share (heart failure, congestive heart failure) names the broader one.
    const broadestFirst = [...all].sort((a, b) => this.depthOf(a) - this.depthOf(b))
    const systemsOf = new Map<string, Set<string>>()
    for (const term of broadestFirst)
      for (const code of term.codes) {
        const { full, bare } = notationsOf(code)
        remember(`code:${full}`, term)
        remember(`bare:${bare}`, term)
        systemsOf.set(bare, (systemsOf.get(bare) ?? new Set()).add(code.system))
      }
    // The same digits may be codes of two systems: without the system's name they then say nothing.
    for (const [bare, systems] of systemsOf) if (systems.size > 1 && (this.#byRef.get(`bare:${bare}`)?.length ?? 0) > 1) this.#byRef.delete(`bare:${bare}`)
    for (const term of all) remember(`name:${normalized(term.name)}`, term)
    for (const term of all) for (const synonym of term.synonyms) remember(`name:${normalized(synonym)}`, term)
  }

  /** Steps up to the broadest term; 0 where there is no hierarchy. */
  protected depthOf(term: T): number {
    const parents = 'parentKeys' in term ? (term.parentKeys as readonly number[]) : [] // only hierarchical terms have it
    return parents.length === 0 ? 0 : 1 + Math.min(...parents.map((key) => this.depthOf(this.get(key))))
  }

  /** @throws {RangeError} if no term has the key: rows and vocabulary are of one revision */
  get(key: number): T {
    const term = this.#byKey.get(key)
    if (term === undefined) throw new RangeError(`no ${nounOf[this.kind]} has the key ${key}`)
    return term
  }

  /** A term by slug ("magnesium-citrate"), code ("MESH:D003866", "D003866") or any name, whatever its case. */
  find(ref: string): T | undefined {
    return this.called(ref)[0]
  }

  /** Every term that is called exactly so: by slug, by code with its system, by name, by code alone. */
  called(ref: string): readonly T[] {
    const notation = asNotation(ref)
    const keys = [`slug:${ref.trim().toLowerCase()}`, `code:${notation}`, `name:${normalized(ref)}`, `bare:${notation}`]
    return [...new Set(keys.flatMap((key) => this.#byRef.get(key) ?? []))]
  }

  /** @throws {UnknownTerm} if nothing is called so */
  named(ref: string): T {
    const term = this.find(ref)
    if (term === undefined) throw new UnknownTerm(this.kind, ref)
    return term
  }
}

/** Terms with broader and narrower ones. */
export class Hierarchy<T extends HierarchicalTerm> extends Terms<T> {
  readonly #children = new Map<number, T[]>()

  constructor(kind: TermKind, all: readonly T[]) {
    super(kind, all)
    for (const term of all) for (const parent of term.parentKeys) this.#children.set(parent, [...(this.#children.get(parent) ?? []), term])
  }

  parentsOf(term: T): T[] {
    return term.parentKeys.map((key) => this.get(key))
  }

  childrenOf(term: T): readonly T[] {
    return this.#children.get(term.key) ?? []
  }

  /** The keys of the terms that refs name, with those of everything narrower unless told otherwise. */
  keysNamed(refs: readonly string[], includeNarrower: boolean | null | undefined): number[] {
    const keys = new Set(refs.map((ref) => this.named(ref).key))
    if (includeNarrower !== false) for (const key of keys) for (const child of this.#children.get(key) ?? []) keys.add(child.key)
    return [...keys]
  }
}

/** All vocabularies of one data revision, in memory. */
export interface Vocabulary {
  readonly conditions: Hierarchy<ConditionTerm>
  readonly forms: Hierarchy<FormTerm>
  readonly outcomes: Terms<OutcomeTerm>
  readonly instruments: Terms<InstrumentTerm>
  readonly treatments: Terms<TreatmentTerm>
  /** UCUM units that effects are reported in. */
  readonly units: readonly string[]
}

/** The terms of one vocabulary. */
export function termsOfKind({ conditions, forms, outcomes, instruments, treatments }: Vocabulary, kind: TermKind): Terms<Term> {
  return { CONDITION: conditions, FORM: forms, OUTCOME: outcomes, INSTRUMENT: instruments, TREATMENT: treatments }[kind]
}

/** The terms of every vocabulary that have a code, with or without the name of its system. */
export function codedTerms(vocabulary: Vocabulary, text: string): { readonly kind: TermKind; readonly term: Term }[] {
  return termKinds.flatMap((kind) => termsOfKind(vocabulary, kind).all.flatMap((term) => (isCodeAmong(term.codes, text) ? [{ kind, term }] : [])))
}

/** What a form's row says about its magnesium; an open name spans the compounds it may mean. */
export function compositionOfForm(
  form: { readonly name: string; readonly elementalFractionLow: number | null; readonly elementalFractionHigh: number | null },
  atoms: readonly number[],
  mayBe: readonly string[],
): FormComposition {
  const { elementalFractionLow: low, elementalFractionHigh: high } = form
  const elementalFraction: Interval | null = low === null || high === null ? null : { low, high }
  return { name: form.name, elementalFraction, magnesiumAtoms: atoms.length === 0 ? null : { low: Math.min(...atoms), high: Math.max(...atoms) }, mayBe }
}
