import sql from 'sql-template-tag'
import { rows } from '../../src/database/query.js'
import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

// The 22 trials of Li et al. (2007), with the counts of the review, which are fewer than the trial's own of Rasmussen 1986.
const trials = { identifiers: ['10.1002/14651858.CD002755.pub2'], outcomes: ['all-cause-mortality'], measures: ['OR'], timepointDays: { lte: 35 } }

const pool = async (input: Record<string, unknown>, fields: string) => {
  const { synthesis } = await service.ask(`query ($input: SynthesisInput!) { synthesis(input: $input) { ${fields} } }`, {
    input: { asCountedBy: 'li-2007', ...input },
  })
  return synthesis
}

describe('intravenous magnesium in acute myocardial infarction', () => {
  // metafor 3.8-1: rma(), rma.mh() over escalc("OR") of dat.li2007, converged tightly
  test.each([
    ['common effect', { model: 'COMMON_EFFECT' }, 0.993199, 0.941283, 1.047979, null, null, 0, 63.615],
    ['Mantel–Haenszel', { model: 'MANTEL_HAENSZEL' }, 0.986994, 0.93564, 1.041166, null, null, undefined, undefined],
    ['DL', { estimator: 'DL', interval: 'WALD' }, 0.662006, 0.531774, 0.824132, 0.3813, 1.1493, 0.066732, 63.615],
    ['REML', { interval: 'WALD' }, 0.579349, 0.431479, 0.777895, 0.2416, 1.3894, 0.176562, 82.225],
    ['REML with Hartung and Knapp', { interval: 'HKSJ' }, 0.579349, 0.438214, 0.76594, 0.2315, 1.4499, 0.176562, 82.225],
    ['REML with Hartung and Knapp, never narrower than Wald', {}, 0.579349, 0.423787, 0.792016, 0.229, 1.4656, 0.176562, 82.225],
  ])('%s', async (_, choices, estimate, ciLower, ciUpper, predictionLower, predictionUpper, tau2, i2) => {
    const found = await pool(
      { filter: trials, ...choices },
      'k studies estimate ciLower ciUpper predictionLower predictionUpper heterogeneity { q df tau2 i2 }',
    )
    expect(found).toMatchObject({ k: 22, studies: 22 })
    expect(found['estimate']).toBeCloseTo(estimate, 6)
    expect(found['ciLower']).toBeCloseTo(ciLower, 6)
    expect(found['ciUpper']).toBeCloseTo(ciUpper, 6)
    if (predictionLower === null) expect(found).toMatchObject({ predictionLower: null, predictionUpper: null })
    else {
      expect(found['predictionLower']).toBeCloseTo(predictionLower, 4)
      expect(found['predictionUpper']).toBeCloseTo(predictionUpper, 4)
    }
    const { heterogeneity } = found as { heterogeneity: Record<string, number> }
    if (tau2 !== undefined) expect(heterogeneity['tau2']).toBeCloseTo(tau2, 6)
    if (i2 !== undefined) expect(heterogeneity['i2']).toBeCloseTo(i2, 3)
    if (!('model' in choices && choices.model === 'MANTEL_HAENSZEL')) expect(heterogeneity).toMatchObject({ q: expect.closeTo(57.7161, 4), df: 21 })
  })

  test('tau² has its Q-profile interval, and trim and fill adds eight studies', async () => {
    const { heterogeneity } = (await pool({ filter: trials }, 'heterogeneity { tau2Lower tau2Upper }')) as { heterogeneity: Record<string, number> }
    expect(heterogeneity['tau2Lower']).toBeCloseTo(0.016706914203504564, 10)
    expect(heterogeneity['tau2Upper']).toBeCloseTo(0.47759549202124246, 10)
    const { smallStudyEffects } = (await pool(
      { filter: trials, estimator: 'DL', interval: 'WALD' },
      'smallStudyEffects { trimAndFill { side missing estimate ciLower ciUpper } egger { pValue } begg { pValue } underpowered }',
    )) as { smallStudyEffects: Record<string, Record<string, number>> }
    expect(smallStudyEffects).toMatchObject({
      underpowered: false,
      trimAndFill: {
        side: 'RIGHT',
        missing: 8,
        estimate: expect.closeTo(0.796777, 6),
        ciLower: expect.closeTo(0.643435, 6),
        ciUpper: expect.closeTo(0.986663, 6),
      },
    })
  })

  test('the answer says why it misleads', async () => {
    const { warnings } = (await pool({ filter: trials, interval: 'HKSJ' }, 'warnings { code }')) as { warnings: { code: string }[] }
    expect(warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['MODELS_DISAGREE', 'PREDICTION_INCLUDES_NO_EFFECT', 'HIGH_HETEROGENEITY', 'SMALL_STUDY_EFFECTS', 'HKSJ_NARROWER_THAN_WALD']),
    )
  })

  test('contributions carry the weights, leave-one-out and cumulative the same studies', async () => {
    const found = (await pool(
      { filter: trials, model: 'COMMON_EFFECT' },
      'contributions { label weightPercent evidence { slug } study { slug } } leaveOneOut { label estimate } cumulative { label estimate ciUpper }',
    )) as Record<string, { label: string; weightPercent: number; estimate: number; evidence: unknown[] }[]>
    const [contributions = [], leaveOneOut = [], cumulative = []] = [found['contributions'], found['leaveOneOut'], found['cumulative']]
    expect(contributions.reduce((sum, { weightPercent }) => sum + weightPercent, 0)).toBeCloseTo(100, 9)
    expect(contributions.find(({ label }) => label.startsWith('ISIS-4'))?.weightPercent).toBeCloseTo(74.94144560533354, 8)
    expect(contributions.every(({ evidence }) => evidence.length === 1)).toBe(true)
    expect(leaveOneOut.map(({ label }) => label)).toEqual(contributions.map(({ label }) => label))
    expect(cumulative).toHaveLength(22)
    expect(cumulative.at(-1)?.estimate).toBeCloseTo(0.993199, 6)
  })

  test('over all defensible choices the estimate spreads from a large benefit to none', async () => {
    const { sensitivity } = (await pool(
      { filter: trials },
      'sensitivity { choices failed smallest median largest shareExcludingNoEffect rows { model estimator estimate } }',
    )) as {
      sensitivity: Record<string, number> & { rows: { model: string; estimate: number }[] }
    }
    expect(sensitivity).toMatchObject({ choices: 25, failed: 0 })
    expect(sensitivity['largest']).toBeCloseTo(0.993199, 6)
    expect(sensitivity['smallest']).toBe(Math.min(...sensitivity.rows.map(({ estimate }) => estimate)))
  })
})

