import type { DoseBasis, DoseUnit } from '../vocabulary/dose.js'
import { normalized, type FormTerm, type Term, type Terms, type Vocabulary } from '../vocabulary/vocabulary.js'

/**
 * The terms that a text names, by their names and synonyms as whole words; where names overlap the longest counts, so
 * that "magnesium oxide" is not also "magnesium".
 */
export function termsNamedIn<T extends Term>(
  text: string,
  terms: Terms<T>,
  namesOf: (term: T) => readonly string[] = ({ name, synonyms }) => [name, ...synonyms],
): T[] {
  const words = ` ${normalized(text)} `
  const names = terms.all
    .flatMap((term) => namesOf(term).map((name) => ({ term, name: normalized(name) })))
    .filter(({ name }) => name.length > 1 && words.includes(` ${name} `))
    .sort((a, b) => b.name.length - a.name.length)
  const found = new Set<T>()
  let rest = words
  for (const { term, name } of names) {
    if (!rest.includes(` ${name} `)) continue
    // A mark in the place of the name, so that its words do not join their neighbours.
    rest = rest.replaceAll(` ${name} `, ' · ')
    found.add(term)
  }
  return [...found]
}

/** Words of outcomes that are of any subject: "responder rate", "attack frequency", "disease progression". */
const ofAnySubject = new Set(
  (
    'a an and any at by for from in of on or per the to with without ' +
    'attack attacks episode episodes event events response responses responder responders respond rate rates ratio frequency number count duration ' +
    'intensity severity length time speed day days week weeks month months year years hour hours least most fewer more less than improvement improved ' +
    'success successful failure remission recovery relapse recurrence progression disease outcome outcomes good poor bad better worse mild moderate ' +
    'severe favourable favorable unfavourable unfavorable overall total mean global clinical score scores scale symptom symptoms level levels change ' +
    'changes reduction relief freedom free treatment therapy incidence occurrence presence present not risk incident new need use'
  ).split(' '),
)
const subjectsIn = (text: string) =>
  normalized(text)
    .split(' ')
    .filter((word) => !ofAnySubject.has(word) && !/^\d*$/.test(word))

/** The names of a term that a text may mean: one without a subject, such as "responder rate", only if the text has a subject of the term. */
export function namesFitting({ slug, name, synonyms }: Term, text: string): string[] {
  const names = [name, ...synonyms]
  const told = new Set(subjectsIn(text))
  const fits = subjectsIn([slug, ...names].join(' ').replaceAll('-', ' ')).some((word) => told.has(word))
  return names.filter((one) => fits || subjectsIn(one).length > 0)
}

/** Words for the whole genus, which say no more beside the name of a salt. */
const generic = new Set(['magnesium', 'magnesium-unspecified'])

/** An anion alone may be of another salt: "gluconate" of zinc. "Mg" alone is as often milligrams. */
function formNamesOf({ name, synonyms }: FormTerm): string[] {
  const isAnion = (synonym: string) => normalized(name) === `magnesium ${normalized(synonym)}`
  return [name, ...synonyms].filter((candidate) => !isAnion(candidate) && normalized(candidate) !== 'mg')
}

/** The magnesium forms that a text names; the form that is not stated where it says "magnesium" and no more. */
export function formsNamedIn(text: string, { forms }: Vocabulary): FormTerm[] {
  // "400 mg oxide" has milligrams, "Mg oxide" magnesium.
  const named = termsNamedIn(text.replace(/(\d)[\s-]*mg\b/gi, '$1 milligrams'), forms, formNamesOf)
  const specific = named.filter(({ slug }) => !generic.has(slug))
  if (specific.length > 0 || named.length === 0) return specific
  const unspecified = forms.find('magnesium-unspecified')
  return unspecified === undefined ? [] : [unspecified]
}

const daysPer = { day: 1, week: 7, month: 30, year: 365 } as const
type Period = keyof typeof daysPer
const numbers: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, twelve: 12 }
const numberOf = (word: string) => numbers[word.toLowerCase()] ?? Number(word)
const count = `\\d+(?:\\.\\d+)?|${Object.keys(numbers).join('|')}`

const separator = String.raw`\s*(?:,|and|or|&|\/|-|–|to)\s*`
/** "4, 8 and 12", "4-6": several numbers in a row, of which the words beside the last are true of all. */
const severalNumbers = new RegExp(`(?:\\d|\\b(?:${Object.keys(numbers).join('|')}))${separator}(?:\\d|(?:${Object.keys(numbers).join('|')})\\b)`, 'i')
/** Some time in a span is no time. */
const span = /\b(up to|within|throughout|during)\b/i

