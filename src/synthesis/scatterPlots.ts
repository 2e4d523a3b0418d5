import type { ScatterPlot } from '../plots/scatter.js'
import { shownLevel } from '../plots/number.js'
import { PublicError } from '../errors.js'
import { scaleOf, type PooledMeasure } from './entry.js'
import { measureNames, type PlotWords } from './forestPlot.js'
import { influenceRows } from './influence.js'
import type { Moderator } from './question.js'
import { regressionLineOf, thoseThatTell, type ShownCoefficient } from './metaRegression.js'
import { counted, type PooledEntries } from './synthesis.js'

/**
 * The effects over the one moderator asked for, with the line of their regression; areas are inverse variances.
 *
 * @throws {PublicError} BAD_USER_INPUT where not one moderator is asked for, or the regression is refused
 */
export function bubblePlotOf(pool: PooledEntries, { title }: PlotWords): ScatterPlot {
  const { entries, measure, question } = pool
  const [moderator, ...others] = question.moderators
  const fitted = others.length > 0 ? null : regressionLineOf(pool)
  if (moderator === undefined || fitted === null)
    throw new PublicError('BAD_USER_INPUT', `a bubble plot is of one moderator, and ${question.moderators.length} were asked for`, {
      reason: 'ONE_MODERATOR_NEEDED',
      argument: 'moderators',
    })
  const told = thoseThatTell(entries, [moderator])
  const largest = Math.max(...told.map(({ variance }) => 1 / variance))
  const { axis, one } = isModerator(moderator) ? moderatorNames[moderator] : { axis: moderator, one: `unit of ${moderator}` }
  const left = entries.length - told.length
  return {
    title,
    description: sentenceOf(fitted.slope, { one, measure, level: question.level }),
    x: { label: axis, scale: 'IDENTITY' },
    y: { label: measureNames[measure], scale: scaleOf(measure) },
    points: told.map((entry) => ({ label: entry.label, x: Number(entry.moderators[moderator]), y: entry.estimate, area: 1 / entry.variance / largest })),
    areaMeans: 'a smaller variance',
    line: { label: 'regression', band: `its ${shownLevel(question.level)} confidence interval`, through: fitted.through },
    noEffect: true,
    named: 0,
    notes: [
      ...(left > 0 ? [`${counted(left, 'study does not tell it and is', 'studies do not tell it and are')} not drawn.`] : []),
      ...(told.length < 10 ? ['With fewer than ten studies a regression says little.'] : []),
      'What goes with an effect between studies need not be its cause.',
    ],
  }
}

/** The axis of each moderator, and one unit of it in a sentence. */
const moderatorNames: Readonly<Record<Moderator, { readonly axis: string; readonly one: string }>> = {
  ELEMENTAL_MG_PER_DAY: { axis: 'Elemental magnesium, mg a day', one: 'milligram of elemental magnesium a day' },
  DURATION_DAYS: { axis: 'Length of treatment, days', one: 'day of treatment' },
  YEAR: { axis: 'Year of the main report', one: 'year' },
  MEAN_AGE: { axis: 'Mean age, years', one: 'year of mean age' },
  FEMALE_PERCENT: { axis: 'Women, %', one: 'percent of women' },
  BASELINE_SERUM_MAGNESIUM: { axis: 'Mean serum magnesium before treatment, mmol/L', one: 'mmol/L of serum magnesium before treatment' },
  PARTICIPANTS: { axis: 'Participants', one: 'participant' },
}
const isModerator = (name: string): name is Moderator => name in moderatorNames

/** The slope in words, its interval first: of ratios a factor, else a difference. */
function sentenceOf(
  { estimate, ciLower, ciUpper }: ShownCoefficient,
  about: { readonly one: string; readonly measure: PooledMeasure; readonly level: number },
): string {
  const isRatio = scaleOf(about.measure) === 'LOG'
  const shown = (value: number) => String(Number((isRatio ? Math.exp(value) : value).toPrecision(3)))
  const changes = isRatio ? 'is multiplied by' : 'changes by'
  const what = scaleOf(about.measure) === 'FISHER_Z' ? 'Fisher’s z' : measureNames[about.measure].toLowerCase()
  return `For each further ${about.one} the ${what} ${changes} between ${shown(ciLower)} and ${shown(ciUpper)} (${shownLevel(about.level)} confidence interval), best estimate ${shown(estimate)}.`
}

/** What each study adds to the heterogeneity, and how far the pooled effect moves without it. */
export function baujatPlotOf(pool: PooledEntries, { title }: PlotWords): ScatterPlot {
  const rows = influenceRows(pool)
  return {
    title,
    description: 'What each study adds to the heterogeneity, and how far the pooled effect moves without it.',
    x: { label: 'Contribution to Q', scale: 'IDENTITY' },
    y: { label: 'Influence on the pooled effect', scale: 'IDENTITY' },
    points: rows.map(({ label, baujatHeterogeneity, baujatInfluence }) => ({ label, x: baujatHeterogeneity, y: baujatInfluence, area: 1 })),
    areaMeans: null,
    line: null,
    noEffect: false,
    named: 4,
    notes: [
      'Names stand beside the studies furthest to the right or up; the table has all of them.',
      ...(rows.length === 0 ? ['One study alone is compared with nothing.'] : []),
    ],
  }
}
