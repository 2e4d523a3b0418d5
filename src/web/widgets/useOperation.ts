import { stringifyDocument, useQuery, type AnyVariables, type CombinedError, type TypedDocumentNode } from 'urql'

/** An operation that a view asked, with what came of it. */
export interface Asked<Data> {
  readonly data: Data | undefined
  readonly error: CombinedError | undefined
  /** Under way; `data` are then those of the question before, where there were any. */
  readonly fetching: boolean
  readonly retry: () => void
  /** What was asked, to be opened in the playground. */
  readonly operation: { readonly query: string; readonly variables: AnyVariables }
}

/** Answers that came with an error. */
const inPart = new WeakSet<object>()

/** Asks a recorded operation; an answer that the page already has is there at once. */
export function useOperation<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { pause = false }: { readonly pause?: boolean } = {},
): Asked<Data> {
  // The cast closes a gap between urql's conditional argument type and a generic caller.
  const [{ data, error, fetching }, ask] = useQuery<Data, AnyVariables>({ query: document as TypedDocumentNode<Data>, variables, pause })
  if (error !== undefined && data != null) inPart.add(data)
  return {
    // An answer with an error is shown as failed, not in part: its types promise that nothing of it is missing.
    // It is still there, without its error, while the next question is asked.
    data: data != null && inPart.has(data) ? undefined : data,
    error,
    fetching,
    retry: () => ask({ requestPolicy: 'network-only' }),
    operation: { query: stringifyDocument(document), variables },
  }
}
