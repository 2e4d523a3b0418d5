/** "60.3 %", "8.1 to 16.2 %", or a dash where the name leaves it open. */
export function shareWords({
  elementalFractionLow: low,
  elementalFractionHigh: high,
}: {
  readonly elementalFractionLow: number | null
  readonly elementalFractionHigh: number | null
}): string {
  if (low === null || high === null) return '–'
  const [from, to] = [low, high].map((share) => (100 * share).toFixed(1))
  return from === to ? `${from} %` : `${from} to ${to} %`
}
