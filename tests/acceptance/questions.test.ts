import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

test('depression, magnesium chloride: Tarleton 2017 with its reported effects, dose, design and direction', async () => {
  const { evidence } = await service.ask(`{
    evidence(filter: { conditions: ["depression"], forms: ["magnesium chloride"], identifiers: ["10.1371/journal.pone.0180067"] }) {
      nodes {
        slug direction timepointDays valueKind participants origin
        effect { measure estimate ciLower ciUpper ciLevel pValue pValueOperator unit }
        instrument { abbreviation }
        study { design masking { participants } doi }
        intervention { role doses { form { slug } elementalMgPerDayLow elementalMgPerDayHigh saltMgPerDay startDay endDay } }
        comparator { role }
      }
    }
  }`)
  // Tarleton et al. (2017), PLoS One 12(6):e0180067: PHQ-9 −6.0 (−7.9 to −4.2), p < .001; 248 mg elemental a day for six weeks, open label, against no treatment
  expect(evidence.nodes).toEqual([
    {
      slug: 'tarleton-2017-phq9-6wk',
      direction: 'FAVOURS_MAGNESIUM',
      timepointDays: 42,
      valueKind: 'CHANGE',
      participants: 112,
      origin: 'FROM_CI',
      effect: { measure: 'MD', estimate: -6, ciLower: -7.9, ciUpper: -4.2, ciLevel: 0.95, pValue: 0.001, pValueOperator: 'LT', unit: '{score}' },
      instrument: { abbreviation: 'PHQ-9' },
      study: { design: 'RCT_CROSSOVER', masking: { participants: 'OPEN' }, doi: '10.1371/journal.pone.0180067' },
      intervention: {
        role: 'MAGNESIUM',
        doses: [{ form: { slug: 'magnesium-chloride' }, elementalMgPerDayLow: 248, elementalMgPerDayHigh: 248, saltMgPerDay: 2000, startDay: 0, endDay: 42 }],
      },
      comparator: { role: 'NO_TREATMENT' },
    },
  ])
})

test('the same trial on anxiety: GAD-7', async () => {
  const { study } = await service.ask(
    '{ study(pmid: "28654669") { evidence(filter: { instruments: ["GAD-7"] }) { nodes { slug effect { measure estimate ciLower ciUpper } direction } } } }',
  )
  // Tarleton et al. (2017): GAD-7 −4.5 (−6.6 to −2.4)
  expect(study.evidence.nodes).toEqual([
    { slug: 'tarleton-2017-gad7-6wk', effect: { measure: 'MD', estimate: -4.5, ciLower: -6.6, ciUpper: -2.4 }, direction: 'FAVOURS_MAGNESIUM' },
  ])
})

test('the claim that this trial was placebo-controlled is contradicted by the trial itself', async () => {
  const { study } = await service.ask('{ study(slug: "tarleton-2017") { claims { statement verdict findings { stance study { slug } evidence { slug } } } } }')
  const claim = study.claims.find(({ statement }: { statement: string }) => /placebo/i.test(statement))
  expect(claim).toMatchObject({ verdict: 'CONTRADICTED' })
  expect(claim.findings).toContainEqual({ stance: 'REFUTES', study: { slug: 'tarleton-2017' }, evidence: { slug: 'tarleton-2017-phq9-6wk' } })
})

test('heart failure, orotate: MACH with its two phases and the survival of both arms', async () => {
  const { evidence } = await service.ask(`{
    evidence(filter: { conditions: ["heart failure"], forms: ["magnesium-orotate"], outcomes: ["survival"] }) {
      nodes {
        study { slug } direction absentReason
        effect { estimate pValue pValueOperator }
        armResults { arm { role } percent events }
        intervention { doses { phase startDay endDay reportedAmount reportedUnit basis elementalMgPerDayLow elementalMgPerDayHigh } }
      }
    }
  }`)
  const [mach] = evidence.nodes
  // Stepura & Martynow (2009), Int J Cardiol 131:293–295: 6,000 mg a day for a month, then 3,000 mg; survival 75.7 % v 51.6 %, p < .05
  expect(mach).toMatchObject({
    study: { slug: 'stepura-martynow-2009-mach' },
    effect: { pValue: 0.05, pValueOperator: 'LT' },
    absentReason: 'ONLY_P_THRESHOLD',
    direction: 'FAVOURS_MAGNESIUM',
  })
  expect(mach.effect.estimate).toBeCloseTo(0.757 - 0.516, 12)
  // The percentages fit no whole number of 40 and 39 participants: no counts are made up from them.
  expect(mach.armResults).toEqual([
    { arm: { role: 'MAGNESIUM' }, percent: 75.7, events: null },
    { arm: { role: 'PLACEBO' }, percent: 51.6, events: null },
  ])
  expect(mach.intervention.doses).toMatchObject([
    { phase: 1, startDay: 0, endDay: 30, reportedAmount: 6000, reportedUnit: 'MG', basis: 'SALT' },
    { phase: 2, startDay: 30, reportedAmount: 3000, reportedUnit: 'MG', basis: 'SALT' },
  ])
  // Orotate dihydrate is 6.560 % magnesium, the anhydrous salt 7.266 %.
  expect(mach.intervention.doses[0].elementalMgPerDayLow).toBeCloseTo(393.6, 0)
  expect(mach.intervention.doses[0].elementalMgPerDayHigh).toBeCloseTo(436, 0)
})

