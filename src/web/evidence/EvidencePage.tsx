import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { serviceAddress } from '../address.js'
import { EvidencePageDocument, type EvidenceFilter } from '../../generated/web/graphql.js'
import { filterOfAddress } from '../filters/evidenceFilter.js'
import { FilterBar } from '../filters/FilterBar.js'
import { useAbout } from '../filters/useAbout.js'
import { Page } from '../shell/Page.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget, type Download } from '../widgets/Widget.js'
import { counted } from '../words.js'
import { EffectTable } from './EffectTable.js'

const pageSize = 50

/** The effects that the address selects. */
export function EvidencePage() {
  const [address] = useSearchParams()
  const filter = filterOfAddress(address)
  const about = useAbout(address)
  return (
    <Page
      title={about === '' ? 'Evidence' : `Evidence: ${about}`}
      lead="One row for each contrast, outcome and time point of a study. Ratios are ratios; intervals come before directions."
    >
      <FilterBar />
      {/* Another question begins at its first page. */}
      <Effects key={JSON.stringify(filter)} filter={filter} />
    </Page>
  )
}

function Effects({ filter }: { readonly filter: EvidenceFilter }) {
  const [cursors, setCursors] = useState<readonly (string | null)[]>([null])
  const asked = useOperation(EvidencePageDocument, { filter, first: pageSize, after: cursors.at(-1) ?? null })
  return (
    <Widget title="Effects" asked={asked} lines={16} downloads={downloadsOf(filter)}>
      {({ evidence: { totalCount, nodes, pageInfo } }) =>
        totalCount === 0 ? (
          <Empty>No effect is selected. Fewer filters may select some; studies of other subjects or retracted ones are left out unless asked for.</Empty>
        ) : (
          <>
            <p className="muted">
              {counted(totalCount, 'effect', 'effects')}
              {totalCount > pageSize && `, ${pageSize * (cursors.length - 1) + 1} to ${pageSize * (cursors.length - 1) + nodes.length} here`}
            </p>
            <EffectTable effects={nodes} />
            {totalCount > pageSize && (
              <p className="row no-print">
                <button type="button" disabled={cursors.length === 1} onClick={() => setCursors(cursors.slice(0, -1))}>
                  Earlier
                </button>
                <button type="button" disabled={!pageInfo.hasNextPage} onClick={() => setCursors([...cursors, pageInfo.endCursor])}>
                  Later
                </button>
              </p>
            )}
          </>
        )
      }
    </Widget>
  )
}

/** Files of everything that the filter selects. */
export function downloadsOf(filter: EvidenceFilter): Download[] {
  const query = new URLSearchParams({ filter: JSON.stringify(filter) }).toString()
  return (['csv', 'parquet', 'ndjson', 'fhir.json'] as const).map((ending) => ({
    name: ending === 'fhir.json' ? 'FHIR' : ending.toUpperCase(),
    href: serviceAddress(`/download/evidence.${ending}?${query}`),
  }))
}
