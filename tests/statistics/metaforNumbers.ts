import { readFileSync } from 'node:fs'

/** A row of numbers; null where R has none. */
type Row = readonly (number | null)[]

/** One measure of metafor's escalc(): what the columns are, and the rows of each data set. */
interface EscalcNumbers {
  readonly columns: readonly string[]
  readonly rows: Readonly<Record<string, readonly Row[]>>
}

/** Arguments and value of R's functions, by name. */
export const functionValues = readNumbers<Readonly<Record<string, readonly Row[]>>>('functions.json')

const effectSizes = readNumbers<Readonly<Record<string, EscalcNumbers>>>('effectSizes.json')

/** Every trial of a measure: its inputs by name, and metafor's yi and vi. */
export function trialsOf(measure: string) {
  const numbers = effectSizes[measure]
  if (numbers === undefined) throw new RangeError(`no numbers are kept for ${measure}`)
  return Object.entries(numbers.rows).flatMap(([dataset, rows]) =>
    rows.map((row, position) => ({
      trial: `${dataset} ${position + 1}`,
      inputs: Object.fromEntries(row.slice(0, -2).map((value, column) => [numbers.columns[column], Number(value)])),
      yi: row.at(-2) ?? null,
      vi: row.at(-1) ?? null,
    })),
  )
}

/** |actual − expected| / |expected|; the plain difference where 0 is expected. */
export function relativeError(actual: number, expected: number): number {
  if (actual === expected) return 0
  return Math.abs(actual - expected) / (expected === 0 ? 1 : Math.abs(expected))
}

function readNumbers<Numbers>(file: string): Numbers {
  // `as`: the shape is described beside the files, in their README.
  return JSON.parse(readFileSync(new URL(`../fixtures/metafor/${file}`, import.meta.url), 'utf8')) as Numbers
}
