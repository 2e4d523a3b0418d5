import { median } from './median.js'
import { isAbsent, missing, notCheckable, type CoherenceCheck, type Maybe } from './coherenceCheck.js'
import { notAbove, overlap, rangeOf, shown, type Printed } from './printed.js'

/**
 * The largest standard deviation that values between two bounds can have about a mean: everybody is at one bound or the other.
 *
 * @param given `n` for the deviation of a sample; of very many if left out
 * @returns 0 for a mean at or beyond a bound
 * @see Bhatia & Davis (2000), American Mathematical Monthly 107:353–357
 *
 * @example
 * largestDeviation({ mean: 1.3, minimum: 0, maximum: 10, n: 35 }) // 3.412
 */
export function largestDeviation({
  mean,
  minimum,
  maximum,
  n,
}: {
  readonly mean: number
  readonly minimum: number
  readonly maximum: number
  readonly n?: number | undefined
}): number {
  const ofAll = Math.sqrt(Math.max(0, mean - minimum) * Math.max(0, maximum - mean))
  return n === undefined || n < 2 ? ofAll : ofAll * Math.sqrt(n / (n - 1))
}

/** Lowest and highest value that a person can have, and the mean of the arm; a change lies within the instrument's width either way. */
export interface BoundedMean {
  readonly mean?: Maybe<Printed>
  readonly minimum?: Maybe<number>
  readonly maximum?: Maybe<number>
  readonly valueKind: 'FINAL' | 'CHANGE'
}

/** The largest standard deviation that a printed mean leaves room for; null where the instrument has no two bounds. */
function roomFor({ mean, minimum, maximum, valueKind }: BoundedMean, n: number): number | null {
  if (isAbsent(mean) || isAbsent(minimum) || isAbsent(maximum)) return null
  const { low, high } = rangeOf(mean)
  const [least, most] = valueKind === 'CHANGE' ? [minimum - maximum, maximum - minimum] : [minimum, maximum]
  // Of the means that are printed so, the one nearest to the middle leaves most room.
  const widest = Math.min(Math.max((least + most) / 2, low), high)
  return largestDeviation({ mean: widest, minimum: least, maximum: most, n })
}

/**
 * A standard deviation that the instrument allows beside this mean: values between two bounds spread no further than half at each.
 *
 * @see largestDeviation
 */
export function deviationPossibleOnInstrument({
  standardDeviation,
  n,
  ...bounded
}: BoundedMean & { readonly standardDeviation?: Maybe<Printed>; readonly n?: Maybe<number> }): CoherenceCheck {
  const rule = 'deviation-possible-on-instrument'
  if (isAbsent(standardDeviation) || isAbsent(n) || isAbsent(bounded.mean))
    return missing(rule, { 'the standard deviation': standardDeviation, 'the number of participants': n, 'the mean': bounded.mean })
  const room = n < 2 ? null : roomFor(bounded, n)
  if (room === null) return notCheckable(rule, 'the instrument has no stated range')
  const deviation = rangeOf(standardDeviation)
  const check = { rule, observed: deviation.value, expected: room } as const
  const seen = `a standard deviation of ${deviation.text} about a mean of ${rangeOf(bounded.mean).text}`
  return notAbove(deviation.low, room)
    ? { ...check, status: 'PASS', message: `${seen} is possible on this instrument: at most ${shown(room)}` }
    : { ...check, status: 'FAIL', message: `${seen} is impossible on this instrument, whose bounds allow at most ${shown(room)}` }
}

/**
 * The standard error printed beside a standard deviation is that deviation over √n: WARN if rounding does not explain the difference, FAIL if one is more
 * than twice the other, which no model of the same people makes of it.
 */
export function deviationAgreesWithStandardError({
  standardDeviation,
  standardError,
  n,
}: {
  readonly standardDeviation?: Maybe<Printed>
  readonly standardError?: Maybe<Printed>
  readonly n?: Maybe<number>
}): CoherenceCheck {
  const rule = 'deviation-agrees-with-standard-error'
  if (isAbsent(standardDeviation) || isAbsent(standardError) || isAbsent(n) || n < 1)
    return missing(rule, { 'the standard deviation': standardDeviation, 'the standard error': standardError, 'the number of participants': n })
  const [deviation, error] = [rangeOf(standardDeviation), rangeOf(standardError)]
  const expected = deviation.value / Math.sqrt(n)
  const check = { rule, observed: error.value, expected } as const
  const seen = `a standard error of ${error.text} beside a standard deviation of ${deviation.text} in ${n} participants, which gives ${shown(expected)}`
  const [low, high] = [deviation.low / Math.sqrt(n), deviation.high / Math.sqrt(n)]
  if (overlap(error, { low, high })) return { ...check, status: 'PASS', message: seen }
  const isNear = overlap(error, { low: low / 2, high: high * 2 })
  return { ...check, status: isNear ? 'WARN' : 'FAIL', message: `${seen}: one of the two is something else, or of other people` }
}

