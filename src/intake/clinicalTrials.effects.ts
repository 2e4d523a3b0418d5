import type { ArmEntry, ArmResultEntry, ReportedEffectEntry } from '../corpus/format.js'
import type { LeaveOut } from './clinicalTrials.arms.js'
import { numberIn, type Analysis, type OutcomeMeasure } from './clinicalTrials.format.js'

export interface Contrasted {
  readonly intervention: ArmEntry
  readonly comparator: ArmEntry
  readonly armOf: ReadonlyMap<string, ArmEntry>
  /** Of the intervention, then of the comparator. */
  readonly armResults: readonly ArmResultEntry[]
  readonly leaveOut: LeaveOut
  /** Whether the measure has one time, so that its analyses are of it. */
  readonly only: boolean
}

/**
 * The effects that the registry reports for a contrast. It does not say which group was subtracted from which, so an
 * effect is taken where the numbers of the arms tell, and turned round (with what was printed) where they say the reverse.
 */
export function effectsReported(measure: OutcomeMeasure, { intervention, comparator, armOf, armResults, leaveOut, only }: Contrasted): ReportedEffectEntry[] {
  const ofContrast = measure.analyses.filter(({ groupIds }) => {
    const slugs = groupIds.map((id) => armOf.get(id)?.slug)
    return slugs.length === 2 && slugs.includes(intervention.slug) && slugs.includes(comparator.slug)
  })
  return ofContrast.flatMap((analysis): ReportedEffectEntry[] => {
    const named = `the analysis${analysis.statisticalMethod === undefined ? '' : ` by ${analysis.statisticalMethod}`} of ${intervention.label} against ${comparator.label}`
    const printed = numberIn(analysis.paramValue)
    const scale = scaleOf(analysis.paramType ?? '')
    if (printed === null || scale === null) {
      leaveOut(
        `${named}: ${analysis.paramType ?? 'no effect'} ${analysis.paramValue ?? `(p ${analysis.pValue ?? 'not given'})`} is no effect that can be taken`,
      )
      return []
    }
    if (!only) {
      leaveOut(`${named}: which of several times it is of is not told`)
      return []
    }
    const { kind } = scale
    const expected = contrastOf(kind, armResults)
    const turned = expected === null ? null : turnNeeded(kind, valueOn(scale, printed), expected)
    if (turned === null) {
      leaveOut(`${named}: whether ${printed} is magnesium minus comparator, or the reverse, is not told`)
      return []
    }
    return [effectOf(analysis, scale, printed, { turned, leaveOut: (what) => leaveOut(`${named}: ${what}`) })]
  })
}

type EffectKind = 'MD' | 'OR' | 'RR' | 'RD'

interface Scale {
  readonly kind: EffectKind
  /** Of the logarithm that the registry gives of a ratio; null where it gives the number itself. */
  readonly base: number | null
}

/** A number that is called after another one, and is not that. */
const otherNumber =
  /\b(reductions?|inverse|reciprocal|standardi[sz]ed|geometric|ratio of|square root|minus|percent(age)?|per cent|transformed|hedges|cohen)\b|%|\b1\s*[-–−]/i
const logarithm = /\b(?:log(?:arithms?)?|ln)\b|\b(?:log|ln)(?=e\b|2\b|10\b|OR\b|RR\b)/i

function scaleOf(paramType: string): Scale | null {
  const text = paramType.replace(/[_-]+/g, ' ')
  if (otherNumber.test(text)) return null
  const isLogarithm = logarithm.test(text)
  // Logarithms are natural unless they say otherwise, as statistics has them.
  const base = !isLogarithm
    ? null
    : /\blog\W*10|base\W*10|\b(common|decimal|decadic) log/i.test(text)
      ? 10
      : /\blog\W*2\b|base\W*2\b|\bbinary log/i.test(text)
        ? 2
        : Math.E
  if (/\bodds ratio\b/i.test(text) || (isLogarithm && /\b(?:log|ln)?\W*OR\b/.test(text))) return { kind: 'OR', base }
  if (/\brisk ratio\b|\brelative risk\b/i.test(text) || (isLogarithm && /\b(?:log|ln)?\W*RR\b/.test(text))) return { kind: 'RR', base }
  // A difference of logarithms is no difference in the unit of the arms.
  if (isLogarithm) return null
  if (/\bmean difference\b|\bLS means? difference\b|\bdifference (in|of|between) (LS |least squares )?means?\b/i.test(text)) return { kind: 'MD', base }
  return /\brisk difference\b/i.test(text) ? { kind: 'RD', base } : null
}

/** Magnesium against comparator by the numbers of the arms; ratios as logarithms. */
function contrastOf(kind: EffectKind, [first, second]: readonly ArmResultEntry[]): number | null {
  if (kind === 'MD') return first?.mean === undefined || second?.mean === undefined ? null : first.mean - second.mean
  const [a, n1, c, n2] = [first?.events, first?.n, second?.events, second?.n]
  if (a === undefined || n1 === undefined || c === undefined || n2 === undefined || n1 === 0 || n2 === 0) return null
  if (kind === 'RD') return a / n1 - c / n2
  const ratio = kind === 'RR' ? a / n1 / (c / n2) : (a * (n2 - c)) / ((n1 - a) * c)
  return ratio > 0 && Number.isFinite(ratio) ? Math.log(ratio) : null
}

