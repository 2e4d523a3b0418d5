/** Variables hold lists and objects inside each other; filters go twelve levels deep, and nothing goes further. */
export const deepestBody = 64

const holdsMore = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Whether a value has more than so many levels of lists and objects inside each other. Looks without recursion, which deep values would exhaust. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  let level = holdsMore(value) ? [value] : []
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= levels) return true
    const below: object[] = []
    for (const inside of level) for (const one of Object.values(inside) as unknown[]) if (holdsMore(one)) below.push(one)
    level = below
  }
  return false
}
