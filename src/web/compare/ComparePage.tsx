import { useSearchParams } from 'react-router'
import { CompareDocument, type ComparedFragment } from '../../generated/web/graphql.js'
import { withParameter } from '../filters/evidenceFilter.js'
import { Page } from '../shell/Page.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { estimateWords, measureWords, plainWord } from '../words.js'

/** Two syntheses side by side, by their ids, and the steps from one to the other. */
export function ComparePage() {
  const [address, setAddress] = useSearchParams()
  const [from, to] = [address.get('from') ?? '', address.get('to') ?? '']
  const set = (name: string, value: string) => setAddress(withParameter(address, name, value.trim()), { replace: true })
  const asked = useOperation(CompareDocument, { from, to }, { pause: from === '' || to === '' })
  return (
    <Page
      title="Compare"
      lead="Two syntheses and what moved the estimate from one to the other: studies, edits of the data, or choices. Each synthesis shows its id."
    >
      <form className="filters no-print" aria-label="Syntheses" onSubmit={(event) => event.preventDefault()}>
        <label>
          From <input value={from} onChange={({ target }) => set('from', target.value)} />
        </label>
        <label>
          To <input value={to} onChange={({ target }) => set('to', target.value)} />
        </label>
      </form>
      {from === '' || to === '' ? (
        <Empty>Give the ids of two syntheses: “Compare” on the page of a synthesis fills in the first one.</Empty>
      ) : (
        <Widget title="From one to the other" asked={asked} lines={10}>
          {({ synthesisDiff: { from: before, to: after, steps } }) => (
            <>
              <div className="row">
                <Side name="From" synthesis={before} />
                <Side name="To" synthesis={after} />
              </div>
              <ol>
                {steps.map(({ cause, what, estimate, ciLower, ciUpper, shift }, place) => (
                  <li key={place}>
                    {plainWord(cause)}: {what}. Then {estimateWords(after.measure, estimate, ciLower, ciUpper)}
                    {shift !== null && <span className="muted"> (moved by {Number(shift.toPrecision(3))} on the analysis scale)</span>}
                  </li>
                ))}
              </ol>
            </>
          )}
        </Widget>
      )}
    </Page>
  )
}

function Side({ name, synthesis: { measure, estimate, ciLower, ciUpper, studies, choices } }: { readonly name: string; readonly synthesis: ComparedFragment }) {
  return (
    <div>
      <h3>{name}</h3>
      <p>
        {measureWords[measure]} {estimateWords(measure, estimate, ciLower, ciUpper)}
        <br />
        <span className="small muted">
          {studies} studies, {plainWord(choices.model)}, {choices.estimator}, {choices.interval}
        </span>
      </p>
    </div>
  )
}
