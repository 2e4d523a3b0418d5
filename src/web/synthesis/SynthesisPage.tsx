import { Link, useSearchParams } from 'react-router'
import { SynthesisPageDocument, type SynthesisPageQuery } from '../../generated/web/graphql.js'
import { downloadsOf } from '../evidence/EvidencePage.js'
import { filterOfAddress, withParameter } from '../filters/evidenceFilter.js'
import { FilterBar } from '../filters/FilterBar.js'
import { Page } from '../shell/Page.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { capitalised, counted, estimateWords, measureWords } from '../words.js'
import { estimatorWords, inputOfAddress, intervalWords, modelWords } from './choices.js'
import { Forest } from './Forest.js'

type Synthesis = SynthesisPageQuery['synthesis']

/** The effects that the address selects, pooled as it says. */
export function SynthesisPage() {
  const [address, setAddress] = useSearchParams()
  const set = (name: string, value: string) => setAddress(withParameter(address, name, value), { replace: true })
  const filter = filterOfAddress(address)
  const input = inputOfAddress(address, filter)
  const asked = useOperation(SynthesisPageDocument, { input })
  const about = [address.get('outcome'), address.get('condition'), address.get('form')].filter((part) => part !== null && part !== '').join(', ')
  const pool = asked.data?.synthesis
  const plots =
    pool === undefined
      ? []
      : [
          { name: 'SVG', href: pool.forestPlotUrl },
          { name: 'PNG', href: pool.forestPlotUrl.replace('.svg', '.png') },
          { name: 'Funnel', href: pool.funnelPlotUrl },
        ]
  return (
    <Page
      title={about === '' ? 'Synthesis' : `Together: ${about.replaceAll('-', ' ')}`}
      lead="What the studies say together. The prediction interval tells where a further study would lie; warnings tell what stands against the number."
    >
      <FilterBar />
      <form className="filters no-print" aria-label="Pooling" onSubmit={(event) => event.preventDefault()}>
        <Choice label="Model" name="model" words={modelWords} address={address} onChange={set} />
        <Choice label="Variance between studies" name="estimator" words={estimatorWords} address={address} onChange={set} />
        <Choice label="Interval" name="interval" words={intervalWords} address={address} onChange={set} />
        <label className="row">
          <input type="checkbox" checked={address.get('randomised') === 'only'} onChange={({ target }) => set('randomised', target.checked ? 'only' : '')} />{' '}
          Randomised only
        </label>
      </form>
      <Widget title="Pool" asked={asked} lines={6}>
        {({ synthesis }) => <Numbers synthesis={synthesis} />}
      </Widget>
      <Widget title="Forest plot" asked={asked} lines={14} downloads={[...plots, ...downloadsOf(input.filter)]}>
        {({ synthesis }) => <Forest synthesis={synthesis} />}
      </Widget>
      <Widget
        title="Funnel plot"
        asked={asked}
        lines={10}
        note="Each point a study: its effect against its precision. A lopsided funnel may mean that small studies without an effect are missing."
      >
        {({ synthesis }) => (
          <img
            className="plot"
            src={synthesis.funnelPlotUrl}
            alt={`Funnel plot of ${counted(synthesis.k, 'study', 'studies')}; the same as a table is linked below`}
            loading="lazy"
            width="760"
            height="560"
          />
        )}
      </Widget>
      <Widget title="Not in the pool" asked={asked} lines={3}>
        {({ synthesis: { unpoolable } }) =>
          unpoolable.length === 0 ? (
            <p>Every effect of the filter is in the pool.</p>
          ) : (
            <ul className="small">
              {unpoolable.map(({ evidence, reason }) => (
                <li key={evidence.id}>
                  <Link to={`/studies/${evidence.study.slug}`}>{evidence.study.title}</Link>: {reason}
                </li>
              ))}
            </ul>
          )
        }
      </Widget>
    </Page>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly name: string
  readonly words: Readonly<Record<string, string>>
  readonly address: URLSearchParams
  readonly onChange: (name: string, value: string) => void
}

/** The first of the words is what the service does by default, and stands in no address. */
function Choice({ label, name, words, address, onChange }: ChoiceProps) {
  const [usual = ''] = Object.keys(words)
  return (
    <label>
      {label}{' '}
      <select value={address.get(name) ?? usual} onChange={({ target }) => onChange(name, target.value === usual ? '' : target.value)}>
        {Object.entries(words).map(([word, shown]) => (
          <option key={word} value={word}>
            {capitalised(shown)}
          </option>
        ))}
      </select>
    </label>
  )
}

function Numbers({ synthesis }: { readonly synthesis: Synthesis }) {
  const { measure, estimate, ciLower, ciUpper, predictionLower, predictionUpper, heterogeneity, k, studies, participants, warnings } = synthesis
  const facts: readonly [string, string | null][] = [
    [`${capitalised(measureWords[measure])}, ${Math.round(synthesis.choices.level * 100)} % interval`, estimateWords(measure, estimate, ciLower, ciUpper)],
    [
      'A further study would lie',
      predictionLower === null ? null : estimateWords(measure, estimate, predictionLower, predictionUpper).replace(/^.*\((.*)\)$/, '$1'),
    ],
    ['Studies', `${studies}${k === studies ? '' : ` (${k} entries)`}`],
    ['People', participants === null ? null : participants.toLocaleString('en-GB')],
    [
      'Heterogeneity',
      heterogeneity.i2 === null
        ? null
        : `I² ${Math.round(heterogeneity.i2)} %, τ² ${heterogeneity.tau2 === null ? '–' : Number(heterogeneity.tau2.toPrecision(3))}`,
    ],
  ]
  return (
    <>
      <dl className="facts">
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      <p className="small">
        <Link to={`/compare?from=${synthesis.id}`}>Compare</Link> with another: its id is <code>{synthesis.id}</code>
      </p>
      {warnings.length > 0 && (
        <ul className="warnings">
          {warnings.map(({ code, message }) => (
            <li key={code}>{message}</li>
          ))}
        </ul>
      )}
    </>
  )
}
