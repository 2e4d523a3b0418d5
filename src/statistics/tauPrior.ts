import { logGamma } from './distributions.js'
import { requireFinite, requirePositive } from './effectSize.js'

/**
 * What is believed of tau, the standard deviation of true effects between studies, before the data are seen.
 *
 * HALF_NORMAL and HALF_CAUCHY have their scale on tau, UNIFORM reaches from 0 to its scale. LOG_NORMAL and LOG_T are distributions of ln tau²,
 * as the predictive distributions of the literature are: normal, or Student's t with `df` degrees of freedom.
 */
export type TauPrior =
  | { readonly family: 'HALF_NORMAL' | 'HALF_CAUCHY' | 'UNIFORM'; readonly scale: number }
  | { readonly family: 'LOG_NORMAL'; readonly location: number; readonly scale: number }
  | { readonly family: 'LOG_T'; readonly location: number; readonly scale: number; readonly df: number }

export const tauPriorFamilies = ['HALF_NORMAL', 'HALF_CAUCHY', 'UNIFORM', 'LOG_NORMAL', 'LOG_T'] as const satisfies readonly TauPrior['family'][]

/** The numbers of each family, in the order in which a text names them. */
const parametersOf: Readonly<Record<TauPrior['family'], readonly string[]>> = {
  HALF_NORMAL: ['scale'],
  HALF_CAUCHY: ['scale'],
  UNIFORM: ['scale'],
  LOG_NORMAL: ['location', 'scale'],
  LOG_T: ['location', 'scale', 'df'],
}

const plainNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/**
 * Reads a prior of tau: its family, a colon, and its numbers, separated by commas.
 *
 * @throws {RangeError} if the family is unknown, a number is missing, superfluous or none, or a scale or number of degrees of freedom is not positive
 *
 * @example
 * parseTauPrior('HALF_NORMAL:0.5') // { family: 'HALF_NORMAL', scale: 0.5 }
 * parseTauPrior('LOG_T:-3.44,2.59,5') // ln tau² by Student's t
 */
export function parseTauPrior(text: string): TauPrior {
  const [name = '', rest, ...more] = text.trim().split(':')
  const family = tauPriorFamilies.find((known) => known === name.trim().toUpperCase())
  if (family === undefined)
    throw new RangeError(`a prior of tau is one of ${tauPriorFamilies.join(', ')} with its numbers, such as HALF_NORMAL:0.5; got ${JSON.stringify(text)}`)
  const names = parametersOf[family]
  const cells = rest === undefined ? [] : rest.split(',').map((cell) => cell.trim())
  if (more.length > 0 || cells.length !== names.length)
    throw new RangeError(`${family} is followed by a colon and ${names.join(', ')}, such as ${examples[family]}; got ${JSON.stringify(text)}`)
  const numbers = cells.map((cell, index) => {
    if (!plainNumber.test(cell)) throw new RangeError(`${names[index]} of ${family} must be a number, got ${JSON.stringify(cell)}`)
    return Number(cell)
  })
  const [first = NaN, second = NaN, third = NaN] = numbers
  const prior: TauPrior =
    family === 'LOG_NORMAL'
      ? { family, location: first, scale: second }
      : family === 'LOG_T'
        ? { family, location: first, scale: second, df: third }
        : { family, scale: first }
  requireTauPrior(prior)
  return prior
}

const examples: Readonly<Record<TauPrior['family'], string>> = {
  HALF_NORMAL: 'HALF_NORMAL:0.5',
  HALF_CAUCHY: 'HALF_CAUCHY:0.5',
  UNIFORM: 'UNIFORM:2',
  LOG_NORMAL: 'LOG_NORMAL:-2.56,1.74',
  LOG_T: 'LOG_T:-3.44,2.59,5',
}

/** The text that `parseTauPrior` reads as this prior. */
export function tauPriorText(prior: TauPrior): string {
  if (prior.family === 'LOG_NORMAL') return `LOG_NORMAL:${prior.location},${prior.scale}`
  if (prior.family === 'LOG_T') return `LOG_T:${prior.location},${prior.scale},${prior.df}`
  return `${prior.family}:${prior.scale}`
}

/** @throws {RangeError} if a scale or number of degrees of freedom is not positive, or a location not finite */
export function requireTauPrior(prior: TauPrior): void {
  requirePositive(prior.scale, `scale of ${prior.family}`)
  if ('location' in prior) requireFinite(prior.location, `location of ${prior.family}`)
  if ('df' in prior) requirePositive(prior.df, `degrees of freedom of ${prior.family}`)
}

/**
 * The same belief where effects are measured in another unit: tau becomes `factor` times as large.
 *
 * @param factor such as the standard deviation by which a mean difference is standardised
 * @throws {RangeError} if it is not positive
 */
export function scaledTauPrior(prior: TauPrior, factor: number): TauPrior {
  requirePositive(factor, 'factor')
  return 'location' in prior ? { ...prior, location: prior.location + 2 * Math.log(factor) } : { ...prior, scale: prior.scale * factor }
}

