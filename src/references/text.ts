/** Trimmed and on one line; null if nothing is left. */
export function oneLine(text: string | undefined): string | null {
  const plain = text?.replace(/\s+/gu, ' ').trim() ?? ''
  return plain === '' ? null : plain
}

/** A title without the full stop that PubMed sets after it; an ellipsis stays. */
export const withoutFullStop = (title: string) => (/(^|[^.])\.{1,2}$/.test(title.trimEnd()) ? title.trimEnd().slice(0, -1) : title)

/** A title that keeps its own full stop when a reader takes one off. */
export const withItsFullStop = (title: string) => (/(^|[^.])\.$/.test(title) ? `${title}.` : title)

/** Crossref keeps what follows the colon apart. */
export function withSubtitle(title: string | undefined, subtitle: string | undefined): string | undefined {
  const [main, more] = [title?.trim() ?? '', subtitle?.trim() ?? '']
  if (main === '' || more === '' || main.toLowerCase().includes(more.toLowerCase())) return title
  return /[:?!.–—-]$/.test(main) ? `${main} ${more}` : `${main}: ${more}`
}