describe('ids', () => {
  const fields = 'id estimate ciLower ciUpper k dataRevision engineVersion'

  test('the same question on the same data has the same id, another question another', async () => {
    const [first, again, other] = [
      await pool({ filter: trials }, fields),
      await pool({ filter: trials, level: 0.95 }, fields),
      await pool({ filter: trials, level: 0.9 }, fields),
    ]
    expect(again).toEqual(first)
    expect(other['id']).not.toEqual(first['id'])
  })

  test('node gives the synthesis back', async () => {
    const first = await pool({ filter: trials, estimator: 'PM' }, fields)
    const { node } = (await service.ask(`query ($id: ID!) { node(id: $id) { __typename ... on Synthesis { ${fields} contributions { study { slug } } } } }`, {
      id: first['id'],
    })) as {
      node: Record<string, unknown>
    }
    expect(node).toMatchObject({ __typename: 'Synthesis', ...first })
  })

  test('two can be compared: each choice and what it moved', async () => {
    const [reml, dl] = [
      await pool({ filter: trials }, 'id analysisEstimate'),
      await pool({ filter: trials, estimator: 'DL', interval: 'WALD' }, 'id analysisEstimate'),
    ]
    const { synthesisDiff } = (await service.ask(
      'query ($from: ID!, $to: ID!) { synthesisDiff(from: $from, to: $to) { shift choices { name from to } studies { study } steps { cause what shift estimate } to { estimate } } }',
      {
        from: reml['id'],
        to: dl['id'],
      },
    )) as { synthesisDiff: { shift: number; choices: unknown; studies: unknown[]; steps: { shift: number }[] } }
    expect(synthesisDiff.choices).toEqual([
      { name: 'estimator', from: 'REML', to: 'DL' },
      { name: 'interval', from: 'HKSJ_ADHOC', to: 'WALD' },
    ])
    expect(synthesisDiff.studies).toEqual([])
    expect(synthesisDiff.shift).toBeCloseTo(Number(dl['analysisEstimate']) - Number(reml['analysisEstimate']), 12)
    expect(synthesisDiff.steps.reduce((sum, { shift }) => sum + shift, 0)).toBeCloseTo(synthesisDiff.shift, 12)
  })

  test('studies that one of them has and the other has not are named with what each moves', async () => {
    const [all, without] = [await pool({ filter: trials }, 'id'), await pool({ filter: { ...trials, year: { lte: 1994 } } }, 'id k')]
    const { synthesisDiff } = (await service.ask(
      'query ($from: ID!, $to: ID!) { synthesisDiff(from: $from, to: $to) { studies { study cause shift } steps { cause } } }',
      {
        from: all['id'],
        to: without['id'],
      },
    )) as { synthesisDiff: { studies: { study: string; cause: string; shift: number }[]; steps: unknown[] } }
    expect(synthesisDiff.studies).toHaveLength(22 - Number(without['k']))
    expect(synthesisDiff.studies.every(({ cause, shift }) => cause === 'REMOVED' && Number.isFinite(shift))).toBe(true)
    expect(synthesisDiff.steps).toEqual([{ cause: 'REMOVED' }])
  })

  test('an id gives its synthesis back when the data have changed, and the difference names the edit', async () => {
    const before = await pool({ filter: trials }, 'id estimate')
    const [edited] = await rows<{ slug: string }>(
      service.database,
      sql`UPDATE effect SET estimate = estimate + 1 WHERE id = (SELECT effect_id FROM evidence_row WHERE study_slug LIKE 'nakashima-2004%' AND measure = 'OR' LIMIT 1) RETURNING slug`,
    )
    expect(edited).toBeDefined()
    await service.database.pool.query('SELECT refresh_read_model()')
    try {
      const after = await pool({ filter: trials }, 'id estimate')
      expect(after['id']).not.toEqual(before['id'])
      const { node, synthesisDiff } = (await service.ask(
        'query ($from: ID!, $to: ID!) { node(id: $from) { ... on Synthesis { estimate } } synthesisDiff(from: $from, to: $to) { studies { study cause } steps { cause } } }',
        { from: before['id'], to: after['id'] },
      )) as { node: unknown; synthesisDiff: unknown }
      expect(node).toEqual({ estimate: before['estimate'] })
      expect(synthesisDiff).toEqual({ studies: [{ study: expect.stringMatching(/^nakashima-2004/), cause: 'EDITED' }], steps: [{ cause: 'EDITED' }] })
    } finally {
      await rows(service.database, sql`UPDATE effect SET estimate = estimate - 1 WHERE slug = ${edited?.slug}`)
      await service.database.pool.query('SELECT refresh_read_model()')
    }
  })

  test('an id that nothing is kept under is null as a node, and an error in a comparison', async () => {
    const id = Buffer.from('Synthesis:unknown').toString('base64url')
    expect(await service.ask('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null })
    expect(await service.request('query ($id: ID!) { synthesisDiff(from: $id, to: $id) { shift } }', { id })).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', reason: 'UNKNOWN_SYNTHESIS' } }],
    })
  })
})

