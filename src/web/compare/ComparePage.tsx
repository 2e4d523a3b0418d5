import { CompareDocument, SynthesisIdDocument, type ComparedFragment } from '../../generated/web/graphql.js'
import { filterOfAddress } from '../filters/evidenceFilter.js'
import { useAddress } from '../filters/useAddress.js'
import { Page } from '../shell/Page.js'
import { inputOfAddress } from '../synthesis/choices.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { counted, estimateWords, measureWords, plainWord, sentenceWords } from '../words.js'

/** Two syntheses side by side, by their ids, and the steps from one to the other. */
export function ComparePage() {
  const { address, set } = useAddress()
  const [from, to] = [address.get('from') ?? '', address.get('to') ?? '']
  const [before, after] = [useSynthesisId(from), useSynthesisId(to)]
  const asked = useOperation(CompareDocument, { from: before ?? '', to: after ?? '' }, { pause: before === null || after === null })
  return (
    <Page title="Compare" lead="Two syntheses and what moved the estimate from one to the other: studies, edits of the data, or choices.">
      <form className="filters no-print" aria-label="Syntheses" onSubmit={(event) => event.preventDefault()}>
        <label>
          From <input className="wide" value={from} onChange={({ target }) => set('from', target.value.trim())} />
        </label>
        <label>
          To <input className="wide" value={to} onChange={({ target }) => set('to', target.value.trim())} />
        </label>
      </form>
      {from === '' || to === '' ? (
        <Empty>
          Paste the addresses of two pages of this site that pool something, such as <code>/synthesis?condition=migraine</code>, or the ids that the API gave
          for two syntheses. “Compare” beside a pool fills in the first.
        </Empty>
      ) : (
        <Widget title="From one to the other" asked={asked} lines={10}>
          {({ synthesisDiff: { from: first, to: second, steps } }) => (
            <>
              <div className="sides">
                <Side name="From" synthesis={first} />
                <Side name="To" synthesis={second} />
              </div>
              <ol>
                {steps.map(({ cause, what, estimate, ciLower, ciUpper, shift }, place) => (
                  <li key={place}>
                    {plainWord(cause)}: {sentenceWords(what)}. Then {estimateWords(second.measure, estimate, ciLower, ciUpper)}
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

function Side({
  name,
  synthesis: { measure, estimate, ciLower, ciUpper, studies, choices, forestPlotUrl },
}: {
  readonly name: string
  readonly synthesis: ComparedFragment
}) {
  return (
    <div>
      <h3>{name}</h3>
      <p>
        {measureWords[measure]} {estimateWords(measure, estimate, ciLower, ciUpper)}
        <br />
        <span className="small muted">
          {counted(studies, 'study', 'studies')}, {plainWord(choices.model)}, {choices.estimator}, {choices.interval}
        </span>
      </p>
      <img className="plot" src={forestPlotUrl} alt={`Forest plot of the synthesis “${name}”`} width="760" height="400" />
    </div>
  )
}

/** The id of a synthesis that is given as an id, or as the address of a page that shows it; null until it is known. */
function useSynthesisId(given: string): string | null {
  const [, search] = given.split('?')
  const address = new URLSearchParams(search)
  const { data } = useOperation(SynthesisIdDocument, { input: inputOfAddress(address, filterOfAddress(address)) }, { pause: search === undefined })
  return search === undefined ? given || null : (data?.synthesis.id ?? null)
}