/** Whether the estimate must be turned round to be magnesium against comparator; null where the arms do not tell. */
function turnNeeded(kind: EffectKind, estimate: number, expected: number): boolean | null {
  const isRatio = kind === 'OR' || kind === 'RR'
  if (isRatio && estimate <= 0) return null
  const value = isRatio ? Math.log(estimate) : estimate
  // A difference of risks may be given in percent.
  if (value === 0 || expected === 0 || (kind === 'RD' && Math.abs(value) > 1)) return null
  // An adjusted estimate differs from the arms' difference; only a plain agreement in sign and size decides.
  if (Math.abs(Math.abs(value) - Math.abs(expected)) > Math.max(0.5 * Math.abs(expected), isRatio ? 0.05 : 0)) return null
  return Math.sign(value) !== Math.sign(expected)
}

/** What a printed number says: a ratio of its logarithm, to as many digits as a printed logarithm bears. */
const valueOn = ({ base }: Scale, printed: number) => (base === null ? printed : Number((base ** printed).toPrecision(6)))

function effectOf(
  analysis: Analysis,
  scale: Scale,
  printed: number,
  { turned, leaveOut }: { readonly turned: boolean; readonly leaveOut: LeaveOut },
): ReportedEffectEntry {
  const { kind, base } = scale
  const isRatio = kind === 'OR' || kind === 'RR'
  const value = (number: number) => {
    const plain = valueOn(scale, number)
    return !turned ? plain : isRatio ? Number((1 / plain).toPrecision(12)) : -plain
  }
  const interval = intervalOf(analysis, isRatio && base === null, leaveOut)
  const error = errorOf(analysis, isRatio, leaveOut)
  const p = pValueOf(analysis.pValue)
  if (p === null && isGiven(analysis.pValue)) leaveOut(`the p value ${JSON.stringify(analysis.pValue)} cannot be read`)
  const logged = base === null ? [] : [`The registry gives the ${base === Math.E ? 'natural logarithm' : `logarithm to the base ${base}`}, ${printed}.`]
  const notes = [...(isGiven(analysis.statisticalMethod) ? [`By ${analysis.statisticalMethod}.`] : []), ...logged]
  return {
    measure: kind,
    estimate: value(printed),
    ...(error !== null && { standardError: error }),
    ...(interval !== null && {
      ciLower: value(turned ? interval.upper : interval.lower),
      ciUpper: value(turned ? interval.lower : interval.upper),
      ciLevel: interval.level,
    }),
    ...(p !== null && { p }),
    ...(turned && {
      printed: {
        estimate: printed,
        ...(interval !== null && { ciLower: interval.lower, ciUpper: interval.upper }),
        reason: 'The registry takes comparator against magnesium, as the numbers of the arms show.',
      },
    }),
    ...(notes.length > 0 && { note: notes.join(' ') }),
  }
}

const isGiven = (text: string | undefined): text is string => text !== undefined && text.trim() !== ''

/** The interval with its level, as printed; one that is one-sided, incomplete or impossible is left out. */
function intervalOf(
  { ciLowerLimit, ciUpperLimit, ciPctValue, ciNumSides }: Analysis,
  mustBePositive: boolean,
  leaveOut: LeaveOut,
): { lower: number; upper: number; level: number } | null {
  if (!isGiven(ciLowerLimit) && !isGiven(ciUpperLimit)) return null
  const [lower, upper, percent] = [numberIn(ciLowerLimit), numberIn(ciUpperLimit), numberIn(ciPctValue)]
  const why =
    ciNumSides === 'ONE_SIDED'
      ? 'it has one side only'
      : lower === null || upper === null
        ? 'a limit is no number'
        : percent === null || percent <= 0 || percent >= 100
          ? 'its level is not told'
          : lower > upper
            ? 'its limits are the wrong way round'
            : mustBePositive && lower <= 0
              ? 'a ratio is above 0'
              : null
  if (why === null && lower !== null && upper !== null && percent !== null) return { lower, upper, level: percent / 100 }
  leaveOut(`the ${isGiven(ciPctValue) ? `${ciPctValue} % ` : ''}interval ${ciLowerLimit ?? '…'} to ${ciUpperLimit ?? '…'}: ${why ?? 'it cannot be read'}`)
  return null
}

/** The standard error of a difference; that of a ratio has no place, and other kinds of spread neither. */
function errorOf({ dispersionType = '', dispersionValue }: Analysis, isRatio: boolean, leaveOut: LeaveOut): number | null {
  if (!isGiven(dispersionValue)) return null
  const error = /standard error/i.test(dispersionType.replaceAll('_', ' ')) && !isRatio ? numberIn(dispersionValue) : null
  if (error !== null && error > 0) return error
  leaveOut(`${dispersionType || 'a spread of no stated kind'} ${dispersionValue} has no place beside it`)
  return null
}

/**
 * "<0.001", "0.03", "p = 0.04", "4.5e-5". No test gives 0: "0.000" is what remains of a number below 0.0005.
 */
function pValueOf(text: string | undefined): NonNullable<ReportedEffectEntry['p']> | null {
  const pattern = /^\s*(?:p(?:\s*-?\s*values?)?\b)?\s*(?:is\b|was\b|of\b|:)?\s*([<>≤≥=]?)\s*=?\s*(\d*[.,]?\d+(?:e[-+]?\d+)?)\s*\.?\s*$/i
  const [, sign = '', digits] = pattern.exec(text ?? '') ?? []
  if (digits === undefined) return null
  const value = Number(digits.replace(',', '.'))
  const isBelow = sign === '<' || sign === '≤'
  const isAbove = sign === '>' || sign === '≥'
  if (value > 1 || (isAbove && value === 1)) return null
  if (value > 0) return { value, operator: isBelow ? 'LT' : isAbove ? 'GT' : 'EQ' }
  const decimals = /[.,](\d+)$/.exec(digits)?.[1]?.length ?? 0
  return decimals === 0 || isAbove ? null : { value: Number(`5e-${decimals + 1}`), operator: 'LT' }
}
