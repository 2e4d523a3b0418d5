import type { InteractionRowFragment } from '../../generated/web/graphql.js'
import { ReadIn } from '../widgets/ReadIn.js'

/** Substances that magnesium acts on or that act on it: what labels say, in their range of hours, and where it was read. */
export function Interactions({ rows }: { readonly rows: readonly InteractionRowFragment[] }) {
  return (
    <div className="scroll" role="region" aria-label="Table of interactions" tabIndex={0}>
      <table className="cards" role="table">
        <thead role="rowgroup">
          <tr role="row">
            {['Substance', 'What happens', 'What labels say', 'Taken before magnesium', 'Taken after it', 'Read in'].map((heading) => (
              <th key={heading} scope="col" role="columnheader">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map(({ id, substance, synonyms, effect, advice, hoursBefore, hoursAfter, forms, provenance }) => (
            <tr key={id} role="row">
              <th scope="row" role="rowheader">
                {substance}
                {synonyms.length > 0 && <div className="small muted">{synonyms.join(', ')}</div>}
                {forms.length > 0 && <div className="small muted">with {forms.map(({ name }) => name).join(', ')}</div>}
              </th>
              <td role="cell" data-label="What happens">
                {effect}
              </td>
              <td role="cell" data-label="What labels say">
                {advice ?? '–'}
              </td>
              <td role="cell" data-label="Taken before magnesium">
                {hoursWords(hoursBefore)}
              </td>
              <td role="cell" data-label="Taken after it">
                {hoursWords(hoursAfter)}
              </td>
              <td role="cell" data-label="Read in" className="small">
                <ReadIn {...provenance} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** "2 to 4 h"; a dash if no source says it. */
function hoursWords(range: { readonly low: number; readonly high: number } | null): string {
  if (range === null) return '–'
  return range.low === range.high ? `${range.low} h` : `${range.low} to ${range.high} h`
}
