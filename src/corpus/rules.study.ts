import { exposureMetricOf } from '../evidence/comparison.js'
import type { Corpus } from './files.js'
import type { ArmEntry, PooledResultEntry, ResultEntry, StudyEntry } from './format.js'
import { adjustmentOf } from './effects.js'
import { contrastSlug, studyOutcomeSlug } from './records.results.js'
import { checkOf, slugs, type Check, type Known } from './rules.check.js'
import { checkEffect } from './rules.effects.js'
import { checkResult } from './rules.results.js'
import { checkSources } from './rules.sources.js'

/** Words that name the sources of interactions and contraindications in the database. */
const reservedSlugs: readonly string[] = ['interaction', 'contraindication']

/** The rules of one study's file. */
export function checkStudy(study: StudyEntry, corpus: Corpus, known: Known): Check {
  const check = checkOf(`studies/${study.slug}.yaml`, known)
  check.expect(!reservedSlugs.includes(study.slug), 'slug', study.slug, 'is a word that the database uses itself: choose another slug')
  for (const list of ['populations', 'arms', 'results', 'pooledResults'] as const) {
    check.mustBeUnique(
      `${list}.slug`,
      study[list].map(({ slug }) => slug),
    )
  }
  checkPublications(check, study)
  checkSources(check, study)
  checkPopulations(check, study)
  study.arms.forEach((arm, index) => checkArm(check, `arms[${index}]`, arm))
  checkNumbersOfArms(check, study)
  study.results.forEach((result, index) =>
    checkResult(
      check,
      `results[${index}]`,
      study,
      result,
      corpus.outcomes.find(({ slug }) => slug === result.outcome),
    ),
  )
  study.pooledResults.forEach((pooled, index) => {
    const field = `pooledResults[${index}]`
    for (const vocabulary of ['outcome', 'condition', 'instrument', 'form'] as const) check.mustKnow(vocabulary, `${field}.${vocabulary}`, [pooled[vocabulary]])
    checkEffect(check, field, pooled)
    checkReplication(check, `${field}.replication`, pooled, corpus)
  })
  const results = slugs(study.results)
  study.riskOfBias.forEach(({ result, review, overall, domains, score, scoreMaximum }, index) => {
    const field = `riskOfBias[${index}]`
    check.expect(result === undefined || results.has(result), `${field}.result`, result, "must be one of this file's results")
    check.mustKnow('study', `${field}.review`, [review])
    check.expect(
      overall !== undefined || domains.length > 0 || score !== undefined,
      `${field}.overall`,
      undefined,
      'an assessment has an overall judgement, domains or a score',
    )
    check.expect((score === undefined) === (scoreMaximum === undefined), `${field}.score`, score, 'a score needs its maximum')
    check.expect((score ?? 0) <= (scoreMaximum ?? Infinity), `${field}.score`, score, `must not exceed scoreMaximum ${scoreMaximum}`)
  })
  checkRepetition(check, study)
  checkExposures(check, study)
  return check
}

/** What a review pooled must be there to be pooled again, with the counts that it took. */
function checkReplication(check: Check, field: string, { replication, estimate, measure }: PooledResultEntry, { studies }: Corpus): void {
  if (replication === undefined) return
  check.expect(estimate !== undefined, field, undefined, 'a replication needs a published estimate to be compared with')
  const counted = replication.model.startsWith('MANTEL_HAENSZEL') || replication.model === 'PETO'
  check.expect(
    !counted || measure === 'OR' || (replication.model !== 'PETO' && (measure === 'RR' || measure === 'RD')),
    `${field}.model`,
    replication.model,
    `does not pool ${measure}`,
  )
  check.mustBeUnique(
    `${field}.inputs`,
    replication.inputs.map(({ study, result }) => `${study} ${result}`),
  )
  replication.inputs.forEach(({ study, result, counts }, index) => {
    const at = `${field}.inputs[${index}]`
    const found = studies.find(({ slug }) => slug === study)?.results.find(({ slug }) => slug === result)
    check.expect(found !== undefined, at, `${study} ${result}`, 'must name a study and one of its results')
    const matching = found?.alternatives.filter(({ source }) => source === counts).length ?? 1
    check.expect(counts === undefined || matching === 1, `${at}.counts`, counts, 'must be the source of one alternative of this result')
  })
}

function checkPublications(check: Check, { publications }: StudyEntry): void {
  check.mustBeUnique(
    'publications',
    publications.map((entry) => ('ref' in entry ? entry.ref : entry.slug)),
  )
  publications.forEach((entry, index) => {
    const field = `publications[${index}]`
    if ('ref' in entry) return check.mustKnow('publication', `${field}.ref`, [entry.ref])
    entry.relations.forEach(({ to }, at) => {
      check.mustKnow('publication', `${field}.relations[${at}].to`, [to])
      check.expect(to !== entry.slug, `${field}.relations[${at}].to`, to, 'must be another publication')
    })
    check.mustBeUnique(
      `${field}.relations`,
      entry.relations.map(({ type, to }) => `${type} ${to}`),
    )
  })
}

function checkPopulations(check: Check, { populations, results }: StudyEntry): void {
  populations.forEach(({ conditions, minAge, maxAge }, index) => {
    check.mustKnow('condition', `populations[${index}].conditions`, conditions)
    check.mustBeUnique(`populations[${index}].conditions`, conditions)
    check.expect((minAge ?? 0) <= (maxAge ?? Infinity), `populations[${index}].minAge`, minAge, `must not exceed maxAge ${maxAge}`)
  })
  const whole = populations.flatMap(({ slug, wholeSample }) => (wholeSample ? [slug] : []))
  check.expect(whole.length <= 1, 'populations', whole, 'one population at most is the whole sample')
  check.advise(
    whole.length > 0 || results.length === 0,
    'no population is the whole sample',
    'populations',
    undefined,
    'mark the one of all participants with wholeSample: true; without it, all results count as those of subgroups',
  )
}

