import { useState } from 'react'
import { Link } from 'react-router'
import { serviceAddress } from '../address.js'
import { MovedConclusionsDocument, NewsDocument, type ChangeKind, type ConclusionFragment, type NewsQuery } from '../../generated/web/graphql.js'
import { useAddress } from '../filters/useAddress.js'
import { Page } from '../shell/Page.js'
import { Choice } from '../widgets/Choice.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { counted, directionWords, estimateWords, plainWord } from '../words.js'

type Revision = NewsQuery['revisions']['nodes'][number]
type Change = NewsQuery['changes']['nodes'][number]

const kindWords: Readonly<Record<ChangeKind, string>> = { ADDED: 'added', CHANGED: 'changed', REMOVED: 'removed', STATUS: 'notice' }

/** What was added or corrected, and which conclusions moved by it. */
export function NewsPage() {
  const [cursors, setCursors] = useState<readonly (string | null)[]>([null])
  const { address, set } = useAddress()
  const condition = address.get('condition')
  const asked = useOperation(NewsDocument, { conditions: condition === null ? null : [condition], after: cursors.at(-1) ?? null })
  const revisions = asked.data?.revisions.nodes ?? []
  const since = revisions.find(({ revision }) => revision === address.get('since')) ?? revisions[1]
  return (
    <Page title="What is new" asked={asked} lead="What was added or corrected in the evidence, and which conclusions moved by it.">
      <Widget title="Revisions" asked={asked} lines={6} downloads={[{ name: 'Atom feed', href: serviceAddress('/changes.atom') }]}>
        {({ revisions: { nodes, totalCount } }) => (
          <>
            <p className="muted">{counted(totalCount, 'revision', 'revisions')}, newest first</p>
            <ul>
              {nodes.map((revision) => (
                <li key={revision.revision}>
                  {named(revision)}: {counted(revision.counts.studies, 'study', 'studies')}, {counted(revision.counts.effects, 'effect', 'effects')},{' '}
                  {counted(revision.counts.claims, 'claim', 'claims')}
                  {revision.changeRecording === 'NOT_RECORDED' && <span className="muted">; what it changed was not recorded</span>}
                </li>
              ))}
            </ul>
          </>
        )}
      </Widget>
      {since !== undefined && (
        <>
          <form className="filters no-print" aria-label="Since" onSubmit={(event) => event.preventDefault()}>
            <Choice
              label="Conclusions since"
              words={Object.fromEntries(revisions.slice(1).map((revision) => [revision.revision, named(revision)]))}
              value={since.revision}
              onChange={(revision) => set('since', revision)}
            />
          </form>
          <Moved since={since.revision} />
        </>
      )}
      <Widget title="Changes" asked={asked} lines={12}>
        {({ changes: { nodes, totalCount, pageInfo } }) =>
          nodes.length === 0 ? (
            <Empty>No change is recorded.</Empty>
          ) : (
            <>
              <p className="muted">{counted(totalCount, 'change', 'changes')}, newest first</p>
              <ul>
                {nodes.map((change) => (
                  <li key={`${change.revision} ${change.kind} ${change.subjectType} ${change.subjectSlug}`}>
                    <Subject change={change} /> <span className="muted small">{`${kindWords[change.kind]}, ${day(change.at)}`}</span>
                    {change.what.length > 0 && (
                      <ul className="small">
                        {change.what.map((line) => (
                          <li key={line}>{line}</li>
                        ))}
                      </ul>
                    )}
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
    </Page>
  )
}

function Moved({ since }: { readonly since: string }) {
  const asked = useOperation(MovedConclusionsDocument, { since })
  return (
    <Widget title="Conclusions that moved" asked={asked} lines={6} note="A pooled estimate, its direction or its certainty is another than it was.">
      {({ conclusionChanges }) =>
        conclusionChanges.length === 0 ? (
          <Empty>No conclusion moved.</Empty>
        ) : (
          <ul>
            {conclusionChanges.map(({ condition, outcome, comparison, before, after, why }) => (
              <li key={[condition?.slug, outcome?.slug, comparison.key, (after ?? before)?.evidenceClass].join(' ')}>
                {condition !== null && <Link to={`/conditions/${condition.slug}`}>{condition.name}</Link>},{' '}
                {outcome?.name ?? 'an outcome that is not used any more'}, {comparison.label}: from {conclusionWords(before)} to {conclusionWords(after)}
                <ul className="small">
                  {why.map((reason) => (
                    <li key={reason}>{reason}</li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        )
      }
    </Widget>
  )
}

function conclusionWords(conclusion: ConclusionFragment | null): string {
  if (conclusion === null) return 'none'
  const { measure, estimate, ciLower, ciUpper, direction, certainty, studies } = conclusion
  if (estimate === null) return `no pool (${counted(studies, 'study', 'studies')})`
  return [estimateWords(measure, estimate, ciLower, ciUpper), directionWords[direction], certainty === null ? null : `${plainWord(certainty.level)} certainty`]
    .filter((part) => part !== null)
    .join(', ')
}

const folders: Readonly<Record<string, string>> = { Study: 'studies', Condition: 'conditions', MagnesiumForm: 'forms', Claim: 'claims' }

function Subject({ change: { subject, subjectType, subjectSlug } }: { readonly change: Change }) {
  if (subjectType === null || subjectSlug === null) return 'First import'
  const names: { readonly title?: string; readonly name?: string; readonly statement?: string } = subject ?? {}
  const name = names.title ?? names.name ?? names.statement ?? subjectSlug
  const folder = folders[subjectType]
  return folder === undefined || subject === null ? name : <Link to={`/${folder}/${subjectSlug}`}>{name}</Link>
}

/** "1 December 2026, release 2026.11": what tells one revision from the others for a reader. */
const named = ({ importedAt, release, revision }: Revision): string =>
  [importedAt.slice(0, 16).replace('T', ' '), release === null ? null : `release ${release}`, revision.slice(0, 12)].filter((part) => part !== null).join(', ')

const day = (at: string): string => at.slice(0, 10)
