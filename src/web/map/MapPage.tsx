import { useRef } from 'react'
import { useSearchParams } from 'react-router'
import { MapDocument, type MapQuery } from '../../generated/web/graphql.js'
import { filterOfAddress } from '../filters/evidenceFilter.js'
import { FilterBar } from '../filters/FilterBar.js'
import { Page } from '../shell/Page.js'
import { SavePlot } from '../widgets/SavePlot.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { Legend } from './Bubble.js'
import type { Cell } from './cell.js'
import { Grid, isTerm } from './Grid.js'
import './map.css'

const lead = (
  <>
    Which magnesium was tried for what, and whether it made a difference. A colour means that magnesium was compared with placebo or nothing and that the
    interval of the pooled effect excludes no effect; grey that it does not. Trials only say what was tried in the people who took part: this is evidence, not
    advice.
  </>
)

/** Conditions × forms: where evidence is, what it says, and where it is missing. */
export function MapPage() {
  const [address] = useSearchParams()
  const drawing = useRef<HTMLDivElement>(null)
  const asked = useOperation(MapDocument, { filter: filterOfAddress(address) })
  return (
    <Page title="Evidence map" lead={lead}>
      <FilterBar />
      <Widget title="Conditions by forms" asked={asked} lines={24} note={<Legend />}>
        {({ evidenceMap }) => (
          <>
            <div ref={drawing}>
              <Grid key={address.toString()} map={evidenceMap} addressOf={(cell) => evidenceAddress(cell, address)} />
            </div>
            <SavePlot part={drawing} name="evidence-map" rows={() => rowsOf(evidenceMap)} />
          </>
        )}
      </Widget>
    </Page>
  )
}

/** The evidence of a cell, under the same filters. */
function evidenceAddress({ row, column }: Cell, address: URLSearchParams): string {
  const next = new URLSearchParams(address)
  next.set('condition', row)
  if (isTerm(column)) next.set('form', column)
  return `/evidence?${next.toString()}`
}

const rowsOf = ({ cells }: MapQuery['evidenceMap']) => [
  [
    'condition',
    'form',
    'effects',
    'studies',
    'participants',
    'comparison',
    'studiesPooled',
    'participantsPooled',
    'direction',
    'standardizedBenefit',
    'lower',
    'upper',
  ],
  ...cells.map(({ row, column, effects, studies, participants, summary }) => [
    ...[row, column, effects, studies, participants, summary?.comparison.label, summary?.studiesPooled, summary?.participantsPooled, summary?.direction],
    ...[summary?.standardizedBenefit, summary?.standardizedBenefitLower, summary?.standardizedBenefitUpper],
  ]),
]
