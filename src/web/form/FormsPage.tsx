import { Link } from 'react-router'
import { FormsDocument } from '../../generated/web/graphql.js'
import { Page } from '../shell/Page.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { plainWord } from '../words.js'
import '../evidence/effects.css'
import { shareWords } from './share.js'

/** The compounds of magnesium that studies name. */
export function FormsPage() {
  const asked = useOperation(FormsDocument, {})
  return (
    <Page
      title="Forms"
      lead="Compounds of magnesium, and names that may mean several. A gram of one holds more magnesium than a gram of another: the share says how much."
    >
      <Widget title="Forms of magnesium" asked={asked} lines={20}>
        {({ forms }) => (
          <div className="scroll" role="region" aria-label="Forms" tabIndex={0}>
            <table className="cards" role="table">
              <thead role="rowgroup">
                <tr role="row">
                  <th scope="col" role="columnheader">
                    Form
                  </th>
                  <th scope="col" role="columnheader">
                    Formula
                  </th>
                  <th scope="col" role="columnheader">
                    Kind
                  </th>
                  <th scope="col" role="columnheader" className="number">
                    Share of magnesium
                  </th>
                </tr>
              </thead>
              <tbody role="rowgroup">
                {forms.nodes.map((form) => (
                  <tr key={form.slug} role="row">
                    <th scope="row" role="rowheader">
                      <Link to={`/forms/${form.slug}`}>{form.name}</Link>
                    </th>
                    <td role="cell" data-label="Formula">
                      {form.formula ?? '–'}
                    </td>
                    <td role="cell" data-label="Kind">
                      {plainWord(form.category)}
                    </td>
                    <td role="cell" data-label="Share of magnesium" className="number">
                      {shareWords(form)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Widget>
    </Page>
  )
}
