/** The formulas that derive effects, as readers know them. A test holds the list to what the service derives by. */
const words: Readonly<Record<string, string>> = {
  'or-log-woolf': 'log odds ratio of the counts, standard error by Woolf',
  'rr-log-katz': 'log risk ratio of the counts, standard error by Katz',
  'rd-wald': 'risk difference of the counts, standard error by Wald',
  'irr-log-poisson': 'log rate ratio of events and person-time',
  'md-unequal-variances': 'difference of the means, standard error with unequal variances',
  'md-from-standard-errors': 'difference of the means, from the standard errors of the arms',
  'md-from-standard-errors-paired': 'difference of the means within people, from standard errors',
  'md-of-changes': 'difference of the changes from baseline',
  'md-paired': 'difference of the means within people',
  'rom-log-delta': 'log ratio of the means, standard error by the delta method',
  'smd-hedges-exact': 'standardised mean difference, Hedges’ exact correction',
  'smd-hedges-crossover': 'standardised mean difference within people, Hedges’ correction',
  'cor-fisher-z': 'correlation by Fisher’s z',
  'difference-of-means': 'difference of the means',
  'difference-of-percentages': 'difference of the percentages',
  'difference-of-percent-changes': 'difference of the changes in percent',
  'se-from-interval-z': 'standard error from the interval, normal distribution',
  'se-from-interval-t': 'standard error from the interval, t distribution',
  'se-from-p-z': 'standard error from the p value, normal distribution',
  'se-from-p-t': 'standard error from the p value, t distribution',
  'sd-from-se': 'standard deviation from the standard error',
  'sd-from-interval-t': 'standard deviation from the interval, t distribution',
  'sd-from-mean-difference': 'standard deviation from the difference of the means',
}

/** "difference-of-means+se-from-p-t" in a reader's words; a formula that has none as it stands. */
export const formulaWords = (formula: string): string =>
  formula
    .split('+')
    .map((part) => words[part] ?? part)
    .join('; ')