/**
 * A standard deviation is not in truth a standard error, judged by another standard deviation of the same outcome (the instrument's in such people,
 * the other arm's, that at baseline). On the way from that one to its standard error, less than half is PASS, three quarters and more is FAIL.
 * If as a standard error it would mean a deviation that the instrument's bounds do not allow, it is none: PASS, as of a complaint that has gone.
 */
export function deviationIsNotStandardError({
  standardDeviation,
  n,
  referenceStandardDeviation,
  bounded,
}: {
  readonly standardDeviation?: Maybe<Printed>
  readonly n?: Maybe<number>
  readonly referenceStandardDeviation?: Maybe<number>
  /** The arm's mean between the instrument's bounds, where they are known. */
  readonly bounded?: BoundedMean | undefined
}): CoherenceCheck {
  const rule = 'standard-error-mistaken-for-deviation'
  if (isAbsent(standardDeviation) || isAbsent(n) || isAbsent(referenceStandardDeviation)) {
    return missing(rule, {
      'the standard deviation': standardDeviation,
      'the number of participants': n,
      'another standard deviation to compare it with': referenceStandardDeviation,
    })
  }
  const { value, low, text } = rangeOf(standardDeviation)
  if (!(value > 0 && referenceStandardDeviation > 0))
    return notCheckable(rule, `standard deviations of ${text} and ${referenceStandardDeviation} do not compare`)
  if (n < 6) return notCheckable(rule, `in ${n} participants a standard error and a standard deviation are too close to be told apart`)
  const standardError = referenceStandardDeviation / Math.sqrt(n)
  const way = Math.log(referenceStandardDeviation / value) / Math.log(Math.sqrt(n))
  const check = { rule, observed: value, expected: referenceStandardDeviation } as const
  const seen = `a standard deviation of ${text} in ${n} participants, where ${shown(referenceStandardDeviation)} is known from elsewhere`
  if (way < 0.5) return { ...check, status: 'PASS', message: seen }
  const room = bounded === undefined ? null : roomFor(bounded, n)
  if (room !== null && low * Math.sqrt(n) > room) {
    return {
      ...check,
      status: 'PASS',
      message: `${seen}; as a standard error it would mean a deviation of ${shown(value * Math.sqrt(n))}, and on this instrument none above ${shown(room)} is possible`,
    }
  }
  if (way >= 0.75 && way <= 1.25)
    return { ...check, status: 'FAIL', message: `${seen}: that would be a standard error of ${shown(standardError)}, so this is probably one too` }
  return { ...check, status: 'WARN', message: `${seen}, or a standard error of ${shown(standardError)}: it fits neither well` }
}

/**
 * A standard deviation is not in truth a standard error, judged by those of other studies on the same instrument: by their median, where there are three
 * or more. Where both arms have the same fault, comparing them with each other shows nothing.
 *
 * @param given `others` are standard deviations of other studies, of the same kind of value
 */
export function deviationIsLikeOthers({
  others,
  ...own
}: Omit<Parameters<typeof deviationIsNotStandardError>[0], 'referenceStandardDeviation'> & { readonly others: readonly number[] }): CoherenceCheck {
  const known = others.filter((other) => other > 0)
  if (known.length < 3)
    return notCheckable(
      'standard-error-mistaken-for-deviation',
      `${known.length} other standard deviations on the instrument are known, which are too few to compare with`,
    )
  return deviationIsNotStandardError({ ...own, referenceStandardDeviation: median(known) })
}

/** Standardised differences beyond this come of a standard error taken for a deviation more often than of a treatment. */
const largestUsualDifference = 3

/**
 * A standardised difference that a treatment can make: above 3 it is WARN. In a review of such errors most of them came of a standard error in the place of
 * a standard deviation.
 *
 * @see Kadlec, Sainani & Nimphius (2023), Sports Medicine 53:313–325 (doi 10.1007/s40279-022-01766-0)
 */
