import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

/** An operation to show, to test and to measure. */
export interface Example {
  /** File name without its ending: "01-migraine-citrate". */
  readonly name: string
  readonly query: string
  /** JSON, where the operation takes variables. */
  readonly variables?: string
}

/** The operations of a folder, by file name; variables stand beside in a .json of the same name. */
export async function loadExamples(folder: string): Promise<Example[]> {
  const files = (await readdir(folder)).sort()
  return Promise.all(
    files
      .filter((file) => file.endsWith('.graphql'))
      .map(async (file) => {
        const name = path.basename(file, '.graphql')
        const query = await readFile(path.join(folder, file), 'utf8')
        return files.includes(`${name}.json`) ? { name, query, variables: await readFile(path.join(folder, `${name}.json`), 'utf8') } : { name, query }
      }),
  )
}
