import { engineVersion } from '../version.js'
import { type TauPrior, tauPriorText } from '../statistics/tauPrior.js'
import { scaleOf, type Entry } from './entry.js'
import { hasRandomEffects, intervalOf, poolsCounts } from './question.js'
import { columnNames, rNumber, rString, rVector } from './rScript.literals.js'
import type { PooledEntries } from './synthesis.js'

/** Above so many entries the script does not pool without each: R would take hours over it. */
const mostLeftOut = 500

/**
 * A script that reproduces a synthesis in R with the package metafor, and prints its numbers at full precision after a line "# synthesis": a name and a
 * value on each line, with the keys of the API.
 *
 * @see Viechtbauer (2010), Journal of Statistical Software 36(3):1–48
 */
export function rScript(synthesis: Omit<PooledEntries, 'pooled' | 'unpoolable'>): string {
  const { entries, measure, question } = synthesis
  const several = entries.length > 1
  return [
    `# A synthesis of magnesium evidence (formulas ${engineVersion}), reproduced in R with the package metafor, 3.8 or later:`,
    '# install.packages("metafor") once, then run this file with Rscript.',
    'library(metafor)',
    ...(question.dependence === 'ROBUST'
      ? ['# The errors that allow for dependence within studies are those of the package clubSandwich.', 'library(clubSandwich)']
      : []),
    '',
    `# One row an entry: yi is ${scaleInWords[scaleOf(measure)]}, vi its variance.`,
    frame('dat', entries, synthesis),
    '',
    'shown <- ' + transformation[scaleOf(measure)],
    ...stoppingRules,
    '',
    ...poolFunction(synthesis),
    'res <- pool(dat)',
    'print(res)',
    ...(question.moderators.length === 0 ? [] : regression(synthesis)),
    '',
    'number <- function(name, value) cat(sprintf("%s %.17g\\n", name, as.numeric(value)), sep = "")',
    'cat("# synthesis\\n")',
    ...pooledNumbers(synthesis),
    ...bayesian(synthesis),
    ...(several ? heterogeneity(synthesis) : []),
    ...(several && entries.length <= mostLeftOut ? influence : []),
    ...(entries.length > 2 ? smallStudyEffects(synthesis) : []),
    ...(question.subgroupBy === null ? [] : subgroups(synthesis)),
    ...(question.moderators.length === 0 ? [] : regressionNumbers),
    '',
  ].join('\n')
}

type Scripted = Omit<PooledEntries, 'pooled' | 'unpoolable'>

const scaleInWords = { IDENTITY: 'the effect', LOG: 'the natural logarithm of the ratio', FISHER_Z: "Fisher's z of the correlation" } as const
const transformation = { IDENTITY: 'identity', LOG: 'exp', FISHER_Z: 'tanh' } as const

/** Counts are told where the model pools them. */
function frame(name: string, entries: readonly Entry[], { question }: Scripted): string {
  const counted = poolsCounts(question.model)
  const numbers = (valueOf: (entry: Entry) => number | null) => entries.map((entry) => rNumber(valueOf(entry)))
  const moderators = columnNames(question.moderators)
  const columns: readonly (readonly [string, readonly string[]])[] = [
    ['label', entries.map(({ label }) => rString(label))],
    ['study', entries.map(({ study }) => rString(study))],
    ['year', numbers(({ year }) => year)],
    ['yi', numbers(({ estimate }) => estimate)],
    ['vi', numbers(({ variance }) => variance)],
    ...(counted
      ? ([
          ['ai', numbers(({ counts }) => counts?.intervention.events ?? null)],
          ['n1i', numbers(({ counts }) => counts?.intervention.total ?? null)],
          ['ci', numbers(({ counts }) => counts?.comparator.events ?? null)],
          ['n2i', numbers(({ counts }) => counts?.comparator.total ?? null)],
        ] as const)
      : []),
    ...(question.subgroupBy === null ? [] : ([['subgroup', entries.map(({ group }) => (group === null ? 'NA' : rString(group)))]] as const)),
    ...question.moderators.map((moderator, index) => [moderators[index] ?? '', numbers((entry) => entry.moderators[moderator] ?? null)] as const),
  ]
  return [
    `${name} <- data.frame(`,
    ...columns.map(([column, values]) => `  ${column} = ${rVector(values, '  ')},`),
    '  stringsAsFactors = FALSE',
    ')',
    `${name}$entry <- seq_len(nrow(${name}))`,
  ].join('\n')
}

