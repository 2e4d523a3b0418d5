import fc from 'fast-check'
import {
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isAbstractType,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql'

/** Texts that broke something somewhere once, and some that mean something here. */
export const awkwardTexts = [
  '',
  ' ',
  'migraine',
  'magnesium-citrate',
  'tarleton-2017',
  '10.1371/journal.pone.0180067',
  'PMID: 8792038',
  'NCT00000000',
  "'; DROP TABLE study; --",
  "' OR '1'='1",
  '" OR ""="',
  "\\'; SELECT pg_sleep(5); --",
  '$1',
  '${7*7}{{7*7}}<%= 7*7 %>',
  '(((((((((((a+)+)+)+)+)+)+)+)+)+)+$',
  '^(a|a)*$',
  '%_\\',
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'NaN',
  '-Infinity',
  '1e309',
  '9007199254740993',
  '\u0000',
  '\ud800',
  '\u202e\u200b\ufeff',
  '👩‍👩‍👧‍👦'.repeat(40),
  'İ'.repeat(50),
  'a'.repeat(5_000),
  '!&|<->():*',
  'W10',
  Buffer.from('["evidence:STUDY+,ID+","a",1]').toString('base64url'),
  Buffer.from('Study:1').toString('base64url'),
] as const

const borderNumbers = [
  0, -0, 1, -1, 2, 19, 20, 500, 501, 2_147_483_647, -2_147_483_648, 2_147_483_648, 1e-300, 1e300, 0.1, -0.5, 9_007_199_254_740_993,
] as const

/** Draws by a generator that fast-check can shrink. */
export type Draw = fc.GeneratorValue

export interface Operation {
  readonly query: string
  readonly variables: Record<string, unknown> | null
  /** Left out of most. */
  readonly extensions?: unknown
}

/** Extensions that mean something, that mean nothing, and that are none. */
const awkwardExtensions = [
  null,
  {},
  [],
  'x',
  { persistedQuery: null },
  { persistedQuery: 'x' },
  { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } },
  { persistedQuery: { version: 2, sha256Hash: 7 } },
  { unknown: [{}], __proto__: 1 },
] as const

