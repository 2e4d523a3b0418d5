/**
 * The same parts, the first of them made already: what can fail at the beginning fails here. Whoever stops reading, or never begins, ends their
 * source all the same.
 *
 * @throws what making the first part throws
 */
export async function started<Part>(source: AsyncIterable<Part>): Promise<AsyncIterable<Part>> {
  const parts = source[Symbol.asyncIterator]()
  let first: IteratorResult<Part> | null = await parts.next()
  const iterator: AsyncIterator<Part> = {
    next: () => {
      if (first === null) return parts.next()
      const begun = first
      first = null
      return Promise.resolve(begun)
    },
    return: async () => {
      await parts.return?.()
      return { done: true, value: undefined }
    },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}
