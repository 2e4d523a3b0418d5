interface ReadInProps {
  readonly source: string
  /** What tells the place within the source. */
  readonly more?: readonly (string | null)[]
}

/** Where something was read: addresses lead there. */
export function ReadIn({ source, more = [] }: ReadInProps) {
  return (
    <>
      {source.split(/(https?:\/\/[^\s;]+)/).map((part, place) =>
        place % 2 === 1 ? (
          <a key={place} href={part}>
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
