/** Why the service did not do what was asked, in its own words. */
export function Refused({ message, retry }: { readonly message: string; readonly retry?: () => void }) {
  return (
    <div className="failed" role="alert">
      <p>{message}</p>
      {retry !== undefined && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  )
}