describe('what cannot be pooled', () => {
  test('every effect of the filter is a contribution or unpoolable with a reason', async () => {
    const { evidence } = (await service.ask('{ evidence(filter: { conditions: ["depression"] }, first: 500) { totalCount } }')) as {
      evidence: { totalCount: number }
    }
    const found = (await pool(
      { filter: { conditions: ['depression'] } },
      'measure contributions { evidence { slug } } unpoolable { evidence { slug } code reason }',
    )) as {
      contributions: { evidence: { slug: string }[] }[]
      unpoolable: { evidence: { slug: string }; reason: string }[]
    }
    const slugs = [
      ...found.contributions.flatMap(({ evidence: went }) => went.map(({ slug }) => slug)),
      ...found.unpoolable.map(({ evidence: left }) => left.slug),
    ]
    expect(new Set(slugs).size).toBe(slugs.length)
    expect(slugs).toHaveLength(evidence.totalCount)
    expect(found.unpoolable.every(({ reason }) => reason.length > 20)).toBe(true)
  })

  test.each([
    ['nothing matches', { filter: { conditions: ['depression'], year: { lte: 1900 } } }, 'BAD_USER_INPUT', 'NOTHING_TO_POOL'],
    ['nothing that matches can be pooled', { filter: { conditions: ['heart-failure'], forms: ['magnesium-orotate'] } }, 'BAD_USER_INPUT', 'NOTHING_TO_POOL'],
    ['a level of 95', { filter: trials, level: 95 }, 'BAD_USER_INPUT', 'LEVEL_OUT_OF_RANGE'],
    ['a level of 0', { filter: trials, level: 0 }, 'BAD_USER_INPUT', 'LEVEL_OUT_OF_RANGE'],
    ['a moderator that no study reports', { filter: trials, moderators: ['BASELINE_SERUM_MAGNESIUM'] }, 'BAD_USER_INPUT', 'MODERATOR_NOT_REPORTED'],
    ['a moderator named twice', { filter: trials, moderators: ['YEAR', 'YEAR'] }, 'BAD_USER_INPUT', 'DUPLICATE_MODERATOR'],
    ['three levels without several effects of a study', { filter: trials, model: 'THREE_LEVEL' }, 'BAD_USER_INPUT', 'MODEL_NEEDS_CLUSTERS'],
    ['raw counts of standardised differences', { filter: { conditions: ['depression'] }, model: 'PETO' }, 'BAD_USER_INPUT', undefined],
    ['an unknown condition', { filter: { conditions: ['migrane'] } }, 'BAD_USER_INPUT', 'UNKNOWN_TERM'],
  ])('%s is a coded error', async (_, input, code, reason) => {
    const answer = await service.request('query ($input: SynthesisInput!) { synthesis(input: $input) { k estimate metaRegression { k } } }', { input })
    expect(answer).toMatchObject({ errors: [{ extensions: { code, ...(reason !== undefined && { reason }) } }] })
  })

  test('what the filter matched, and why nothing of it can be pooled, stands in the message', async () => {
    const { errors = [] } = await service.request('query ($input: SynthesisInput!) { synthesis(input: $input) { k } }', {
      input: { filter: { conditions: ['heart-failure'], forms: ['magnesium-orotate'] } },
    })
    expect(errors[0]?.message).toMatch(/^the filter matches \d+ effects? of \d+ (study|studies), none of which can be pooled: \d+ × /)
  })

  test('a single study is that study, with heterogeneity null', async () => {
    const found = await pool(
      { filter: { conditions: ['depression'], forms: ['magnesium-oxide'] }, measure: 'SMD' },
      'k estimate predictionLower heterogeneity { q tau2 i2 } contributions { estimate weightPercent } leaveOneOut { label } warnings { code }',
    )
    expect(found).toMatchObject({ k: 1, predictionLower: null, heterogeneity: { q: null, tau2: null, i2: null }, leaveOneOut: [] })
    expect((found as { contributions: unknown }).contributions).toEqual([{ estimate: found['estimate'], weightPercent: 100 }])
  })
})

