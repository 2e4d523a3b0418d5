import { Link } from 'react-router'
import { ConditionsDocument } from '../../generated/web/graphql.js'
import { Page } from '../shell/Page.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'

/** Every condition that anything is known of. */
export function ConditionsPage() {
  const asked = useOperation(ConditionsDocument, {})
  return (
    <Page title="Conditions" lead="Diseases, symptoms and states that evidence speaks to.">
      <Widget title="With evidence" asked={asked} lines={20}>
        {({ conditions }) => (
          <ul className="terms">
            {conditions.nodes.map(({ slug, name, synonyms }) => (
              <li key={slug}>
                <Link to={`/conditions/${slug}`}>{name}</Link>
                {synonyms.length > 0 && <span className="small muted"> {synonyms.slice(0, 3).join(', ')}</span>}
              </li>
            ))}
          </ul>
        )}
      </Widget>
    </Page>
  )
}