/** The one time that a frame names beside the baseline, in days from it ("Baseline and week 12": 84); null where it names none or several. */
export function daysOfTimeFrame(text: string): number | null {
  if (severalNumbers.test(text) || span.test(text)) return null
  const found = [
    ...[...text.matchAll(new RegExp(`\\b(${count})[\\s-]*(day|week|month|year)s?\\b`, 'gi'))].map(([, number = '', period = '']) => ({ number, period })),
    ...[...text.matchAll(new RegExp(`\\b(day|week|month|year)s?[\\s-]*(${count})\\b(?!\\s*(?:day|week|month|year))`, 'gi'))].map(
      ([, period = '', number = '']) => ({ number, period }),
    ),
  ].map(({ number, period }) => numberOf(number) * daysPer[period.toLowerCase() as Period]) // one of the words of the pattern
  const times = new Set(found.filter((days) => days > 0))
  const [only] = times
  return times.size === 1 ? (only ?? null) : null
}

/** How long a treatment is said to last ("for 12 weeks"), in days; null where it is not said, or variously. */
export function daysOfTreatment(text: string): number | null {
  const found = [...text.matchAll(new RegExp(`\\bfor (?:a period of |a total of )?(${count})[\\s-]*(consecutive )?(day|week|month|year)s?\\b`, 'gi'))]
  const days = new Set(found.map(([, number = '', , period = '']) => numberOf(number) * daysPer[period.toLowerCase() as Period])) // as above
  const [only] = days
  return days.size === 1 ? (only ?? null) : null
}

export type Route = 'ORAL' | 'INTRAVENOUS' | 'INTRAMUSCULAR' | 'TOPICAL' | 'INHALED' | 'INTRATHECAL'
const routeWords: readonly (readonly [Route, RegExp])[] = [
  ['INTRAVENOUS', /\b(intravenous(ly)?|i\.?v\.?|infusions?|infused)\b/i],
  ['INTRAMUSCULAR', /\b(intramuscular(ly)?|i\.?m\.?)\b/i],
  ['INTRATHECAL', /\bintrathecal(ly)?\b/i],
  ['INHALED', /\b(inhaled|inhalation|nebuli[sz](ed|ation|er))\b/i],
  ['TOPICAL', /\b(topical(ly)?|transdermal|cream|ointment|bath)\b/i],
  ['ORAL', /\b(oral(ly)?|by mouth|p\.?o\.?|tablets?|capsules?|pills?|swallow(ed)?|drink|lozenges?)\b/i],
]

/** The one route that a text names; null where it names none or several. */
export function routeIn(text: string): Route | null {
  const found = routeWords.filter(([, words]) => words.test(text)).map(([route]) => route)
  return found.length === 1 ? (found[0] ?? null) : null
}

export interface AmountTold {
  readonly amount: number
  readonly unit: DoseUnit
  readonly basis: DoseBasis
  /** Left out where the amount is a day's. */
  readonly timesPerDay?: number
}

const units: Readonly<Record<string, DoseUnit>> = { g: 'G', gram: 'G', grams: 'G', mg: 'MG', milligram: 'MG', milligrams: 'MG', mmol: 'MMOL', meq: 'MEQ' }
const times: readonly (readonly [number, RegExp])[] = [
  [1, /\bonce (?:a day|daily|per day)\b|\bq\.?d\.?\b|\bevery (?:day|night|evening|morning)\b|\bnightly\b|\bat bedtime\b/gi],
  [2, /\b(?:twice|two times|2 times) (?:a day|daily|per day)\b|\bb\.?i\.?d\.?\b/gi],
  [3, /\b(?:three times|thrice|3 times) (?:a day|daily|per day)\b|\bt\.?i\.?d\.?\b/gi],
  [4, /\b(?:four times|4 times) (?:a day|daily|per day)\b|\bq\.?i\.?d\.?\b/gi],
]
const aDay = /\b(?:per|a|each) day\b|\/\s?(?:day|d)\b|\bdaily\b/i

