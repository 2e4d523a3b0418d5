import { decimalsOf } from '../statistics/coherence.js'
import type { ArmResultEntry, ResultEntry } from './format.js'
import { isWithin, type Check } from './rules.check.js'

/** The rules of one arm's numbers. */
export function checkArmNumbers(check: Check, field: string, entry: ArmResultEntry, valueKind: ResultEntry['valueKind']): void {
  const { n, events, mean, sd, se, ciLower, ciUpper, percent, minimum, maximum } = entry
  check.expect(events === undefined || n === undefined || events <= n, `${field}.events`, events, `must not exceed n ${n}`)
  checkOrder(check, field, entry)
  check.expect(isWithin(mean, minimum, maximum), `${field}.mean`, mean, `must lie between minimum ${minimum} and maximum ${maximum}`)
  check.expect((ciLower === undefined) === (ciUpper === undefined), `${field}.ciLower`, ciLower, 'both limits of an interval must be given, or none')
  const turned = (ciLower ?? -Infinity) > (ciUpper ?? Infinity)
  check.expect(!turned, `${field}.ciLower`, ciLower, `must not exceed ciUpper ${ciUpper}`)
  check.expect(turned || isWithin(mean, ciLower, ciUpper), `${field}.mean`, mean, `must lie within its interval ${ciLower} to ${ciUpper}`)
  check.expect(
    valueKind !== 'EVENT' || percent === undefined || (percent >= 0 && percent <= 100),
    `${field}.percent`,
    percent,
    'the share of those with an event lies between 0 and 100',
  )
  checkSpread(check, field, { n, sd, se })
  checkShare(check, field, entry)
}

function checkOrder(check: Check, field: string, entry: ArmResultEntry): void {
  const inOrder = (['minimum', 'q1', 'median', 'q3', 'maximum'] as const).flatMap((name) => {
    const value = entry[name]
    return value === undefined ? [] : [{ name, value }]
  })
  inOrder.forEach(({ name, value }, index) => {
    const next = inOrder[index + 1]
    if (next !== undefined)
      check.expect(
        value <= next.value,
        `${field}.${name}`,
        value,
        `must not exceed ${next.name} ${next.value}: minimum, quartiles, median and maximum stand in order`,
      )
  })
}

/** A standard error is the deviation over the square root of n; a tenth more or less is left to rounding and unequal n. */
function checkSpread(check: Check, field: string, { n, sd, se }: Pick<ArmResultEntry, 'n' | 'sd' | 'se'>): void {
  if (n === undefined || sd === undefined || se === undefined) return
  const expected = sd / Math.sqrt(n)
  check.advise(
    Math.abs(se - expected) <= 0.1 * expected + 0.5 * 10 ** -decimalsOf(se),
    'a standard error that contradicts its deviation',
    `${field}.se`,
    se,
    `a standard deviation of ${sd} in ${n} participants makes a standard error of ${Number(expected.toPrecision(3))}: one of the three is probably misread`,
  )
}

/** Whether a count is what a printed percentage stands for, rounded or cut off at its last digit. */
export function percentGives(percent: number, events: number, n: number): boolean {
  const unit = 10 ** -decimalsOf(percent)
  const difference = (100 * events) / n - percent
  const noise = 1e-9
  return difference >= -unit / 2 - noise && difference < unit + noise
}

function checkShare(check: Check, field: string, { n, events, percent, eventsFromPercent }: ArmResultEntry): void {
  check.expect(!eventsFromPercent || events !== undefined, `${field}.eventsFromPercent`, true, 'events must be given where they were worked out')
  if (n === undefined || n === 0 || events === undefined || percent === undefined || events > n || percentGives(percent, events, n)) return
  const share = `${events} of ${n} are ${Number(((100 * events) / n).toPrecision(4))} %, not ${percent} %`
  if (eventsFromPercent) check.expect(false, `${field}.events`, events, `must be the count that the percentage gives: ${share}`)
  else
    check.advise(
      false,
      'a percentage that is not its count',
      `${field}.percent`,
      percent,
      `${share}: read both again, and note it if the source prints them so`,
    )
}