test('a synthesis with everything in it costs a bounded number of statements', async () => {
  const everything =
    'id measure k studies participants estimate heterogeneity { tau2Lower } contributions { label evidence { slug } study { slug title } } leaveOneOut { label } cumulative { label } subgroups { label k } subgroupTest { q } smallStudyEffects { egger { pValue } } unpoolable { evidence { slug } reason } warnings { code } sensitivity { choices } rScript forestPlotUrl'
  const before = service.statements()
  await pool({ filter: { conditions: ['depression'] }, subgroupBy: 'DESIGN' }, everything)
  expect(service.statements() - before).toBeLessThanOrEqual(12)
})

const mixed = ['COMPARISONS', 'EVIDENCE_CLASSES', 'EXPOSURES', 'OUTCOMES', 'COMBINATIONS']

test('subgroups are pooled by themselves and tested against each other', async () => {
  const found = (await pool(
    { filter: { conditions: ['depression'] }, subgroupBy: 'DESIGN', measure: 'SMD', across: mixed },
    'k subgroups { label value k studies estimate ciLower ciUpper heterogeneity { df } } subgroupTest { q df pValue }',
  )) as { subgroups: { value: string; k: number; estimate: number }[]; subgroupTest: { df: number } }
  expect(found.subgroups.length).toBeGreaterThan(1)
  expect(found.subgroupTest.df).toBe(found.subgroups.length - 1)
  for (const { value, k, estimate } of found.subgroups) {
    const alone = await pool({ filter: { conditions: ['depression'], designs: [value] }, measure: 'SMD', across: mixed }, 'k estimate')
    expect(alone).toEqual({ k, estimate })
  }
})

