import {
  Kind,
  lexicographicSortSchema,
  parse,
  print,
  printSchema,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  type ObjectTypeDefinitionNode,
} from 'graphql'
import { entityKeys } from './keys.js'

/** The version of Federation that the directives are of. */
const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@shareable"])'

const machinery: ReadonlySet<string> = new Set(['_Any', '_Entity', '_Service', '_entities', '_service'])

const sdls = new WeakMap<GraphQLSchema, string>()

/**
 * The schema for composition: things with a global id are entities by their keys, everything else that is made of values is shareable, so that
 * other graphs may say the same of a DOI's page or of a code. Root fields are this graph's alone.
 */
export function subgraphSdl(schema: GraphQLSchema): string {
  const known = sdls.get(schema)
  if (known !== undefined) return known
  const sdl = `${link}\n\n${print(withDirectives(withoutFederation(parse(printSchema(lexicographicSortSchema(schema))))))}\n`
  sdls.set(schema, sdl)
  return sdl
}

/** The same schema without the fields and types that only gateways ask for. */
export function withoutFederation(document: DocumentNode): DocumentNode {
  const drop = ({ name }: { readonly name: { readonly value: string } }) => (machinery.has(name.value) ? null : undefined)
  return visit(document, { ObjectTypeDefinition: drop, UnionTypeDefinition: drop, ScalarTypeDefinition: drop, FieldDefinition: drop })
}

function withDirectives(document: DocumentNode): DocumentNode {
  return visit(document, {
    ObjectTypeDefinition: (type: ObjectTypeDefinitionNode) =>
      type.name.value === 'Query' ? undefined : { ...type, directives: [...(type.directives ?? []), ...directivesOf(type.name.value)] },
  })
}

function directivesOf(type: string): ConstDirectiveNode[] {
  const keys = entityKeys[type] ?? []
  return keys.length === 0 ? [directive('shareable')] : keys.map(({ field }) => directive('key', { fields: field }))
}

function directive(name: string, values: Readonly<Record<string, string>> = {}): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: name },
    arguments: Object.entries(values).map(([argument, value]) => ({
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: argument },
      value: { kind: Kind.STRING, value },
    })),
  }
}
