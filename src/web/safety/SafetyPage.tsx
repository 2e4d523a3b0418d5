import { Link } from 'react-router'
import { SafetyDocument, type InteractionRowFragment } from '../../generated/web/graphql.js'
import { SummaryTable } from '../condition/SummaryTable.js'
import { useAddress } from '../filters/useAddress.js'
import { Page } from '../shell/Page.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { Contraindications } from './Contraindications.js'
import { Interactions } from './Interactions.js'

/** What to mind with magnesium: kidney function first, then other contraindications, interactions, and harms in trials. */
export function SafetyPage() {
  const asked = useOperation(SafetyDocument, {})
  const { address, set } = useAddress()
  const sought = address.get('substance') ?? ''
  return (
    <Page
      title="Safety"
      asked={asked}
      lead="What labels and trials say about harm. No list of this kind is complete: what is not named here may still be unsafe for one person. Evidence, not advice."
    >
      <Widget title="Kidney function first" asked={asked} lines={5} note="Labels of several forms name kidney function; where each was read stands beside it.">
        {({ kidney, contraindications }) => <Contraindications rows={contraindications.filter(({ id }) => kidney.some((named) => named.id === id))} />}
      </Widget>
      <Widget title="Other conditions named on labels" asked={asked} lines={5}>
        {({ kidney, contraindications }) => <Contraindications rows={contraindications.filter(({ id }) => !kidney.some((named) => named.id === id))} />}
      </Widget>
      <Widget
        title="Interactions"
        asked={asked}
        lines={15}
        note="Hours as the sources say them, the shortest and the longest. A dash means that no source read here gives hours."
      >
        {({ interactions }) => {
          const found = interactions.filter((row) => names(row, sought))
          return (
            <>
              <form className="filters no-print" aria-label="Which substance" onSubmit={(event) => event.preventDefault()}>
                <label>
                  Substance <input type="search" value={sought} onChange={({ target }) => set('substance', target.value)} />
                </label>
              </form>
              {found.length === 0 ? (
                <Empty>No interaction with “{sought}” is recorded, which does not mean that there is none.</Empty>
              ) : (
                <Interactions rows={found} />
              )}
            </>
          )
        }}
      </Widget>
      <Widget title="Harms in randomised trials, by form" asked={asked} lines={12} note={harmsNote}>
        {({ byForm }) => <SummaryTable summaries={byForm} by="form" />}
      </Widget>
      <Widget title="Harms in randomised trials, by elemental dose a day" asked={asked} lines={12} note={harmsNote}>
        {({ byDose }) => <SummaryTable summaries={byDose} by="dose" />}
      </Widget>
      <p className="small muted">
        <Link to="/claims?topic=SAFETY">Claims about safety</Link>, checked against their sources. <Link to="/dose">Convert a dose</Link>.
      </p>
    </Page>
  )
}

const harmsNote =
  'Magnesium against placebo or no treatment. Most trials of magnesium to swallow do not report harms by group: few studies here is not few harms. No clear difference is not evidence of equality.'

const names = ({ substance, synonyms }: InteractionRowFragment, sought: string) =>
  [substance, ...synonyms].some((name) => name.toLowerCase().includes(sought.trim().toLowerCase()))
