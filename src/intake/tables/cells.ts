import {
  decimalMarkOf,
  hasDecimalPoint,
  hasPlainDecimalComma,
  isMissingWord,
  minusSign,
  numberForms,
  numberHint,
  plainNumber,
  type DecimalMark,
} from '../../spreadsheet.js'

/** What a cell prints, by its form alone: what the numbers are, words around it must tell. Numbers are texts with a dot, as precise as printed. */
export type Shape =
  | { readonly form: 'BLANK' }
  | { readonly form: 'MISSING'; readonly text: string }
  | { readonly form: 'P'; readonly operator: 'LT' | 'GT' | 'EQ'; readonly value: string }
  | { readonly form: 'NOT_SIGNIFICANT' }
  | { readonly form: 'NUMBER'; readonly value: string }
  | { readonly form: 'PERCENT'; readonly percent: string }
  | { readonly form: 'COUNT'; readonly events: string; readonly total?: string; readonly percent?: string }
  /** A number with another after ± or in brackets. */
  | { readonly form: 'SPREAD'; readonly centre: string; readonly spread: string; readonly sign: '±' | '()'; readonly low?: string; readonly high?: string }
  | { readonly form: 'INTERVAL'; readonly centre: string; readonly low: string; readonly high: string }
  | { readonly form: 'LIMITS'; readonly low: string; readonly high: string }
  | { readonly form: 'UNREADABLE'; readonly reason: string }

/** How a table writes its numbers. */
export interface NumberStyle {
  readonly decimal: DecimalMark
  /** Whether a number has a decimal point: then a comma parts thousands. */
  readonly hasPoints: boolean
}

const thin = '\u00a0\u2000-\u200a\u202f'
const token = `[-+]?(?:\\d+(?:[.,${thin}]\\d+)*|[.,]\\d+)(?:[eE][-+]?\\d{1,2})?`
const dash = '[-\u2010-\u2015]'
const blank = `[ ${thin}]*`

/** One way to write what has several: signs, dots in the middle of the line, dashes that stand for a minus. */
function uniform(text: string): string {
  return text
    .replace(/(\d)[·∙•](?=\d)/g, '$1.')
    .replace(/\+\s*\/\s*[-−–]|\+-|\u2213/g, '±')
    .replace(/[[{]/g, '(')
    .replace(/[\]}]/g, ')')
    .replace(new RegExp(`(^|[(±,;/<>=~≈]|\\bto|\\d${blank}[-–])${blank}[${minusSign}\u2010-\u2014]${blank}(?=[\\d.])`, 'g'), '$1 -')
    .replaceAll(minusSign, '-')
    .replace(/(\d\.\d+),(?=\s*-?\d*\.\d)/g, '$1; ')
    .replace(/\s*([()%±])\s*/g, '$1')
    .replace(/ {2,}/g, ' ')
    .trim()
}

/** The style of a table by all the texts of its cells. */
export function numberStyleOf(texts: readonly string[]): NumberStyle {
  const numbers = texts.flatMap((text) => uniform(text).match(new RegExp(token, 'g')) ?? []).map((number) => number.replace(/^[-+]/, ''))
  const seen = { points: numbers.some(hasDecimalPoint), commas: numbers.some(hasPlainDecimalComma) }
  // The cells of a printed table stand beside one another without a delimiter, so that a comma may be a decimal mark.
  return { decimal: decimalMarkOf(';', seen), hasPoints: seen.points }
}

const either = new RegExp(`^${numberForms.either}([.]\\d+)?$`)

/** A number as files have it; else why it cannot be read. */
function numberOf(written: string, { decimal, hasPoints }: NumberStyle): { readonly number: string } | { readonly reason: string } {
  const joined = written.replace(new RegExp(`(?<=\\d)[${thin}](?=\\d{3}(?!\\d))`, 'g'), '').replace(/^\+/, '')
  const plain = plainNumber(joined, decimal)
  if (decimal === 'comma' && joined.includes('.') && !joined.includes(',')) return { reason: `${joined} has a point in a table of decimal commas` }
  const thousands = either.exec(plain)
  const partsThousands = thousands !== null && (thousands[2] !== undefined || hasPoints)
  const isContinental = decimal === 'comma' && /^-?[1-9]\d{0,2}(\.\d{3})+,\d+$/.test(joined)
  const read = partsThousands ? plain.replaceAll(',', '') : isContinental ? joined.replaceAll('.', '').replace(',', '.') : plain
  if (/^-?(\d+(\.\d+)?|\.\d+)([eE][-+]?\d{1,2})?$/.test(read)) return { number: read.replace(/^(-?)\./, '$10.') }
  return { reason: numberHint(joined, decimal) ?? `${joined} is no number that can be read in one way only` }
}