/** A random operation over a schema, now and then of a kind that there is none of: nested selections, aliases, directives, fragments, variables, arguments of right and of wrong kinds. */
export function operationOf(schema: GraphQLSchema, draw: Draw): Operation {
  const declared: string[] = []
  const variables: Record<string, unknown> = {}
  const fragments: string[] = []
  let budget = draw(fc.integer, { min: 1, max: 40 })
  const chance = (percent: number) => draw(fc.integer, { min: 0, max: 99 }) < percent
  const oneOf = <Item>(items: readonly Item[]): Item => items[draw(fc.nat, { max: items.length - 1 })] as Item // the place is inside the list

  function selection(type: GraphQLCompositeType, depth: number): string {
    if (isAbstractType(type)) {
      const possible = schema.getPossibleTypes(type)
      const parts = possible.filter(() => chance(40)).map((member) => `... on ${member.name} ${selection(member, depth + 1)}`)
      return `{ __typename ${parts.join(' ')} }`
    }
    const fields = isObjectType(type) ? Object.values(type.getFields()).filter(({ name }) => !name.startsWith('_')) : []
    const chosen: string[] = []
    for (let count = draw(fc.integer, { min: 1, max: 4 }); count > 0 && budget > 0; count -= 1) {
      const field = oneOf(fields)
      const inside = getNamedType(field.type)
      if (isCompositeType(inside) && depth > 7) continue
      budget -= 1
      chosen.push(
        `${chance(15) ? `a${draw(fc.nat, { max: 9 })}: ` : ''}${field.name}${argumentsOf(field)}${directive()}${isCompositeType(inside) ? ` ${within(inside, depth)}` : ''}`,
      )
    }
    return `{ ${chosen.length === 0 ? '__typename' : chosen.join(' ')} }`
  }

  function within(type: GraphQLCompositeType, depth: number): string {
    const inside = selection(type, depth + 1)
    if (!chance(12)) return inside
    const name = `F${fragments.length}`
    fragments.push(`fragment ${name} on ${type.name} ${inside}`)
    return chance(50) ? `{ ...${name} }` : `{ ...${name} ...${name} ... on ${type.name} ${inside} }`
  }

  function directive(): string {
    if (!chance(8)) return ''
    const name = oneOf(['include', 'skip'])
    if (chance(50)) return ` @${name}(if: ${oneOf(['true', 'false'])})`
    const variable = `v${declared.length}`
    declared.push(`$${variable}: Boolean!`)
    variables[variable] = chance(90) ? chance(50) : 'true'
    return ` @${name}(if: $${variable})`
  }

  function argumentsOf(field: GraphQLField<unknown, unknown>): string {
    const given = field.args.filter((argument) => isNonNullType(argument.type) || chance(25))
    return given.length === 0 ? '' : `(${given.map(argumentOf).join(', ')})`
  }

  function argumentOf(argument: GraphQLArgument): string {
    const value = valueOf(argument.type, 0)
    if (!chance(35)) return `${argument.name}: ${literalOf(argument.type, value)}`
    const variable = `v${declared.length}`
    declared.push(`$${variable}: ${String(argument.type)}`)
    if (!chance(4)) variables[variable] = value
    return `${argument.name}: $${variable}`
  }

  function valueOf(type: GraphQLInputType, depth: number): unknown {
    if (isNonNullType(type)) return valueOf(type.ofType, depth)
    if (chance(3)) return null
    if (chance(3)) return oneOf<unknown>([true, 7, 'x', [], {}, [[null]], { __proto__: 1, constructor: { prototype: 1 } }])
    if (isListType(type)) return Array.from({ length: draw(fc.nat, { max: 3 }) }, () => valueOf(type.ofType, depth))
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter((field) => isNonNullType(field.type) || (depth < 4 && chance(12)))
      return Object.fromEntries(fields.map((field: GraphQLInputField) => [field.name, valueOf(field.type, depth + 1)]))
    }
    if (isEnumType(type)) return chance(95) ? oneOf(type.getValues()).name : 'NO_SUCH_VALUE'
    switch (type.name) {
      case 'Boolean':
        return chance(50)
      case 'Int':
        return chance(60) ? draw(fc.integer, { min: 1, max: 30 }) : oneOf(borderNumbers)
      case 'Float':
        return chance(50) ? draw(fc.double, { noNaN: true, noDefaultInfinity: true }) : oneOf(borderNumbers)
      default:
        return chance(80) ? oneOf(awkwardTexts) : draw(fc.string, { unit: 'binary' })
    }
  }

  const root = schema.getQueryType()
  if (!root) throw new TypeError('the schema has no query type')
  const body = selection(root, 0)
  const keyword = chance(3) ? oneOf(['mutation', 'subscription']) : 'query'
  const query = [`${keyword} Fuzz${declared.length > 0 ? `(${declared.join(', ')})` : ''} ${body}`, ...fragments].join('\n')
  return { query, variables: chance(3) ? null : variables, ...(chance(4) && { extensions: oneOf<unknown>(awkwardExtensions) }) }
}

/** A value as it is written in an operation: names of enumerations bare, texts quoted. */
function literalOf(type: GraphQLInputType, value: unknown): string {
  if (value === null) return 'null'
  if (isNonNullType(type)) return literalOf(type.ofType, value)
  if (Array.isArray(value)) return `[${value.map((item) => literalOf(isListType(type) ? type.ofType : type, item)).join(', ')}]`
  if (typeof value === 'object') {
    const fields = isInputObjectType(type) ? type.getFields() : {}
    return `{ ${Object.entries(value)
      .map(([name, inside]) => `${name}: ${literalOf(fields[name]?.type ?? type, inside)}`)
      .join(', ')} }`
  }
  if (typeof value === 'string') return isEnumType(type) ? value : JSON.stringify(value)
  return Object.is(value, -0) ? '-0' : String(value)
}
