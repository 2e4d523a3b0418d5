import { daysOfTimeFrame, formsNamedIn } from '../clinicalTrials.words.js'
import { normalized, type Vocabulary } from '../../vocabulary/vocabulary.js'
import type { ArmRole } from '../../generated/prisma/enums.js'

/** The size of a group in its heading, "Magnesium (n = 30)", and the heading without it. */
export function sizeIn(text: string): { readonly n: string | null; readonly rest: string } {
  const found = /[\s,;:]*[([]?\s*\b[nN]\s*=\s*(\d{1,3}(?:,\d{3})+|\d+)\s*(?:patients|subjects|participants)?\s*[)\]]?/.exec(text)
  if (found === null) return { n: null, rest: text }
  const rest = `${text.slice(0, found.index)}${/^[^(]*\)/.test(text.slice(found.index + found[0].length)) && !found[0].includes('(') && found[0].trimEnd().endsWith(')') ? ')' : ''} ${text.slice(found.index + found[0].length)}`
  const opened = (rest.match(/\(/g) ?? []).length - (rest.match(/\)/g) ?? []).length
  return {
    n: (found[1] ?? '').replaceAll(',', ''),
    rest: `${rest.trim()}${opened > 0 ? ')' : ''}`
      .replace(/\(\s*\)/g, '')
      .replace(/\s+/g, ' ')
      .trim(),
  }
}

export interface TimeTold {
  readonly label: string
  /** Since the start of treatment; null where it is not told. */
  readonly days: string | null
  readonly isBaseline: boolean
  /** What else the text says. */
  readonly rest: string
}

const course =
  '(?:the )?(?:treatment|intervention|supplementation|therapy|study|trial|administration|surgery|operation|procedure|induction|infusion|injection|extubation|intubation|laryngoscopy|admission|enrolment|enrollment)'
const number = '\\d+(?:\\.\\d+)?'
const timed = `(?:${number}|one|two|three|four|five|six|seven|eight|nine|ten|twelve)[\\s-]*(?:min(?:ute)?s?|h|hrs?|hours?|days?|d|weeks?|wks?|months?|mo|years?)\\b\\.?|(?:min(?:ute)?|hour|day|week|month|year)s?[\\s-]*${number}`
const after = `(?: ?(?:postoperative(?:ly)?|post-?op\\b\\.?|after|following|of|from|post-?)(?: ?${course})?)?`
const baseline = new RegExp(
  `\\b(?:at )?base-?line(?: (?:values?|visit|level))?\\b|\\b(?:before|prior to)(?: ${course})?(?=$|[\\s,;:)])|\\bpre-?(?:treatment|intervention|test|study|trial|supplementation|op(?:erative(?:ly)?)?)\\b|^pre$|\\b(?:week|day|month|visit)s? ?0\\b|\\b0 ?(?:weeks?|days?|months?|min|h)\\b|^initial(?: values?)?$`,
  'i',
)
const moment = new RegExp(`\\b(?:(?:at|after|on|by) )?(?:the )?(?:${timed})${after}`, 'i')
const end = new RegExp(
  `\\b(?:at )?(?:the )?end of ${course}\\b|\\bafter ${course}\\b|\\bpost-?(?:treatment|intervention|test|study|trial|supplementation|op(?:erative(?:ly)?)?)\\b|^(?:post|after|final|end|endpoint|end-?line|follow-?up|discharge)$|\\b(?:at )?(?:last )?follow-?up\\b|^(?:immediate|immediately)(?: (?:after|post).*)?$|^(?:peri|intra)-?operative(?:ly)?$`,
  'i',
)
/** Before them a length of time is a part of the outcome: "attacks per 4 weeks". */
const ofOutcome = /(?:\b(?:per|every|each|last|past|previous|preceding|in|over|within|during|first|for|of|least|than)|\/)\s*$/i