const forms: readonly { readonly pattern: RegExp; readonly shape: (numbers: readonly string[]) => Shape }[] = [
  { pattern: form('N±N'), shape: ([centre = '', spread = '']) => ({ form: 'SPREAD', centre, spread, sign: '±' }) },
  { pattern: form('N\\(±N\\)'), shape: ([centre = '', spread = '']) => ({ form: 'SPREAD', centre, spread, sign: '±' }) },
  { pattern: form('N±N\\(NtoN\\)'), shape: ([centre = '', spread = '', low = '', high = '']) => ({ form: 'SPREAD', centre, spread, sign: '±', low, high }) },
  { pattern: form('N\\((?:%N|N%)\\)'), shape: ([events = '', percent = '']) => ({ form: 'COUNT', events, percent }) },
  { pattern: form('N[,;]? ?N%'), shape: ([events = '', percent = '']) => ({ form: 'COUNT', events, percent }) },
  { pattern: form('N%\\(N\\)'), shape: ([percent = '', events = '']) => ({ form: 'COUNT', events, percent }) },
  { pattern: form('N%\\(N(?:/| ?of ?)N\\)'), shape: ([percent = '', events = '', total = '']) => ({ form: 'COUNT', events, total, percent }) },
  { pattern: form('N(?: ?/ ?| ?of ?| out of )N'), shape: ([events = '', total = '']) => ({ form: 'COUNT', events, total }) },
  { pattern: form('N(?: ?/ ?| ?of ?| out of )N\\(N%?\\)'), shape: ([events = '', total = '', percent = '']) => ({ form: 'COUNT', events, total, percent }) },
  { pattern: form('N\\(N\\)'), shape: ([centre = '', spread = '']) => ({ form: 'SPREAD', centre, spread, sign: '()' }) },
  {
    pattern: form('N,? ?\\((?:95% ?C\\.?I\\.?:?,? ?|I\\.?Q\\.?R\\.?:?,? ?|range:?,? ?)?NtoN\\)'),
    shape: ([centre = '', low = '', high = '']) => ({ form: 'INTERVAL', centre, low, high }),
  },
  { pattern: form('\\(?NtoN\\)?'), shape: ([low = '', high = '']) => ({ form: 'LIMITS', low, high }) },
  { pattern: form('N%'), shape: ([percent = '']) => ({ form: 'PERCENT', percent }) },
  { pattern: form('N'), shape: ([value = '']) => ({ form: 'NUMBER', value }) },
]

/** A pattern for a whole cell: N is a number, "NtoN" two limits. */
function form(pattern: string): RegExp {
  const limits = `(${token}) ?(?:${dash}|to|;|,(?= )|/|\\.\\.) ?(${token})`
  return new RegExp(`^${pattern.replaceAll('NtoN', '@').replaceAll('N', `(${token})`).replaceAll('@', limits)}$`, 'i')
}

/**
 * The form of a printed cell.
 *
 * @example shapeOf('12.3 ± 4.5', style) // { form: 'SPREAD', centre: '12.3', spread: '4.5', sign: '±' }
 */
