import { Link } from 'react-router'
import { ConvertDoseDocument, FormsDocument, type DoseBasis, type DoseUnit } from '../../generated/web/graphql.js'
import { shownNumber } from '../../plots/number.js'
import { useAddress } from '../filters/useAddress.js'
import { Page } from '../shell/Page.js'
import { Choice } from '../widgets/Choice.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'

const units = { MG: 'mg', G: 'g', MMOL: 'mmol', MEQ: 'mEq' } as const satisfies Readonly<Record<DoseUnit, string>>
const bases = { SALT: 'of the salt', ELEMENTAL: 'of magnesium', NOT_STATED: 'not stated which' } as const satisfies Readonly<Record<DoseBasis, string>>
const oneOf = <Word extends string>(words: Readonly<Record<Word, string>>, given: string | null, usual: Word): Word =>
  (Object.keys(words) as Word[]).find((word) => word === given) ?? usual // keys of the record

/** Salt to elemental magnesium and back; what is asked stands in the address. */
export function DosePage() {
  const { address, set } = useAddress()
  const form = address.get('form') ?? 'magnesium-oxide'
  const amount = Number(address.get('amount') ?? '400')
  const [unit, basis] = [oneOf(units, address.get('unit'), 'MG'), oneOf(bases, address.get('basis'), 'SALT')]
  const isAmount = Number.isFinite(amount) && amount > 0
  const { data: known } = useOperation(FormsDocument, {})
  const forms = (known?.forms.nodes ?? []).filter((each) => each.elementalFractionLow !== null || each.slug === form)
  const asked = useOperation(ConvertDoseDocument, { form, amount: isAmount ? amount : 1, unit, basis }, { pause: !isAmount })
  return (
    <Page
      title="Dose"
      lead="How much magnesium is in an amount of a salt, and how much salt holds an amount of magnesium. An interval where the name leaves the compound open."
    >
      <form className="filters" aria-label="Dose" onSubmit={(event) => event.preventDefault()}>
        <label>
          Amount <input type="number" min="0" step="any" value={address.get('amount') ?? '400'} onChange={({ target }) => set('amount', target.value)} />
        </label>
        <Choice label="Unit" words={units} value={unit} onChange={(value) => set('unit', value)} />
        <Choice label="Which is" words={bases} value={basis} onChange={(value) => set('basis', value)} />
        <Choice
          label="Form"
          words={Object.fromEntries(forms.map(({ slug, name }) => [slug, name]))}
          value={form}
          steady
          onChange={(value) => set('form', value)}
        />
      </form>
      {!isAmount ? (
        <Empty>Give an amount above 0.</Empty>
      ) : (
        <Widget title="Holds" asked={asked} lines={4}>
          {({ convertDose: { elementalMgLow, elementalMgHigh, saltMgLow, saltMgHigh, mmolLow, mmolHigh, note } }) => (
            <>
              <dl className="facts large">
                <Fact name="Elemental magnesium" low={elementalMgLow} high={elementalMgHigh} unit="mg" />
                <Fact name="Salt" low={saltMgLow} high={saltMgHigh} unit="mg" />
                <Fact name="Magnesium" low={mmolLow} high={mmolHigh} unit="mmol" />
              </dl>
              {note !== null && <p className="muted">{note}</p>}
            </>
          )}
        </Widget>
      )}
      <p className="small muted">
        {known !== undefined && 'Forms whose share of magnesium is not known are not offered. '}
        <Link to="/safety">Safety</Link> says what labels and trials report of harm.
      </p>
    </Page>
  )
}

function Fact({ name, low, high, unit }: { readonly name: string; readonly low: number; readonly high: number; readonly unit: string }) {
  const [from, to] = [low, high].map((value) => shownNumber(value, 1))
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {from === to ? from : `${from} to ${to}`} {unit}
      </dd>
    </div>
  )
}
