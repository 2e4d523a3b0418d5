/** Why the service cannot start, in one sentence meant for whoever starts it; shown without a stack. */
export class StartupError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartupError'
  }
}

/** The message of anything thrown; an attempt at several addresses fails with an empty one around the causes. */
export function messageOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  const { message, errors } = error as { message?: unknown; errors?: readonly unknown[] } // an Error, maybe of another realm, or an AggregateError
  if (message === '' && errors?.[0] !== undefined) return messageOf(errors[0])
  return typeof message === 'string' ? message : String(error)
}
