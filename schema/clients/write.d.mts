import type { GraphQLSchema } from 'graphql'

export interface CacheSettings {
  readonly possibleTypes: Readonly<Record<string, readonly string[]>>
  readonly embeddedTypes: readonly string[]
}

export function cacheSettings(schema: GraphQLSchema): CacheSettings
