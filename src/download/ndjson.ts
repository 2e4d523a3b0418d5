/** One JSON document a line. */
export async function* ndjsonOf<Row>(shape: (row: Row) => object, batches: AsyncIterable<readonly Row[]>): AsyncGenerator<string> {
  for await (const rows of batches) yield rows.map((row) => `${JSON.stringify(shape(row))}\n`).join('')
}
