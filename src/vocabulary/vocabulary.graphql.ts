import { BenefitDirection, FormCategory, OutcomeImportance, OutcomeType } from '../generated/prisma/enums.js'
import { requireAtMost } from '../graphql/atMost.js'
import { connectionTypes, PageArgs, pageOfList, type Connection } from '../graphql/connection.js'
import type { Context } from '../graphql/context.js'
import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  createUnionType,
  Field,
  FieldResolver,
  Float,
  InputType,
  ObjectType,
  Query,
  Resolver,
  Root,
  type ClassType,
} from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { PublicError } from '../errors.js'
import { Node } from '../graphql/node.js'
import { findNearestTerms, keysWithEvidence, namingNearestTerms, vocabularyOf } from './vocabulary.queries.js'
import { asNotation, isCodeAmong } from './codes.js'
import {
  codedTerms,
  isPartOf,
  termsOfKind,
  type Code as CodeValue,
  type ConditionTerm,
  type FormTerm,
  type InstrumentTerm,
  type OutcomeTerm,
  type TermKind,
  type Term,
  type Terms,
  type TreatmentTerm,
} from './vocabulary.js'

describeEnum(FormCategory, 'FormCategory', 'Kind of compound, from its formula.', {
  ORGANIC: 'The anion holds carbon-hydrogen bonds (citrate, glycinate, orotate …).',
  INORGANIC: 'The anion holds none (oxide, chloride, sulfate, carbonate …).',
  MIXED: 'Several compounds together.',
  UNSPECIFIED: 'The source does not say which compound.',
})
describeEnum(OutcomeType, 'OutcomeType', 'What kind of value an outcome takes.', {
  CONTINUOUS: 'A measured amount or a score.',
  BINARY: 'It happens or not.',
  TIME_TO_EVENT: 'How long until it happens.',
  COUNT: 'How often it happens.',
  ORDINAL: 'Ordered classes.',
})
describeEnum(OutcomeImportance, 'OutcomeImportance', 'How much an outcome matters to the people treated.', {
  CRITICAL: 'Decides by itself: death, stroke, lasting disability, serious harm.',
  IMPORTANT: 'Felt by patients: symptoms, function, quality of life, admissions, side effects.',
  SURROGATE: 'Stands for something that matters, and is not that itself: a laboratory value, a blood pressure.',
})
describeEnum(BenefitDirection, 'BenefitDirection', 'Which way is good for the patient.', {
  HIGHER: 'More is better.',
  LOWER: 'Less is better.',
  NEUTRAL: 'Neither way is better by itself.',
})

@ObjectType({ simpleResolvers: true, description: 'A code of an external vocabulary.' })
export class Code {
  @Field(() => String, { description: 'MESH, MONDO, ICD10, ICD11, DOID, HP, UNII, CHEBI, PUBCHEM, CAS, ATC, LOINC …' })
  system!: string

  @Field(() => String, { description: 'The code as its system writes it.' })
  value!: string

  @Field(() => String, { nullable: true, description: 'A page about the code, where its system has a stable address.' })
  url!: string | null
}

abstract class TermFields extends Node {
  slug!: string
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A disease, symptom or state that evidence speaks to.' })
export class Condition extends TermFields implements Omit<ConditionTerm, 'codes'> {
  key!: number
  parentKeys!: readonly number[]
  codes!: readonly CodeValue[]

  @Field(() => String, { description: 'Readable, stable name for addresses and filters: "migraine".' })
  override slug!: string

  @Field(() => String, { description: 'Usual name.' })
  name!: string

  @Field(() => [String], { description: 'Other names that filters and search understand.' })
  synonyms!: readonly string[]

  @Field(() => String, { nullable: true, description: 'What the term covers.' })
  description!: string | null
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A magnesium compound, or a name that may mean several.' })
export class MagnesiumForm extends TermFields implements Omit<FormTerm, 'codes' | 'composition'> {
  key!: number
  parentKeys!: readonly number[]
  codes!: readonly CodeValue[]

  @Field(() => String, { description: 'Readable, stable name: "magnesium-citrate".' })
  override slug!: string

  @Field(() => String, { description: 'Usual name.' })
  name!: string

  @Field(() => [String], { description: 'Other names that filters and search understand.' })
  synonyms!: readonly string[]

  @Field(() => String, { nullable: true, description: 'What the term covers.' })
  description!: string | null