/** The time that a heading names, with what else it says; null where it names none. */
export function timeIn(text: string): TimeTold | null {
  const patterns: readonly (readonly [RegExp, boolean])[] = [
    [baseline, true],
    [moment, false],
    [end, false],
  ]
  for (const [pattern, isBaseline] of patterns) {
    const found = pattern.exec(text)
    if (found === null || ofOutcome.test(text.slice(0, found.index))) continue
    // "Postoperative arrhythmia" is an outcome.
    if (found.index === 0 && /^post-?op/i.test(found[0]) && /^\s+\w/.test(text.slice(found[0].length))) continue
    const rest = `${text.slice(0, found.index)} ${text.slice(found.index + found[0].length)}`
      .replace(/\(\s*\)/g, ' ')
      .replace(/\s+/g, ' ')
      .replace(/(?:[\s,;:–—-]|\b(?:at|after|on|by|the)\b)+$/i, '')
      .replace(/^(?:[\s,;:–—-]|\b(?:at|after|on|by|the)\b)+/i, '')
      .trim()
    const label = found[0].trim()
    return { label: rest === '' ? text.trim() : label, days: isBaseline ? '0' : daysOf(label), isBaseline, rest }
  }
  return null
}

/** Days of "week 6", "2 h" or "30 min after intubation"; null where none is told. */
function daysOf(label: string): string | null {
  const [, hours] = new RegExp(`(${number})\\s*-?\\s*(?:h|hrs?|hours?)\\b`, 'i').exec(label) ?? new RegExp(`hours? ?(${number})`, 'i').exec(label) ?? []
  if (hours !== undefined) return shortest(Number(hours) / 24)
  const [, minutes] = new RegExp(`(${number})\\s*-?\\s*min`, 'i').exec(label) ?? new RegExp(`min(?:ute)?s? ?(${number})`, 'i').exec(label) ?? []
  if (minutes !== undefined) return shortest(Number(minutes) / 1_440)
  const days = daysOfTimeFrame(
    label
      .replace(/\bwks?\b/gi, 'weeks')
      .replace(/\bmo\b/gi, 'months')
      .replace(/(\d)\s*d\b/gi, '$1 days'),
  )
  return days === null ? null : shortest(days)
}

const shortest = (days: number) => String(Number(days.toFixed(4)))

/** What a heading says of the numbers under it, if it says nothing else. */
export type Part = 'n' | 'events' | 'percent' | 'mean' | 'sd' | 'se' | 'median' | 'STATISTIC' | 'P' | 'TEST' | 'DIFFERENCE' | 'TOTAL'

