import { mgPerMeq, mgPerMmol } from './formula.js'

export type DoseUnit = 'G' | 'MG' | 'MMOL' | 'MEQ'
export type DoseBasis = 'ELEMENTAL' | 'SALT' | 'NOT_STATED'

/** Two bounds that differ where the form, or the meaning of the amount, is left open. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** What a form's name says about the magnesium in it; null where it says nothing. */
export interface FormComposition {
  readonly name: string
  readonly elementalFraction: Interval | null
  /** Magnesium atoms of one molecule, over the compounds the name may mean. */
  readonly magnesiumAtoms: Interval | null
  /** Names of the compounds that the name may mean; empty where it means one. */
  readonly mayBe: readonly string[]
}

export interface Amount {
  readonly amount: number
  readonly unit: DoseUnit
  readonly basis: DoseBasis
}

export interface ConvertedDose {
  /** mg of elemental magnesium. */
  readonly elementalMg: Interval
  /** mg of the salt; null where the form says nothing about its composition. */
  readonly saltMg: Interval | null
  /** Why the bounds differ, or what was assumed; null for a plain conversion. */
  readonly note: string | null
}

/**
 * The elemental magnesium in an amount of a form, and the salt that holds it.
 *
 * Milligrams and grams weigh what `basis` says; millimoles and milliequivalents count magnesium, except that millimoles of
 * SALT count molecules. With basis NOT_STATED the bounds cover both readings.
 *
 * @returns null where the amount is of a salt whose composition the form leaves unknown
 * @throws {RangeError} if the amount is not positive and finite
 *
 * @example
 * convert({ name: 'magnesium oxide', … 0.60304 … }, { amount: 500, unit: 'MG', basis: 'SALT' })?.elementalMg.low // 301.5
 */
export function convert(form: FormComposition, { amount, unit, basis }: Amount): ConvertedDose | null {
  if (!(amount > 0 && amount < Infinity)) throw new RangeError(`an amount must be positive and finite, got ${amount}`)
  const asElemental = exactly(amount * mgOfMagnesiumPer[unit])
  const asSalt =
    unit === 'G' || unit === 'MG'
      ? times(form.elementalFraction, amount * mgOfMagnesiumPer[unit])
      : unit === 'MMOL'
        ? times(form.magnesiumAtoms, amount * mgPerMmol)
        : asElemental

  const countsMagnesium = unit === 'MEQ' || (unit === 'MMOL' && basis !== 'SALT')
  const elementalMg = basis === 'ELEMENTAL' || countsMagnesium ? asElemental : basis === 'SALT' ? asSalt : asSalt && spanning(asSalt, asElemental)
  if (elementalMg === null) return null
  const statedSaltMg = unit === 'G' || unit === 'MG' ? amount * mgOfMagnesiumPer[unit] : null
  return { elementalMg, saltMg: saltHolding(form, elementalMg, basis, statedSaltMg), note: noteOn(form, basis, countsMagnesium) }
}

const mgOfMagnesiumPer: Readonly<Record<DoseUnit, number>> = { G: 1000, MG: 1, MMOL: mgPerMmol, MEQ: mgPerMeq }

/** A stated mass of salt is that mass; otherwise the mass of salt follows from its magnesium. */
function saltHolding(form: FormComposition, elementalMg: Interval, basis: DoseBasis, statedSaltMg: number | null): Interval | null {
  if (basis === 'SALT' && statedSaltMg !== null) return exactly(statedSaltMg)
  if (form.elementalFraction === null) return null
  const fromElemental = { low: elementalMg.high / form.elementalFraction.high, high: elementalMg.high / form.elementalFraction.low }
  return basis === 'NOT_STATED' && statedSaltMg !== null
    ? spanning(exactly(statedSaltMg), fromElemental)
    : { low: elementalMg.low / form.elementalFraction.high, high: fromElemental.high }
}

function noteOn(form: FormComposition, basis: DoseBasis, countsMagnesium: boolean): string | null {
  const reasons = []
  if (basis === 'NOT_STATED' && !countsMagnesium)
    reasons.push(
      `the source does not say whether the amount is salt or elemental magnesium: the low bound reads it as ${form.name}, the high bound as elemental`,
    )
  if (form.mayBe.length > 0 && (basis !== 'ELEMENTAL' || form.elementalFraction !== null))
    reasons.push(`"${form.name}" leaves hydration or stoichiometry open: it may be ${form.mayBe.join(', ')}`)
  return reasons.length === 0 ? null : reasons.join('; ')
}

/** One phase of a regimen as its source states it. */
export interface StatedDose {
  readonly amount?: number | undefined
  readonly unit?: DoseUnit | undefined
  readonly basis: DoseBasis
  /** The amount is for each of these, and no dose of a day by itself. */
  readonly per?: 'KG' | 'HOUR' | 'KG_HOUR' | undefined
  readonly timesPerDay?: number | undefined
  /** 7 where it is left out. */
  readonly daysPerWeek?: number | undefined
  readonly reportedElementalMgPerDay?: number | undefined
  readonly reportedSaltMgPerDay?: number | undefined
}