  @Field(() => FormCategory, { description: 'Organic or inorganic, from the formula.' })
  category!: FormCategory

  @Field(() => String, { nullable: true, description: 'Hill notation of the stated hydrate; null where hydration or stoichiometry is open.' })
  formula!: string | null

  @Field(() => String, { nullable: true, description: 'Water of crystallisation: anhydrous, dihydrate …' })
  hydration!: string | null

  @Field(() => Float, { nullable: true, description: 'g/mol, computed from the formula.' })
  molarMass!: number | null

  @Field(() => Float, { nullable: true, description: 'Share of the mass that is magnesium, 0–1: the low bound over the compounds the name may mean.' })
  elementalFractionLow!: number | null

  @Field(() => Float, { nullable: true, description: 'The high bound; equal to the low one where the compound is known.' })
  elementalFractionHigh!: number | null

  @Field(() => String, { nullable: true, description: 'Solubility in water, as read.' })
  solubility!: string | null
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'What is measured or counted.' })
export class Outcome extends TermFields implements Omit<OutcomeTerm, 'codes' | 'conversions'> {
  key!: number
  instrumentKeys!: readonly number[]
  codes!: readonly CodeValue[]

  @Field(() => String, { description: 'Readable, stable name: "depressive-symptoms".' })
  override slug!: string

  @Field(() => String, { description: 'Usual name.' })
  name!: string

  @Field(() => [String], { description: 'Other names that filters and search understand.' })
  synonyms!: readonly string[]

  @Field(() => String, { nullable: true, description: 'What the outcome covers.' })
  description!: string | null

  @Field(() => String, { nullable: true, description: 'Field of medicine or kind of measurement.' })
  domain!: string

  @Field(() => OutcomeType, { description: 'Continuous, binary …' })
  type!: OutcomeType

  @Field(() => BenefitDirection, { description: 'Which way is good for the patient.' })
  benefitDirection!: BenefitDirection

  @Field(() => Boolean, { description: 'True: an unwanted effect of treatment.' })
  isHarm!: boolean

  @Field(() => OutcomeImportance, { nullable: true, description: 'How much it matters to the people treated; null where nobody judged it.' })
  importance!: OutcomeImportance | null

  @Field(() => String, {
    nullable: true,
    description: 'UCUM unit that mean differences are converted to before they are pooled; null where there is no conversion.',
  })
  unit!: string | null

  @Field(() => Float, { nullable: true, description: 'Molar mass of the substance measured, g/mol, which joins mass with amount of substance.' })
  molarMass!: number | null

  @Field(() => String, { nullable: true, description: 'Where the molar mass comes from.' })
  molarMassSource!: string | null
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'What magnesium is compared or combined with: a medicine, a nutrient, a procedure.',
})
export class Treatment extends TermFields implements Omit<TreatmentTerm, 'codes'> {
  key!: number
  codes!: readonly CodeValue[]

  @Field(() => String, { description: 'Readable, stable name: "valproate".' })
  override slug!: string

  @Field(() => String, { description: 'Usual name.' })
  name!: string

  @Field(() => [String], { description: 'Other names that filters and search understand.' })
  synonyms!: readonly string[]

  @Field(() => String, { nullable: true, description: 'What the treatment covers.' })
  description!: string | null
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A scale, questionnaire, device or assay that measures an outcome.' })
export class Instrument extends TermFields implements Omit<InstrumentTerm, 'codes'> {
  key!: number
  codes!: readonly CodeValue[]

  @Field(() => String, { description: 'Readable, stable name: "phq-9".' })
  override slug!: string

  @Field(() => String, { description: 'Full name.' })
  name!: string

  @Field(() => [String], { description: 'Other names that filters and search understand.' })
  synonyms!: readonly string[]

  @Field(() => String, { nullable: true, description: 'What the instrument measures and how it is read.' })
  description!: string | null

  @Field(() => String, { nullable: true, description: 'Usual short form: PHQ-9.' })
  abbreviation!: string | null

  @Field(() => String, { nullable: true, description: 'UCUM unit, or "{score}" for the points of a scale.' })
  unit!: string | null

  @Field(() => Float, { nullable: true, description: 'Lowest possible value.' })
  minimum!: number | null

  @Field(() => Float, { nullable: true, description: 'Highest possible value.' })
  maximum!: number | null

