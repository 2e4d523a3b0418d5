import { Route } from '../generated/prisma/enums.js'
/**
 * The columns of a file of arm-level results: one row is what one arm showed of one outcome at one time. Reading, checking, storing
 * and documenting them all go by this list; docs/importing-results.md is held to it by a test.
 */

/** What a column is said about; rows that share the thing must agree on it, or leave it blank but once. */
export type ColumnSubject = 'STUDY' | 'POPULATION' | 'ARM' | 'RESULT' | 'NUMBER' | 'SOURCE'

/** A rule that a cell keeps to: a POSIX regular expression for the database, and what it asks in words. */
export interface CellRule {
  readonly pattern: string
  readonly asks: string
}

export interface Column {
  readonly name: string
  readonly subject: ColumnSubject
  readonly about: string
  readonly isRequired?: true
  readonly rule?: CellRule
  /** Words of a closed list, whatever their case, with spaces, hyphens or underscores. */
  readonly words?: readonly string[]
  readonly isNumeric?: true
}

// At most fifteen digits either side and two of an exponent: always finite, and nothing that a double would round.
const digits = '([0-9]{1,15}([.][0-9]{0,25})?|[.][0-9]{1,25})([eE][-+]?[0-9]{1,2})?'
const alone = (pattern: string) => `^\\s*(${pattern})?\\s*$`

const rules = {
  number: { pattern: alone(`[-+]?${digits}`), asks: 'must be a number such as 12.5, with a dot' },
  nonNegative: { pattern: alone(`[+]?${digits}`), asks: 'must be a number of at least 0 such as 12.5, with a dot' },
  spread: {
    pattern: alone(`[+]?(?=[0-9.]*[1-9])${digits}`),
    asks: 'must be a number above 0 such as 12.5, with a dot: a spread of 0 says that all have one value',
  },
  positive: { pattern: alone(`[+]?(?=[0-9.]*[1-9])${digits}`), asks: 'must be a number above 0 such as 12.5, with a dot' },
  // Programs write the numbers of a column with gaps as 40.0, and R writes a hundred thousand as 1e+05.
  count: { pattern: alone('[0-9]{1,9}([.]0*)?|[1-9]([.][0-9]{1,8})?[eE][+]?0?[0-8]'), asks: 'must be a whole number of at least 0' },
  percentOf100: { pattern: alone('(100([.]0*)?|[0-9]{1,2}([.][0-9]{0,25})?)'), asks: 'must be a percentage from 0 to 100' },
  percent: { pattern: alone('[-+]?(1000|[0-9]{1,3}([.][0-9]{0,25})?)'), asks: 'must be a percentage from -1000 to 1000, with a dot' },
  year: { pattern: alone('(1[89][0-9]{2}|20[0-9]{2}|2100)([.]0*)?'), asks: 'must be a year from 1800 to 2100' },
  date: { pattern: alone('[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'), asks: 'must be a date such as 2026-11-23' },
  yesOrNo: { pattern: `(?i)${alone('yes|no|true|false|[yntf01]')}`, asks: 'must be yes or no, or TRUE or FALSE' },
  doi: {
    pattern: alone('(https?://(dx[.])?doi[.]org/|[Dd][Oo][Ii]\\s*:?\\s*)?10[.][0-9]{4,9}/\\S*[^\\s.,;]'),
    asks: 'must be a DOI such as 10.1371/journal.pone.0180067',
  },
  pmid: { pattern: alone('([Pp][Mm][Ii][Dd]\\s*:?\\s*)?[0-9]{1,8}([.]0*)?'), asks: 'must be a PMID such as 18281113' },
  pmcid: { pattern: alone('([Pp][Mm][Cc][Ii][Dd]\\s*:?\\s*)?[Pp][Mm][Cc][0-9]+'), asks: 'must be a PMCID such as PMC5487054' },
  countries: { pattern: alone('([A-Z]{2}|NAM)(\\s*;\\s*([A-Z]{2}|NAM))*'), asks: 'must be two-letter country codes such as GB, separated by semicolons' },
} as const satisfies Readonly<Record<string, CellRule>>

const number = <Name extends string>(name: Name, about: string, rule: CellRule = rules.number) =>
  ({ name, subject: 'NUMBER', about, rule, isNumeric: true }) as const