const stoppingRules = [
  '# metafor stops when tau^2 changes by less than 1e-5, whatever the size of the effects; here by what is little beside them.',
  'size <- max(var(dat$yi), median(dat$vi), na.rm = TRUE)',
  'control <- list(threshold = 1e-12 * size, tol = 1e-12 * size, maxiter = 10000, tau2.max = 1e4 * size)',
]

const testOf = { WALD: 'z', HKSJ: 'knha', HKSJ_ADHOC: 'adhoc' } as const

/** How the model that was asked for is called, of any part of the data. */
function poolFunction({ measure, question }: Scripted): string[] {
  const { model, estimator, dependence } = question
  const level = levelOf(question.level)
  const interval = intervalOf(question)
  const ratio = measure === 'PETO' ? 'OR' : measure
  if (model === 'MANTEL_HAENSZEL' || model === 'MANTEL_HAENSZEL_RANDOM') {
    const half = question.emptyCells === 'ADD_HALF'
    const counts = half ? 'ai = ai + half, n1i = n1i + 2 * half, ci = ci + half, n2i = n2i + 2 * half' : 'ai = ai, n1i = n1i, ci = ci, n2i = n2i'
    const common = [
      `${model === 'MANTEL_HAENSZEL' ? 'pool' : 'common'} <- function(data) {`,
      ...(half
        ? [
            '  # One half in each cell of a trial in which one is empty and the arms differ.',
            '  alike <- with(data, (ai == 0 & ci == 0) | (ai == n1i & ci == n2i))',
            '  data$half <- with(data, ifelse(!alike & (ai == 0 | ci == 0 | ai == n1i | ci == n2i), 0.5, 0))',
          ]
        : []),
      `  rma.mh(measure = "${ratio}", ${counts}, data = data, slab = label, level = ${level})`,
      '}',
    ]
    return model === 'MANTEL_HAENSZEL' ? common : [...common, ...aboutMantelHaenszel(testOf[interval], level)]
  }
  if (model === 'PETO') return [`pool <- function(data) rma.peto(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = data, slab = label, level = ${level})`]
  if (model === 'THREE_LEVEL')
    return [
      'pool <- function(data) rma.mv(yi, vi, random = ~ 1 | study/entry, data = data, slab = label,',
      `  method = "${estimator === 'ML' ? 'ML' : 'REML'}", test = "${interval === 'WALD' ? 'z' : 't'}", level = ${level})`,
    ]
  const method = model === 'COMMON_EFFECT' ? 'EE' : estimator
  const fit = `rma(yi, vi, data = data, slab = label, method = "${method}", test = "${testOf[interval]}", level = ${level}, control = control)`
  if (dependence !== 'ROBUST') return [`pool <- function(data) ${fit}`]
  return [
    `fit <- function(data) ${fit}`,
    'pool <- function(data) if (nrow(data) == 1) fit(data) else robust(fit(data), cluster = data$study, clubSandwich = TRUE)',
  ]
}

/** DerSimonian and Laird's tau² from Q about the estimate of Mantel and Haenszel, which metafor has no name for. */
const aboutMantelHaenszel = (test: string, level: string) => [
  'pool <- function(data) {',
  '  w <- 1 / data$vi',
  '  df <- nrow(data) - 1',
  '  q <- sum(w * (data$yi - common(data)$beta[1])^2)',
  '  tau2 <- if (df == 0) 0 else max(0, (q - df) / (sum(w) - sum(w^2) / sum(w)))',
  `  fit <- rma(yi, vi, data = data, slab = label, tau2 = tau2, test = "${test}", level = ${level}, control = control)`,
  '  if (df > 0) { fit$QE <- q; fit$QEp <- pchisq(q, df, lower.tail = FALSE); fit$I2 <- max(0, 100 * (q - df) / q); fit$H2 <- q / df }',
  '  fit',
  '}',
]

/** metafor takes levels above 1 for percent. */
const levelOf = (level: number) => String(Number((100 * level).toPrecision(15)))