const parts: readonly (readonly [Part, RegExp])[] = [
  ['n', /^(?:n|no\.?|numbers?|cases?|patients|participants|subjects|sample size|(?:n|no\.?|number) of (?:patients|participants|subjects|cases))$/i],
  ['events', /^(?:events?|(?:n|no\.?|number) of events)$/i],
  ['percent', /^\(?(?:%|per ?cent(?:age)?)\)?$/i],
  ['mean', /^(?:means?|averages?)(?: values?| scores?)?$/i],
  ['sd', /^[(±]*\s*(?:s\.?d\.?|standard deviation)\)?$/i],
  ['se', /^[(±]*\s*(?:s\.?e\.?m?\.?|standard error(?: of the mean)?)\)?$/i],
  ['median', /^medians?$/i],
  ['P', /^[*†‡]*\s*p(?:[\s-]*values?)?\b(?!.*\bplacebo\b)(?:[\s\d,(].*)?$|^(?:sig(?:nificance|\.)?|probability)$|^p[\s-]*values?.*$/i],
  [
    'TEST',
    /^[§\s]*(?:t|f|z|χ²?|x²|u|h)(?:[\s-]*(?:tests?|values?|statistics?))?$|\b(?:t-?test|chi-?squared?|χ²|anova|mann-?whitney|wilcoxon|fisher|test statistic|cohen|effect size|eta)\b/i,
  ],
  [
    'DIFFERENCE',
    /\b(?:difference|between[- ]groups?|odds ratio|risk ratio|relative risk|hazard ratio|treatment effect|effect \()|^(?:md|wmd|smd|or|rr|hr|rd|nnt)\b/i,
  ],
  [
    'TOTAL',
    /^(?:all|total|overall|whole (?:sample|group)|both groups|entire (?:sample|cohort))(?: (?:patients|participants|subjects|sample|population|groups?))?$/i,
  ],
]

const statisticWords =
  /\b(?:means?|medians?|n|no|numbers?|sds?|se|sem|s\.d|s\.e|iqr|range|ci|standard (?:deviation|error)|inter-?quartile|values?|per ?cent(?:age)?|min|max|or|and|of|95)\b|[%±()[\].,;:/+–-]|\s/gi

export function partIn(text: string): Part | null {
  const found = parts.find(([, pattern]) => pattern.test(text))
  if (found !== undefined) return found[0]
  return text !== '' && text.replace(statisticWords, '') === '' ? 'STATISTIC' : null
}

/** Whether numbers are said to be changes. */
export const saysChange = (text: string) =>
  /\bchanges?\b|^[Δ∆]|\b(?:reduction|decrease|increase|improvement|decline)\b.*\b(?:from|since) (?:the )?baseline\b/i.test(text)

/** "PHQ-9, change from baseline to week 6" without its words of change. */
export const withoutChange = (text: string) =>
  text
    .replace(
      /\b(?:mean )?(?:absolute )?changes?\b(?: scores?| values?)?(?: (?:from|since) (?:the )?baseline)?(?: to)?|\b(?:from|since) (?:the )?baseline\b|^[Δ∆]\s*/gi,
      ' ',
    )
    .replace(/\s+/g, ' ')
    .replace(/^[\s,;:–-]+|[\s,;:–-]+$/g, '')

// ── arms ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const ofMagnesium = /\bmagnesium\b|\bMg(?:SO[4₄]|O|Cl[2₂]?)?\b(?!\s*\/)/
const measured = /\b(?:serum|plasma|blood|levels?|concentrations?|intake|urin\w*|excretion|deficien\w*|red[- ]cell|status|ratio)\b|\/\s?d?l\b/i

export const namesMagnesium = (text: string) =>
  ofMagnesium.test(text.replace(/^MAGNESIUM/i, 'magnesium').replace(/\bmagnesium\b/gi, 'magnesium')) && !measured.test(text)
const lettered = /^(?:the )?groups?\s*[-:]?\s*(?:[A-Z]{1,3}\d?|\d|[IVX]{1,4})\b/i
const generic = /^(?:the )?(?:intervention|treatment|treated|experimental|observation|study|supplement(?:ed|ation)?|active|test|verum)(?: ?(?:group|arm))?s?\b/i
const controlled = /\bcontrols?\b/i
const inert = /\b(?:placebos?|sham|dummy)\b/i
const saline = /\b(?:normal |isotonic |physiological )?saline\b/i
const usual = /\b(?:usual|standard|routine|conventional) (?:care|treatment|therapy)\b/i
const untreated = /\bno[- ](?:treatment|intervention|supplement\w*)\b|\buntreated\b/i

/** Whether a heading is of a group, by its own words. */
export function isGroup(text: string): boolean {
  const { rest, n } = sizeIn(text)
  if (rest.split(/\s+/).length > 14) return false
  return (
    [lettered, generic, inert, saline, usual, untreated].some((words) => words.test(rest)) ||
    (controlled.test(rest) && !measured.test(rest)) ||
    namesMagnesium(rest) ||
    (n !== null && rest !== '')
  )
}

export interface RoleTold {
  readonly role: ArmRole | null
  readonly why: string
}

/** What an arm's own words say that it is; null where they say nothing. */
export function roleByName(label: string, vocabulary: Vocabulary): RoleTold | null {
  if (namesMagnesium(label) && !/\bwithout\b|\bno magnesium\b|\bnon-?magnesium\b/i.test(label)) return { role: 'MAGNESIUM', why: 'its name says magnesium' }
  if (inert.test(label)) return { role: 'PLACEBO', why: 'its name says placebo' }
  if (saline.test(label)) return { role: 'PLACEBO', why: 'its name says saline' }
  if (usual.test(label)) return { role: 'USUAL_CARE', why: 'its name says usual care' }
  if (untreated.test(label)) return { role: 'NO_TREATMENT', why: 'its name says no treatment' }
  const agent = agentIn(label, vocabulary)
  return agent === undefined ? null : { role: 'ACTIVE_CONTROL', why: `its name says ${agent.name}` }
}

function agentIn(text: string, { treatments }: Vocabulary) {
  const words = ` ${normalized(text)} `
  return treatments.all.find(({ name, synonyms }) => [name, ...synonyms].some((one) => words.includes(` ${normalized(one)} `)))
}

/** What the text of the article says of a group: what stands between its name and the next group's. */
export function roleByText(
  aliases: readonly string[],
  label: string,
  { text, title, vocabulary }: { readonly text: string; readonly title: string; readonly vocabulary: Vocabulary },
): RoleTold | null {
  const told = { magnesium: [] as string[], inert: [] as string[], others: [] as string[] }
  for (const alias of aliases.filter((one) => one.length > 1)) {
    const name = new RegExp(`(?<![\\p{L}\\p{N}])${alias.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '[\\s-]*')}(?![\\p{L}\\p{N}])`, 'giu')
    for (const found of text.matchAll(name)) {
      const after = text.slice(found.index + found[0].length, found.index + found[0].length + 160)
      const snippet = after.split(/[.;](?=\s|[A-Z])|\n|\bgroups?\b|\bcontrols?\b|\bwhile\b|\bwhereas\b|\bthan\b|\bcompared\b/i)[0] ?? ''
      if (!/\b(?:received?|receiving|given|got|treated|administered|infus\w+|tablets?|capsules?|mg|g|bolus|was|were)\b|^\s*[(:]/i.test(snippet)) continue
      if (namesMagnesium(snippet) && !/\bwithout\b/i.test(snippet)) told.magnesium.push(`${found[0]}${snippet}`)
      else if (inert.test(snippet) || saline.test(snippet)) told.inert.push(`${found[0]}${snippet}`)
      else if (agentIn(snippet, vocabulary) !== undefined) told.others.push(`${found[0]}${snippet}`)
    }
  }
  const quote = (texts: readonly string[]) => JSON.stringify((texts[0] ?? '').replace(/\s+/g, ' ').trim().slice(0, 120))
  if (told.magnesium.length > 0 && told.magnesium.length >= told.inert.length) return { role: 'MAGNESIUM', why: `the article says ${quote(told.magnesium)}` }
  if (told.others.length > 0 && told.inert.length === 0) return { role: 'ACTIVE_CONTROL', why: `the article says ${quote(told.others)}` }
  if (told.inert.length > 0) return { role: 'PLACEBO', why: `the article says ${quote(told.inert)}` }
  if (generic.test(label) && namesMagnesium(title)) return { role: 'MAGNESIUM', why: `the title names magnesium, and "${label}" is what was tried` }
  return null
}

/** The one form that texts name, most telling first. */
export function formIn(texts: readonly string[], vocabulary: Vocabulary) {
  for (const text of texts) {
    const forms = formsNamedIn(text, vocabulary)
    if (forms.length === 1) return forms[0] ?? null
    if (forms.length > 1) return null
  }
  return null
}

// ── units ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const units: readonly (readonly [RegExp, string | null])[] = [
  [/^mm ?hg$/i, 'mm[Hg]'],
  [/^(?:bpm|beats? ?(?:\/|per) ?min(?:ute)?|\/ ?min|per minute)$/i, '/min'],
  [/^min(?:ute)?s?$/i, 'min'],
  [/^(?:h|hrs?|hours?)$/i, 'h'],
  [/^(?:d|days?)$/i, 'd'],
  [/^s(?:ec(?:ond)?s?)?$/i, 's'],
  [/^(?:scores?|points?|units?)$/i, null],
  [/^mmol ?\/ ?l$/i, 'mmol/L'],
  [/^[μµu]mol ?\/ ?l$/i, 'umol/L'],
  [/^meq ?\/ ?l$/i, 'meq/L'],
  [/^mg ?\/ ?dl$/i, 'mg/dL'],
  [/^mg ?\/ ?l$/i, 'mg/L'],
  [/^ng ?\/ ?ml$/i, 'ng/mL'],
  [/^[μµ]g$/i, 'ug'],
  [/^(?:mg|g|kg|ml|mm|cm|m|%)$/i, ''],
]

/** A label without the unit that stands in brackets or after a comma at its end: "SBP (mmHg)". */
export function unitIn(label: string): { readonly unit: string | null; readonly rest: string } {
  const found = /^(.*?)[\s,]*(?:\(([^()]*)\)|,\s*([^,]+)|\bin ([^\s,]+))\s*$/.exec(label)
  const written = (found?.[2] ?? found?.[3] ?? found?.[4] ?? '').replace(/^in /, '').trim()
  const known = units.find(([pattern]) => pattern.test(written))
  if (found === null || known === undefined) return { unit: null, rest: label }
  return { unit: known[1] === '' ? written : known[1], rest: found[1] ?? label }
}