/** How often an amount is given: null where the amount is a day's; nothing where it is not told, or told twice in different ways. */
function rhythmOf(text: string): { timesPerDay: number | null } | null {
  const told: (number | null)[] = times.filter(([, words]) => text.search(words) >= 0).map(([number]) => number)
  const rest = times.reduce((left, [, words]) => left.replace(words, ' '), text)
  if (aDay.test(rest)) told.push(null)
  const [only] = told
  return told.length === 1 && only !== undefined ? { timesPerDay: only } : null
}

/** "Two 250 mg capsules", "2 tablets": how much one of them holds is not how much is given. */
const severalPieces = new RegExp(
  `\\b(?:[2-9]|\\d{2,}|${Object.keys(numbers).slice(1).join('|')})\\s+(?:\\d+(?:\\.\\d+)?\\s?-?(?:mg|g)\\s+)?(?:tablets?|capsules?|pills?|sachets?|caplets?|lozenges?)\\b`,
  'i',
)

/**
 * The dose that a text tells, where it can be read one way only: one amount, not by body weight, volume or hour, with one
 * rhythm. "400 mg of elemental magnesium twice a day" is elemental; "400 mg of magnesium oxide" is salt; "400 mg" is open.
 *
 * @param forms names of the form given, which make an amount one of the salt where they follow it
 */
export function amountIn(text: string, form: FormTerm): AmountTold | null {
  const found = [
    ...text.matchAll(
      /(?<![\d.,])(\d+(?:\.\d+)?)\s?-?(mg|milligrams?|g|grams?|mmol|meq)\b(?!\s?\/\s?(?:kg|m[lL]|l|h|hr|hour|min|dl)\b)(?!\s?per\s?(?:kg|kilogram|hour|ml|litre|liter|min))/gi,
    ),
  ]
  const every = [...text.matchAll(/\d(?:[\d.,]*\d)?\s?-?(?:mg|milligrams?|g|grams?|mmol|meq|mcg|µg|ml|kg)\b/gi)]
  if (found.length === 0 || every.length !== found.length) return null
  const distinct = new Set(found.map(([, amount, unit = '']) => `${amount} ${unit.toLowerCase()}`))
  const [first] = found
  const unit = units[first?.[2]?.toLowerCase() ?? '']
  const rhythm = rhythmOf(text)
  if (first === undefined || unit === undefined || distinct.size !== 1 || rhythm === null) return null
  if (severalPieces.test(text) || new RegExp(String.raw`\d${separator}${first[1]}\s?-?${first[2]}`, 'i').test(text)) return null
  const after = normalized(text.slice(first.index + first[0].length, first.index + first[0].length + 60))
  const before = normalized(text.slice(Math.max(0, first.index - 40), first.index))
  const elemental = /^(?:of )?elemental\b/.test(after) || /\belemental (?:magnesium|mg)(?: of| at| dose)?$/.test(before)
  const salt = [form.name, ...form.synonyms].map(normalized).filter((name) => name !== 'magnesium' && name !== 'mg')
  const isSalt = form.formula !== null || form.elementalFractionLow !== null
  const basis: DoseBasis = elemental
    ? 'ELEMENTAL'
    : isSalt && salt.some((name) => after.startsWith(name) || after.startsWith(`of ${name}`))
      ? 'SALT'
      : 'NOT_STATED'
  return { amount: Number(first[1]), unit, basis, ...(rhythm.timesPerDay !== null && { timesPerDay: rhythm.timesPerDay }) }
}

/** A code of the registry as words: "CARE_PROVIDER" is "care provider". */
export const wordsOf = (code: string) => code.toLowerCase().replaceAll('_', ' ')

/** "Week 12 score (SD)" as a slug. */
export function slugOf(text: string, longest = 48): string {
  const words = normalized(text.replaceAll('ß', 'ss'))
    .normalize('NFKD')
    .replace(/[^a-z0-9 ]+/g, '')
    .split(/\s+/)
    .filter((word) => word !== '')
  let slug = words.shift()?.slice(0, longest) ?? 'unnamed'
  for (const word of words) {
    if (slug.length + word.length + 1 > longest) break
    slug += `-${word}`
  }
  return slug
}

/** Slugs of a list, none twice. */
export function distinctSlugs(texts: readonly string[], longest?: number): string[] {
  const seen = new Map<string, number>()
  return texts.map((text) => {
    const slug = slugOf(text, longest)
    const before = seen.get(slug) ?? 0
    seen.set(slug, before + 1)
    return before === 0 ? slug : `${slug}-${before + 1}`
  })
}