/** In the order of the template. */
export const columns = [
  { name: 'study', subject: 'STUDY', isRequired: true, about: 'slug of a known study, or a short name for a new one: "Abbasi 2012"' },
  { name: 'doi', subject: 'STUDY', rule: rules.doi, about: 'of the report; rows of a known DOI change its study' },
  { name: 'pmid', subject: 'STUDY', rule: rules.pmid, isNumeric: true, about: 'of the report, likewise' },
  { name: 'pmcid', subject: 'STUDY', rule: rules.pmcid, about: 'of the report, likewise' },
  { name: 'registration', subject: 'STUDY', about: 'ids of registries, separated by semicolons' },
  { name: 'title', subject: 'STUDY', about: 'of the report, as published; needed for a new study' },
  { name: 'authors', subject: 'STUDY', about: '"Family, Given" or "{Group}", separated by semicolons; "et al." at the end says that there are more' },
  { name: 'journal', subject: 'STUDY', about: 'as published' },
  { name: 'year', subject: 'STUDY', rule: rules.year, isNumeric: true, about: 'of publication' },
  {
    name: 'design',
    subject: 'STUDY',
    words: ['RCT_PARALLEL', 'RCT_CROSSOVER', 'RCT_CLUSTER', 'RCT_FACTORIAL', 'QUASI_EXPERIMENTAL', 'SINGLE_ARM'],
    about: 'needed for a new study',
  },
  { name: 'countries', subject: 'STUDY', rule: rules.countries, about: 'ISO 3166-1 codes of two letters, separated by semicolons; Namibia alone is NAM' },
  { name: 'population', subject: 'POPULATION', about: 'label of the stratum; blank is the whole sample' },
  { name: 'condition', subject: 'RESULT', isRequired: true, about: 'of the people studied: slug, code or name of the vocabulary' },
  { name: 'mean_age', subject: 'POPULATION', rule: rules.nonNegative, isNumeric: true, about: 'years' },
  { name: 'female_percent', subject: 'POPULATION', rule: rules.percentOf100, isNumeric: true, about: '0 to 100' },
  { name: 'arm', subject: 'ARM', isRequired: true, about: 'label of the arm' },
  {
    name: 'role',
    subject: 'ARM',
    isRequired: true,
    words: ['MAGNESIUM', 'MAGNESIUM_LOWER_DOSE', 'PLACEBO', 'ACTIVE_CONTROL', 'NO_TREATMENT', 'USUAL_CARE'],
    about: 'what the arm is in the comparison',
  },
  { name: 'randomized', subject: 'ARM', rule: rules.count, isNumeric: true, about: 'people allocated to the arm' },
  { name: 'form', subject: 'ARM', about: 'of the magnesium given: slug, code or name of the vocabulary; blank for arms without magnesium' },
  {
    name: 'route',
    subject: 'ARM',
    words: Object.values(Route),
    about: 'needed where a form is given',
  },
  {
    name: 'dose_amount',
    subject: 'ARM',
    rule: rules.positive,
    isNumeric: true,
    about: 'as the source states it: at one time where times_per_day is given, else a day',
  },
  { name: 'dose_unit', subject: 'ARM', words: ['G', 'MG', 'MMOL', 'MEQ'], about: 'needed where an amount is given' },
  { name: 'dose_basis', subject: 'ARM', words: ['ELEMENTAL', 'SALT', 'NOT_STATED'], about: 'what the amount weighs; blank is NOT_STATED' },
  { name: 'times_per_day', subject: 'ARM', rule: rules.positive, isNumeric: true, about: 'how often the amount is given' },
  { name: 'duration_days', subject: 'ARM', rule: rules.nonNegative, isNumeric: true, about: 'of the treatment' },
  { name: 'outcome', subject: 'RESULT', isRequired: true, about: 'slug, code or name of the vocabulary' },
  { name: 'instrument', subject: 'RESULT', about: 'slug, code or name of the vocabulary' },
  { name: 'outcome_name', subject: 'RESULT', about: 'as the source calls it; blank is the vocabulary’s name' },
  { name: 'timepoint_days', subject: 'RESULT', rule: rules.nonNegative, isNumeric: true, about: 'since the start of treatment' },
  { name: 'timepoint', subject: 'RESULT', about: 'in words: "end of treatment"' },
  { name: 'analysis_set', subject: 'RESULT', words: ['ITT', 'MITT', 'PER_PROTOCOL', 'COMPLETERS', 'UNKNOWN'], about: 'blank is UNKNOWN' },
  { name: 'value_kind', subject: 'RESULT', isRequired: true, words: ['FINAL', 'CHANGE', 'PERCENT_CHANGE', 'EVENT'], about: 'what the numbers are' },
  { name: 'unit', subject: 'RESULT', about: 'of means and medians; blank is the instrument’s' },
  { name: 'primary', subject: 'RESULT', rule: rules.yesOrNo, about: 'whether it is a primary outcome of the study' },
  number('n', 'people analysed in the arm', rules.count),
  number('events', 'people with the event', rules.count),
  number('percent', 'of the people, where no count is given, or the change', rules.percent),
  number('mean', 'in the unit'),
  number('sd', 'standard deviation', rules.spread),
  number('se', 'standard error of the mean', rules.spread),
  number('ci_lower', 'of the 95 % interval of the mean'),
  number('ci_upper', 'of the 95 % interval of the mean'),
  number('median', 'in the unit'),
  number('q1', 'lower quartile'),
  number('q3', 'upper quartile'),
  number('minimum', 'smallest value'),
  number('maximum', 'largest value'),
  number('baseline_mean', 'before treatment'),
  number('baseline_sd', 'before treatment', rules.spread),
  { name: 'note', subject: 'NUMBER', about: 'what else the source says of this number' },
  { name: 'source', subject: 'SOURCE', isRequired: true, about: 'where the numbers were read: a DOI, an address, a file' },
  { name: 'locator', subject: 'SOURCE', about: 'the place in it: "table 2"' },
  { name: 'recorded_on', subject: 'SOURCE', isRequired: true, rule: rules.date, about: 'when they were read, as 2026-11-23' },
] as const satisfies readonly Column[]

/** Whether a column holds whole numbers of people. */
export const isCount = ({ rule }: Column): boolean => rule === rules.count

export type ColumnName = (typeof columns)[number]['name']

/** All columns as plain ones, where their literal names do not matter. */
export const everyColumn: readonly Column[] = columns

/** One row of a file, as it was written; null where a cell is blank. */
export type ArmLevelRow = { readonly [name in ColumnName]: string | null } & {
  /** Of the file, from 1; the header has the first. */
  readonly line: number
}

/** The rule of a column, that of a list of words included; null where any text is taken. */
export function ruleOf({ rule, words }: Column): CellRule | null {
  if (words === undefined) return rule ?? null
  const spelt = words.map((word) => word.replaceAll('_', '[ _-]')).join('|')
  return { pattern: `(?i)${alone(`(${spelt})`)}`, asks: `must be one of ${words.join(', ')}` }
}
