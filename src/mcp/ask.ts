import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { getOperationAST, print, type DocumentNode } from 'graphql'
import { errorCodes, PublicError, type ErrorCode, type ErrorDetails } from '../errors.js'
import type { AskedOperation, OperationAnswer } from '../http/graphql.js'

/** Asks the API, with the limits and at the cost of whoever called the tool. */
export type Ask = (operation: AskedOperation) => Promise<OperationAnswer>

/** What a call of a tool has: the API, and where the service is found. */
export interface Session {
  readonly ask: Ask
  /** "https://host" of the service as the caller reached it; '' where there is none, as over standard input. */
  readonly origin: string
  /** Path under which callers find the service, '' or '/magnesium'. */
  readonly basePath: string
}

const texts = new WeakMap<DocumentNode, Pick<AskedOperation, 'query' | 'operationName'>>()

function textOf(document: DocumentNode): Pick<AskedOperation, 'query' | 'operationName'> {
  const known = texts.get(document)
  if (known !== undefined) return known
  const made = { query: print(document), operationName: getOperationAST(document)?.name?.value ?? '' }
  texts.set(document, made)
  return made
}

/**
 * The data of an operation, whole.
 *
 * @throws {PublicError} with code and details of the first error that the API answers
 */
export async function answerOf<Data, Variables extends Readonly<Record<string, unknown>>>(
  { ask }: Pick<Session, 'ask'>,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const { data, errors } = await ask({ ...textOf(document), variables })
  const [first] = errors ?? []
  if (first !== undefined) throw publicErrorOf(first)
  return data as Data // the types are generated from the schema that answers
}

function publicErrorOf({ message, extensions = {} }: NonNullable<OperationAnswer['errors']>[number]): PublicError {
  const { code, ...details } = extensions
  const isKnown = (word: unknown): word is ErrorCode => typeof word === 'string' && Object.hasOwn(errorCodes, word)
  return new PublicError(isKnown(code) ? code : 'INTERNAL_SERVER_ERROR', message, details as ErrorDetails) // as the API's own errors are made
}
