import { Choice } from '../widgets/Choice.js'
import { estimatorWords, intervalWords, modelWords } from './choices.js'

interface ChoicesProps {
  readonly address: URLSearchParams
  readonly onChange: (name: string, value: string) => void
}

/** How to pool, as far as a reader is likely to ask; the API knows more. */
export function PoolingChoices({ address, onChange }: ChoicesProps) {
  /** What the service does by default stands in no address. */
  const of = (name: string, usual: string) => ({
    value: address.get(name) ?? usual,
    onChange: (word: string) => onChange(name, word === usual ? '' : word),
  })
  return (
    <form className="filters no-print" aria-label="Pooling" onSubmit={(event) => event.preventDefault()}>
      <Choice label="Model" words={modelWords} {...of('model', 'RANDOM_EFFECTS')} />
      <Choice label="Variance between studies" words={estimatorWords} {...of('estimator', 'REML')} />
      <Choice label="Interval" words={intervalWords} {...of('interval', 'HKSJ_ADHOC')} />
      <label className="row">
        <input type="checkbox" checked={address.get('randomised') === 'only'} onChange={({ target }) => onChange('randomised', target.checked ? 'only' : '')} />{' '}
        Randomised only
      </label>
    </form>
  )
}