export function standardisedDifferenceIsUsual({ estimate }: { readonly estimate?: Maybe<number> }): CoherenceCheck {
  const rule = 'standard-error-mistaken-for-deviation'
  if (isAbsent(estimate)) return missing(rule, { 'the standardised difference': estimate })
  const check = { rule, observed: estimate, expected: Math.sign(estimate) * largestUsualDifference } as const
  if (Math.abs(estimate) <= largestUsualDifference)
    return { rule, status: 'PASS', observed: estimate, message: `a standardised difference of ${shown(estimate)} is within what treatments make` }
  return {
    ...check,
    status: 'WARN',
    message: `a standardised difference of ${shown(estimate)} is larger than treatments make: look whether standard errors were taken for standard deviations`,
  }
}

/** A mean that the instrument can give: within its range, or for a change within the range's width either way. */
export function meanWithinInstrumentRange({
  mean,
  minimum,
  maximum,
  valueKind,
}: {
  readonly mean?: Maybe<Printed>
  readonly minimum?: Maybe<number>
  readonly maximum?: Maybe<number>
  readonly valueKind: 'FINAL' | 'CHANGE'
}): CoherenceCheck {
  const rule = 'mean-within-instrument-range'
  if (isAbsent(mean)) return missing(rule, { 'the mean': mean })
  if (isAbsent(minimum) && isAbsent(maximum)) return notCheckable(rule, 'the instrument has no stated range')
  const width = isAbsent(minimum) || isAbsent(maximum) ? Infinity : maximum - minimum
  const [low, high] = valueKind === 'CHANGE' ? [-width, width] : [minimum ?? -Infinity, maximum ?? Infinity]
  const printed = rangeOf(mean)
  if (low === -Infinity && high === Infinity) return notCheckable(rule, 'a change has a range only where the instrument has both a lowest and a highest score')
  const range = low === -Infinity ? `at most ${high}` : high === Infinity ? `at least ${low}` : `between ${low} and ${high}`
  const of = valueKind === 'CHANGE' ? 'a mean change' : 'a mean'
  if (overlap(printed, { low, high })) return { rule, status: 'PASS', observed: printed.value, message: `${of} of ${printed.text} is possible: ${range}` }
  return {
    rule,
    status: 'FAIL',
    observed: printed.value,
    expected: printed.value < low ? low : high,
    message: `${of} of ${printed.text} is impossible: on this instrument it lies ${range}`,
  }
}

/**
 * GRIM: the mean of whole numbers is a multiple of 1/n. Only decides where n is smaller than the precision allows (n < 100 for two decimals).
 *
 * @param given `step` is the smallest difference between two persons' scores: 1 for sums of whole items, 1/items for their mean
 * @see Brown & Heathers (2017), Social Psychological and Personality Science 8:363–369
 */
export function grim({ mean, n, step = 1 }: { readonly mean?: Maybe<Printed>; readonly n?: Maybe<number>; readonly step?: number }): CoherenceCheck {
  const rule = 'grim'
  if (isAbsent(mean) || isAbsent(n)) return missing(rule, { 'the mean': mean, 'the number of participants': n })
  if (!(Number.isInteger(n) && n > 0 && step > 0)) return notCheckable(rule, `${n} is no number of persons whose scores could be counted`)
  const printed = rangeOf(mean)
  const grain = step / n
  // Every printed value is within reach once the means that are possible lie closer together than the printed ones.
  if (grain <= printed.high - printed.low) return notCheckable(rule, `with ${n} participants every mean printed as precisely as ${printed.text} is possible`)
  const expected = Math.round(printed.value / grain) * grain
  const check = { rule, observed: printed.value, expected } as const
  return overlap(printed, { low: expected, high: expected })
    ? { ...check, status: 'PASS', message: `a mean of ${printed.text} is possible for whole scores of ${n} participants` }
    : {
        ...check,
        status: 'FAIL',
        message: `no whole scores of ${n} participants have a mean of ${printed.text}; the nearest is ${Number(expected.toPrecision(5))}`,
      }
}

/** Events are neither negative nor more than the participants. */
export function eventsWithinTotal({ events, total }: { readonly events?: Maybe<number>; readonly total?: Maybe<number> }): CoherenceCheck {
  const rule = 'events-within-total'
  if (isAbsent(events) || isAbsent(total)) return missing(rule, { 'the number of events': events, 'the number of participants': total })
  const check = { rule, observed: events, expected: total } as const
  if (events < 0) return { ...check, status: 'FAIL', message: `there cannot be ${events} events` }
  if (events > total) return { ...check, status: 'FAIL', message: `${events} participants with the event are more than the ${total} in the arm` }
  return { ...check, status: 'PASS', message: `${events} of ${total} participants had the event` }
}

