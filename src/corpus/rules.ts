import type { Corpus, Fault } from './files.js'
import type { ResultEntry, StudyEntry } from './format.js'

/**
 * The rules that no single value can break: slugs that must exist or be unique, arms that must differ and belong to the
 * study, counts that must fit. One fault for each, in file order.
 */
export function crossFileFaults(corpus: Corpus): Fault[] {
  const faults: Fault[] = []
  const known = {
    condition: slugs(corpus.conditions),
    form: slugs(corpus.forms),
    outcome: slugs(corpus.outcomes),
    treatment: slugs(corpus.treatments),
    instrument: slugs(corpus.instruments),
    study: slugs(corpus.studies),
    publication: new Set(corpus.studies.flatMap((study) => study.publications.flatMap((entry) => ('slug' in entry ? [entry.slug] : [])))),
  }
  type Vocabulary = keyof typeof known
  const fault = (file: string) => (field: string, value: unknown, rule: string) => void faults.push({ file, field, value, rule })
  const mustKnow = (file: string, vocabulary: Vocabulary, field: string, values: readonly (string | undefined)[]) => {
    values.forEach((value, index) => {
      if (value !== undefined && !known[vocabulary].has(value))
        fault(file)(values.length > 1 ? `${field}[${index}]` : field, value, `must be the slug of a known ${vocabulary}`)
    })
  }
  const mustBeUnique = (file: string, field: string, values: readonly string[]) => {
    const seen = new Set<string>()
    for (const value of values) {
      if (seen.has(value)) fault(file)(field, value, 'must be unique')
      seen.add(value)
    }
  }

  for (const [file, entries] of [
    ['conditions.yaml', corpus.conditions],
    ['forms.yaml', corpus.forms],
    ['outcomes.yaml', corpus.outcomes],
    ['treatments.yaml', corpus.treatments],
    ['instruments.yaml', corpus.instruments],
    ['interactions.yaml', corpus.interactions],
    ['contraindications.yaml', corpus.contraindications],
  ] as const) {
    mustBeUnique(
      file,
      'slug',
      entries.map(({ slug }) => slug),
    )
  }
  corpus.conditions.forEach((entry, index) => mustKnow('conditions.yaml', 'condition', `[${index}].parents`, entry.parents))
  corpus.forms.forEach((entry, index) => {
    mustKnow('forms.yaml', 'form', `[${index}].parents`, entry.parents)
    mustKnow('forms.yaml', 'form', `[${index}].mayBe`, entry.mayBe)
    if (entry.formula && entry.mayBe.length > 0)
      fault('forms.yaml')(`[${index}].mayBe`, entry.slug, 'a form has either a formula of its own or an interval over others, not both')
  })
  corpus.outcomes.forEach((entry, index) => mustKnow('outcomes.yaml', 'instrument', `[${index}].instruments`, entry.instruments))
  for (const cycle of cyclesIn(corpus.conditions)) fault('conditions.yaml')('parents', cycle, 'the hierarchy must not run in a circle')
  for (const cycle of cyclesIn(corpus.forms)) fault('forms.yaml')('parents', cycle, 'the hierarchy must not run in a circle')
  corpus.interactions.forEach((entry, index) => mustKnow('interactions.yaml', 'form', `[${index}].forms`, entry.forms))
  corpus.contraindications.forEach((entry, index) => {
    mustKnow('contraindications.yaml', 'condition', `[${index}].condition`, [entry.condition])
    mustKnow('contraindications.yaml', 'form', `[${index}].forms`, entry.forms)
  })

  const publications = corpus.studies.flatMap((study) => study.publications.map((entry) => ({ study, entry })))
  for (const identifier of ['slug', 'doi', 'pmid', 'pmcid'] as const) {
    const seen = new Map<string, string>()
    for (const { study, entry } of publications) {
      const value = 'slug' in entry ? entry[identifier]?.toLowerCase() : undefined
      if (value === undefined) continue
      if (seen.has(value)) fault(fileOf(study))(`publications.${identifier}`, value, `must be unique; ${seen.get(value)} has it too`)
      seen.set(value, fileOf(study))
    }
  }

  for (const study of corpus.studies) {
    const file = fileOf(study)
    mustBeUnique(
      file,
      'populations.slug',
      study.populations.map(({ slug }) => slug),
    )
    mustBeUnique(
      file,
      'arms.slug',
      study.arms.map(({ slug }) => slug),
    )
    mustBeUnique(
      file,
      'results.slug',
      study.results.map(({ slug }) => slug),
    )
    mustBeUnique(
      file,
      'pooledResults.slug',
      study.pooledResults.map(({ slug }) => slug),
    )
    study.publications.forEach((entry, index) => {
      if ('ref' in entry) mustKnow(file, 'publication', `publications[${index}].ref`, [entry.ref])
      else entry.relations.forEach((relation, at) => mustKnow(file, 'publication', `publications[${index}].relations[${at}].to`, [relation.to]))
    })
    for (const { field, source } of sourceKeysOf(study)) {
      if (!(source in study.sources)) fault(file)(field, source, `must be one of this file's sources (${Object.keys(study.sources).join(', ')})`)
    }
    study.populations.forEach((population, index) => {
      mustKnow(file, 'condition', `populations[${index}].conditions`, population.conditions)
      if ((population.minAge ?? 0) > (population.maxAge ?? Infinity))
        fault(file)(`populations[${index}].minAge`, population.minAge, `must not exceed maxAge ${population.maxAge}`)
    })
    study.arms.forEach((arm, index) => {
      mustKnow(file, 'treatment', `arms[${index}].agents`, arm.agents ?? [])
      arm.doses.forEach((dose, phase) => {
        const field = `arms[${index}].doses[${phase}]`
        mustKnow(file, 'form', `${field}.form`, [dose.form])
        if ((dose.amount === undefined) !== (dose.unit === undefined)) fault(file)(`${field}.amount`, dose.amount, 'amount and unit must be given together')
        if ((dose.startDay ?? 0) > (dose.endDay ?? Infinity)) fault(file)(`${field}.startDay`, dose.startDay, `must not exceed endDay ${dose.endDay}`)
      })
      mustBeUnique(
        file,
        `arms[${index}].doses.phase`,
        arm.doses.map((dose) => `${dose.form} phase ${dose.phase}`),
      )
      if ((arm.analysed ?? 0) > (arm.randomized ?? Infinity))
        fault(file)(`arms[${index}].analysed`, arm.analysed, `must not exceed randomized ${arm.randomized}`)
    })
    study.results.forEach((result, index) =>
      resultFaults(study, result).forEach(({ field, value, rule }) => fault(file)(`results[${index}]${field}`, value, rule)),
    )
    study.results.forEach((result, index) => {
      mustKnow(file, 'outcome', `results[${index}].outcome`, [result.outcome])
      mustKnow(file, 'condition', `results[${index}].condition`, [result.condition])
      mustKnow(file, 'instrument', `results[${index}].instrument`, [result.instrument])
      mustKnow(file, 'form', `results[${index}].form`, [result.form])
    })
    study.pooledResults.forEach((pooled, index) => {
      mustKnow(file, 'outcome', `pooledResults[${index}].outcome`, [pooled.outcome])
      mustKnow(file, 'condition', `pooledResults[${index}].condition`, [pooled.condition])
      mustKnow(file, 'instrument', `pooledResults[${index}].instrument`, [pooled.instrument])
      mustKnow(file, 'form', `pooledResults[${index}].form`, [pooled.form])
    })
    const effects = new Map<string, string>()
    for (const result of study.results) {
      const key = [
        result.intervention,
        result.comparator,
        result.exposure?.metric,
        result.exposure?.contrasted,
        result.exposure?.reference,
        result.form,
        result.outcome,
        result.instrument,
        result.population,
        result.timepointDays ?? result.timepointLabel,
        result.valueKind,
        result.adjusted,
        result.name,
      ].join('|')
      if (effects.has(key))
        fault(file)(
          'results',
          result.slug,
          `repeats ${effects.get(key)}: one result per contrast, outcome, time point and population; further reports of it belong under its alternatives`,
        )
      effects.set(key, result.slug)
    }
  }

  for (const document of corpus.documents) {
    const file = `claims/${document.slug}.yaml`
    mustBeUnique(
      file,
      'claims.slug',
      document.claims.map(({ slug }) => slug),
    )
    mustKnow(
      file,
      'study',
      'references',
      document.references.map(({ study }) => study),
    )
    document.claims.forEach((claim, index) => {
      const field = `claims[${index}]`
      mustKnow(file, 'form', `${field}.forms`, claim.forms)
      mustKnow(file, 'condition', `${field}.conditions`, claim.conditions)
      mustKnow(file, 'outcome', `${field}.outcomes`, claim.outcomes)
      mustKnow(file, 'study', `${field}.citations`, claim.citations)
      claim.findings.forEach((finding, at) => {
        mustKnow(file, 'study', `${field}.findings[${at}].study`, [finding.study])
        const results = corpus.studies.find(({ slug }) => slug === finding.study)?.results
        if (finding.result !== undefined && !results?.some(({ slug }) => slug === finding.result))
          fault(file)(`${field}.findings[${at}].result`, finding.result, `must be a result of ${finding.study ?? 'a study named beside it'}`)
      })
    })
  }
  return faults
}

