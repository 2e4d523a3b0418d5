import { SubjectsDocument } from '../../generated/web/graphql.js'
import { Choice } from '../widgets/Choice.js'
import { Empty } from '../widgets/states.js'
import { useOperation } from '../widgets/useOperation.js'

interface SubjectChoiceProps {
  readonly address: URLSearchParams
  readonly onChange: (name: string, value: string) => void
}

/** Of what: a condition, an outcome, a form. Nothing is pooled before one of them is chosen: across all of them a pool has no meaning. */
export function SubjectChoice({ address, onChange }: SubjectChoiceProps) {
  const { data } = useOperation(SubjectsDocument, {})
  const subjects = [
    { name: 'condition', label: 'Condition', terms: data?.conditions.nodes },
    { name: 'outcome', label: 'Outcome', terms: data?.outcomes.nodes },
    { name: 'form', label: 'Form', terms: data?.forms.nodes },
  ] as const
  return (
    <>
      <form className="filters no-print" aria-label="Subject" onSubmit={(event) => event.preventDefault()}>
        {subjects.map(({ name, label, terms }) => {
          const chosen = address.get(name) ?? ''
          const isListed = terms?.some(({ slug }) => slug === chosen) ?? false
          // An address may name several, or one that no list has.
          const known = Object.fromEntries((terms ?? []).map((term) => [term.slug, term.name]))
          const words = chosen === '' || isListed ? known : { [chosen]: chosen.replaceAll('-', ' ').replaceAll(',', ', '), ...known }
          return <Choice key={name} label={label} words={words} value={chosen} none="any" steady onChange={(slug) => onChange(name, slug)} />
        })}
      </form>
      {subjects.every(({ name }) => !address.has(name)) && (
        <Empty>Choose what to pool: a condition and an outcome, and a form if you like. A pool across all of them would have no meaning.</Empty>
      )}
    </>
  )
}
