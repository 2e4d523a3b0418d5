import { Link, useParams } from 'react-router'
import { FormPageDocument, type FormPageQuery } from '../../generated/web/graphql.js'
import { SummaryTable } from '../condition/SummaryTable.js'
import { Page } from '../shell/Page.js'
import { Codes } from '../widgets/Codes.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { capitalised, plainWord } from '../words.js'
import { shareWords } from './share.js'

type Form = NonNullable<FormPageQuery['form']>

/** What a form is, what it was tried for, and what to mind with it. */
export function FormPage() {
  const { slug = '' } = useParams()
  const asked = useOperation(FormPageDocument, { slug })
  const form = asked.data?.form
  return (
    <Page title={capitalised(form?.name ?? slug.replaceAll('-', ' '))} lead={form?.description} asked={asked}>
      <Widget title="What it is" asked={asked} lines={5}>
        {({ form: found }) => (found === null ? <Empty>No form is called {slug}.</Empty> : <Facts form={found} />)}
      </Widget>
      <Widget title="What it was tried for" asked={asked} lines={10} note="Pooled by random effects (REML, Hartung–Knapp) where that can be done.">
        {({ form: found }) =>
          found === null || found.summaries.length === 0 ? (
            <Empty>No study in people gave it: a gap.</Empty>
          ) : (
            <SummaryTable summaries={found.summaries} by="form" />
          )
        }
      </Widget>
      <Widget
        title="What to mind"
        asked={asked}
        lines={4}
        note="Known interactions and contraindications of magnesium; no list of this kind is complete, and none replaces a clinician."
      >
        {({ form: found }) => (found === null ? <Empty>Nothing.</Empty> : <Safety form={found} />)}
      </Widget>
    </Page>
  )
}

function Facts({ form }: { readonly form: Form }) {
  const facts: readonly [string, string | null][] = [
    ['Formula', form.formula],
    ['Hydration', form.hydration],
    ['Molar mass', form.molarMass === null ? null : `${form.molarMass.toFixed(2)} g/mol`],
    ['Share of magnesium', shareWords(form)],
    ['Kind', plainWord(form.category)],
    ['Solubility', form.solubility],
    ['Also called', form.synonyms.join(', ') || null],
    ['May mean', form.mayBe.join(', ') || null],
  ]
  return (
    <>
      <dl className="facts">
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      <p className="small">
        <Codes codes={form.codes} />
      </p>
      <p>
        <Link to={`/dose?form=${form.slug}`}>Convert a dose of it</Link>
      </p>
    </>
  )
}

function Safety({ form }: { readonly form: Form }) {
  return (
    <>
      <ul>
        {form.contraindications.map(({ id, condition, note }) => (
          <li key={id}>
            <strong>{condition.name}</strong>
            {note !== null && `: ${note}`}
          </li>
        ))}
      </ul>
      <ul>
        {form.interactions.map(({ id, substance, effect, hoursBefore, hoursAfter }) => (
          <li key={id}>
            <strong>{substance}</strong>: {effect}
            {(hoursBefore ?? hoursAfter) !== null && ` Studies and labels keep them apart: ${apart(hoursBefore, hoursAfter)}.`}
          </li>
        ))}
      </ul>
    </>
  )
}

interface Hours {
  readonly low: number
  readonly high: number
}

/** "the medicine 2 h before, or 4 to 6 h after". */
function apart(before: Hours | null, after: Hours | null): string {
  const range = ({ low, high }: Hours) => (low === high ? `${low} h` : `${low} to ${high} h`)
  const sides = [before && `${range(before)} before`, after && `${range(after)} after`].filter((side) => side !== null)
  return `the medicine ${sides.join(', or ')}`
}