export interface DailyDose {
  readonly elementalMgPerDay: Interval | null
  /** Of an amount by body weight: for a day, or for an hour of infusion where it is by the hour too. */
  readonly elementalMgPerKg: Interval | null
  /** Of an amount by the hour, and not by body weight. */
  readonly elementalMgPerHour: Interval | null
  readonly saltMgPerDay: number | null
  readonly note: string | null
  /** What the salt would give, where the elemental dose was reported; for the coherence check of one against the other. */
  readonly derivedFromSalt: Interval | null
}

/** The elemental magnesium of a day. A reported elemental dose beats a derived one; the derived one is kept for checking. */
export function dailyDoseOf(form: FormComposition, dose: StatedDose): DailyDose {
  if (dose.per === undefined) return { ...ofDay(form, dose), elementalMgPerKg: null, elementalMgPerHour: null }
  const { amount, ...rest } = dose
  const converted =
    amount === undefined || dose.unit === undefined ? null : convert(form, { amount: amount * timesADay(dose), unit: dose.unit, basis: dose.basis })
  const of = { KG: 'a kilogram of body weight', HOUR: 'an hour of infusion', KG_HOUR: 'a kilogram of body weight and an hour of infusion' }[dose.per]
  const ofDays = ofDay(form, rest)
  return {
    ...ofDays,
    elementalMgPerKg: dose.per === 'HOUR' ? null : (converted?.elementalMg ?? null),
    elementalMgPerHour: dose.per === 'HOUR' ? (converted?.elementalMg ?? null) : null,
    note: [`the amount is for ${of}`, ...(ofDays.elementalMgPerDay === null ? [] : [ofDays.note]), converted?.note].filter((part) => part != null).join('; '),
  }
}

const timesADay = ({ timesPerDay, daysPerWeek }: StatedDose) => ((timesPerDay ?? 1) * (daysPerWeek ?? 7)) / 7

function ofDay(form: FormComposition, dose: StatedDose): Omit<DailyDose, 'elementalMgPerKg' | 'elementalMgPerHour'> {
  const perDay = dose.amount === undefined || dose.unit === undefined ? null : { amount: dose.amount * timesADay(dose), unit: dose.unit, basis: dose.basis }
  const stated = perDay && convert(form, perDay)
  const statedSaltMgPerDay = dose.reportedSaltMgPerDay ?? (perDay?.basis === 'SALT' ? (stated?.saltMg?.low ?? massOf(perDay)) : null)
  const fromSalt = statedSaltMgPerDay === null ? null : times(form.elementalFraction, statedSaltMgPerDay)
  const reported =
    dose.reportedElementalMgPerDay ??
    (perDay && (perDay.basis === 'ELEMENTAL' || stated?.note === null) && perDay.basis !== 'SALT' ? stated?.elementalMg.low : undefined)
  if (reported !== undefined) {
    const note =
      fromSalt === null
        ? 'elemental magnesium as the source reports it'
        : `elemental magnesium as the source reports it; ${formatMg(statedSaltMgPerDay)} of ${form.name} would hold ${formatInterval(fromSalt)}`
    return { elementalMgPerDay: exactly(reported), saltMgPerDay: statedSaltMgPerDay, note, derivedFromSalt: fromSalt }
  }
  const elementalMgPerDay = stated?.elementalMg ?? fromSalt
  if (elementalMgPerDay === null)
    return {
      elementalMgPerDay: null,
      saltMgPerDay: statedSaltMgPerDay,
      note:
        perDay || statedSaltMgPerDay !== null
          ? `the composition of ${form.name} is not known, so no elemental dose follows from the amount`
          : 'no amount is stated',
      derivedFromSalt: null,
    }
  const arithmetic = `computed from the amount and the formula of ${form.name}`
  return { elementalMgPerDay, saltMgPerDay: statedSaltMgPerDay, note: stated?.note ? `${arithmetic}; ${stated.note}` : arithmetic, derivedFromSalt: null }
}

const massOf = ({ amount, unit }: Amount) => (unit === 'G' ? amount * 1000 : unit === 'MG' ? amount : null)
const exactly = (value: number): Interval => ({ low: value, high: value })
const times = (interval: Interval | null, factor: number): Interval | null => interval && { low: interval.low * factor, high: interval.high * factor }
const spanning = (a: Interval, b: Interval): Interval => ({ low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) })
const formatMg = (mg: number | null) => (mg === null ? 'an unknown mass' : `${Number(mg.toPrecision(4))} mg`)
const formatInterval = ({ low, high }: Interval) => (low === high ? formatMg(low) : `${Number(low.toPrecision(4))}–${Number(high.toPrecision(4))} mg`)