function resultFaults(study: StudyEntry, result: ResultEntry) {
  const found: { field: string; value: unknown; rule: string }[] = []
  const armSlugs = slugs(study.arms)
  const expect = (holds: boolean, field: string, value: unknown, rule: string) => void (holds || found.push({ field, value, rule }))
  expect(
    study.populations.some(({ slug }) => slug === result.population),
    '.population',
    result.population,
    "must be one of this file's populations",
  )
  for (const side of ['intervention', 'comparator'] as const) {
    const arm = result[side]
    if (arm !== undefined) expect(armSlugs.has(arm), `.${side}`, arm, "must be one of this file's arms")
  }
  expect(result.intervention === undefined || result.intervention !== result.comparator, '.comparator', result.comparator, 'the arms of a contrast must differ')
  expect(
    result.intervention !== undefined || result.exposure !== undefined || result.form !== undefined,
    '.intervention',
    undefined,
    'a result needs an intervention arm, an exposure or a form',
  )
  for (const [at, report] of [result, ...result.alternatives].entries()) {
    const prefix = at === 0 ? '' : `.alternatives[${at - 1}]`
    report.armResults.forEach((entry, index) => {
      const field = `${prefix}.armResults[${index}]`
      expect(armSlugs.has(entry.arm), `${field}.arm`, entry.arm, "must be one of this file's arms")
      expect(entry.events === undefined || entry.n === undefined || entry.events <= entry.n, `${field}.events`, entry.events, `must not exceed n ${entry.n}`)
      expect(
        (entry.q1 ?? -Infinity) <= (entry.median ?? Infinity) && (entry.median ?? -Infinity) <= (entry.q3 ?? Infinity),
        `${field}.median`,
        entry.median,
        'must lie between the quartiles',
      )
    })
    report.reported.forEach((effect, index) => {
      const field = `${prefix}.reported[${index}]`
      expect(
        (effect.ciLower === undefined) === (effect.ciUpper === undefined),
        `${field}.ciLower`,
        effect.ciLower,
        'both limits of an interval must be given, or none',
      )
      expect(
        effect.ciLower === undefined || effect.ciLevel !== undefined,
        `${field}.ciLevel`,
        effect.ciLevel,
        'an interval must state its level; it is never assumed',
      )
      const ratio = ['OR', 'RR', 'HR', 'IRR', 'ROM'].includes(effect.measure)
      for (const key of ['estimate', 'ciLower', 'ciUpper'] as const)
        expect(!ratio || effect[key] === undefined || effect[key] > 0, `${field}.${key}`, effect[key], `a ${effect.measure} must be above zero`)
    })
  }
  const hasNumber =
    result.reported.some(({ estimate }) => estimate !== undefined) ||
    result.armResults.some(
      ({ n, mean, events, percent, median }) =>
        (n !== undefined && (mean !== undefined || events !== undefined)) || percent !== undefined || median !== undefined,
    )
  expect(hasNumber || result.absentReason !== undefined, '.absentReason', undefined, 'a result without a number must say why')
  return found
}

