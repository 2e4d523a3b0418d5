/** A step on the way down to a view; the last of a way has no address, for it is the view. */
export interface Step {
  readonly name: string
  readonly to?: string
}

/** The lists at the top, and what one of their entries is called where its own name is not in the address. */
const lists: Readonly<Record<string, string>> = {
  conditions: 'Conditions',
  forms: 'Forms',
  studies: 'Studies',
  claims: 'Claims',
  drafts: 'Drafts',
}

/** Views that show one subject in a way of their own. */
const viewsOfSubjects: Readonly<Record<string, string>> = { synthesis: 'Together', evidence: 'Effects', compare: 'Compare' }

/**
 * The way from the top to a view, read off its address alone, so that it stands there at once.
 *
 * @param pathname of the view
 * @param search of its address
 * @returns no step for a view that the menu names
 */
export function stepsTo(pathname: string, search: string): readonly Step[] {
  const [first = '', second] = pathname.split('/').filter((part) => part !== '')
  const list = lists[first]
  if (list !== undefined) return second === undefined ? [] : [{ name: list, to: `/${first}` }, { name: wordsOf(second) }]
  const view = viewsOfSubjects[first]
  if (view === undefined) return []
  const address = new URLSearchParams(search)
  const [condition, form, outcome] = ['condition', 'form', 'outcome'].map((name) => address.get(name) ?? '')
  const subject: Step[] = condition
    ? [
        { name: lists['conditions'] ?? '', to: '/conditions' },
        { name: wordsOf(condition), to: `/conditions/${encodeURIComponent(condition)}` },
      ]
    : form
      ? [
          { name: lists['forms'] ?? '', to: '/forms' },
          { name: wordsOf(form), to: `/forms/${encodeURIComponent(form)}` },
        ]
      : []
  const ofOutcome = outcome && condition ? [{ name: wordsOf(outcome), to: `/evidence?${new URLSearchParams({ condition, outcome }).toString()}` }] : []
  return [...subject, ...ofOutcome, { name: view }]
}

/** A slug as words. What cannot be decoded is shown as it is. */
function wordsOf(slug: string): string {
  const words = decoded(slug).replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