function pooledNumbers({ question, entries }: Scripted): string[] {
  const predicts = entries.length > 1 && hasRandomEffects(question.model)
  return [
    'number("k", res$k)',
    'number("estimate", shown(res$beta[1]))',
    'number("analysisEstimate", res$beta[1])',
    'number("standardError", res$se)',
    'number("ciLower", shown(res$ci.lb))',
    'number("ciUpper", shown(res$ci.ub))',
    'number("pValue", res$pval)',
    ...(predicts
      ? [
          ...(question.dependence === 'ROBUST'
            ? ['# Where a further study would lie is told by the model, whose errors the robust ones replace for the mean alone.']
            : []),
          `predicted <- predict(${question.dependence === 'ROBUST' && question.model === 'RANDOM_EFFECTS' ? 'fit(dat)' : 'res'})`,
          'number("predictionLower", shown(predicted$pi.lb))',
          'number("predictionUpper", shown(predicted$pi.ub))',
        ]
      : []),
  ]
}

/** Density of tau in R; that of ln tau² is turned into it by the chain rule. */
function densityInR(prior: TauPrior): string {
  const scale = rNumber(prior.scale)
  switch (prior.family) {
    case 'HALF_NORMAL':
      return `2 * dnorm(tau, 0, ${scale})`
    case 'HALF_CAUCHY':
      return `2 * dcauchy(tau, 0, ${scale})`
    case 'UNIFORM':
      return `dunif(tau, 0, ${scale})`
    case 'LOG_NORMAL':
      return `dnorm(2 * log(tau), ${rNumber(prior.location)}, ${scale}) * 2 / tau`
    case 'LOG_T':
      return `dt((2 * log(tau) - ${rNumber(prior.location)}) / ${scale}, ${rNumber(prior.df)}) / ${scale} * 2 / tau`
  }
}

/** In base R: given tau the mean is normal; one sum over panels of ln tau is left, by the quadrature of Gauss and Legendre. */
function bayesian({ entries, question }: Scripted): string[] {
  const { tauPrior, dependence } = question
  const dependent = new Set(entries.map(({ study }) => study)).size < entries.length && dependence !== 'INDEPENDENT'
  if (tauPrior === undefined || tauPrior === null || dependent) return []
  return [
    '',
    `# A Bayesian pool: the mean has a flat prior, tau has ${tauPriorText(tauPrior)}. Nodes of Gauss and Legendre are eigenvalues (Golub & Welsch 1969).`,
    `prior <- function(tau) ${densityInR(tauPrior)}`,
    'given <- function(tau) {',
    '  w <- 1 / (dat$vi + tau^2)',
    '  mean <- sum(w * dat$yi) / sum(w)',
    '  c(mean, 1 / sum(w), (sum(log(w)) - log(sum(w)) - sum(w * (dat$yi - mean)^2)) / 2)',
    '}',
    'i <- 1:19',
    'jacobi <- matrix(0, 20, 20)',
    'jacobi[rbind(cbind(i, i + 1), cbind(i + 1, i))] <- i / sqrt(4 * i^2 - 1)',
    'rule <- eigen(jacobi)',
    'rule <- list(at = rule$values, weight = 2 * rule$vectors[1, ]^2)',
    `highest <- ${tauPrior.family === 'UNIFORM' ? `log(${rNumber(tauPrior.scale)})` : 'Inf'}`,
    'height <- function(x) { found <- log(prior(exp(x))) + x + given(exp(x))[3]; if (is.nan(found)) -Inf else found }',
    '# All of ln tau where the density is not nothing beside its highest value.',
    'scan <- seq(-200, min(200, highest), by = 0.05)',
    'heights <- sapply(scan, height)',
    'inside <- range(scan[heights > max(heights) - 45])',
    'edges <- seq(inside[1] - 0.05, min(inside[2] + 0.05, highest), length.out = 2 + ceiling(diff(inside) / 0.25))',
    'half <- diff(edges) / 2',
    'x <- as.vector(outer(rule$at, half) + rep(edges[-1] - half, each = 20))',
    'weight <- as.vector(outer(rule$weight, half)) * exp(sapply(x, height) - max(heights))',
    'share <- weight / sum(weight)',
    'parts <- sapply(exp(x), given)',
    `probabilities <- c(${rNumber((1 - question.level) / 2)}, 0.5, ${rNumber((1 + question.level) / 2)})`,
    'quantile_of <- function(variance) sapply(probabilities, function(p) {',
    '  reach <- max(abs(parts[1, ])) + 40 * sqrt(max(variance[share > 1e-12]))',
    '  uniroot(function(q) sum(share * pnorm((q - parts[1, ]) / sqrt(variance))) - p, c(-reach, reach), tol = 1e-12 * sqrt(sum(share * pmin(variance, 1e6 * median(variance)))))$root',
    '})',
    'mean_effect <- quantile_of(parts[2, ])',
    'further <- quantile_of(parts[2, ] + exp(2 * x))',
    'number("bayesian.estimate", shown(mean_effect[2]))',
    'number("bayesian.lower", shown(mean_effect[1]))',
    'number("bayesian.upper", shown(mean_effect[3]))',
    'number("bayesian.predictiveLower", shown(further[1]))',
    'number("bayesian.predictiveUpper", shown(further[3]))',
    'number("bayesian.probabilityAboveNoEffect", sum(share * pnorm(parts[1, ] / sqrt(parts[2, ]))))',
  ]
}

