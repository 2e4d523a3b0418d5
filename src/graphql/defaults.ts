import { defaultFieldResolver, getNullableType, isInputObjectType, isListType, isObjectType, type GraphQLInputType, type GraphQLSchema } from 'graphql'

interface Slot {
  readonly name: string
  readonly type: GraphQLInputType
  readonly defaultValue?: unknown
}

/**
 * Makes null stand for what was left out wherever an argument or input field has a default: a form without a selection sends null. Arguments are
 * completed before their resolver sees them.
 */
export function takeNullAsOmitted(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue
    for (const field of Object.values(type.getFields())) {
      if (!field.args.some((argument) => holdsDefault(argument))) continue
      const resolve = field.resolve ?? defaultFieldResolver
      field.resolve = (root, args, context, info) => resolve(root, completed(args as Readonly<Record<string, unknown>>, field.args), context, info)
    }
  }
}

/** A value of an input type with defaults for its nulls. */
export function withDefaults(type: GraphQLInputType, value: unknown): unknown {
  const nullable = getNullableType(type)
  if (value == null) return value
  if (isListType(nullable)) return Array.isArray(value) ? value.map((item) => withDefaults(nullable.ofType as GraphQLInputType, item)) : value
  if (!isInputObjectType(nullable) || typeof value !== 'object') return value
  return completed(value as Readonly<Record<string, unknown>>, Object.values(nullable.getFields()))
}

const completed = (given: Readonly<Record<string, unknown>>, slots: readonly Slot[]): Record<string, unknown> => ({
  ...given,
  ...Object.fromEntries(
    slots.flatMap(({ name, type, defaultValue }) =>
      name in given ? [[name, given[name] === null && defaultValue !== undefined ? defaultValue : withDefaults(type, given[name])]] : [],
    ),
  ),
})

/** Whether there is a default in it, however deep. */
function holdsDefault({ type, defaultValue }: Slot, seen: readonly GraphQLInputType[] = []): boolean {
  if (defaultValue != null) return true
  let inside: GraphQLInputType = getNullableType(type)
  while (isListType(inside)) inside = getNullableType(inside.ofType as GraphQLInputType)
  if (!isInputObjectType(inside) || seen.includes(inside)) return false
  const path = [...seen, inside]
  return Object.values(inside.getFields()).some((slot) => holdsDefault(slot, path))
}
