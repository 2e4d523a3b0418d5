import { createHash } from 'node:crypto'

const longest = 64

/** An id that FHIR takes (letters, digits, hyphens and dots, at most 64 of them) of a slug; long ones are cut and told apart by a hash. */
export function fhirId(prefix: string, slug: string): string {
  const whole = `${prefix}-${slug}`.replace(/[^A-Za-z0-9.-]/g, '-')
  if (whole.length <= longest) return whole
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, 12)
  return `${whole.slice(0, longest - hash.length - 1)}-${hash}`
}
