interface ReadInProps {
  readonly source: string
  /** What tells the place within the source. */
  readonly more?: readonly (string | null)[]
}

/** What in a source leads somewhere: an address, or an identifier of a register. */
const linked = /(https?:\/\/[^\s;]+|\bdoi:\s?10\.[^\s;]+|\bPMID:?\s?\d+|\bPMC\d+|\bNCT\d{8})/i

/** Where something was read: addresses and identifiers lead there. */
export function ReadIn({ source, more = [] }: ReadInProps) {
  return (
    <>
      {source.split(linked).map((part, place) =>
        place % 2 === 1 ? (
          <a key={place} href={addressOf(part)}>
            {part}
          </a>
        ) : (
          part
        ),
      )}
      {more.map((part) => part !== null && `, ${part}`)}
    </>
  )
}

function addressOf(part: string): string {
  if (/^http/i.test(part)) return part
  if (/^doi/i.test(part)) return `https://doi.org/${part.replace(/^doi:\s?/i, '')}`
  if (/^PMID/i.test(part)) return `https://pubmed.ncbi.nlm.nih.gov/${part.replace(/\D/g, '')}/`
  if (/^PMC/i.test(part)) return `https://pmc.ncbi.nlm.nih.gov/articles/${part.toUpperCase()}/`
  return `https://clinicaltrials.gov/study/${part.toUpperCase()}`
}
