import { type EffectResult, requireAtLeast } from './effectSize.js'

/**
 * Correlation coefficient, as Fisher's z.
 *
 * @returns artanh r; not estimable with fewer than four participants, or where r is −1 or 1
 * @throws {RangeError} if r lies outside −1 … 1 or n is below 1
 * @see Fisher (1921), Metron 1:3–32
 */
export function correlation({ r, n }: { readonly r: number; readonly n: number }): EffectResult {
  if (!(r >= -1 && r <= 1)) throw new RangeError(`a correlation lies between -1 and 1, got ${r}`)
  requireAtLeast(1, n, 'n')
  const known = { measure: 'COR', formula: 'cor-fisher-z', inputs: { r, n } } as const
  if (n <= 3) return { ok: false, ...known, reason: `the standard error of Fisher's z needs at least 4 participants, got ${n}` }
  if (Math.abs(r) === 1) return { ok: false, ...known, reason: `a correlation of ${r} has no finite Fisher z` }
  return { ok: true, ...known, estimate: Math.atanh(r), standardError: 1 / Math.sqrt(n - 3), assumptions: [] }
}