export function shapeOf(text: string, style: NumberStyle): Shape {
  const plain = uniform(text)
  if (plain === '') return { form: 'BLANK' }
  if (isMissingWord(plain) || /^(n\.?r\.?|n\.?d\.?|not (reported|done|applicable|available|measured)|…|\.{3})$/i.test(plain))
    return { form: 'MISSING', text: plain }
  if (/^(p\s*=?\s*)?(n\.?\s?s\.?|not significant|non-?significant)$/i.test(plain)) return { form: 'NOT_SIGNIFICANT' }
  const [, sign, p] = new RegExp(`^(?:p\\s*)?([<>≤≥=])\\s*(${token})$`, 'i').exec(plain) ?? []
  if (sign !== undefined && p !== undefined) {
    const read = numberOf(p, style)
    if ('reason' in read) return { form: 'UNREADABLE', reason: read.reason }
    return { form: 'P', operator: sign === '=' ? 'EQ' : sign === '<' || sign === '≤' ? 'LT' : 'GT', value: read.number }
  }
  for (const { pattern, shape } of forms) {
    const found = pattern.exec(plain)
    if (found === null) continue
    const numbers = found
      .slice(1)
      .filter((one) => one !== undefined)
      .map((one) => numberOf(one, style))
    const fault = numbers.find((one) => 'reason' in one)
    if (fault !== undefined && 'reason' in fault) return { form: 'UNREADABLE', reason: fault.reason }
    return shape(numbers.map((one) => ('number' in one ? one.number : '')))
  }
  return { form: 'UNREADABLE', reason: /\d/.test(plain) ? 'its numbers have no form that is known' : 'it has no number' }
}

// ── what the numbers are ────────────────────────────────────────────────────────────────────────────────────────────

export type Spread = 'SD' | 'SE'
type Limits = 'CI' | 'OTHER_CI' | 'IQR' | 'RANGE'

/** What words say of numbers, each with the text that says it. */
export interface StatisticsTold {
  readonly spread: Told<Spread> | null
  /** Of a second number in brackets. */
  readonly brackets: Told<Spread | 'PERCENT' | 'IQR'> | null
  readonly limits: Told<Limits> | null
  readonly centre: Told<'MEAN' | 'MEDIAN'> | null
}
interface Told<Meaning> {
  /** Several where the nearest text names several. */
  readonly meanings: readonly Meaning[]
  readonly by: string
}

const says = {
  sd: /\bs\.?d\b\.?s?|\bstandard[- ]deviations?\b|\bstd\.? ?dev/i,
  se: /\bS\.?E\.?M?\b|\bs\.?e\.?m\b|\b[Ss]tandard[- ][Ee]rrors?\b/,
  percent: /\(\s*(?:%|per ?cent(?:age)?)\s*\)|[,:;]\s*(?:%|per ?cent)\s*\)?\s*$|\b(?:n|no\.?|numbers?|frequency|count)\b[^.;]{0,25}\(\s*(?:%|per ?cent)/i,
  ci: /\b95\s*%\s*(?:c\.?i\b|confidence)|\bCIs?\b|\bconfidence (?:interval|limit)s?\b/i,
  otherCi: /\b(?:9[0-46-9]|8\d)(?:\.\d)?\s*%\s*(?:c\.?i\b|confidence)/i,
  iqr: /\bI\.?Q\.?R\b|\binter-?quartile\b|\bquartiles?\b|\b25(?:th)?\s*[-–,and ]+\s*75(?:th)?\b/i,
  range: /(?<!inter-?quartile |IQ |reference |normal )\brange\b|\bmin(?:imum)?\.?\s*[-–,;/to ]+\s*max/i,
  median: /\bmedians?\b/i,
  mean: /\bmeans?\b(?!\s+(?:arterial|blood|corpuscular|cell|platelet|airway|pressure))|\baverages?\b/i,
  plusMinus: /±|\+\/-|\+-/,
}

