// Writes cache.json from schema.graphql: what a normalised cache must be told. `npm run schema` runs it.
import { readFile, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { buildSchema, isInterfaceType, isObjectType, isUnionType } from 'graphql'

const here = new URL('.', import.meta.url)

/**
 * `possibleTypes`: the types of each interface and union. `embeddedTypes`: the types without an id, which are a part of
 * what holds them and are kept with it.
 */
export function cacheSettings(schema) {
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('_'))
  const abstract = types.filter((type) => isInterfaceType(type) || isUnionType(type))
  return {
    possibleTypes: Object.fromEntries(abstract.map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name).sort()])),
    embeddedTypes: types
      .filter((type) => isObjectType(type) && type !== schema.getQueryType() && !('id' in type.getFields()))
      .map(({ name }) => name)
      .sort(),
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const schema = buildSchema(await readFile(new URL('../schema.graphql', here), 'utf8'))
  await writeFile(new URL('cache.json', here), `${JSON.stringify(cacheSettings(schema), null, 2)}\n`)
}
