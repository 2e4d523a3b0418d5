import { scaleSqrt } from '@visx/scale'
import { peopleOf, strengthOf, toneOf, type Cell, type Tone } from './cell.js'

const size = 40
/** Area as participants; from 2,000 on a bubble fills its cell. */
const radius = scaleSqrt<number>({ domain: [0, 2_000], range: [3, size / 2 - 1], clamp: true })

/** People of the pool as area, direction as colour and shape, size of the effect as fill. Cells that nothing was pooled for are rings. */
export function Bubble({ cell }: { readonly cell: Cell }) {
  return <Mark tone={toneOf(cell)} strength={strengthOf(cell)} participants={peopleOf(cell)} />
}

function Mark({ tone, strength, participants }: { readonly tone: Tone; readonly strength: number; readonly participants: number }) {
  const r = radius(participants)
  const middle = size / 2
  return (
    <svg className={`bubble ${tone}`} viewBox={`0 0 ${size} ${size}`} width={size} height={size} aria-hidden="true">
      <circle cx={middle} cy={middle} r={r} fillOpacity={tone === 'not-pooled' || tone === 'other-comparison' ? 0 : strength} />
      {/* Told apart without colour too: a plus for benefit, a minus for harm. */}
      {(tone === 'benefit' || tone === 'harm') && <path d={`M${middle - 4} ${middle}h8${tone === 'benefit' ? `M${middle} ${middle - 4}v8` : ''}`} />}
    </svg>
  )
}

const entries: readonly { readonly tone: Tone; readonly words: string }[] = [
  { tone: 'benefit', words: 'favours magnesium' },
  { tone: 'no-difference', words: 'no clear difference' },
  { tone: 'harm', words: 'favours placebo or no treatment' },
  { tone: 'other-comparison', words: 'only against another treatment, another dose or form, or observed' },
  { tone: 'not-pooled', words: 'not pooled' },
]

export function Legend() {
  return (
    <ul className="legend">
      {entries.map(({ tone, words }) => (
        <li key={tone}>
          <Mark tone={tone} strength={tone === 'no-difference' ? 0.35 : 0.8} participants={500} /> {words}
        </li>
      ))}
      <li>
        <span className="gap" /> no study
      </li>
      <li>
        <span className="gap elsewhere" /> only studies that the filter leaves out, or in animals
      </li>
      <li>Area: people of the pool. Fill: size of the effect.</li>
    </ul>
  )
}