  @Field(() => BenefitDirection, { description: 'Which way is good for the patient.' })
  benefitDirection!: BenefitDirection

  @Field(() => Float, { nullable: true, description: 'Smallest difference that patients notice or value, in the instrument’s unit.' })
  minimalImportantDifference!: number | null

  @Field(() => String, { nullable: true, description: 'Where that difference comes from.' })
  minimalImportantDifferenceSource!: string | null
}

export const TermUnion = createUnionType({
  name: 'Term',
  description: 'A term of any vocabulary.',
  types: () => [Condition, MagnesiumForm, Outcome, Instrument, Treatment] as const,
})

const TermKind = { CONDITION: 'CONDITION', FORM: 'FORM', OUTCOME: 'OUTCOME', INSTRUMENT: 'INSTRUMENT', TREATMENT: 'TREATMENT' } as const
describeEnum(TermKind, 'TermKind', 'A vocabulary.', {
  CONDITION: 'Conditions.',
  FORM: 'Magnesium forms.',
  OUTCOME: 'Outcomes.',
  INSTRUMENT: 'Instruments.',
  TREATMENT: 'Treatments that magnesium is compared or combined with.',
})

@ObjectType({ simpleResolvers: true, description: 'A term that a text may mean.' })
export class TermMatch {
  @Field(() => String, { description: 'The text that was asked about.' })
  text!: string

  @Field(() => TermKind, { description: 'The vocabulary of the term.' })
  kind!: TermKind

  @Field(() => String, { description: 'Slug of the term: usable as a ref in filters.' })
  slug!: string

  @Field(() => String, { description: 'Usual name of the term.' })
  name!: string

  @Field(() => String, { description: 'The name, synonym or code that came closest to the text.' })
  matched!: string

  @Field(() => Float, { description: '1 for the same name or code, less the further the spelling is away.' })
  score!: number

  @Field(() => TermUnion, { description: 'The term itself.' })
  term!: unknown
}

@InputType({ description: 'Which terms of a vocabulary to list; what is left out restricts nothing.' })
export class TermFilter {
  @Field(() => String, { nullable: true, description: 'Part of a name or synonym, or a whole code, whatever its case. A blank text restricts nothing.' })
  text?: string | null

  @Field(() => String, { nullable: true, description: 'Only terms narrower than this one (slug, code or name); outcomes have no hierarchy.' })
  parent?: string | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: only terms that an effect speaks to, themselves or through a narrower term; false: only the others.',
  })
  hasEvidence?: boolean | null
}

/** How a condition, form or outcome may be named in arguments. */
export const refHelp = 'a slug, an external code such as "MESH:D008881" or "D008881", or any name or synonym, whatever its case'

/** The most refs that one list takes; published in docs/limits.md. */
export const maxRefs = 1_000

@ArgsType()
class TermListArgs extends PageArgs {
  @Field(() => TermFilter, { nullable: true, description: 'Which terms to list, by name.' })
  filter?: TermFilter | null

  @Field(() => [String], {
    nullable: true,
    description: `Only these terms, each once and in this order, and \`byRefs\` with one for each. At most ${maxRefs}. Each is ${refHelp}; an unknown one is no error here.`,
  })
  refs?: string[] | null
}

const { ConnectionType: ConditionConnection } = connectionTypes(Condition, 'Condition')
const { ConnectionType: MagnesiumFormConnection } = connectionTypes(MagnesiumForm, 'MagnesiumForm')
const { ConnectionType: OutcomeConnection } = connectionTypes(Outcome, 'Outcome')
const { ConnectionType: InstrumentConnection } = connectionTypes(Instrument, 'Instrument')
const { ConnectionType: TreatmentConnection } = connectionTypes(Treatment, 'Treatment')

/** A page of terms, and what each of `refs` names. */
interface TermList extends Connection<Term> {
  readonly byRefs: readonly (Term | null)[]
}

function byRefsResolver(connection: ClassType<object>, type: ClassType<object>) {
  @Resolver(() => connection)
  class ByRefsResolver {
    @FieldResolver(() => [type], {
      nullable: 'items',
      description: 'For joins: the term that each of `refs` names, in their order; null where nothing is called so. Empty without `refs`.',
    })
    byRefs(@Root() { byRefs }: TermList): readonly (Term | null)[] {
      return byRefs
    }
  }
  return ByRefsResolver
}

