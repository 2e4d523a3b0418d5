import { useRef } from 'react'
import { Link } from 'react-router'
import { SynthesisPageDocument, type EvidenceFilter, type SynthesisPageQuery } from '../../generated/web/graphql.js'
import { downloadsOf } from '../evidence/EvidencePage.js'
import { useAddress } from '../filters/useAddress.js'
import { SavePlot } from '../widgets/SavePlot.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { counted, sentenceWords } from '../words.js'
import { inputOfAddress } from './choices.js'
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
  const forest = useRef<HTMLDivElement>(null)
  const pool = asked.data?.synthesis
  const funnel =
    pool === undefined
      ? []
      : ['svg', 'png', 'html'].map((ending) => ({
          name: ending === 'html' ? 'Table' : ending.toUpperCase(),
          href: pool.funnelPlotUrl.replace('.svg', `.${ending}`),
        }))
  return (
    <>
      <PoolingChoices address={address} onChange={set} />
      <Widget title="Pool" asked={asked} lines={8}>
        {({ synthesis }) => <Pool synthesis={synthesis} name={name} />}
      </Widget>
      <Widget title="Forest plot" asked={asked} lines={14} downloads={downloadsOf(input.filter)}>
        {({ synthesis }) => (
          <>
            <div ref={forest}>
              <Forest synthesis={synthesis} />
            </div>
            <SavePlot part={forest} name={`forest-${name}`} rows={() => rowsOf(synthesis)} />
          </>
        )}
      </Widget>
      {(pool === undefined || pool.k >= fewestForFunnel) && (
        <Widget
          title="Funnel plot"
          asked={asked}
          lines={18}
          note="Each point a study: its effect against its precision. A lopsided funnel may mean that small studies without an effect are missing."
          downloads={funnel}
        >
          {({ synthesis }) => <Funnel synthesis={synthesis} />}
        </Widget>
      )}
      <Widget title="Not in the pool" asked={asked} lines={3}>
        {({ synthesis }) => <Unpoolable effects={synthesis.unpoolable} />}
      </Widget>
    </>
  )
}

function Funnel({ synthesis: { k, funnelPlotUrl } }: { readonly synthesis: Synthesis }) {
  return (
    <img
      className="plot"
      src={funnelPlotUrl}
      alt={`Funnel plot of ${counted(k, 'study', 'studies')}; the same as a table is linked below`}
      width="760"
      height="640"
    />
  )
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

const rowsOf = ({ measure, contributions, estimate, ciLower, ciUpper, participants }: Synthesis) => [
  ['study', 'year', 'measure', 'estimate', 'ciLower', 'ciUpper', 'weightPercent', 'participants'],
  ...contributions.map((entry) => [entry.label, entry.year, measure, entry.estimate, entry.ciLower, entry.ciUpper, entry.weightPercent, entry.participants]),
  ['pooled', null, measure, estimate, ciLower, ciUpper, 100, participants],
]