test('large clear effects in randomised trials, largest first, page to the same rows forwards and backwards', async () => {
  const filter = `{ ciExcludesNull: true, designs: [RCT_PARALLEL, RCT_CROSSOVER, RCT_CLUSTER, RCT_FACTORIAL], or: [{ standardizedBenefit: { gte: 0.5 } }, { standardizedBenefit: { lte: -0.5 } }] }`
  const page = (args: string) =>
    service.ask(
      `{ evidence(filter: ${filter}, orderBy: [{ field: STANDARDIZED_BENEFIT, direction: DESC }], ${args}) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { slug standardizedBenefit } } }`,
    )
  const forwards: { slug: string; standardizedBenefit: number }[] = []
  let { evidence } = await page('first: 5')
  const { totalCount } = evidence
  for (forwards.push(...evidence.nodes); evidence.pageInfo.hasNextPage; forwards.push(...evidence.nodes))
    ({ evidence } = await page(`first: 5, after: "${evidence.pageInfo.endCursor}"`))
  const backwards: { slug: string }[] = []
  ;({ evidence } = await page('last: 5'))
  for (backwards.unshift(...evidence.nodes); evidence.pageInfo.hasPreviousPage; backwards.unshift(...evidence.nodes))
    ({ evidence } = await page(`last: 5, before: "${evidence.pageInfo.startCursor}"`))
  expect(forwards.length).toBe(totalCount)
  expect(forwards.length).toBeGreaterThan(5)
  expect(new Set(forwards.map(({ slug }) => slug)).size).toBe(totalCount)
  expect(backwards).toEqual(forwards)
  expect(forwards.map(({ standardizedBenefit }) => standardizedBenefit)).toEqual(
    [...forwards.map(({ standardizedBenefit }) => standardizedBenefit)].sort((a, b) => b - a),
  )
  expect(forwards.every(({ standardizedBenefit }) => Math.abs(standardizedBenefit) >= 0.5)).toBe(true)
})

test('300 mg of magnesium citrate as salt is an interval of elemental magnesium, with the reason', async () => {
  const { convertDose } = await service.ask(
    '{ convertDose(form: "magnesium-citrate", amount: 300, unit: MG, basis: SALT) { elementalMgLow elementalMgHigh saltMgLow saltMgHigh note } }',
  )
  // 24.305 × atoms / molar mass: 10.367 % (trimagnesium dicitrate tetradecahydrate) to 16.163 % (anhydrous)
  expect(convertDose.elementalMgLow).toBeCloseTo(31.1, 1)
  expect(convertDose.elementalMgHigh).toBeCloseTo(48.49, 1)
  expect(convertDose).toMatchObject({ saltMgLow: 300, saltMgHigh: 300, note: expect.stringContaining('hydration or stoichiometry') })
})

test('identifiers in any notation find their studies, in the order asked, with null for what is none', async () => {
  const { studiesByIdentifiers } = await service.ask(
    '{ studiesByIdentifiers(identifiers: ["https://doi.org/10.1371/journal.pone.0180067", "PMID: 18281113", "nonsense"]) { slug } }',
  )
  expect(studiesByIdentifiers).toEqual([{ slug: 'tarleton-2017' }, { slug: 'stepura-martynow-2009-mach' }, null])
})

test('a misspelt condition is an error that suggests the right one', async () => {
  const { errors } = await service.request('{ evidence(filter: { conditions: ["migrane"] }) { totalCount } }')
  expect(errors).toMatchObject([
    {
      message: expect.stringContaining('"migraine"'),
      extensions: { code: 'BAD_USER_INPUT', reason: 'UNKNOWN_TERM', suggestions: expect.arrayContaining(['migraine']) },
    },
  ])
  expect(errors?.[0]?.extensions?.suggestions[0]).toBe('migraine')
})

test('trials of magnesium citrate for migraine, at what elemental dose, and how large the effect was', async () => {
  const { evidence } = await service.ask(
    '{ evidence(filter: { conditions: ["migraine"], forms: ["magnesium-citrate"] }) { nodes { study { slug } intervention { doses { elementalMgPerDayLow form { slug } } } effect { measure estimate } absentReason provenance { source } } } }',
  )
  // Peikert et al. (1996), Cephalalgia 16:257–263: 600 mg (24 mmol) as trimagnesium dicitrate
  const peikert = evidence.nodes.find(({ study }: { study: { slug: string } }) => study.slug === 'peikert-1996')
  expect(peikert.intervention.doses).toEqual([{ elementalMgPerDayLow: 600, form: { slug: 'magnesium-citrate-tribasic' } }])
  for (const node of evidence.nodes) {
    expect(node.provenance.source).not.toBe('')
    if (node.effect.estimate === null) expect(node.absentReason).not.toBeNull()
  }
})

test('intravenous magnesium in infarction: the 22 trials that Li 2007 tabulates, one odds ratio each', async () => {
  const { evidence } = await service.ask(
    '{ evidence(filter: { identifiers: ["10.1002/14651858.CD002755.pub2"], outcomes: ["all-cause-mortality"], measures: [OR], timepointDays: { lte: 35 } }, first: 100) { nodes { study { slug } effect { estimate standardError } } } }',
  )
  expect(evidence.nodes).toHaveLength(22)
  expect(new Set(evidence.nodes.map(({ study }: { study: { slug: string } }) => study.slug)).size).toBe(22)
  const { synthesis } = await service.ask(
    '{ synthesis(input: { filter: { identifiers: ["10.1002/14651858.CD002755.pub2"], outcomes: ["all-cause-mortality"] }, measure: OR, model: COMMON_EFFECT, asCountedBy: "10.1002/14651858.CD002755.pub2" }) { k estimate } }',
  )
  // metafor 3.8-1: rma(measure = "OR", …, data = dat.li2007, method = "EE")
  expect(synthesis.k).toBe(22)
  expect(synthesis.estimate).toBeCloseTo(0.993199, 6)
})