export const byRefsResolvers = [
  byRefsResolver(ConditionConnection, Condition),
  byRefsResolver(MagnesiumFormConnection, MagnesiumForm),
  byRefsResolver(OutcomeConnection, Outcome),
  byRefsResolver(InstrumentConnection, Instrument),
  byRefsResolver(TreatmentConnection, Treatment),
]

const maxTexts = 200

@Resolver()
export class VocabularyResolver {
  @Query(() => ConditionConnection, { nullable: true, description: 'Conditions, by name.' })
  conditions(@Args(() => TermListArgs) args: TermListArgs, @Ctx() context: Context): Promise<TermList> {
    return listTerms(context, args, 'condition', ({ conditions }) => conditions)
  }

  @Query(() => Condition, { nullable: true, description: 'One condition; an unknown ref is an error that names the nearest ones.' })
  condition(@Arg('ref', () => String, { description: `The condition: ${refHelp}.` }) ref: string, @Ctx() context: Context): Promise<Term> {
    return namingNearestTerms(context, async () => (await vocabularyOf(context)).conditions.named(ref))
  }

  @Query(() => MagnesiumFormConnection, { nullable: true, description: 'Magnesium forms, by name.' })
  forms(@Args(() => TermListArgs) args: TermListArgs, @Ctx() context: Context): Promise<TermList> {
    return listTerms(context, args, 'magnesium_form', ({ forms }) => forms)
  }

  @Query(() => MagnesiumForm, { nullable: true, description: 'One magnesium form; an unknown ref is an error that names the nearest ones.' })
  form(@Arg('ref', () => String, { description: `The form: ${refHelp}.` }) ref: string, @Ctx() context: Context): Promise<Term> {
    return namingNearestTerms(context, async () => (await vocabularyOf(context)).forms.named(ref))
  }

  @Query(() => OutcomeConnection, { nullable: true, description: 'Outcomes, by name.' })
  outcomes(@Args(() => TermListArgs) args: TermListArgs, @Ctx() context: Context): Promise<TermList> {
    return listTerms(context, args, 'outcome', ({ outcomes }) => outcomes)
  }

  @Query(() => Outcome, { nullable: true, description: 'One outcome; an unknown ref is an error that names the nearest ones.' })
  outcome(@Arg('ref', () => String, { description: `The outcome: ${refHelp}.` }) ref: string, @Ctx() context: Context): Promise<Term> {
    return namingNearestTerms(context, async () => (await vocabularyOf(context)).outcomes.named(ref))
  }

  @Query(() => InstrumentConnection, { nullable: true, description: 'Instruments that measure outcomes, by name.' })
  instruments(@Args(() => TermListArgs) args: TermListArgs, @Ctx() context: Context): Promise<TermList> {
    return listTerms(context, args, 'instrument', ({ instruments }) => instruments)
  }

  @Query(() => Instrument, { nullable: true, description: 'One instrument; an unknown ref is an error that names the nearest ones.' })
  instrument(@Arg('ref', () => String, { description: `The instrument: ${refHelp}.` }) ref: string, @Ctx() context: Context): Promise<Term> {
    return namingNearestTerms(context, async () => (await vocabularyOf(context)).instruments.named(ref))
  }

  @Query(() => TreatmentConnection, { nullable: true, description: 'Treatments that magnesium is compared or combined with, by name.' })
  treatments(@Args(() => TermListArgs) args: TermListArgs, @Ctx() context: Context): Promise<TermList> {
    return listTerms(context, args, 'treatment', ({ treatments }) => treatments)
  }

  @Query(() => Treatment, { nullable: true, description: 'One treatment; an unknown ref is an error that names the nearest ones.' })
  treatment(@Arg('ref', () => String, { description: `The treatment: ${refHelp}.` }) ref: string, @Ctx() context: Context): Promise<Term> {
    return namingNearestTerms(context, async () => (await vocabularyOf(context)).treatments.named(ref))
  }

