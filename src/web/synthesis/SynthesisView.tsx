import { Link } from 'react-router'
import { SynthesisPageDocument, type EvidenceFilter, type SynthesisPageQuery } from '../../generated/web/graphql.js'
import { downloadsOf } from '../evidence/EvidencePage.js'
import { useAddress } from '../filters/useAddress.js'
import { Plot, PlotRow } from '../widgets/PlotRow.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { counted, sentenceWords } from '../words.js'
import { inputOfAddress, leftOutIn } from './choices.js'
import { Forest } from './Forest.js'
import { Pool } from './Pool.js'
import { PoolingChoices } from './PoolingChoices.js'

type Synthesis = SynthesisPageQuery['synthesis']

/** One or two points have no shape. */
const fewestForFunnel = 3
/** More than this many are folded away. */
const fewUnpoolable = 6

/** The effects of a filter together: the choices of how, which stand in the address, the pool, its studies, and what is not in it. */
export function SynthesisView({ filter, name }: { readonly filter: EvidenceFilter; readonly name: string }) {
  const { address, set } = useAddress()
  const input = inputOfAddress(address, filter)
  const asked = useOperation(SynthesisPageDocument, { input })
  const pool = asked.data?.synthesis
  const leaveOut = (studies: readonly string[]) => set('without', studies.join(','))
  return (
    <>
      <PoolingChoices address={address} onChange={set} />
      <Widget title="Pool" asked={asked} lines={8}>
        {({ synthesis }) => <Pool synthesis={synthesis} name={name} />}
      </Widget>
      <Widget
        title="Forest plot"
        asked={asked}
        lines={14}
        downloads={downloadsOf(input.filter).map((file) => ({ ...file, name: `All effects of the filter, ${file.name}` }))}
      >
        {({ synthesis }) => (
          <>
            <Forest synthesis={synthesis} left={leftOutIn(address)} onLeaveOut={leaveOut} />
            <PlotRow
              url={synthesis.forestPlotUrl}
              title={synthesis.title}
              files={[
                { name: 'CSV of this pool', href: synthesis.csvUrl },
                { name: 'R script', href: synthesis.rScriptUrl },
                { name: 'Table', href: synthesis.forestPlotUrl.replace('.svg?', '.html?') },
              ]}
            />
          </>
        )}
      </Widget>
      {(pool === undefined || pool.k >= fewestForFunnel) && (
        <Widget
          title="Funnel plot"
          asked={asked}
          lines={18}
          note="Each point a study: its effect against its precision. A lopsided funnel may mean that small studies without an effect are missing."
        >
          {({ synthesis }) => (
            <>
              <Funnel synthesis={synthesis} />
              <PlotRow
                url={synthesis.funnelPlotUrl}
                title={`Funnel plot. ${synthesis.title}`}
                files={[{ name: 'Table', href: synthesis.funnelPlotUrl.replace('.svg?', '.html?') }]}
              />
            </>
          )}
        </Widget>
      )}
      <Widget title="Not in the pool" asked={asked} lines={3}>
        {({ synthesis }) => <Unpoolable effects={synthesis.unpoolable} />}
      </Widget>
    </>
  )
}

function Funnel({ synthesis: { k, funnelPlotUrl } }: { readonly synthesis: Synthesis }) {
  return <Plot url={funnelPlotUrl} alt={`Funnel plot of ${counted(k, 'study', 'studies')}; the same as a table is linked below`} width={760} height={640} />
}

function Unpoolable({ effects }: { readonly effects: Synthesis['unpoolable'] }) {
  if (effects.length === 0) return <p>Every effect of the filter is in the pool.</p>
  const list = (
    <ul className="small">
      {effects.map(({ evidence, reason }) => (
        <li key={evidence.id}>
          <Link to={`/studies/${evidence.study.slug}`}>{evidence.study.title}</Link>: {sentenceWords(reason)}
        </li>
      ))}
    </ul>
  )
  if (effects.length <= fewUnpoolable) return list
  return (
    <details>
      <summary>{counted(effects.length, 'effect', 'effects')}, and why</summary>
      {list}
    </details>
  )
}
