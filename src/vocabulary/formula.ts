/** Standard atomic weights, g/mol, abridged to the digits that product labels can resolve. @see IUPAC (2021), Pure Appl. Chem. 94:573–600 */
const atomicWeights: Readonly<Record<string, number>> = {
  C: 12.011,
  Cl: 35.45,
  H: 1.008,
  K: 39.0983,
  Mg: 24.305,
  N: 14.007,
  Na: 22.99,
  O: 15.999,
  P: 30.974,
  S: 32.06,
  Si: 28.085,
}

/** mg of magnesium in one mmol; one milliequivalent is half of it, for magnesium's two charges. */
export const mgPerMmol = atomicWeights.Mg ?? NaN
export const mgPerMeq = mgPerMmol / 2

export interface Composition {
  /** g/mol of the stated compound, water of hydration included. */
  readonly molarMass: number
  readonly magnesiumAtoms: number
  /** Share of the mass that is magnesium, 0–1. */
  readonly elementalFraction: number
}

/**
 * What a formula in Hill notation says about a magnesium compound.
 *
 * @throws {RangeError} if the formula cannot be read, holds an element without a weight, or no magnesium
 *
 * @example
 * compositionOf('MgO').elementalFraction // 0.60304
 */
export function compositionOf(formula: string): Composition {
  if (!/^([A-Z][a-z]?\d*)+$/.test(formula)) throw new RangeError(`a formula must be in Hill notation such as "H14MgO11S", got "${formula}"`)
  let molarMass = 0
  let magnesiumAtoms = 0
  for (const [, element = '', digits = ''] of formula.matchAll(/([A-Z][a-z]?)(\d*)/g)) {
    const weight = atomicWeights[element]
    if (weight === undefined) throw new RangeError(`no atomic weight is known for "${element}" in "${formula}"`)
    const atoms = digits === '' ? 1 : Number(digits)
    molarMass += weight * atoms
    if (element === 'Mg') magnesiumAtoms += atoms
  }
  if (magnesiumAtoms === 0) throw new RangeError(`a magnesium form must hold magnesium, got "${formula}"`)
  return { molarMass, magnesiumAtoms, elementalFraction: (mgPerMmol * magnesiumAtoms) / molarMass }
}