  @Query(() => [TermMatch], {
    nullable: true,
    description:
      'What free texts may mean: up to five terms for each text, of every vocabulary, best match first. Misspellings are forgiven in words, never in codes.',
  })
  async mapTerms(
    @Arg('texts', () => [String], { description: 'Words as people write them: "migrane", "Mg oxide", "blood pressure". At most 200.' }) texts: string[],
    @Ctx() context: Context,
  ): Promise<TermMatch[]> {
    if (texts.length > maxTexts || texts.some((text) => text.length > 200))
      throw new PublicError('BAD_USER_INPUT', `mapTerms takes at most ${maxTexts} texts of at most 200 characters`, {
        reason: 'TOO_MANY_TEXTS',
        argument: 'texts',
        limit: maxTexts,
        actual: texts.length,
      })
    const vocabulary = await vocabularyOf(context)
    const nearest = await findNearestTerms(context.database, texts, { limit: 5 })
    return texts.flatMap((text, position) => {
      const coded = codedTerms(vocabulary, text).map(({ kind, term }) => ({
        text,
        kind,
        slug: term.slug,
        name: term.name,
        matched: asNotation(text),
        score: 1,
        term,
      }))
      const alike = nearest.flatMap(({ position: asked, kind, slug, matched, score }) => {
        const term = asked === position ? termsOfKind(vocabulary, kind).find(slug) : undefined
        return term === undefined || coded.some((match) => match.term === term) ? [] : [{ text, kind, slug, name: term.name, matched, score, term }]
      })
      return [...coded, ...alike].slice(0, 5)
    })
  }
}

export const codesOf = ({ codes }: { readonly codes: readonly CodeValue[] }): Code[] =>
  codes.map(({ system, value }) => ({ system, value, url: addressOf(system, value) }))

/** The first code of a system, without the system's name, which some write before it. */
function codeIn({ codes }: Term, system: string): string | null {
  const value = codes.find((code) => code.system === system)?.value
  return value?.replace(new RegExp(`^${system}:`, 'i'), '') ?? null
}

@Resolver(() => Condition)
export class ConditionResolver {
  @FieldResolver(() => [Condition], { description: 'Broader conditions.' })
  async parents(@Root() condition: ConditionTerm, @Ctx() context: Context): Promise<Term[]> {
    return (await vocabularyOf(context)).conditions.parentsOf(condition)
  }

  @FieldResolver(() => [Condition], { description: 'Narrower conditions; a filter by this condition includes them.' })
  async children(@Root() condition: ConditionTerm, @Ctx() context: Context): Promise<readonly Term[]> {
    return (await vocabularyOf(context)).conditions.childrenOf(condition)
  }

  @FieldResolver(() => [Code], { description: 'Codes in MeSH, MONDO, ICD, DOID …; only codes that were seen in their source.' })
  codes(@Root() condition: ConditionTerm): Code[] {
    return codesOf(condition)
  }

  @FieldResolver(() => String, { nullable: true, description: 'The first MeSH descriptor among its codes: "D008881". Other graphs refer to it by this.' })
  mesh(@Root() condition: ConditionTerm): string | null {
    return codeIn(condition, 'MESH')
  }

  @FieldResolver(() => String, { nullable: true, description: 'The first MONDO id among its codes, without "MONDO:". Other graphs refer to it by this.' })
  mondo(@Root() condition: ConditionTerm): string | null {
    return codeIn(condition, 'MONDO')
  }
}

@Resolver(() => MagnesiumForm)
export class MagnesiumFormResolver {
  @FieldResolver(() => [MagnesiumForm], { description: 'Broader forms.' })
  async parents(@Root() form: FormTerm, @Ctx() context: Context): Promise<Term[]> {
    return (await vocabularyOf(context)).forms.parentsOf(form)
  }

  @FieldResolver(() => [MagnesiumForm], { description: 'Narrower forms (hydrates, stoichiometries); a filter by this form includes them.' })
  async children(@Root() form: FormTerm, @Ctx() context: Context): Promise<readonly Term[]> {
    return (await vocabularyOf(context)).forms.childrenOf(form)
  }

  @FieldResolver(() => [String], { description: 'Compounds that the name may mean; empty where it means one.' })
  mayBe(@Root() form: FormTerm): readonly string[] {
    return form.composition.mayBe
  }

  @FieldResolver(() => [Code], { description: 'Codes in UNII, ChEBI, PubChem, CAS, ATC …; only codes that were seen in their source.' })
  codes(@Root() form: FormTerm): Code[] {
    return codesOf(form)
  }

  @FieldResolver(() => String, { nullable: true, description: 'The first UNII among its codes: "3A3U0GI71G". Other graphs refer to it by this.' })
  unii(@Root() form: FormTerm): string | null {
    return codeIn(form, 'UNII')
  }