function heterogeneity({ question }: Scripted): string[] {
  const levels = question.model === 'THREE_LEVEL'
  return [
    '',
    '# How much effects differ between studies; the intervals are those of the Q-profile.',
    'number("heterogeneity.q", res$QE)',
    'number("heterogeneity.pValue", res$QEp)',
    ...(levels
      ? ['number("heterogeneity.tau2", sum(res$sigma2))']
      : question.model === 'MANTEL_HAENSZEL' || question.model === 'PETO'
        ? []
        : ['number("heterogeneity.tau2", res$tau2)', 'number("heterogeneity.i2", res$I2)', 'number("heterogeneity.h2", res$H2)']),
    `profile <- confint(rma(yi, vi, data = dat, method = "DL", level = ${levelOf(question.level)}), control = control[c("tol", "maxiter", "tau2.max")])$random`,
    'number("heterogeneity.tau2Lower", profile[1, "ci.lb"])',
    'number("heterogeneity.tau2Upper", profile[1, "ci.ub"])',
    'number("heterogeneity.i2Lower", profile[3, "ci.lb"])',
    'number("heterogeneity.i2Upper", profile[3, "ci.ub"])',
    'number("heterogeneity.h2Lower", profile[4, "ci.lb"])',
    'number("heterogeneity.h2Upper", profile[4, "ci.ub"])',
  ]
}

const influence = [
  '',
  '# Without each entry in turn, and as the pool stood after each, by year; NA where a part does not allow the model.',
  'part <- function(data) tryCatch(pool(data), error = function(e) list(beta = NA, ci.lb = NA, ci.ub = NA))',
  'left_out <- lapply(dat$entry, function(i) part(dat[dat$entry != i, ]))',
  'number("leaveOneOut.estimate", sapply(left_out, function(fit) shown(fit$beta[1])))',
  'number("leaveOneOut.ciLower", sapply(left_out, function(fit) shown(fit$ci.lb)))',
  'number("leaveOneOut.ciUpper", sapply(left_out, function(fit) shown(fit$ci.ub)))',
  'by_year <- dat[order(dat$year, na.last = TRUE), ]',
  'cumulated <- lapply(seq_len(nrow(dat)), function(i) part(by_year[seq_len(i), ]))',
  'number("cumulative.estimate", sapply(cumulated, function(fit) shown(fit$beta[1])))',
  'number("cumulative.ciLower", sapply(cumulated, function(fit) shown(fit$ci.lb)))',
  'number("cumulative.ciUpper", sapply(cumulated, function(fit) shown(fit$ci.ub)))',
]