function sourceKeysOf(study: StudyEntry): { field: string; source: string }[] {
  return [
    ...study.populations.map(({ source }, index) => ({ field: `populations[${index}].source`, source })),
    ...study.arms.flatMap((arm, index) => arm.doses.map(({ source }, phase) => ({ field: `arms[${index}].doses[${phase}].source`, source }))),
    ...study.results.flatMap((result, index) => [
      { field: `results[${index}].source`, source: result.source },
      ...result.alternatives.map(({ source }, at) => ({ field: `results[${index}].alternatives[${at}].source`, source })),
    ]),
    ...study.pooledResults.map(({ source }, index) => ({ field: `pooledResults[${index}].source`, source })),
    ...study.riskOfBias.map(({ source }, index) => ({ field: `riskOfBias[${index}].source`, source })),
  ]
}

const slugs = (entries: readonly { readonly slug: string }[]) => new Set(entries.map(({ slug }) => slug))
const fileOf = (study: StudyEntry) => `studies/${study.slug}.yaml`

/** Slugs from which a walk up the parents comes back to itself. */
function cyclesIn(terms: readonly { readonly slug: string; readonly parents: readonly string[] }[]): string[] {
  const parentsOf = new Map(terms.map(({ slug, parents }) => [slug, parents]))
  const reachesItself = (start: string) => {
    const pending = [...(parentsOf.get(start) ?? [])]
    const seen = new Set<string>()
    for (let slug = pending.pop(); slug !== undefined; slug = pending.pop()) {
      if (slug === start) return true
      if (!seen.has(slug)) pending.push(...(parentsOf.get(slug) ?? []))
      seen.add(slug)
    }
    return false
  }
  return terms.map(({ slug }) => slug).filter(reachesItself)
}
