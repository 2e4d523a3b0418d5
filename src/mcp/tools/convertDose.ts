import { z } from 'zod'
import { AssistantDoseDocument } from '../../generated/mcp/graphql.js'
import { answerOf } from '../ask.js'
import { terms } from '../filterWords.js'
import { provenanceOf, provenanceShape } from '../shapes.js'
import { defineTool } from '../tool.js'
import { closingLines, lines, shownNumber } from '../words.js'

const rangeShape = z.object({ low: z.number(), high: z.number() })
const maybeText = z.string().nullable()
const maybeNumber = z.number().nullable()

export const convertDose = defineTool({
  name: 'convert_dose',
  title: 'Convert a dose',
  description:
    'Converts an amount of a magnesium compound to elemental magnesium and back: mg, mmol and mEq. An interval, with the reason, if the form or the basis leaves it open. It says what an amount holds, not what anybody should take.',
  input: z.strictObject({
    amount: z.number().gt(0).describe('At most a kilogram.'),
    unit: z.enum(['MG', 'G', 'MMOL', 'MEQ']),
    form: terms.form,
    basis: z
      .enum(['NOT_STATED', 'SALT', 'ELEMENTAL'])
      .default('NOT_STATED')
      .describe(
        'What the amount weighs: the whole compound (SALT), the magnesium in it (ELEMENTAL), or not known, which gives an interval over both readings.',
      ),
  }),
  output: z.object({
    given: z.object({ amount: z.number(), unit: z.string(), basis: z.string() }),
    elementalMg: rangeShape,
    saltMg: rangeShape,
    mmol: rangeShape,
    meq: rangeShape,
    whyInterval: maybeText,
    form: z.object({
      slug: z.string(),
      name: z.string(),
      formula: maybeText,
      hydration: maybeText,
      molarMass: maybeNumber.describe('g/mol.'),
      elementalFractionLow: maybeNumber,
      elementalFractionHigh: maybeNumber,
      mayBe: z.array(z.string()).describe('Compounds that the name may mean.'),
    }),
    sources: z.array(z.string()).describe('Where molar mass and elemental share come from, and records of the compound.'),
    upperLimit: z.null().describe('The service holds no upper limits of intake.'),
    provenance: provenanceShape,
  }),
  async run({ amount, unit, form: ref, basis }, session) {
    const { convertDose: converted, ...state } = await answerOf(session, AssistantDoseDocument, { amount, unit, basis, form: ref })
    const { codes, ...form } = converted.form
    const provenance = provenanceOf(session, state, `/forms/${form.slug}`)
    const sources = [
      form.formula === null
        ? 'Elemental share: computed from the formulas of the compounds that the name may mean.'
        : `Molar mass and elemental share: computed from the formula ${form.formula}.`,
      ...codes.map(({ system, value, url }) => `${system} ${value}${url === null ? '' : `: ${url}`}`),
    ]
    const range = (low: number, high: number) => ({ low, high })
    const data = {
      given: { amount, unit, basis },
      elementalMg: range(converted.elementalMgLow, converted.elementalMgHigh),
      saltMg: range(converted.saltMgLow, converted.saltMgHigh),
      mmol: range(converted.mmolLow, converted.mmolHigh),
      meq: range(converted.meqLow, converted.meqHigh),
      whyInterval: converted.note,
      form,
      sources,
      upperLimit: null,
      provenance,
    }
    const { elementalMg, saltMg, mmol, meq } = data
    return {
      data,
      text: lines(
        data.whyInterval === null ? null : `Not one number: ${data.whyInterval}`,
        `${amount} ${unit} of ${form.name} (${basis === 'NOT_STATED' ? 'salt or elemental, not stated' : basis.toLowerCase()}): ${between(elementalMg)} mg of elemental magnesium; ${between(saltMg)} mg of the compound; ${between(mmol)} mmol; ${between(meq)} mEq.`,
        sources.map((source) => `- ${source}`),
        'The service holds no upper limits of intake.',
        closingLines(provenance),
      ),
    }
  },
})

const between = ({ low, high }: { readonly low: number; readonly high: number }): string =>
  shownNumber(low) === shownNumber(high) ? shownNumber(low) : `${shownNumber(low)} to ${shownNumber(high)}`