function smallStudyEffects({ question }: Scripted): string[] {
  const { model, estimator, level } = question
  const test = testOf[intervalOf(question)]
  const call = `method = "${model === 'RANDOM_EFFECTS' ? estimator : 'EE'}", test = "${test}", level = ${levelOf(level)}, control = control`
  return [
    '',
    '# Do small studies show other effects than large ones? Each test is left out where the data do not allow it.',
    'attempt <- function(test) tryCatch(test, error = function(e) NULL)',
    'egger <- attempt(regtest(dat$yi, dat$vi, model = "lm", predictor = "sei"))',
    'if (!is.null(egger)) { number("egger.statistic", egger$zval); number("egger.pValue", egger$pval); number("egger.estimate", egger$est) }',
    'begg <- attempt(ranktest(dat$yi, dat$vi))',
    'if (!is.null(begg)) { number("begg.statistic", begg$tau); number("begg.pValue", begg$pval) }',
    '# trimfill() stops by its own rules, so that its digits are fewer, and forms its interval by normal quantiles at 95 %: hence the last fit here.',
    `filled <- attempt(trimfill(rma(yi, vi, data = dat, ${call})))`,
    'if (!is.null(filled)) {',
    `  refitted <- rma(as.numeric(filled$yi), filled$vi, ${call})`,
    '  number("trimAndFill.missing", filled$k0)',
    '  number("trimAndFill.estimate", shown(refitted$beta[1]))',
    '  number("trimAndFill.ciLower", shown(refitted$ci.lb))',
    '  number("trimAndFill.ciUpper", shown(refitted$ci.ub))',
    '}',
  ]
}

function subgroups(synthesis: Scripted): string[] {
  const { entries, grouped } = synthesis
  const same =
    grouped.length === entries.length && grouped.every((entry, index) => entry.group === entries[index]?.group && entry.estimate === entries[index]?.estimate)
  return [
    '',
    '# Each subgroup by itself, with a tau^2 of its own, and the test of whether they differ.',
    ...(same ? ['grouped <- dat'] : ['# Here effects of one study are joined within subgroups only.', frame('grouped', grouped, synthesis)]),
    'groups <- lapply(split(grouped, factor(grouped$subgroup, sort(unique(grouped$subgroup), method = "radix"))), pool)',
    'number("subgroups.estimate", sapply(groups, function(fit) shown(fit$beta[1])))',
    'number("subgroups.ciLower", sapply(groups, function(fit) shown(fit$ci.lb)))',
    'number("subgroups.ciUpper", sapply(groups, function(fit) shown(fit$ci.ub)))',
    'if (length(groups) > 1) {',
    '  errors <- sapply(groups, function(fit) fit$se)',
    '  # A group whose studies agree exactly may have a standard error of 0, and then cannot be compared.',
    '  if (all(errors > 0)) {',
    '    between <- rma(sapply(groups, function(fit) fit$beta[1]), sei = errors, method = "EE")',
    '    number("subgroupTest.q", between$QE)',
    '    number("subgroupTest.pValue", between$QEp)',
    '  }',
    '}',
  ]
}

function regression({ question }: Scripted): string[] {
  const names = columnNames(question.moderators)
  const { model, estimator } = question
  return [
    '',
    '# The effects regressed on moderators, of the entries that report them all.',
    `reported <- dat[complete.cases(dat[c(${names.map((name) => `"${name}"`).join(', ')})]), ]`,
    ...(model === 'THREE_LEVEL'
      ? [
          `regression <- rma.mv(yi, vi, mods = ~ ${names.join(' + ')}, random = ~ 1 | study/entry, data = reported,`,
          `  test = "${intervalOf(question) === 'WALD' ? 'z' : 't'}", level = ${levelOf(question.level)})`,
        ]
      : [
          `regression <- rma(yi, vi, mods = ~ ${names.join(' + ')}, data = reported, method = "${model === 'COMMON_EFFECT' ? 'EE' : estimator}",`,
          `  test = "${testOf[intervalOf(question)]}", level = ${levelOf(question.level)}, control = control)`,
        ]),
    'print(regression)',
  ]
}

const regressionNumbers = [
  '',
  'number("metaRegression.estimate", regression$beta)',
  'number("metaRegression.standardError", regression$se)',
  'number("metaRegression.pValue", regression$pval)',
  'number("metaRegression.qModerators", regression$QM)',
  'number("metaRegression.qModeratorsPValue", regression$QMp)',
  'number("metaRegression.residualTau2", if (is.null(regression$sigma2)) regression$tau2 else sum(regression$tau2, regression$sigma2))',
  'number("metaRegression.residualQ", regression$QE)',
]
