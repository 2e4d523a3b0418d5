/** What a field of a key is normalised and looked up as. */
export type KeyKind = 'id' | 'slug' | 'doi' | 'pmid' | 'pmcid' | 'code'

export interface Key {
  readonly field: string
  readonly kind: KeyKind
  /** Of a code: the vocabulary that it is of. */
  readonly system?: string
}

const id: Key = { field: 'id', kind: 'id' }
const slug: Key = { field: 'slug', kind: 'slug' }
const code = (field: string, system: string): Key => ({ field, kind: 'code', system })

/** By what other graphs refer to things of this one; each a key of its own. Every type that has a global id is an entity by it. */
export const entityKeys: Readonly<Record<string, readonly Key[]>> = {
  Study: [id, slug, { field: 'doi', kind: 'doi' }, { field: 'pmid', kind: 'pmid' }, { field: 'pmcid', kind: 'pmcid' }],
  Condition: [id, slug, code('mesh', 'MESH'), code('mondo', 'MONDO')],
  MagnesiumForm: [id, slug, code('unii', 'UNII'), code('chebi', 'CHEBI'), code('pubchem', 'PUBCHEM')],
  Outcome: [id, slug],
  Instrument: [id, slug],
  Treatment: [id, slug],
  Evidence: [id],
  Publication: [id],
  Population: [id],
  Arm: [id],
  Dose: [id],
  RiskOfBias: [id],
  PooledResult: [id],
  Synthesis: [id],
  Claim: [id],
  SourceDocument: [id],
  Interaction: [id],
  Contraindication: [id],
}
