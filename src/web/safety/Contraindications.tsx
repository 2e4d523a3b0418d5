import { Link } from 'react-router'
import type { ContraindicationRowFragment } from '../../generated/web/graphql.js'
import { ReadIn } from '../widgets/ReadIn.js'

/** Conditions in which labels advise against magnesium, each with the forms whose labels say so. */
export function Contraindications({ rows }: { readonly rows: readonly ContraindicationRowFragment[] }) {
  return (
    <ul>
      {rows.map(({ id, condition, note, forms, provenance }) => (
        <li key={id}>
          <Link to={`/conditions/${condition.slug}`}>{condition.name}</Link>
          {note !== null && `: ${note}`}{' '}
          <span className="small muted">
            {forms.length === 0 ? 'Said of magnesium as such.' : <>Read on labels of {linked(forms)}; it may hold for every form.</>} <ReadIn {...provenance} />
          </span>
        </li>
      ))}
    </ul>
  )
}

const linked = (forms: readonly { readonly slug: string; readonly name: string }[]) =>
  forms.map(({ slug, name }, place) => (
    <span key={slug}>
      {place > 0 && ', '}
      <Link to={`/forms/${slug}`}>{name}</Link>
    </span>
  ))
