import { oneLine } from './text.js'

/**
 * Pages in full: "101-8" as "101-108", one page once. Other words, such as "45-51; discussion 52", stay as they are.
 *
 * @example pageRange('123-130', '130') // '123-130'
 */
export function pageRange(start: string | undefined, end?: string): string | null {
  const [from, to] = [dashed(start), dashed(end)]
  const text = to === null ? from : from === null ? to : from.includes('-') || from === to ? from : to.startsWith(`${from}-`) ? to : `${from}-${to}`
  const [, before, first, after, last] = /^([A-Za-z]*)(\d+)-([A-Za-z]*)(\d+)$/.exec(text ?? '') ?? []
  if (before === undefined || first === undefined || last === undefined) return text
  if (after !== '' && after !== before) return text
  const whole = last.length < first.length ? first.slice(0, first.length - last.length) + last : last
  if (last.length === first.length ? last === first : whole === first) return `${before}${first}`
  return last.length < first.length && Number(whole) > Number(first) ? `${before}${first}-${before}${whole}` : text
}

const dashed = (text: string | undefined) => oneLine(text)?.replace(/\s*[‐‑–—−]\s*|--+/g, '-') ?? null
