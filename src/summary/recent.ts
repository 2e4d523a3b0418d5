import { LRUCache } from 'lru-cache'

/** Answers that are kept in memory, the most recently asked for; those asked for at the same time are worked out once. */
export interface Recent<Value extends object> {
  get(name: string, make: () => Promise<Value>): Promise<Value>
}

/** @param room how much is kept, in the unit of `sizeOf` */
export function recent<Value extends object>(room: number, sizeOf: (value: Value) => number): Recent<Value> {
  const kept = new LRUCache<string, Value>({ maxSize: room, sizeCalculation: (value) => 1 + sizeOf(value) })
  const underWay = new Map<string, Promise<Value>>()
  const begin = (name: string, make: () => Promise<Value>) => {
    const making = make()
      .then((value) => {
        kept.set(name, value)
        return value
      })
      .finally(() => underWay.delete(name))
    underWay.set(name, making)
    return making
  }
  return {
    get: async (name, make) => kept.get(name) ?? underWay.get(name) ?? begin(name, make),
  }
}