/** Logarithm of the density of ln tau, which has no singularity at 0. @param logTau natural logarithm of tau */
export function logDensityOfLogTau(prior: TauPrior, logTau: number): number {
  const { scale } = prior
  switch (prior.family) {
    case 'HALF_NORMAL':
      return Math.log(Math.sqrt(2 / Math.PI) / scale) + logTau - Math.exp(2 * (logTau - Math.log(scale))) / 2
    case 'HALF_CAUCHY':
      return Math.log(2 / Math.PI / scale) + logTau - Math.log1p(Math.exp(2 * (logTau - Math.log(scale))))
    case 'UNIFORM':
      return logTau <= Math.log(scale) ? logTau - Math.log(scale) : -Infinity
    case 'LOG_NORMAL':
      return Math.log(2 / Math.sqrt(2 * Math.PI) / scale) - ((2 * logTau - prior.location) / scale) ** 2 / 2
    case 'LOG_T': {
      const { df, location } = prior
      const standardised = (2 * logTau - location) / scale
      return Math.log(2 / scale) + logGamma((df + 1) / 2) - logGamma(df / 2) - Math.log(df * Math.PI) / 2 - ((df + 1) / 2) * Math.log1p(standardised ** 2 / df)
    }
  }
}

/** Where most of a prior lies, as the natural logarithm of tau. */
export function centreOfLogTau(prior: TauPrior): number {
  return 'location' in prior ? prior.location / 2 : Math.log(prior.scale)
}

/**
 * Predictive distributions of tau² among log odds ratios, of a drug against placebo or control, by kind of outcome; `ANY` is of any outcome and comparison.
 *
 * @see Turner, Jackson, Wei, Thompson & Higgins (2015), Statistics in Medicine 34:984–998, table IV; `ANY` is of Turner et al. (2012),
 *   International Journal of Epidemiology 41:818–827
 */
export const tauPriorsOfLogOddsRatios = {
  ANY: { family: 'LOG_NORMAL', location: -2.56, scale: 1.74 },
  ALL_CAUSE_MORTALITY: { family: 'LOG_NORMAL', location: -3.95, scale: 1.34 },
  OBSTETRIC: { family: 'LOG_NORMAL', location: -3.52, scale: 1.74 },
  MAJOR_MORBIDITY: { family: 'LOG_NORMAL', location: -3.71, scale: 1.74 },
  WITHDRAWAL: { family: 'LOG_NORMAL', location: -2.99, scale: 1.74 },
  GENERAL_PHYSICAL_HEALTH: { family: 'LOG_NORMAL', location: -2.29, scale: 1.53 },
  ADVERSE_EVENT: { family: 'LOG_NORMAL', location: -1.87, scale: 1.52 },
  NEW_DISEASE: { family: 'LOG_NORMAL', location: -2.49, scale: 1.52 },
  SIGNS_AND_SYMPTOMS: { family: 'LOG_NORMAL', location: -2.06, scale: 1.51 },
  PAIN: { family: 'LOG_NORMAL', location: -1.83, scale: 1.52 },
  QUALITY_OF_LIFE: { family: 'LOG_NORMAL', location: -2.54, scale: 1.54 },
  MENTAL_HEALTH: { family: 'LOG_NORMAL', location: -2.12, scale: 1.53 },
  BIOLOGICAL_MARKER: { family: 'LOG_NORMAL', location: -1.77, scale: 1.52 },
  SUBJECTIVE: { family: 'LOG_NORMAL', location: -2.7, scale: 1.52 },
} as const satisfies Record<string, TauPrior>

/**
 * Predictive distributions of tau² among standardised mean differences, of a drug against placebo or control, outside cancer and respiratory medicine;
 * `ANY` is of any outcome, comparison and area.
 *
 * @see Rhodes, Turner & Higgins (2015), Journal of Clinical Epidemiology 68:52–60, table 3
 */
export const tauPriorsOfStandardisedDifferences = {
  ANY: { family: 'LOG_T', location: -3.44, scale: 2.59, df: 5 },
  OBSTETRIC: { family: 'LOG_T', location: -4.13, scale: 2.34, df: 5 },
  GENERAL_HEALTH_AND_PAIN: { family: 'LOG_T', location: -3.16, scale: 2.5, df: 5 },
  SIGNS_AND_SYMPTOMS: { family: 'LOG_T', location: -3, scale: 2.5, df: 5 },
  MENTAL_HEALTH: { family: 'LOG_T', location: -2.99, scale: 2.16, df: 5 },
  BIOLOGICAL_MARKER: { family: 'LOG_T', location: -3.41, scale: 2.83, df: 5 },
  SUBJECTIVE: { family: 'LOG_T', location: -2.76, scale: 2.58, df: 5 },
} as const satisfies Record<string, TauPrior>
