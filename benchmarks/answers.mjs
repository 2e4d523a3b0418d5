// Answers made by plain loops of the rows that the service's own statements give; the limit and Mercurius show them.

/** Kept in memory, as the service keeps them: the vocabulary, and documents of studies. */
const studiesKept = 5_000

/** @param {import('pg').Pool} pool */
export async function answers(pool) {
  const [conditions, forms, outcomes] = await Promise.all(['condition', 'magnesium_form', 'outcome'].map((table) => terms(pool, table)))
  const studies = new Map()

  async function documents(keys) {
    const missing = [...new Set(keys)].filter((key) => !studies.has(key))
    if (missing.length > 0) {
      const { rows } = await pool.query({
        name: 'documents',
        text: 'SELECT study_id, document FROM study_row WHERE study_id = ANY ($1::int[])',
        values: [missing],
      })
      for (const { study_id, document } of rows) {
        if (studies.size >= studiesKept) studies.delete(studies.keys().next().value)
        studies.set(study_id, { ...document, main: document.publications[0] ?? {} })
      }
    }
    return studies
  }

  const dose = ({ formId, route, elementalMgPerDayLow, elementalMgPerDayHigh, startDay, endDay }) => ({
    form: forms.get(formId),
    route,
    elementalMgPerDayLow,
    elementalMgPerDayHigh,
    startDay,
    endDay,
  })
  const arm = ({ label, role, doses }) => ({ label, role, doses: doses.map(dose) })
  const byId = (items, wanted) => items.find(({ id }) => id === wanted)
  const numbers = ({ measure, estimate, standardError, ciLower, ciUpper, pValue }) => ({ measure, estimate, standardError, ciLower, ciUpper, pValue })
  /** @param shown the fields of a study that are asked for */
  const study = ({ slug, title, design, participantsAnalysed, main: { year = null, doi = null, pmid = null } }, shown) =>
    shown === 'listed'
      ? { slug, title, year, design }
      : shown === 'identified'
        ? { slug, title, year, doi, pmid, design }
        : { slug, title, year, design, participantsAnalysed }

  function effect(row) {
    const known = studies.get(row.studyKey)
    const { label, participants, meanAge, femalePercent } = byId(known.populations, row.populationKey)
    const comparator = byId(known.arms, row.comparatorArmKey)
    return {
      slug: row.slug,
      standardizedBenefit: row.standardizedBenefit,
      direction: row.direction,
      participants: row.participants,
      effect: numbers(row),
      study: study(known, 'listed'),
      population: { label, participants, meanAge, femalePercent },
      intervention: row.interventionArmKey === null ? null : arm(byId(known.arms, row.interventionArmKey)),
      comparator: comparator === undefined ? null : { label: comparator.label, role: comparator.role },
      outcome: outcomes.get(row.outcomeKey),
      condition: conditions.get(row.conditionKey),
      form: row.formKey === null ? null : forms.get(row.formKey),
    }
  }

  function effectOfStudy(row) {
    const { arms, populations } = studies.get(row.studyKey)
    const labelled = (items, key) => (key === null ? null : { label: byId(items, key).label })
    return {
      slug: row.slug,
      outcome: outcomes.get(row.outcomeKey),
      condition: conditions.get(row.conditionKey),
      effect: numbers(row),
      direction: row.direction,
      standardizedBenefit: row.standardizedBenefit,
      participants: row.participants,
      population: labelled(populations, row.populationKey),
      intervention: labelled(arms, row.interventionArmKey),
      comparator: labelled(arms, row.comparatorArmKey),
    }
  }

  async function page([rows]) {
    await documents(rows.map(({ studyKey }) => studyKey))
    const shown = rows.slice(0, 20)
    const last = shown.at(-1)
    const endCursor = last === undefined ? null : Buffer.from(JSON.stringify([last.key0, last.key1])).toString('base64url')
    return { evidence: { pageInfo: { endCursor, hasNextPage: rows.length > 20 }, nodes: shown.map(effect) } }
  }

  const make = {
    'study page, everything nested': async (results) => {
      const [[{ key }], rows] = [results[0], results.at(-1)]
      const found = (await documents([key])).get(key)
      return {
        study: {
          ...study(found, 'whole'),
          masking: { participants: found.masking.participants, providers: found.masking.providers, assessors: found.masking.assessors },
          authors: (found.main.authors ?? []).map(({ family }) => ({ family })),
          populations: found.populations.map(({ label, participants, meanAge, femalePercent, conditionIds }) => ({
            label,
            participants,
            meanAge,
            femalePercent,
            conditions: conditionIds.map((id) => conditions.get(id)),
          })),
          arms: found.arms.map(arm),
          evidence: { nodes: rows.slice(0, 50).map(effectOfStudy) },
          publications: found.publications.map(({ doi, pmid, title, year }) => ({ doi, pmid, title, year })),
        },
      }
    },
    'join of 100 DOIs': async ([rows], { identifiers }) => {
      const found = await documents(rows.map(({ key }) => key))
      const keyOf = new Map(rows.map(({ identifier, key }) => [identifier, key]))
      return { studiesByIdentifiers: identifiers.map((doi) => (keyOf.has(`doi:${doi}`) ? study(found.get(keyOf.get(`doi:${doi}`)), 'identified') : null)) }
    },
    '_entities of 200 keys': async ([rows], { representations }) => {
      const found = await documents(rows.map(({ key }) => key))
      const keyOf = new Map(rows.map(({ identifier, key }) => [identifier, key]))
      return {
        _entities: representations.map(({ slug }) => (keyOf.has(`slug:${slug}`) ? study(found.get(keyOf.get(`slug:${slug}`)), 'whole') : null)),
      }
    },
    'facets of a filter': (results) => {
      const counted = results.find(([row]) => row !== undefined && 'facet' in row) ?? []
      const total = results.find(([row]) => row !== undefined && 'count' in row && !('facet' in row))?.[0].count ?? 0
      const of = (facet, tell) =>
        counted.filter((row) => row.facet === facet).map(({ value, count, studies: inStudies }) => ({ ...tell(value), count, studies: inStudies }))
      const slugOf = (known) => (value) => ({ slug: known.get(Number(value)).slug })
      const asIs = (value) => ({ value })
      return {
        evidence: {
          totalCount: total,
          facets: {
            forms: of('forms', slugOf(forms)),
            outcomes: of('outcomes', slugOf(outcomes)),
            designs: of('designs', asIs),
            directions: of('directions', asIs),
          },
        },
      }
    },
    'full-text search': ([rows]) => ({ search: { nodes: rows.slice(0, 20).map(({ kind, slug, title, score }) => ({ kind, slug, title, score })) } }),
    // Pooling is the service's own: here only what it reads.
    'summaries of a condition': (results) => results,
    'synthesis of 100 effects': (results) => results,
  }

  return async function answer({ name, statements, variables }, asking) {
    const results = []
    for (const statement of statements[asking]) results.push((await pool.query(statement)).rows)
    return (make[name] ?? page)(results, variables[asking])
  }
}

async function terms(pool, table) {
  const { rows } = await pool.query(`SELECT id, slug, name FROM ${table}`)
  return new Map(rows.map(({ id, slug, name }) => [id, { slug, name }]))
}
