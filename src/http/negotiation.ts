import type { FastifyReply, FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'
import { append } from 'vary'
import { PublicError } from '../errors.js'

/** Media types of an answer, the usual one first. */
export const mediaTypes = ['application/json', 'application/graphql-response+json'] as const
export type MediaType = (typeof mediaTypes)[number]

/**
 * The media type that a caller prefers; without a preference application/json.
 *
 * @throws {PublicError} NOT_ACCEPTABLE if the caller takes neither
 */
export function mediaTypeOf({ headers: { accept } }: Pick<FastifyRequest, 'headers'>): MediaType {
  const preferred = new Negotiator({ headers: { accept: accept === '' ? undefined : accept } }).mediaType(mediaTypes.map((type) => `${type}; charset=utf-8`))
  const found = mediaTypes.find((type) => preferred?.startsWith(type))
  if (found === undefined) throw new PublicError('NOT_ACCEPTABLE', `answers are ${mediaTypes.join(' or ')}: accept one of them, or send no Accept header`)
  return found
}

/** Adds headers of the request, in lower case, to Vary, beside those that are named already. */
export function varyBy(reply: FastifyReply, ...headers: readonly string[]): FastifyReply {
  const named = reply.getHeader('vary')
  return reply.header('vary', append(Array.isArray(named) ? named.join(', ') : String(named ?? ''), [...headers]))
}

/** @throws {PublicError} NOT_ACCEPTABLE if the caller does not take the one media type that there is */
export function requireMediaType({ headers: { accept } }: Pick<FastifyRequest, 'headers'>, type: string): void {
  const preferred = new Negotiator({ headers: { accept: accept === '' ? undefined : accept } }).mediaType([type])
  if (preferred === undefined) throw new PublicError('NOT_ACCEPTABLE', `answers are ${type}: accept it, or send no Accept header`)
}
