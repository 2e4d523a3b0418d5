import { PublicError } from '../errors.js'
import type { ScatterLine } from '../plots/scatter.js'
import { regressThreeLevels } from '../statistics/threeLevel.js'
import { CollinearColumnError } from '../statistics/linearModel.js'
import { regressEffects } from '../statistics/metaRegression.js'
import { ConvergenceError } from '../statistics/convergence.js'
import type { Entry, EntryName } from './entry.js'
import { clustered } from './pool.js'
import { poolsCounts, intervalOf } from './question.js'
import type { PooledEntries } from './synthesis.js'

export interface ShownCoefficient {
  readonly name: string
  readonly estimate: number
  readonly standardError: number
  readonly ciLower: number
  readonly ciUpper: number
  readonly pValue: number
}

/** An entry with its values of the moderators, in their order. */
export interface RegressedEntry extends EntryName {
  readonly values: readonly (number | null)[]
}

export interface ShownRegression {
  readonly k: number
  readonly entries: readonly RegressedEntry[]
  /** Labels of the entries left out, because they do not tell a moderator. */
  readonly omitted: readonly string[]
  readonly omittedEntries: readonly RegressedEntry[]
  /** On the analysis scale, per unit of the moderator; the intercept first. */
  readonly coefficients: readonly ShownCoefficient[]
  readonly qModerators: number
  readonly qModeratorsDf: number
  readonly pValue: number
  readonly residualTau2: number
  readonly residualI2: number
  readonly residualQ: number
  readonly residualQDf: number
  readonly residualQPValue: number
  readonly r2: number | null
}

const valuesIn = (entry: Entry, moderators: readonly string[]) => moderators.map((name) => entry.moderators[name] ?? null)

/** Entries that tell every moderator, on which a regression rests. */
export const thoseThatTell = (entries: readonly Entry[], moderators: readonly string[]): Entry[] =>
  entries.filter((entry) => !valuesIn(entry, moderators).includes(null))

/**
 * The effects regressed on the moderators asked for; null where none is.
 *
 * @throws {PublicError} BAD_USER_INPUT where a moderator does not vary or follows from the others, or there are too few studies for so many
 */
export function metaRegressionOf(pool: PooledEntries): ShownRegression | null {
  const fitted = fittedTo(pool)
  if (fitted === null) return null
  const { fit, complete } = fitted
  const { entries, question } = pool
  const omitted = entries.filter((entry) => !complete.includes(entry))
  const regressedEntry = (entry: Entry): RegressedEntry => ({
    label: entry.label,
    study: entry.study,
    evidence: entry.evidence,
    values: valuesIn(entry, question.moderators),
  })
  return {
    k: fit.k,
    entries: complete.map(regressedEntry),
    omitted: omitted.map(({ label }) => label),
    omittedEntries: omitted.map(regressedEntry),
    coefficients: fit.coefficients.map((coefficient, index) => ({ name: index === 0 ? 'intercept' : (question.moderators[index - 1] ?? ''), ...coefficient })),
    qModerators: fit.qm,
    qModeratorsDf: fit.qmDf,
    pValue: fit.qmP,
    residualTau2: fit.tau2,
    residualI2: fit.i2,
    residualQ: fit.qe,
    residualQDf: fit.qeDf,
    residualQPValue: fit.qeP,
    r2: 'r2' in fit ? fit.r2 : null,
  }
}

/** Places between the least and the greatest value of the moderator at which a line is worked out. */
const placesOfLine = 41

/**
 * The line of a regression on one moderator with its confidence interval, on the analysis scale: of predictions b₀ + b₁x, whose variance is
 * v₀₀ + 2x·v₀₁ + x²·v₁₁. Null where no moderator is asked for.
 *
 * @throws {PublicError} as `metaRegressionOf`
 */
export function regressionLineOf(pool: PooledEntries): { readonly slope: ShownCoefficient; readonly through: ScatterLine } | null {
  const fitted = fittedTo(pool)
  const [intercept, slope] = fitted?.fit.coefficients ?? []
  const [moderator] = pool.question.moderators
  if (fitted === null || intercept === undefined || slope === undefined || moderator === undefined) return null
  const { complete, fit } = fitted
  const reach = slope.standardError === 0 ? 0 : (slope.ciUpper - slope.estimate) / slope.standardError
  const [[v00 = 0, v01 = 0] = [], [, v11 = 0] = []] = fit.covariance
  const values = complete.map((entry) => Number(entry.moderators[moderator]))
  const [least, greatest] = [Math.min(...values), Math.max(...values)]
  const through = Array.from({ length: placesOfLine }, (_, index) => {
    const x = least + ((greatest - least) * index) / (placesOfLine - 1)
    const estimate = intercept.estimate + slope.estimate * x
    const half = reach * Math.sqrt(Math.max(0, v00 + 2 * x * v01 + x * x * v11))
    return { x, estimate, lower: estimate - half, upper: estimate + half }
  })
  return { slope: { name: moderator, ...slope }, through }
}

