interface Article {
  readonly title: string
  readonly kind: string
  readonly publishedOn: string | null
}

/** "“Magnesium: worth its weight” (magazine article, 5 February 2026)". */
export function articleWords({ title, kind, publishedOn }: Article): string {
  const day =
    publishedOn === null ? null : new Date(publishedOn).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
  return `“${title}” (${[kind.toLowerCase().replaceAll('_', ' '), day].filter((part) => part !== null).join(', ')})`
}
