import type { Context } from '../graphql/context.js'
import { Arg, Ctx, Field, FieldResolver, Float, ObjectType, Query, Resolver, Root } from '../graphql/decorators.js'
import { Node } from '../graphql/node.js'
import { Provenance } from '../study/study.graphql.js'
import { Code, codesOf, Condition, MagnesiumForm, refHelp } from '../vocabulary/vocabulary.graphql.js'
import { asNotation, isCodeAmong } from '../vocabulary/codes.js'
import { isPartOf, type Code as CodeValue, type ConditionTerm, type FormTerm, type Vocabulary } from '../vocabulary/vocabulary.js'
import { namingNearestTerms, vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { safetyOf, type ContraindicationRecord, type InteractionRecord } from './safety.queries.js'

@ObjectType({
  simpleResolvers: true,
  description: 'Hours between a medicine and magnesium: the range of what sources advise. The high end is the cautious one.',
})
export class HoursRange {
  @Field(() => Float, { description: 'The shortest that a source advises.' })
  low!: number

  @Field(() => Float, { description: 'The longest that a source advises.' })
  high!: number
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A substance that magnesium acts on, or that acts on magnesium. Evidence, not advice.' })
export class Interaction extends Node {
  @Field(() => String, { description: 'The substance or class of substances.' })
  substance!: string

  @Field(() => [String], { description: 'Other names and members of the class.' })
  synonyms!: readonly string[]

  @Field(() => String, { description: 'What happens.' })
  effect!: string

  @Field(() => String, { nullable: true, description: 'What labels and formularies say about it.' })
  advice!: string | null

  @Field(() => HoursRange, { nullable: true, description: 'Hours that the medicine is taken before magnesium, as sources advise; null where none does.' })
  hoursBefore!: HoursRange | null

  @Field(() => HoursRange, { nullable: true, description: 'Hours that the medicine is taken after magnesium, as sources advise; null where none does.' })
  hoursAfter!: HoursRange | null

  @Field(() => Float, {
    nullable: true,
    description: 'The longest interval that a source advises, on either side.',
    deprecationReason: 'One number hides that the hours before and after differ: ask for hoursBefore and hoursAfter.',
  })
  separationHours!: number | null

  @Field(() => Provenance, { description: 'Where it was read.' })
  provenance!: Provenance
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A condition in which labels advise against magnesium, or against a form. Evidence, not advice.',
})
export class Contraindication extends Node {
  @Field(() => String, { nullable: true, description: 'What the label says, and how far.' })
  note!: string | null

  @Field(() => Provenance, { description: 'Where it was read.' })
  provenance!: Provenance
}

const formHelp = `Only what concerns this form, a broader or a narrower one, or every form: ${refHelp}.`

@Resolver(() => Interaction)
export class InteractionResolver {
  @Query(() => [Interaction], { nullable: true, description: 'Interactions of magnesium with medicines and supplements, by substance.' })
  interactions(
    @Arg('form', () => String, { nullable: true, description: formHelp }) form: string | null | undefined,
    @Arg('substance', () => String, {
      nullable: true,
      description:
        'Part of the substance’s name or of another name; or a code, with its system or without ("ATC:J01MA02"). A code of ATC finds the classes that hold it and what the class holds.',
    })
    substance: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<InteractionRecord[]> {
    return namingNearestTerms(context, async () => {
      const { interactions } = await safetyOf(context)
      const concerns = concerning(await vocabularyOf(context), form)
      const wanted = substance?.trim() ?? ''
      return interactions.filter((interaction) => concerns(interaction) && (wanted === '' || isOf(interaction, wanted)))
    })
  }

  @FieldResolver(() => [MagnesiumForm], { description: 'Forms concerned; empty where all are.' })
  async forms(@Root() { formKeys }: InteractionRecord, @Ctx() context: Context): Promise<FormTerm[]> {
    const { forms } = await vocabularyOf(context)
    return formKeys.map((key) => forms.get(key))
  }

  @FieldResolver(() => [Code], { description: 'Codes of the substance or of its class; only codes that were seen in a source, so that many have none.' })
  codes(@Root() interaction: InteractionRecord): Code[] {
    return codesOf(interaction)
  }
}

@Resolver(() => Contraindication)
export class ContraindicationResolver {
  @Query(() => [Contraindication], { nullable: true, description: 'Conditions in which labels advise against magnesium.' })
  contraindications(
    @Arg('form', () => String, { nullable: true, description: formHelp }) form: string | null | undefined,
    @Arg('condition', () => String, { nullable: true, description: `Only this condition or a narrower one: ${refHelp}.` }) condition: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<ContraindicationRecord[]> {
    return namingNearestTerms(context, async () => {
      const { contraindications } = await safetyOf(context)
      const vocabulary = await vocabularyOf(context)
      const concerns = concerning(vocabulary, form)
      const wanted = condition == null ? null : new Set(vocabulary.conditions.keysNamed([condition], true))
      return contraindications.filter((entry) => concerns(entry) && (wanted === null || wanted.has(entry.conditionKey)))
    })
  }

  @FieldResolver(() => Condition, { description: 'The condition.' })
  async condition(@Root() { conditionKey }: ContraindicationRecord, @Ctx() context: Context): Promise<ConditionTerm> {
    return (await vocabularyOf(context)).conditions.get(conditionKey)
  }

  @FieldResolver(() => [MagnesiumForm], { description: 'Forms concerned; empty where all are.' })
  async forms(@Root() { formKeys }: ContraindicationRecord, @Ctx() context: Context): Promise<FormTerm[]> {
    const { forms } = await vocabularyOf(context)
    return formKeys.map((key) => forms.get(key))
  }
}

@Resolver(() => MagnesiumForm)
export class MagnesiumFormSafetyResolver {
  @FieldResolver(() => [Interaction], { description: 'Interactions that concern the form, or every form.' })
  async interactions(@Root() { slug }: FormTerm, @Ctx() context: Context): Promise<InteractionRecord[]> {
    return (await safetyOf(context)).interactions.filter(concerning(await vocabularyOf(context), slug))
  }

  @FieldResolver(() => [Contraindication], { description: 'Contraindications that concern the form, or every form.' })
  async contraindications(@Root() { slug }: FormTerm, @Ctx() context: Context): Promise<ContraindicationRecord[]> {
    return (await safetyOf(context)).contraindications.filter(concerning(await vocabularyOf(context), slug))
  }
}

/** Whether a text names the substance of an interaction: a part of a name, or a whole code. */
function isOf({ substance, synonyms, codes }: InteractionRecord, text: string): boolean {
  return isPartOf([substance, ...synonyms], text) || isCodeAmong(codes, text) || codes.some((code) => isBroaderOrNarrower(code, text))
}

/** A code of ATC begins with those of the classes that it is in; other codes that begin alike have nothing to do with each other. */
function isBroaderOrNarrower({ system, value }: CodeValue, text: string): boolean {
  const [known, asked] = [value.toUpperCase(), asNotation(text).replace(/^ATC:/, '')]
  return system === 'ATC' && atc.test(asked) && (asked.startsWith(known) || known.startsWith(asked))
}

/** A code of the second level or below. */
const atc = /^[A-Z]\d{2}(?:[A-Z](?:[A-Z](?:\d{2})?)?)?$/

/** Whether a statement concerns a form: it names no form, the form itself, or one broader or narrower. */
function concerning({ forms }: Vocabulary, ref: string | null | undefined): (statement: { readonly formKeys: readonly number[] }) => boolean {
  if (ref == null) return () => true
  const form = forms.named(ref)
  const kin = new Set(forms.keysNamed([form.slug], true))
  const broader = [form]
  for (const term of broader) broader.push(...forms.parentsOf(term))
  for (const { key } of broader) kin.add(key)
  return ({ formKeys }) => formKeys.length === 0 || formKeys.some((key) => kin.has(key))
}