/** What texts tell of the numbers of a cell; the nearest to it come first, and the first that tells an aspect counts. */
export function statisticsTold(texts: readonly string[]): StatisticsTold {
  const first = <Meaning>(meaningsIn: (text: string) => readonly Meaning[]): Told<Meaning> | null => {
    for (const text of texts) {
      const meanings = meaningsIn(text)
      if (meanings.length > 0) return { meanings, by: text }
    }
    return null
  }
  return {
    spread: first(spreadsIn),
    brackets: first((text) => [
      ...(says.percent.test(text) ? (['PERCENT'] as const) : []),
      ...(says.plusMinus.test(text) && !/\(\s*s\.?[de]/i.test(text) ? [] : spreadsIn(text)),
      ...(says.median.test(text) && says.iqr.test(text) ? (['IQR'] as const) : []),
    ]),
    limits: first((text) => [
      ...(says.otherCi.test(text) ? (['OTHER_CI'] as const) : says.ci.test(text) ? (['CI'] as const) : []),
      ...(says.iqr.test(text) ? (['IQR'] as const) : []),
      ...(says.range.test(text.replace(/inter-?quartile range|IQ range/gi, '')) ? (['RANGE'] as const) : []),
    ]),
    centre: first((text) => [...(says.median.test(text) ? (['MEDIAN'] as const) : []), ...(says.mean.test(text) ? (['MEAN'] as const) : [])]),
  }
}

/** Where a text names both, "mean ± SD" says more than a list of abbreviations. */
function spreadsIn(text: string): Spread[] {
  const named = [...(says.sd.test(text) ? (['SD'] as const) : []), ...(says.se.test(text) ? (['SE'] as const) : [])]
  if (named.length < 2) return named
  const beside = (word: RegExp) =>
    new RegExp(`(?:\\bmeans?\\b|\\baverage\\b|±|\\+\\/-)\\s*(?:values?\\s*)?[(±,]?\\s*(?:±\\s*)?(?:one |1 )?(?:${word.source})`, 'i').test(text)
  const said = [...(beside(says.sd) ? (['SD'] as const) : []), ...(beside(says.se) ? (['SE'] as const) : [])]
  return said.length === 1 ? said : named
}

/** Columns of a row of results that a cell fills. */
export type CellValues = Partial<
  Record<'n' | 'events' | 'percent' | 'mean' | 'sd' | 'se' | 'ci_lower' | 'ci_upper' | 'median' | 'q1' | 'q3' | 'minimum' | 'maximum', string>
>

export interface Meant {
  readonly values: CellValues
  /** Whether people are counted, rather than something measured. */
  readonly isEvent: boolean
  /** What told the meaning. */
  readonly why: string
}

export interface Meaning {
  readonly told: StatisticsTold
  /** People of the arm, where they are known. */
  readonly n: string | null
  /** Whether the outcome happens or not. */
  readonly isEvent: boolean
  /** Whether cells beside it count people: then a bare 0 is nobody. */
  readonly besideCounts: boolean
  /** What `--spread` says of a spread that nothing tells. */
  readonly spread: Spread | null
}

const quoted = (text: string) => JSON.stringify(text.length > 90 ? `${text.slice(0, 89)}…` : text)

/** What the numbers of a cell are, by the words around it; else why that is not told. Nothing is guessed from the size of numbers. */
export function meaningOf(shape: Shape, { told, n, isEvent, besideCounts, spread: chosen }: Meaning): Meant | string {
  const ofSpread = (mean: string, spread: string, by: Told<Spread> | null): Meant | string => {
    const one = by?.meanings.length === 1 ? by.meanings[0] : undefined
    const kind = one ?? chosen ?? undefined
    if (kind === undefined)
      return by === null
        ? `whether ${spread} is a standard deviation or a standard error is not told`
        : `whether ${spread} is a standard deviation or a standard error is not told: ${quoted(by.by)} names both`
    return {
      values: { mean, [kind === 'SD' ? 'sd' : 'se']: spread },
      isEvent: false,
      why: one === undefined ? 'as was chosen' : `${kind} by ${quoted(by?.by ?? '')}`,
    }
  }
  switch (shape.form) {
    case 'SPREAD': {
      if (shape.sign === '±') {
        const meant = ofSpread(shape.centre, shape.spread, told.spread)
        const limits = told.limits?.meanings.length === 1 ? told.limits.meanings[0] : undefined
        if (typeof meant === 'string' || shape.low === undefined || shape.high === undefined || limits !== 'RANGE') return meant
        return { ...meant, values: { ...meant.values, minimum: shape.low, maximum: shape.high } }
      }
      const meanings = told.brackets?.meanings ?? []
      const by = told.brackets?.by ?? ''
      if (meanings.includes('PERCENT') && (meanings.length === 1 || isPercentOf(shape, n)))
        return counted(shape.centre, shape.spread, n, `n (%) by ${quoted(by)}`)
      const spreads = meanings.filter((meaning) => meaning === 'SD' || meaning === 'SE')
      if (meanings.length > 0 && spreads.length === meanings.length) return ofSpread(shape.centre, shape.spread, { meanings: spreads, by })
      if (meanings.length === 1 && meanings[0] === 'IQR') return 'the width between quartiles, without the quartiles, has no place in a row of results'
      if (meanings.length === 0 && chosen !== null && !isEvent) return ofSpread(shape.centre, shape.spread, null)
      return meanings.length === 0
        ? `what ${shape.spread} in brackets is, is not told`
        : `what ${shape.spread} in brackets is, is not told: ${quoted(by)} names several`
    }
    case 'COUNT':
      if (shape.percent === undefined && !isEvent) return `"${shape.events}/${shape.total ?? ''}" may be a count of a total, or two numbers`
      return counted(
        shape.events,
        shape.percent,
        shape.total ?? n,
        shape.total === undefined ? 'a count with its percentage' : 'a count of a total',
        shape.total,
      )
    case 'PERCENT':
      return isEvent
        ? { values: { percent: shape.percent }, isEvent: true, why: 'a percentage of an outcome that happens or not' }
        : 'a percentage alone may be a share of people, a change or a value'
    case 'INTERVAL': {
      const limits = told.limits
      const kind = limits?.meanings.length === 1 ? limits.meanings[0] : undefined
      const centre = told.centre?.meanings.length === 1 ? told.centre.meanings[0] : undefined
      const [lower, upper] = [shape.low, shape.high]
      const why = `by ${quoted(limits?.by ?? '')}`
      if (kind === 'IQR')
        return centre === 'MEAN'
          ? 'quartiles beside a mean have no place'
          : { values: { median: shape.centre, q1: lower, q3: upper }, isEvent: false, why: `median and quartiles ${why}` }
      if (kind === 'CI')
        return centre === 'MEDIAN'
          ? 'the interval of a median has no place'
          : isEvent
            ? 'the interval of a share has no place'
            : { values: { mean: shape.centre, ci_lower: lower, ci_upper: upper }, isEvent: false, why: `mean with 95 % interval ${why}` }
      if (kind === 'RANGE')
        return centre === undefined
          ? 'whether it is a mean or a median is not told'
          : {
              values: { [centre === 'MEAN' ? 'mean' : 'median']: shape.centre, minimum: lower, maximum: upper },
              isEvent: false,
              why: `${centre.toLowerCase()} and range ${why}`,
            }
      return kind === 'OTHER_CI'
        ? 'an interval of another level than 95 % has no place'
        : `whether ${lower} to ${upper} are quartiles, a range or a confidence interval is not told`
    }
    case 'NUMBER': {
      const isCount = besideCounts || told.brackets?.meanings.includes('PERCENT') === true
      if (/^\d+$/.test(shape.value) && (isEvent || (isCount && Number(shape.value) === 0)))
        return counted(shape.value, undefined, n, 'a whole number of an outcome that happens or not')
      return isEvent ? `${shape.value} is no count` : 'a number alone: what it is, and its spread, are not told'
    }
    case 'LIMITS':
      return 'limits without the number that they belong to'
    case 'P':
    case 'NOT_SIGNIFICANT':
      return 'a p value in the place of a result'
    case 'MISSING':
      return `"${shape.text}" says that there is none`
    case 'BLANK':
      return 'it is blank'
    case 'UNREADABLE':
      return shape.reason
  }
}

function counted(events: string, percent: string | undefined, n: string | null, why: string, total?: string): Meant | string {
  if (!/^\d+$/.test(events)) return `${events} is no count of people`
  if (percent !== undefined && n !== null && total === undefined && !fits(events, percent, n)) {
    return {
      values: { events },
      isEvent: true,
      why: `${why}; look at it: ${events} of ${n} are ${((100 * Number(events)) / Number(n)).toFixed(1)} %, and ${percent} % are printed`,
    }
  }
  return { values: { events, ...(total !== undefined && { n: total }) }, isEvent: true, why }
}

/** Whether a percentage is that of a count, as precise as it is printed. */
function fits(events: string, percent: string, n: string): boolean {
  const decimals = percent.split('.')[1]?.length ?? 0
  return Math.abs((100 * Number(events)) / Number(n) - Number(percent)) <= 0.5 * 10 ** -decimals + 1e-9
}

const isPercentOf = ({ centre, spread }: { readonly centre: string; readonly spread: string }, n: string | null) =>
  n !== null && /^\d+$/.test(centre) && fits(centre, spread, n)
