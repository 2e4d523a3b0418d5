import { useState } from 'react'
import { Link } from 'react-router'
import { serviceAddress } from '../address.js'
import { StudiesDocument, type StudyFilter } from '../../generated/web/graphql.js'
import { filterOfAddress } from '../filters/evidenceFilter.js'
import { useAddress } from '../filters/useAddress.js'
import { Page } from '../shell/Page.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { counted, designWords } from '../words.js'

/** Studies, the newest first. */
export function StudiesPage() {
  const { address, set } = useAddress()
  const text = address.get('q') ?? ''
  const { designs, conditions, forms, year } = filterOfAddress(address)
  const filter: StudyFilter = {
    ...(text.trim() !== '' && { text: text.trim() }),
    ...(designs && { designs }),
    ...(conditions && { conditions }),
    ...(forms && { forms }),
    ...(year && { year }),
  }
  return (
    <Page title="Studies" lead="Trials, observational studies, reviews and laboratory work, as they are recorded here; a retraction is shown in red.">
      <form className="filters no-print" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
        <label>
          Words <input type="search" value={text} onChange={({ target }) => set('q', target.value)} />
        </label>
      </form>
      <List key={JSON.stringify(filter)} filter={filter} />
    </Page>
  )
}

function List({ filter }: { readonly filter: StudyFilter }) {
  const [cursors, setCursors] = useState<readonly (string | null)[]>([null])
  const asked = useOperation(StudiesDocument, { filter, after: cursors.at(-1) ?? null })
  const query = new URLSearchParams({ filter: JSON.stringify(filter) }).toString()
  const downloads = ['csv', 'ris', 'bib', 'csl.json', 'nbib'].map((ending) => ({
    name: ending.toUpperCase(),
    href: serviceAddress(`/download/studies.${ending}?${query}`),
  }))
  return (
    <Widget title="Studies" asked={asked} lines={20} downloads={downloads}>
      {({ studies: { totalCount, nodes, pageInfo } }) =>
        totalCount === 0 ? (
          <Empty>No study answers.</Empty>
        ) : (
          <>
            <p className="muted">{counted(totalCount, 'study', 'studies')}</p>
            <ul className="studies">
              {nodes.map(({ slug, title, year, design, status, participantsAnalysed, participantsRandomized }) => (
                <li key={slug}>
                  <Link to={`/studies/${slug}`}>{title}</Link> {status === 'RETRACTED' && <strong className="alert">retracted</strong>}
                  <div className="small muted">
                    {[year, designWords[design], peopleWords(participantsAnalysed ?? participantsRandomized)].filter((part) => part !== null).join(', ')}
                  </div>
                </li>
              ))}
            </ul>
            {(cursors.length > 1 || pageInfo.hasNextPage) && (
              <p className="row">
                <button type="button" disabled={cursors.length === 1} onClick={() => setCursors(cursors.slice(0, -1))}>
                  Newer
                </button>
                <button type="button" disabled={!pageInfo.hasNextPage} onClick={() => setCursors([...cursors, pageInfo.endCursor])}>
                  Older
                </button>
              </p>
            )}
          </>
        )
      }
    </Widget>
  )
}

const peopleWords = (count: number | null): string | null => (count === null ? null : counted(count, 'person', 'people'))