test('effects are regressed on moderators', async () => {
  const { metaRegression } = (await pool(
    { filter: trials, moderators: ['YEAR'] },
    'metaRegression { k coefficients { name estimate pValue } qModerators qModeratorsDf r2 residualTau2 }',
  )) as {
    metaRegression: { k: number; coefficients: { name: string; estimate: number }[] }
  }
  expect(metaRegression).toMatchObject({ k: 22, qModeratorsDf: 1 })
  expect(metaRegression.coefficients.map(({ name }) => name)).toEqual(['intercept', 'YEAR'])
})

describe('several effects of one study', () => {
  // All trials of parallel arms, whatever they are of: no question to ask, but one with several outcomes and times of the same people.
  const filter = { designs: ['RCT_PARALLEL'] }
  const rule = (choices: Record<string, unknown>) =>
    pool(
      { filter, measure: 'SMD', timepoint: 'ALL', ...choices },
      'k studies estimate ciLower ciUpper degreesOfFreedom warnings { code } contributions { weightPercent }',
    )

  test('are one entry unless they are asked for one by one', async () => {
    const [joined, each] = [await rule({}), await rule({ dependence: 'INDEPENDENT' })]
    expect(joined.k).toBe(joined.studies)
    expect(each.k).toBeGreaterThan(each.studies)
    expect(each.warnings).toContainEqual({ code: 'DEPENDENCE_IGNORED' })
    expect(joined.warnings).toContainEqual({ code: 'CORRELATION_ASSUMED' })
  })

  test('enter one by one where the model or the error allows for it', async () => {
    const [levels, robust, each] = [await rule({ model: 'THREE_LEVEL' }), await rule({ dependence: 'ROBUST' }), await rule({ dependence: 'INDEPENDENT' })]
    expect([levels.k, robust.k]).toEqual([each.k, each.k])
    expect(robust.estimate).toBeCloseTo(each.estimate, 12)
    expect(robust.degreesOfFreedom).toBeLessThan(each.studies)
    expect(levels.contributions.reduce((sum: number, { weightPercent }: { weightPercent: number }) => sum + weightPercent, 0)).toBeCloseTo(100, 6)
  })
})