/** How the arms' numbers relate to all randomised: in parallel arms they add up, in a crossover each arm may hold everybody. */
export interface RandomisedArms {
  readonly arms: readonly Maybe<number>[]
  readonly randomised?: Maybe<number>
  readonly counted: 'RANDOMISED' | 'ANALYSED'
  readonly design: 'PARALLEL' | 'CROSSOVER'
  /** What the arms' numbers count if not people: "babies". A participant may have several. */
  readonly countedUnit?: string | undefined
}

/** The arms' numbers agree with the number randomised: equal to it if randomised numbers, not above it if analysed ones. */
export function armsAgreeWithRandomised({ arms, randomised, counted, design, countedUnit }: RandomisedArms): CoherenceCheck {
  const rule = 'arms-agree-with-randomised'
  if (countedUnit !== undefined) return notCheckable(rule, `the arms count ${countedUnit}, not the people randomised`)
  if (isAbsent(randomised)) return missing(rule, { 'the number randomised': randomised })
  const known = arms.filter((n) => !isAbsent(n))
  if (known.length === 0) return missing(rule, { "the arms' numbers": null })
  const observed = design === 'CROSSOVER' ? Math.max(...known) : known.reduce((sum, n) => sum + n, 0)
  const check = { rule, observed, expected: randomised } as const
  const seen =
    design === 'CROSSOVER'
      ? `the largest arm has ${observed} of ${randomised} randomised`
      : `the arms have ${known.join(' + ')} = ${observed} of ${randomised} randomised`
  if (observed > randomised) return { ...check, status: 'FAIL', message: `${seen}: more than there were` }
  if (known.length < arms.length) return notCheckable(rule, `the number of ${arms.length - known.length} of ${arms.length} arms is not reported`)
  if (counted === 'RANDOMISED' && design === 'PARALLEL' && observed < randomised)
    return { ...check, status: 'FAIL', message: `${seen}: ${randomised - observed} are in no arm` }
  return { ...check, status: 'PASS', message: seen }
}

/** Labels and papers round: beyond this share of the derived dose a difference has another reason. */
const labelTolerance = 0.1

/**
 * A reported elemental dose lies in the interval derived from the salt. WARN within a tenth of it; FAIL beyond.
 *
 * @param given all in mg per day; the two derived bounds differ where the salt's hydration or stoichiometry is open
 */
export function reportedDoseAgreesWithSalt({
  reportedElementalMg,
  derivedLowMg,
  derivedHighMg,
  saltMg,
}: {
  readonly reportedElementalMg?: Maybe<Printed>
  readonly derivedLowMg?: Maybe<number>
  readonly derivedHighMg?: Maybe<number>
  readonly saltMg?: Maybe<Printed>
}): CoherenceCheck {
  const rule = 'reported-dose-agrees-with-salt'
  if (isAbsent(reportedElementalMg) || isAbsent(derivedLowMg) || isAbsent(derivedHighMg)) {
    return missing(rule, { 'the elemental dose': reportedElementalMg, 'a dose derived from the salt': derivedLowMg ?? derivedHighMg })
  }
  const reported = rangeOf(reportedElementalMg)
  const expected = Math.min(Math.max(reported.value, derivedLowMg), derivedHighMg)
  const check = { rule, observed: reported.value, expected } as const
  const derived = derivedLowMg === derivedHighMg ? `${shown(derivedLowMg)} mg` : `${shown(derivedLowMg)} to ${shown(derivedHighMg)} mg`
  const seen = `${reported.text} mg of elemental magnesium a day are reported; the salt holds ${derived}`
  if (overlap(reported, { low: derivedLowMg, high: derivedHighMg })) return { ...check, status: 'PASS', message: seen }
  if (Math.abs(reported.value - expected) <= labelTolerance * expected) return { ...check, status: 'WARN', message: `${seen}: close, but not within rounding` }
  const isSalt = !isAbsent(saltMg) && overlap(reported, rangeOf(saltMg))
  return { ...check, status: 'FAIL', message: isSalt ? `${seen}: the reported dose is the mass of the salt` : `${seen}: more than a tenth apart` }
}
