/** External codes, as links where their systems have pages. */
export function Codes({ codes }: { readonly codes: readonly { readonly system: string; readonly value: string; readonly url: string | null }[] }) {
  return codes.map(({ system, value, url }, place) => (
    <span key={`${system} ${value}`}>
      {place > 0 && ' · '}
      {url === null ? (
        `${system} ${value}`
      ) : (
        <a href={url} rel="noopener">
          {system} {value}
        </a>
      )}
    </span>
  ))
}
