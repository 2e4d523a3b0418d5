import type { ReactNode } from 'react'
import { Link, useParams } from 'react-router'
import { FormPageDocument, type FormPageQuery } from '../../generated/web/graphql.js'
import { SummaryTable } from '../condition/SummaryTable.js'
import { Contraindications } from '../safety/Contraindications.js'
import { Interactions } from '../safety/Interactions.js'
import { Page } from '../shell/Page.js'
import { Codes } from '../widgets/Codes.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'
import { Widget } from '../widgets/Widget.js'
import { capitalised, plainWord } from '../words.js'
import { Formula } from './Formula.js'
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
            <SummaryTable summaries={found.summaries} by="condition" />
          )
        }
      </Widget>
      <Widget
        title="What to mind"
        asked={asked}
        lines={4}
        note={
          <>
            What labels say. No list of this kind is complete, and none replaces a clinician. <Link to="/safety">Safety</Link> has all forms and the harms that
            trials report.
          </>
        }
      >
        {({ form: found, kidney }) => (found === null ? <Empty>Nothing.</Empty> : <Safety form={found} kidney={kidney} />)}
      </Widget>
    </Page>
  )
}

function Facts({ form }: { readonly form: Form }) {
  const facts: readonly [string, ReactNode][] = [
    ['Formula', form.formula === null ? null : <Formula formula={form.formula} />],
    ['Hydration', form.hydration],
    ['Molar mass', form.molarMass === null ? null : `${form.molarMass.toFixed(2)} g/mol`],
    ['Share of magnesium', shareWords(form)],
    ['Kind', plainWord(form.category)],
    ['Solubility', form.solubility],
    ['Also called', form.synonyms.join(', ') || null],
    ['May mean', form.mayBe.join(', ') || null],
    ['Randomised trials', form.trials.toLocaleString('en-GB')],
    [
      'Usual dose in trials',
      form.medianElementalMgPerDay === null ? null : `${Math.round(form.medianElementalMgPerDay).toLocaleString('en-GB')} mg of magnesium a day`,
    ],
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

function Safety({ form, kidney }: { readonly form: Form; readonly kidney: FormPageQuery['kidney'] }) {
  const others = kidney.filter(({ id }) => !form.contraindications.some((own) => own.id === id))
  return (
    <>
      <h3>Kidney function first</h3>
      <Contraindications rows={form.contraindications.filter(({ id }) => kidney.some((named) => named.id === id))} />
      {others.length > 0 && (
        <details>
          <summary>Labels of other forms; it may hold for every form</summary>
          <Contraindications rows={others} />
        </details>
      )}
      <h3>Other conditions named on labels</h3>
      <Contraindications rows={form.contraindications.filter(({ id }) => !kidney.some((named) => named.id === id))} />
      <h3>Interactions</h3>
      <Interactions rows={form.interactions} />
    </>
  )
}
