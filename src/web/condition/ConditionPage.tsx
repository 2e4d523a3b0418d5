import { Link, useParams } from 'react-router'
import { ConditionPageDocument } from '../../generated/web/graphql.js'
import { ClaimList } from '../claims/ClaimList.js'
import { Page } from '../shell/Page.js'
import { Codes } from '../widgets/Codes.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { capitalised } from '../words.js'
import { SummaryTable } from './SummaryTable.js'

/** What is known of magnesium in one condition. */
export function ConditionPage() {
  const { slug = '' } = useParams()
  const asked = useOperation(ConditionPageDocument, { slug })
  const condition = asked.data?.condition
  return (
    <Page title={condition == null ? 'Condition' : capitalised(condition.name)} lead={condition?.description}>
      <Widget
        title="By outcome and form"
        asked={asked}
        lines={12}
        note="Pooled by random effects (REML, Hartung–Knapp) where that can be done. No clear difference is not evidence of equality."
      >
        {({ condition: found }) =>
          found === null ? (
            <Empty>No condition is called {slug}.</Empty>
          ) : found.summaries.length === 0 ? (
            <Empty>No study in people is known: a gap.</Empty>
          ) : (
            <SummaryTable summaries={found.summaries} by="condition" />
          )
        }
      </Widget>
      <Widget title="Claims about it" asked={asked} lines={3}>
        {({ claims }) => (claims.nodes.length === 0 ? <Empty>No claim of the source documents is about it.</Empty> : <ClaimList claims={claims.nodes} />)}
      </Widget>
      {condition != null && (
        <p className="small muted">
          {condition.parents.length > 0 && <>Broader: {linked(condition.parents)}. </>}
          {condition.children.length > 0 && <>Narrower: {linked(condition.children)}. </>}
          <Codes codes={condition.codes} />
        </p>
      )}
    </Page>
  )
}

const linked = (terms: readonly { readonly slug: string; readonly name: string }[]) =>
  terms.map(({ slug, name }, place) => (
    <span key={slug}>
      {place > 0 && ', '}
      <Link to={`/conditions/${slug}`}>{name}</Link>
    </span>
  ))
