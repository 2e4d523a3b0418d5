import { Link } from 'react-router'
import { AboutDataDocument, type AboutDataQuery } from '../../generated/web/graphql.js'
import { serviceAddress } from '../address.js'
import { useOperation } from '../widgets/useOperation.js'

/** The end of every view: what the data are, how to cite them, and what is missing or doubtful. */
export function Foot() {
  const { data } = useOperation(AboutDataDocument, {})
  return (
    <footer>
      <p>
        Evidence, not advice. What trials showed is not what is right for one person: that is for them and their clinician to decide. Every number comes from an
        operation that its link opens in the <a href={serviceAddress('/playground')}>playground</a>. <Link to="/new">What is new</Link>. Curators decide on{' '}
        <Link to="/drafts">drafts</Link>.
      </p>
      <div className="about-data">{data?.dataset && <AboutData dataset={data.dataset} />}</div>
    </footer>
  )
}

function AboutData({ dataset }: { readonly dataset: AboutDataQuery['dataset'] }) {
  const { release, dataRevision, importedAt, licence, citation, warnings, counts } = dataset
  return (
    <>
      <p>
        Release {release}
        {importedAt != null && <> of the data, imported on {dayOf(importedAt)}</>}, revision <code>{dataRevision.slice(0, 12)}</code>:{' '}
        {counted(counts.studies, 'study', 'studies')}, {counted(counts.results, 'result', 'results')},{' '}
        {counted(counts.pooledResults, 'published pool', 'published pools')}, {counted(counts.claims, 'claim', 'claims')}. Licence: {licence}.
      </p>
      <p>Cite as: {citation}</p>
      {warnings.length > 0 && (
        <details className="no-print">
          <summary>What is missing or doubtful</summary>
          <ul>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

const dayOf = (importedAt: string) => new Date(importedAt).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

const counted = (count: number, one: string, more: string) => `${count.toLocaleString('en-GB')} ${count === 1 ? one : more}`
