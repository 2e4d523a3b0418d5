import { registerEnumType } from './decorators.js'

/** Declares an enum with a description for each of its values; leaving one out does not compile. */
export function describeEnum<Values extends Record<string, string>>(
  values: Values,
  name: string,
  description: string,
  meanings: { readonly [Value in keyof Values]: string },
): void {
  const valuesConfig = Object.fromEntries(Object.entries(meanings).map(([value, meaning]) => [value, { description: meaning }])) as {
    [Value in keyof Values]: { description: string }
  } // fromEntries forgets the keys
  registerEnumType(values, { name, description, valuesConfig })
}
