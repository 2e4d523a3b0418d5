import { Link, Navigate, useLocation } from 'react-router'
import { HomeDocument, type CertaintyLevel, type HomeQuery } from '../../generated/web/graphql.js'
import { serviceAddress } from '../address.js'
import { SearchBox } from '../search/SearchBox.js'
import { Page } from '../shell/Page.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { capitalised, countWords, plainWord } from '../words.js'
import '../evidence/effects.css'
import './home.css'

/** What people ask most, and the view that answers it. */
const questions = [
  { words: 'Does it help sleep?', place: '/conditions/insomnia' },
  { words: 'Does it prevent migraine?', place: '/conditions/migraine' },
  { words: 'Does it stop leg cramps?', place: '/conditions/nocturnal-leg-cramps' },
  { words: 'Does it lower blood pressure?', place: '/conditions/hypertension' },
  { words: 'Does it help anxiety?', place: '/conditions/anxiety' },
  { words: 'Which form?', place: '/forms' },
  { words: 'How much is in a tablet?', place: '/dose' },
  { words: 'Is it safe with my medicines?', place: '/safety' },
] as const

const ways = [
  { place: '/claims', name: 'Check a claim', what: 'What articles assert about magnesium, and what their own sources say.' },
  { place: '/dose', name: 'Convert a dose', what: 'Salt to elemental magnesium and back, with what a label leaves open.' },
  { place: '/forms', name: 'Compare forms', what: 'Share of magnesium, solubility, and what each form was tried for.' },
  { place: '/safety', name: 'Safety', what: 'Kidney function, interactions, and harms in trials.' },
  { place: '/new', name: 'What is new', what: 'What was added or corrected, and which conclusions moved.' },
] as const

/** The first page: what are you looking for? Addresses of the map from before it had one of its own still lead to it. */
export function HomePage() {
  const { search } = useLocation()
  const asked = useOperation(HomeDocument, {}, { pause: search !== '' })
  if (search !== '') return <Navigate replace to={`/map${search}`} />
  return (
    <Page
      title="What are you looking for?"
      lead="Trials and reviews of magnesium: what was compared with what, how large the effect was, and how sure that is. Evidence, not advice."
    >
      <div className="home-search">
        <SearchBox />
      </div>
      <nav aria-label="Questions">
        <ul className="questions">
          {questions.map(({ words, place }) => (
            <li key={place}>
              <Link to={place}>{words}</Link>
            </li>
          ))}
        </ul>
      </nav>
      <Widget
        title="Where most was tried"
        asked={asked}
        lines={14}
        note="Conditions with the most randomised trials against placebo or no treatment. Certainty is that of the surest outcome of the summary of findings: it says how sure the estimate is, not that magnesium works."
      >
        {({ evidenceSummaries }) => <Tried summaries={evidenceSummaries ?? []} />}
      </Widget>
      <section className="widget" aria-label="Ways in">
        <ul className="ways">
          {ways.map(({ place, name, what }) => (
            <li key={place}>
              <Link to={place}>{name}</Link>
              <p className="small muted">{what}</p>
            </li>
          ))}
          <li>
            <strong>For analysts</strong>
            <p className="small">
              <Link to="/map">Map of the evidence</Link> · <Link to="/synthesis">Pool studies</Link> · <Link to="/evidence">All effects</Link> ·{' '}
              <Link to="/compare">Compare two pools</Link>
            </p>
          </li>
          <li>
            <strong>For developers</strong>
            <p className="small">
              <a href={serviceAddress('/playground')}>Playground</a> · <a href={serviceAddress('/schema.graphql')}>Schema</a> ·{' '}
              <a href={serviceAddress('/openapi.json')}>OpenAPI</a> · <a href={serviceAddress('/llms.txt')}>For assistants</a>
            </p>
          </li>
        </ul>
      </section>
    </Page>
  )
}

type Summary = NonNullable<HomeQuery['evidenceSummaries']>[number]

const columns = ['Condition', 'Trials', 'People', 'Surest outcome'] as const

function Tried({ summaries }: { readonly summaries: readonly Summary[] }) {
  return (
    <div className="scroll" role="region" aria-label="Conditions with the most trials" tabIndex={0}>
      <table className="effects cards" role="table">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th key={column} scope="col" role="columnheader">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {summaries.flatMap(({ condition, studies, participants }) =>
            condition === null ? (
              []
            ) : (
              <tr key={condition.slug} role="row">
                <th scope="row" role="rowheader">
                  <Link to={`/conditions/${condition.slug}`}>{capitalised(condition.name)}</Link>
                </th>
                <td role="cell" data-label="Trials">
                  {countWords(studies)}
                </td>
                <td role="cell" data-label="People">
                  {countWords(participants)}
                </td>
                <td role="cell" data-label="Surest outcome">
                  {surestWords(condition)}
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  )
}

const levels: readonly CertaintyLevel[] = ['HIGH', 'MODERATE', 'LOW', 'VERY_LOW']

/** "moderate: eclampsia"; of outcomes that are as sure, the first of the summary, which is the one that matters most. */
function surestWords({ summaryOfFindings }: NonNullable<Summary['condition']>): string {
  const rated = (summaryOfFindings?.rows ?? []).flatMap(({ outcome, certainty }) =>
    certainty === null ? [] : [{ name: outcome.name, level: certainty.level }],
  )
  const [surest] = rated.toSorted((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level))
  return surest === undefined ? 'nothing could be pooled' : `${plainWord(surest.level)}: ${surest.name}`
}