  @FieldResolver(() => String, { nullable: true, description: 'The first ChEBI id among its codes, without "CHEBI:". Other graphs refer to it by this.' })
  chebi(@Root() form: FormTerm): string | null {
    return codeIn(form, 'CHEBI')
  }

  @FieldResolver(() => String, { nullable: true, description: 'The first PubChem compound id among its codes: "14792". Other graphs refer to it by this.' })
  pubchem(@Root() form: FormTerm): string | null {
    return codeIn(form, 'PUBCHEM')
  }
}

@Resolver(() => Outcome)
export class OutcomeResolver {
  @FieldResolver(() => [Instrument], { description: 'Instruments that measure it.' })
  async instruments(@Root() outcome: OutcomeTerm, @Ctx() context: Context): Promise<Term[]> {
    const { instruments } = await vocabularyOf(context)
    return outcome.instrumentKeys.map((key) => instruments.get(key))
  }

  @FieldResolver(() => [Code], { description: 'External codes; only codes that were seen in their source.' })
  codes(@Root() outcome: OutcomeTerm): Code[] {
    return codesOf(outcome)
  }
}

@Resolver(() => Instrument)
export class InstrumentResolver {
  @FieldResolver(() => [Code], { description: 'External codes such as LOINC; only codes that were seen in their source.' })
  codes(@Root() instrument: InstrumentTerm): Code[] {
    return codesOf(instrument)
  }
}

@Resolver(() => Treatment)
export class TreatmentResolver {
  @FieldResolver(() => [Code], { description: 'Codes in ATC, RxNorm, UNII …; only codes that were seen in their source.' })
  codes(@Root() treatment: TreatmentTerm): Code[] {
    return codesOf(treatment)
  }
}

async function listTerms(
  context: Context,
  { filter, refs, ...page }: TermListArgs,
  table: 'condition' | 'magnesium_form' | 'outcome' | 'instrument' | 'treatment',
  termsOf: (vocabulary: Awaited<ReturnType<typeof vocabularyOf>>) => Terms<Term>,
): Promise<TermList> {
  const vocabulary = await vocabularyOf(context)
  const terms = termsOf(vocabulary)
  requireAtMost(refs?.length ?? 0, { reason: 'TOO_MANY_VALUES', argument: 'refs', noun: 'values', limit: maxRefs })
  const byRefs = refs?.map((ref) => terms.find(ref) ?? null) ?? []
  return namingNearestTerms(context, async () => {
    let listed = refs == null ? terms.all : [...new Set(byRefs.filter((term) => term !== null))]
    const text = filter?.text?.trim()
    if (text) listed = listed.filter(({ name, synonyms, codes }) => isPartOf([name, ...synonyms], text) || isCodeAmong(codes, text))
    if (filter?.parent != null) {
      const parent = terms.named(filter.parent)
      const narrower = new Set('keysNamed' in terms ? (terms as typeof vocabulary.conditions).keysNamed([parent.slug], true) : [parent.key]) // a hierarchy is the one kind that has keysNamed
      listed = listed.filter(({ key }) => narrower.has(key) && key !== parent.key)
    }
    if (filter?.hasEvidence != null) {
      const withEvidence = await keysWithEvidence(context.database, table)
      listed = listed.filter(({ key }) => withEvidence.has(key) === filter.hasEvidence)
    }
    return { ...pageOfList(table, listed, page), byRefs }
  })
}

/** Pages about codes, for systems whose addresses have stood for years. */
function addressOf(system: string, value: string): string | null {
  const bare = value.replace(/^[A-Z]+:/, '')
  switch (system) {
    case 'MESH':
      return `https://id.nlm.nih.gov/mesh/${bare}`
    case 'MONDO':
      return `http://purl.obolibrary.org/obo/MONDO_${bare}`
    case 'DOID':
      return `http://purl.obolibrary.org/obo/DOID_${bare}`
    case 'CHEBI':
      return `http://purl.obolibrary.org/obo/CHEBI_${bare}`
    case 'HP':
      return `http://purl.obolibrary.org/obo/HP_${bare}`
    case 'PUBCHEM':
      return `https://pubchem.ncbi.nlm.nih.gov/compound/${bare}`
    case 'UNII':
      return `https://precision.fda.gov/uniisearch/srs/unii/${bare}`
    case 'LOINC':
      return `https://loinc.org/${bare}`
    default:
      return null
  }
}
