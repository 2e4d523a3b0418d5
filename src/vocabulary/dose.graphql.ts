import { PublicError } from '../errors.js'
import { DoseBasis, DoseUnit } from '../generated/prisma/enums.js'
import type { DoseBasis as DoseBasisValue, DoseUnit as DoseUnitValue } from '../generated/prisma/enums.js'
import type { Context } from '../graphql/context.js'
import { Args, ArgsType, Ctx, Field, Float, ObjectType, Query, Resolver } from '../graphql/decorators.js'
import { describeEnum } from '../graphql/enum.js'
import { convert, type Interval } from './dose.js'
import { mgPerMeq, mgPerMmol } from './formula.js'
import { MagnesiumForm, refHelp } from './vocabulary.graphql.js'
import { namingNearestTerms, vocabularyOf } from './vocabulary.queries.js'
import type { FormTerm } from './vocabulary.js'

describeEnum(DoseUnit, 'DoseUnit', 'Unit of a dose.', {
  G: 'Grams.',
  MG: 'Milligrams.',
  MMOL: 'Millimoles; of magnesium unless the basis is SALT. 1 mmol Mg = 24.305 mg.',
  MEQ: 'Milliequivalents of magnesium. 1 mEq = 12.1525 mg.',
})
describeEnum(DoseBasis, 'DoseBasis', 'What the amount of a dose weighs.', {
  ELEMENTAL: 'The magnesium alone.',
  SALT: 'The whole compound.',
  NOT_STATED: 'The source does not say which; derived doses are intervals over both readings.',
})

@ArgsType()
class ConvertDoseArgs {
  @Field(() => String, { description: `The form: ${refHelp}.` })
  form!: string

  @Field(() => Float, { description: 'Amount, more than zero and at most a kilogram.' })
  amount!: number

  @Field(() => DoseUnit, { description: 'Unit of the amount.' })
  unit!: DoseUnitValue

  @Field(() => DoseBasis, { description: 'Whether the amount is of the compound or of the magnesium in it.' })
  basis!: DoseBasisValue
}

@ObjectType({
  simpleResolvers: true,
  description: 'A dose in every unit. Bounds differ where the form leaves hydration or stoichiometry open, or the basis is not stated.',
})
export class DoseConversion {
  @Field(() => MagnesiumForm, { description: 'The form converted.' })
  form!: MagnesiumForm

  @Field(() => Float, { description: 'Elemental magnesium, mg, low bound.' })
  elementalMgLow!: number

  @Field(() => Float, { description: 'Elemental magnesium, mg, high bound.' })
  elementalMgHigh!: number

  @Field(() => Float, { description: 'The compound, mg, low bound.' })
  saltMgLow!: number

  @Field(() => Float, { description: 'The compound, mg, high bound.' })
  saltMgHigh!: number

  @Field(() => Float, { description: 'Magnesium, mmol, low bound.' })
  mmolLow!: number

  @Field(() => Float, { description: 'Magnesium, mmol, high bound.' })
  mmolHigh!: number

  @Field(() => Float, { description: 'Magnesium, mEq, low bound.' })
  meqLow!: number

  @Field(() => Float, { description: 'Magnesium, mEq, high bound.' })
  meqHigh!: number

  @Field(() => String, { nullable: true, description: 'Why the bounds differ; null where they do not.' })
  note!: string | null
}

/** More than anybody swallows, and far more than anybody should: a kilogram. */
const absurdMg = 1_000_000

@Resolver()
export class DoseResolver {
  @Query(() => DoseConversion, {
    nullable: true,
    description: 'Salt to elemental magnesium and back. An interval, with the reason, where the form leaves hydration or stoichiometry open.',
  })
  convertDose(
    @Args(() => ConvertDoseArgs) { form: ref, amount, unit, basis }: ConvertDoseArgs,
    @Ctx() context: Context,
  ): Promise<Omit<DoseConversion, 'form'> & { form: FormTerm }> {
    return namingNearestTerms(context, async () => {
      const form = (await vocabularyOf(context)).forms.named(ref)
      const mg = amount * { G: 1000, MG: 1, MMOL: mgPerMmol, MEQ: mgPerMeq }[unit]
      if (!(mg > 0 && mg <= absurdMg))
        throw new PublicError('BAD_USER_INPUT', `amount must be more than zero and at most a kilogram, got ${amount} ${unit}`, {
          reason: 'ABSURD_DOSE',
          argument: 'amount',
        })
      const converted = convert(form.composition, { amount, unit, basis })
      if (converted?.saltMg == null) {
        throw new PublicError(
          'BAD_USER_INPUT',
          `"${form.name}" does not say which compound is meant, so salt and magnesium cannot be converted: name a compound such as "magnesium-citrate"`,
          { reason: 'COMPOSITION_UNKNOWN', argument: 'form' },
        )
      }
      return {
        form,
        ...bounds('elementalMg', converted.elementalMg),
        ...bounds('saltMg', converted.saltMg),
        ...bounds('mmol', converted.elementalMg, mgPerMmol),
        ...bounds('meq', converted.elementalMg, mgPerMeq),
        note: converted.note,
      }
    })
  }
}

function bounds<Name extends string>(name: Name, { low, high }: Interval, divisor = 1) {
  return { [`${name}Low`]: low / divisor, [`${name}High`]: high / divisor } as Record<`${Name}Low` | `${Name}High`, number> // computed keys lose their names
}
