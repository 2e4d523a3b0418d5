import { z } from 'zod'
import { PublicError } from '../errors.js'
import type { Session } from './ask.js'

/** What a tool answers: the same facts as data and in plain English. */
export interface ToolAnswer<Data> {
  readonly data: Data
  /** Uncertainty first, sources last. */
  readonly text: string
}

/** A question that assistants can ask. */
export interface Tool {
  readonly name: string
  readonly title: string
  readonly description: string
  /** As JSON Schema. */
  readonly inputSchema: JsonObject
  readonly outputSchema: JsonObject
  /** @throws {PublicError} that says what of the arguments cannot be used, or what the API refuses */
  run(given: unknown, session: Session): Promise<ToolAnswer<Readonly<Record<string, unknown>>>>
}

export type JsonObject = { readonly type: 'object' } & Readonly<Record<string, unknown>>

interface ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly input: Input
  readonly output: Output
  run(args: z.output<Input>, session: Session): Promise<ToolAnswer<z.output<Output>>>
}

export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>({ input, output, run, ...named }: ToolDefinition<Input, Output>): Tool {
  return {
    ...named,
    inputSchema: jsonSchemaOf(input, 'input'),
    outputSchema: jsonSchemaOf(output, 'output'),
    run: async (given, session) => run(checked(input, given), session),
  }
}

/** Without the name of its dialect, which clients of older revisions of the protocol do not know; it uses no word that the dialects read differently. */
function jsonSchemaOf(schema: z.ZodObject, io: 'input' | 'output'): JsonObject {
  const described = Object.entries(z.toJSONSchema(schema, { io })).filter(([word]) => word !== '$schema')
  return { ...Object.fromEntries(described), type: 'object' }
}

/** @throws {PublicError} BAD_PARAMETER that names every argument that cannot be used */
function checked<Input extends z.ZodObject>(input: Input, given: unknown): z.output<Input> {
  const { success, data, error } = input.safeParse(given ?? {})
  if (success) return data
  const faults = error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
  const [argument] = error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : [String(issue.path[0] ?? '')]))
  throw new PublicError('BAD_USER_INPUT', `the arguments cannot be used: ${faults.join('; ')}`.slice(0, 1_000), {
    reason: 'BAD_PARAMETER',
    ...(argument !== undefined && argument !== '' && { argument: argument.slice(0, 100) }),
  })
}
