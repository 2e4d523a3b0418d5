import type { FastifyRequest } from 'fastify'
import { coerceInputValue, isInputType, type GraphQLSchema } from 'graphql'
import { PublicError } from '../errors.js'
import { withDefaults } from '../graphql/defaults.js'

export interface Queried {
  Querystring: Record<string, string | string[] | undefined>
}

/**
 * The parameters of an address, each once.
 *
 * @throws {PublicError} REPEATED_PARAMETER
 */
export function parametersOf({ query }: FastifyRequest<Queried>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      if (typeof value !== 'string')
        throw new PublicError('BAD_USER_INPUT', `${name} is given more than once`, { reason: 'REPEATED_PARAMETER', argument: name })
      return [name, value]
    }),
  )
}

/** @throws {PublicError} BAD_PARAMETER */
export function parsedJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new PublicError('BAD_USER_INPUT', `${name} is not JSON, such as {"conditions":["migraine"]}`, { reason: 'BAD_PARAMETER', argument: name })
  }
}

/** Whether a parameter is "true"; false where it is not given. @throws {PublicError} BAD_PARAMETER */
export function truth(name: string, text: string | undefined): boolean {
  if (text !== undefined && text !== 'true' && text !== 'false')
    throw new PublicError('BAD_USER_INPUT', `${name} is true or false, got ${JSON.stringify(text.slice(0, 100))}`, { reason: 'BAD_PARAMETER', argument: name })
  return text === 'true'
}

/**
 * A value as an input type of the API, checked and completed by the schema itself, so that an address takes exactly what a query takes.
 *
 * @param argument named in errors where the value as a whole is wrong
 * @throws {PublicError} BAD_PARAMETER
 */
export function coercedInput(schema: GraphQLSchema, typeName: string, value: unknown, argument: string): unknown {
  const type = schema.getType(typeName)
  if (!isInputType(type)) throw new TypeError(`the schema has no input type ${typeName}`)
  const coerced: unknown = coerceInputValue(value, type, (path, _, error) => {
    const part = path.find((step) => typeof step === 'string')
    throw new PublicError('BAD_USER_INPUT', error.message, { reason: 'BAD_PARAMETER', argument: String(part ?? argument) })
  })
  return withDefaults(type, coerced)
}