function checkArm(check: Check, field: string, arm: ArmEntry): void {
  check.mustKnow('treatment', `${field}.agents`, arm.agents ?? [])
  check.mustBeUnique(`${field}.agents`, arm.agents ?? [])
  check.advise(
    arm.agents !== undefined || (arm.role !== 'ACTIVE_CONTROL' && arm.coInterventions.length === 0),
    'an arm with other treatments that names no agents',
    `${field}.agents`,
    undefined,
    `list the treatments of "${arm.label}" that are not magnesium; an empty list says that there are none`,
  )
  check.advise(
    arm.role !== 'ACTIVE_CONTROL' || arm.agents?.length !== 0,
    'an active control without a treatment',
    `${field}.agents`,
    arm.agents,
    'name the treatment; if there is none, the arm may be a placebo',
  )
  arm.doses.forEach((dose, phase) => {
    const at = `${field}.doses[${phase}]`
    check.mustKnow('form', `${at}.form`, [dose.form])
    check.expect(dose.per === undefined || dose.amount !== undefined, `${at}.per`, dose.per, 'needs an amount')
    check.expect((dose.amount === undefined) === (dose.unit === undefined), `${at}.amount`, dose.amount, 'amount and unit must be given together')
    check.expect((dose.startDay ?? 0) <= (dose.endDay ?? Infinity), `${at}.startDay`, dose.startDay, `must not exceed endDay ${dose.endDay}`)
  })
  check.mustBeUnique(
    `${field}.doses.phase`,
    arm.doses.map(({ form, phase }) => `${form} phase ${phase}`),
  )
  check.expect((arm.analysed ?? 0) <= (arm.randomized ?? Infinity), `${field}.analysed`, arm.analysed, `must not exceed randomized ${arm.randomized}`)
}

/** In a crossover everybody passes through each arm; elsewhere the arms part those who were randomised. */
function checkNumbersOfArms(check: Check, { design, arms, participantsRandomized, participantsAnalysed }: StudyEntry): void {
  check.expect(
    (participantsAnalysed ?? 0) <= (participantsRandomized ?? Infinity),
    'participantsAnalysed',
    participantsAnalysed,
    `must not exceed participantsRandomized ${participantsRandomized}`,
  )
  if (design === 'RCT_CROSSOVER' || participantsRandomized === undefined) return
  const sum = arms.reduce((people, { randomized }) => people + (randomized ?? 0), 0)
  check.expect(sum <= participantsRandomized, 'arms.randomized', sum, `the arms add up to more than participantsRandomized ${participantsRandomized}`)
  check.advise(
    sum >= participantsRandomized || arms.length < 2 || arms.some(({ randomized }) => randomized === undefined),
    'arms that add up to fewer people than were randomised',
    'arms.randomized',
    sum,
    `of ${participantsRandomized} randomised some are in no arm: read the numbers again, or add the arm that is missing`,
  )
}

function checkRepetition(check: Check, study: StudyEntry): void {
  const seen = new Map<string, string>()
  for (const result of study.results) {
    const key = [
      contrastSlug(study, result),
      studyOutcomeSlug(study, result),
      result.population,
      result.timepointDays ?? result.timepointLabel,
      result.valueKind,
      adjustmentOf(result),
    ].join('|')
    check.expect(
      !seen.has(key),
      'results',
      result.slug,
      `repeats ${seen.get(key)}: one result per contrast, outcome, time point and population; further reports of it belong under its alternatives`,
    )
    seen.set(key, result.slug)
  }
}

/** What one contrast is, is said once; categories of one exposure are told apart by their rank. */
function checkExposures(check: Check, study: StudyEntry): void {
  const described = new Map<string, string>()
  const categories = new Map<string, Map<string, ResultEntry[]>>()
  study.results.forEach((result, index) => {
    const { exposure } = result
    if (exposure === undefined) return
    const contrast = contrastSlug(study, result)
    const description = JSON.stringify(Object.entries(exposure).sort())
    check.expect(
      (described.get(contrast) ?? description) === description,
      `results[${index}].exposure`,
      result.slug,
      'must be described as in the other results of this contrast: kind, metric, unit, direction and rank alike',
    )
    described.set(contrast, description)
    check.advise(
      exposureMetricOf(exposure) !== 'OTHER',
      'an exposure of no known kind',
      `results[${index}].exposure.kind`,
      exposure.metric,
      'say which kind of exposure it is; those of kind OTHER are pooled with nothing',
    )
    if (result.comparator !== undefined) return
    const question = [exposure.metric, exposure.reference, exposure.contrastedHas, result.outcome, result.condition, result.population].join('|')
    const contrasted = categories.get(question) ?? new Map<string, ResultEntry[]>()
    contrasted.set(exposure.contrasted, [...(contrasted.get(exposure.contrasted) ?? []), result])
    categories.set(question, contrasted)
  })
  for (const contrasted of categories.values()) {
    const ranks = [...contrasted].map(([category, [result]]) => ({ category, rank: result?.exposure?.rank }))
    const given = ranks.flatMap(({ rank }) => (rank === undefined ? [] : [String(rank)]))
    check.mustBeUnique('results.exposure.rank', given)
    check.advise(
      ranks.length < 2 || given.length === ranks.length,
      'categories of one exposure without ranks',
      'results.exposure.rank',
      ranks.map(({ category }) => category),
      'number the categories from the reference on, 1 for the nearest: only the farthest enters a pool',
    )
  }
}