/** The regression with the entries that it rests on; null where no moderator is asked for. */
function fittedTo({ entries, question }: PooledEntries) {
  const { moderators, model, dependence } = question
  if (moderators.length === 0) return null
  if (dependence === 'ROBUST')
    throw new PublicError(
      'BAD_USER_INPUT',
      'a regression on moderators does not allow for dependence by robust errors: use AGGREGATE, or the model THREE_LEVEL',
      {
        reason: 'MODEL_WITHOUT_MODERATORS',
        argument: 'dependence',
      },
    )
  if (poolsCounts(model))
    throw new PublicError('BAD_USER_INPUT', `a regression on moderators needs RANDOM_EFFECTS, COMMON_EFFECT or THREE_LEVEL, not ${model}`, {
      reason: 'MODEL_WITHOUT_MODERATORS',
      argument: 'model',
    })
  const valuesOf = (entry: Entry) => valuesIn(entry, moderators)
  const complete = thoseThatTell(entries, moderators)
  const needed = moderators.length + 1 + (model === 'COMMON_EFFECT' ? 0 : 1)
  if (complete.length < needed) throw tooFewTell(entries, moderators, { needed, complete: complete.length })
  const constant = moderators.find((name) => new Set(complete.map((entry) => entry.moderators[name])).size === 1)
  if (constant !== undefined)
    throw new PublicError('BAD_USER_INPUT', `${constant} is the same in all ${complete.length} studies, so nothing can be learnt of it`, {
      reason: 'MODERATOR_WITHOUT_VARIATION',
      argument: 'moderators',
      ref: constant,
    })
  try {
    const design = complete.map((entry) => [1, ...valuesOf(entry).map(Number)])
    return { complete, fit: regressed(complete, design, question) }
  } catch (error) {
    if (error instanceof ConvergenceError) throw new PublicError('NOT_COMPUTABLE', error.message, { reason: 'NOT_CONVERGED', argument: 'estimator' })
    if (error instanceof CollinearColumnError)
      throw new PublicError('BAD_USER_INPUT', whyCollinear(error, moderators), {
        reason: error.others.length === 0 ? 'MODERATOR_WITHOUT_VARIATION' : 'MODERATORS_COLLINEAR',
        argument: 'moderators',
        ref: moderators[error.column - 1] ?? '',
      })
    // Every other number was checked above.
    if (error instanceof RangeError) throw new PublicError('BAD_USER_INPUT', error.message, { reason: 'MODERATORS_COLLINEAR', argument: 'moderators' })
    throw error
  }
}

/** Too few entries for a regression: because there are few of any kind, or because they do not report the moderators. */
function tooFewTell(
  entries: readonly Entry[],
  moderators: readonly string[],
  { needed, complete }: { readonly needed: number; readonly complete: number },
): PublicError {
  const unreported = moderators.filter((name) => entries.every((entry) => (entry.moderators[name] ?? null) === null))
  const them = (names: readonly string[]) => (names.length === 1 ? 'it' : 'them')
  if (unreported.length > 0)
    return new PublicError('BAD_USER_INPUT', `${unreported.join(', ')}: none of the ${entries.length} studies reports ${them(unreported)}`, {
      reason: 'MODERATOR_NOT_REPORTED',
      argument: 'moderators',
      ref: unreported[0] ?? '',
    })
  const counts = moderators.map((name) => `${name} ${entries.filter((entry) => (entry.moderators[name] ?? null) !== null).length}`)
  if (entries.length < needed)
    return new PublicError(
      'BAD_USER_INPUT',
      `${moderators.join(', ')}: a regression on ${moderators.length === 1 ? 'one moderator' : `${moderators.length} moderators`} needs at least ${needed} studies, the pool has ${entries.length}`,
      { reason: 'TOO_MANY_MODERATORS', argument: 'moderators', limit: Math.max(0, entries.length - (needed - moderators.length)), actual: moderators.length },
    )
  return new PublicError(
    'BAD_USER_INPUT',
    `${moderators.join(', ')}: a regression needs at least ${needed} studies that report ${them(moderators)}, here ${complete} of ${entries.length} do${moderators.length === 1 ? '' : ` all at once (${counts.join(', ')})`}`,
    { reason: 'MODERATOR_NOT_REPORTED', argument: 'moderators', limit: needed, actual: complete },
  )
}

function whyCollinear({ column, others }: CollinearColumnError, moderators: readonly string[]): string {
  const [name, names] = [moderators[column - 1] ?? '', others.map((other) => moderators[other - 1] ?? '')]
  return names.length === 0
    ? `${name} varies too little beside its size to be told from a constant: subtract what all studies have in common`
    : `${name} follows from ${names.join(' and ')} in these studies, so their effects cannot be told apart: leave one of them out`
}

function regressed(entries: readonly Entry[], design: readonly (readonly number[])[], question: PooledEntries['question']) {
  const { estimator, level } = question
  const interval = intervalOf(question)
  // Three levels share out what moderators leave between two variances, of which no share is explained.
  if (question.model === 'THREE_LEVEL') return regressThreeLevels(entries.map(clustered), design, { interval, level })
  return regressEffects(entries, design, { model: question.model === 'COMMON_EFFECT' ? question.model : 'RANDOM_EFFECTS', estimator, interval, level })
}
