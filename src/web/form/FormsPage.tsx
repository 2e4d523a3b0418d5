import { Link } from 'react-router'
import { FormsDocument } from '../../generated/web/graphql.js'
import { Page } from '../shell/Page.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { plainWord } from '../words.js'
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
            <table>
              <thead>
                <tr>
                  <th scope="col">Form</th>
                  <th scope="col">Formula</th>
                  <th scope="col">Kind</th>
                  <th scope="col" className="number">
                    Share of magnesium
                  </th>
                </tr>
              </thead>
              <tbody>
                {forms.nodes.map((form) => (
                  <tr key={form.slug}>
                    <th scope="row">
                      <Link to={`/forms/${form.slug}`}>{form.name}</Link>
                    </th>
                    <td>{form.formula ?? '–'}</td>
                    <td>{plainWord(form.category)}</td>
                    <td className="number">{shareWords(form)}</td>
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
