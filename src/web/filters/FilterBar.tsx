import { capitalised, designWords, riskWords } from '../words.js'
import { narrowingCount, narrowingParameters, randomised, ranges } from './evidenceFilter.js'
import { useAddress } from './useAddress.js'
import './filters.css'

const humanDesigns = Object.keys(designWords).filter((design) => !['ANIMAL', 'IN_VITRO', 'REVIEW'].includes(design))

/** Which evidence a view is of; everything chosen stands in the address. */
export function FilterBar() {
  const { address, set, clear } = useAddress()
  const narrowing = narrowingCount(address)
  return (
    <form className="filters no-print" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <Choices name="design" label="Design" words={designWords} offered={humanDesigns} chosen={address.get('design') ?? ''} onChange={set}>
        <button type="button" onClick={() => set('design', randomised.join(','))}>
          Randomised only
        </button>
      </Choices>
      <Choices name="risk" label="Risk of bias" words={riskWords} offered={Object.keys(riskWords)} chosen={address.get('risk') ?? ''} onChange={set} />
      {ranges.map(({ name, label, unit }) => (
        <Range key={name} label={label} unit={unit} value={address.get(name) ?? ''} onChange={(value) => set(name, value)} />
      ))}
      {narrowing > 0 && (
        <button type="button" onClick={() => clear(narrowingParameters)}>
          Clear {narrowing === 1 ? 'the filter' : `${narrowing} filters`}
        </button>
      )}
    </form>
  )
}

interface ChoicesProps {
  readonly name: string
  readonly label: string
  readonly words: Readonly<Record<string, string>>
  readonly offered: readonly string[]
  /** Words with commas. */
  readonly chosen: string
  readonly onChange: (name: string, value: string) => void
  readonly children?: React.ReactNode
}

function Choices({ name, label, words, offered, chosen, onChange, children }: ChoicesProps) {
  const picked = chosen.split(',').filter((word) => word !== '')
  const toggle = (word: string) => onChange(name, (picked.includes(word) ? picked.filter((other) => other !== word) : [...picked, word]).join(','))
  return (
    <details className="choices">
      <summary>
        {label}
        {picked.length > 0 && <span className="muted"> ({picked.length})</span>}
      </summary>
      <fieldset>
        <legend className="visually-hidden">{label}</legend>
        {offered.map((word) => (
          <label key={word}>
            <input type="checkbox" checked={picked.includes(word)} onChange={() => toggle(word)} /> {capitalised(words[word] ?? word)}
          </label>
        ))}
        {children}
      </fieldset>
    </details>
  )
}

interface RangeProps {
  readonly label: string
  readonly unit: string
  readonly value: string
  readonly onChange: (value: string) => void
}

function Range({ label, unit, value, onChange }: RangeProps) {
  const [low = '', high = ''] = value.split('-')
  return (
    <fieldset className="range">
      <legend>
        {label}
        {unit !== '' && <span className="muted"> {unit}</span>}
      </legend>
      <input
        type="number"
        inputMode="decimal"
        min="0"
        aria-label={`${label}, from`}
        placeholder="from"
        value={low}
        onChange={({ target }) => onChange(`${target.value}-${high}`)}
      />
      <span aria-hidden="true">–</span>
      <input
        type="number"
        inputMode="decimal"
        min="0"
        aria-label={`${label}, to`}
        placeholder="to"
        value={high}
        onChange={({ target }) => onChange(`${low}-${target.value}`)}
      />
    </fieldset>
  )
}
