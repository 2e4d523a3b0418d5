import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
  await service.ask('{ conditions { nodes { slug } } }') // the vocabulary is read once for all requests of a revision
})
afterAll(() => service.stop())

const countsOf = 'group comparison { key } evidenceClass effects studies participants favoursMagnesium favoursComparator noClearDifference unclear'
const poolsOf = 'k measure estimate ciLower ciUpper i2 notPooledReason standardizedBenefit standardizedBenefitBasis'

interface Listed {
  readonly condition: { readonly slug: string }
  readonly form: { readonly slug: string } | null
  readonly intervention: { readonly doses: readonly { readonly form: { readonly slug: string } }[] } | null
  readonly outcome: { readonly slug: string }
  readonly study: { readonly slug: string; readonly subjects: string }
  readonly participants: number | null
  readonly direction: string
  readonly standardizedBenefit: number | null
  readonly comparison: { readonly key: string }
  readonly evidenceClass: string
}
interface Row {
  readonly group: readonly string[]
  readonly comparison: { readonly key: string }
  readonly evidenceClass: string
}
interface Summary extends Row {
  readonly effects: number
  readonly studies: number
  readonly participants: number | null
  readonly k: number | null
  readonly measure: string | null
  readonly estimate: number | null
  readonly ciLower: number | null
  readonly ciUpper: number | null
  readonly i2: number | null
  readonly notPooledReason: string | null
  readonly standardizedBenefit: number | null
  readonly standardizedBenefitBasis: string | null
  readonly synthesisId: string | null
}

/** Every effect that a filter selects, page by page. */
async function everyEffect(filter: object): Promise<Listed[]> {
  const found: Listed[] = []
  for (let after: string | null = null; ;) {
    const { evidence } = await service.ask(
      `query ($filter: EvidenceFilter, $after: String) { evidence(filter: $filter, first: 50, after: $after) { pageInfo { hasNextPage endCursor } nodes {
        condition { slug } form { slug } intervention { doses { form { slug } } } outcome { slug } study { slug subjects } participants direction standardizedBenefit comparison { key } evidenceClass
      } } }`,
      { filter, after },
    )
    found.push(...evidence.nodes)
    if (!evidence.pageInfo.hasNextPage) return found
    after = evidence.pageInfo.endCursor
  }
}

const formOf = ({ form, intervention }: Listed) => form?.slug ?? ((intervention?.doses.length ?? 0) > 0 ? 'SEVERAL' : 'NONE')
const groupOf = (effect: Listed) => [effect.condition.slug, formOf(effect), effect.outcome.slug]

/** The same counts from the effects themselves. */
function recounted(effects: readonly Listed[]) {
  const ofStudy = new Map<string, number | null>()
  for (const { study, participants } of effects) {
    const known = ofStudy.get(study.slug) ?? null
    ofStudy.set(study.slug, participants === null ? known : Math.max(participants, known ?? 0))
  }
  const told = [...ofStudy.values()].filter((participants) => participants !== null)
  const votes = (direction: string) => effects.filter((effect) => effect.direction === direction).length
  return {
    effects: effects.length,
    studies: ofStudy.size,
    participants: told.length === 0 ? null : told.reduce((sum, participants) => sum + participants, 0),
    favoursMagnesium: votes('FAVOURS_MAGNESIUM'),
    favoursComparator: votes('FAVOURS_COMPARATOR'),
    noClearDifference: votes('NO_CLEAR_DIFFERENCE'),
    unclear: votes('UNCLEAR'),
  }
}

/** A summary is of a group, a comparison and a class of evidence. */
const rowOf = ({ group, comparison, evidenceClass }: Row) => [...group, comparison.key, evidenceClass].join(' ')
const isOf = (row: Row) => (effect: Listed) => rowOf({ ...effect, group: groupOf(effect) }) === rowOf(row)

test.each([
  ['depression', { conditions: ['depression'] }],
  ['migraine', { conditions: ['migraine'] }],
  ['acute myocardial infarction', { conditions: ['myocardial infarction'] }],
  ['animals', { subjects: ['ANIMAL'] }],
  ['everything in people', {}],
])('%s: every group counts its effects, studies, participants and votes as the list of effects does', async (_, filter) => {
  const { evidenceSummaries } = await service.ask(`query ($filter: EvidenceFilter) { evidenceSummaries(filter: $filter) { ${countsOf} } }`, { filter })
  const effects = await everyEffect(filter)
  expect(effects.length).toBeGreaterThan(0)
  expect(evidenceSummaries.map(rowOf).sort()).toEqual([...new Set(effects.map((effect) => rowOf({ ...effect, group: groupOf(effect) })))].sort())
  for (const { group, comparison, evidenceClass, ...counts } of evidenceSummaries)
    expect({ group, ...counts }).toEqual({ group, ...recounted(effects.filter(isOf({ group, comparison, evidenceClass }))) })
})

const synthesisOf = 'id measure k estimate ciLower ciUpper heterogeneity { i2 }'

test.each([['depression'], ['migraine'], ['acute myocardial infarction']])(
  '%s: a group pools to what synthesis gives of the same effects, to the last digit, and node gives it back',
  async (condition) => {
    const { evidenceSummaries } = await service.ask(
      `query ($filter: EvidenceFilter) { evidenceSummaries(filter: $filter) { group comparison { key } evidenceClass effects ${poolsOf} synthesisId } }`,
      { filter: { conditions: [condition] } },
    )
    const pooled = evidenceSummaries.filter(({ estimate }: Summary) => estimate !== null)
    expect(pooled.length).toBeGreaterThan(1)
    const { condition: whole } = await service.ask(
      'query ($ref: String!) { condition(ref: $ref) { summaries { group comparison { key } evidenceClass synthesisId } } }',
      { ref: condition },
    )
    for (const row of pooled as Summary[]) {
      const { group, k, measure, estimate, ciLower, ciUpper, i2, synthesisId } = row
      const { node } = await service.ask(`query ($id: ID!) { node(id: $id) { ... on Synthesis { ${synthesisOf} } } }`, { id: synthesisId })
      expect({ group, ...node }).toEqual({ group, id: synthesisId, measure, k, estimate, ciLower, ciUpper, heterogeneity: { i2 } })
      const [slug, form, outcome] = group
      if (form === 'SEVERAL' || form === 'NONE') continue
      const question = { comparisonKeys: [row.comparison.key], evidenceClasses: [row.evidenceClass] }
      const filter = { conditions: [slug], forms: [form], outcomes: [outcome], includeNarrower: false, ...question }
      const { synthesis } = await service.ask(`query ($input: SynthesisInput!) { synthesis(input: $input) { ${synthesisOf} } }`, {
        input: { filter },
      })
      // Asked without another filter around it, the group is the same question.
      const id = whole.summaries.find((summary: Summary) => rowOf(summary) === rowOf(row)).synthesisId
      expect({ group, ...synthesis }).toEqual({ group, id, measure, k, estimate, ciLower, ciUpper, heterogeneity: { i2 } })
    }
  },
)

test('what cannot be pooled is counted, says why, has no certainty, and shows the median of its benefits', async () => {
  const { evidenceSummaries } = await service.ask(`{ evidenceSummaries { ${countsOf} ${poolsOf} certainty { level } notRatedReason synthesisId } }`)
  const unpooled = evidenceSummaries.filter(({ estimate }: Summary) => estimate === null)
  expect(unpooled.length).toBeGreaterThan(10)
  for (const summary of unpooled) {
    expect(summary).toMatchObject({ k: null, measure: null, ciLower: null, ciUpper: null, i2: null, certainty: null, synthesisId: null })
    expect(summary.notPooledReason).toMatch(/./)
    expect(summary.notRatedReason).toBe('GRADE rates an estimate, and none was pooled')
  }
  const effects = await everyEffect({})
  for (const row of evidenceSummaries as Summary[]) {
    const { standardizedBenefit, standardizedBenefitBasis } = row
    const benefits = effects.filter(isOf(row)).flatMap((effect) => effect.standardizedBenefit ?? [])
    if (standardizedBenefitBasis !== 'MEDIAN') expect(standardizedBenefit === null).toBe(standardizedBenefitBasis === null)
    else expect(standardizedBenefit).toBeCloseTo(median(benefits), 12)
    if (standardizedBenefitBasis === null) expect(benefits).toEqual([])
  }
})

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const at = (index: number) => sorted[index] ?? NaN
  return Number.isInteger(middle) ? (at(middle - 1) + at(middle)) / 2 : at(Math.floor(middle))
}

test('a benefit has the sign of what is good for the patient: fewer deaths and a lower score are both above zero', async () => {
  const { evidenceSummaries } = await service.ask(
    `{ evidenceSummaries { group measure k estimate standardizedBenefit standardizedBenefitBasis outcome { benefitDirection type } } }`,
  )
  const compared = evidenceSummaries.filter(
    ({ k, measure, standardizedBenefitBasis, outcome }: Summary & { outcome: { benefitDirection: string; type: string } }) =>
      k === 1 && standardizedBenefitBasis === 'POOLED' && outcome.type === 'BINARY' && (measure === 'OR' || measure === 'RR'),
  )
  expect(compared.length).toBeGreaterThan(0)
  for (const { estimate, standardizedBenefit, outcome } of compared)
    expect(Math.sign(standardizedBenefit) * Math.sign(Math.log(estimate)) * (outcome.benefitDirection === 'HIGHER' ? 1 : -1)).toBeGreaterThanOrEqual(0)
})

test('groups of one kind hold every effect once, whatever the kind', async () => {
  const { evidence } = await service.ask('{ evidence { totalCount } }')
  for (const by of ['CONDITION', 'FORM', 'OUTCOME', 'DESIGN', 'COMPARATOR', 'ROUTE', 'DOSE_BAND', 'RISK_OF_BIAS']) {
    const { evidenceSummaries } = await service.ask(
      `{ evidenceSummaries(groupBy: [${by}]) { group groupNames effects condition { slug } form { slug } outcome { slug } } }`,
    )
    expect({ by, effects: evidenceSummaries.reduce((sum: number, { effects }: Summary) => sum + effects, 0) }).toEqual({ by, effects: evidence.totalCount })
    expect(evidenceSummaries.every(({ group, groupNames }: { group: string[]; groupNames: string[] }) => group.length === 1 && groupNames.length === 1)).toBe(
      true,
    )
    expect(evidenceSummaries.some(({ condition }: { condition: unknown }) => condition !== null)).toBe(by === 'CONDITION')
    expect(evidenceSummaries.some(({ outcome }: { outcome: unknown }) => outcome !== null)).toBe(by === 'OUTCOME')
  }
})

test('certainty is computed by stated rules with the numbers that decided, of one outcome in one condition only', async () => {
  const { evidenceSummaries: narrow } = await service.ask(
    '{ evidenceSummaries(filter: { conditions: ["depression"] }) { estimate group certainty { level computed startLevel startReason judgedBy judgedOn judgements { domain steps reason source } } } }',
  )
  const [rated] = narrow.filter(({ estimate }: Summary) => estimate !== null)
  expect(rated.certainty).toMatchObject({ computed: true, judgedBy: null, judgedOn: null })
  expect(rated.certainty.judgements.map(({ domain }: { domain: string }) => domain).slice(0, 5)).toEqual([
    'RISK_OF_BIAS',
    'INCONSISTENCY',
    'INDIRECTNESS',
    'IMPRECISION',
    'PUBLICATION_BIAS',
  ])
  expect(rated.certainty.judgements[0].source).toBe('Guyatt et al. (2011), GRADE guidelines 4, J Clin Epidemiol 64:407–415')
  const { evidenceSummaries: broad } = await service.ask('{ evidenceSummaries(groupBy: [FORM]) { estimate certainty { level } notRatedReason } }')
  const reasons = broad.filter(({ estimate }: Summary) => estimate !== null).map(({ notRatedReason }: { notRatedReason: string }) => notRatedReason)
  expect(reasons.some((reason: string | null) => /^certainty is of one condition, and \d+ are pooled here$/.test(reason ?? ''))).toBe(true)
})

test('a condition has the summaries of itself and of narrower ones, a form likewise, and many of them cost one list', async () => {
  const before = service.statements()
  const { conditions, forms } = await service.ask(
    '{ conditions(first: 100) { nodes { slug children { slug } summaries { group effects } } } forms(first: 100) { nodes { slug summaries { group effects } } } }',
  )
  // Conditions and forms come from memory; their summaries from one statement each.
  expect(service.statements() - before).toBe(2)
  const { evidenceSummaries } = await service.ask('{ evidenceSummaries { group effects } }')
  const ofItself = (place: number, slugs: readonly string[]) => evidenceSummaries.filter(({ group }: Summary) => slugs.includes(group[place] ?? ''))
  const leaf = conditions.nodes.find(({ children, summaries }: { children: unknown[]; summaries: unknown[] }) => children.length === 0 && summaries.length > 1)
  expect(leaf.summaries).toEqual(ofItself(0, [leaf.slug]))
  const citrate = forms.nodes.find(({ slug }: { slug: string }) => slug === 'magnesium-citrate')
  expect(citrate.summaries.length).toBeGreaterThan(0)
  expect(citrate.summaries).toEqual(expect.arrayContaining(ofItself(1, ['magnesium-citrate'])))
  const { condition } = await service.ask('{ condition(ref: "depression") { summaries { group effects estimate synthesisId } } }')
  const { evidenceSummaries: same } = await service.ask('{ evidenceSummaries(filter: { conditions: ["depression"] }) { group effects estimate } }')
  expect(condition.summaries.map(({ group, effects, estimate }: Summary) => ({ group, effects, estimate }))).toEqual(same)
})

test('the rows cost one statement, their pools one more whatever their number, and nothing the second time', async () => {
  const cost = async (operation: string) => {
    const before = service.statements()
    await service.ask(operation)
    return service.statements() - before
  }
  const filter = 'filter: { year: { gte: 1961 } }'
  expect(await cost(`{ evidenceSummaries(${filter}) { ${countsOf} groupNames condition { slug } } }`)).toBe(1)
  // Curators' judgements are read once for all requests of a revision, and may have been.
  expect(await cost(`{ evidenceSummaries(${filter}) { ${countsOf} ${poolsOf} certainty { level } } }`)).toBeLessThanOrEqual(2)
  expect(await cost(`{ evidenceSummaries(${filter}) { ${countsOf} ${poolsOf} certainty { level } } }`)).toBe(0)
  // Effects, known ids, new ones, and room for them.
  expect(await cost(`{ evidenceSummaries(${filter}) { synthesisId } }`)).toBeLessThanOrEqual(4)
  expect(await cost(`{ evidenceSummaries(${filter}) { synthesisId } }`)).toBe(0)
  await service.ask('{ evidenceMap { cells { gap } } }')
  expect(await cost('{ evidenceMap { rows { slug name } columns { slug name } cells { row column effects studies participants gap } } }')).toBe(0)
  expect(await cost('{ evidenceMap(rows: OUTCOME, columns: ROUTE) { cells { effects gap } } }')).toBe(2)
})

test.each([
  ['nothing to group by', '{ evidenceSummaries(groupBy: []) { effects } }', 'EMPTY_GROUP_BY'],
  ['a kind of group twice', '{ evidenceSummaries(groupBy: [FORM, FORM]) { effects } }', 'DUPLICATE_GROUP'],
  ['four kinds of group', '{ evidenceSummaries(groupBy: [FORM, CONDITION, OUTCOME, DESIGN]) { effects } }', 'TOO_MANY_GROUP_KINDS'],
  ['an unknown condition', '{ evidenceSummaries(filter: { conditions: ["migrane"] }) { effects } }', 'UNKNOWN_TERM'],
  ['a map of a kind by itself', '{ evidenceMap(rows: FORM, columns: FORM) { isComplete } }', 'SAME_AXES'],
  ['a map of an unknown form', '{ evidenceMap(filter: { forms: ["unobtainate"] }) { isComplete } }', 'UNKNOWN_TERM'],
])('%s is refused with a reason', async (_, operation, reason) => {
  const { errors } = await service.request(operation)
  expect(errors?.map(({ extensions }) => [extensions.code, extensions.reason])).toEqual([['BAD_USER_INPUT', reason]])
})

test('a filter that selects nothing has no groups, and a map without rows', async () => {
  const nothing = 'filter: { year: { lt: 1900 } }'
  const { evidenceSummaries, evidenceMap } = await service.ask(
    `{ evidenceSummaries(${nothing}) { effects estimate } evidenceMap(${nothing}) { rows { slug } columns { slug } cells { gap } isComplete } }`,
  )
  expect({ evidenceSummaries, evidenceMap }).toEqual({ evidenceSummaries: [], evidenceMap: { rows: [], columns: [], cells: [], isComplete: true } })
})

interface Cell {
  readonly row: string
  readonly column: string
  readonly effects: number
  readonly studies: number
  readonly participants: number | null
  readonly standardizedBenefit: number | null
  readonly gap: string
  readonly humanStudies: number
  readonly otherStudies: number
  readonly isPooledByReview: boolean
  readonly summaries: readonly unknown[]
}

test('a map has the same numbers as the summaries of its two kinds, and tells gaps from studies and published pools', async () => {
  const { evidenceMap, evidenceSummaries, pooledResults } = await service.ask(`{
    evidenceMap { isComplete rows { slug name } columns { slug name } cells { row column effects studies participants standardizedBenefit gap humanStudies otherStudies isPooledByReview summaries { group effects studies participants standardizedBenefit } } }
    evidenceSummaries(groupBy: [CONDITION, FORM]) { group effects studies participants standardizedBenefit }
    pooledResults(first: 500) { totalCount nodes { condition { slug } form { slug } } }
  }`)
  const cells = evidenceMap.cells as Cell[]
  expect(evidenceMap.isComplete).toBe(true)
  expect(cells).toHaveLength(evidenceMap.rows.length * evidenceMap.columns.length)
  const filled = cells.filter(({ effects }) => effects > 0)
  expect(
    filled.map(({ row, column, effects, studies, participants, standardizedBenefit }) => ({
      group: [row, column],
      effects,
      studies,
      participants,
      standardizedBenefit,
    })),
  ).toEqual(filled.map(({ summaries }) => summaries[0]))
  expect(filled.flatMap(({ summaries }) => summaries)).toEqual(evidenceSummaries)
  expect(pooledResults.nodes).toHaveLength(pooledResults.totalCount)
  const all = await everyEffect({ subjects: ['HUMAN', 'ANIMAL', 'IN_VITRO'] })
  for (const cell of cells) {
    const here = all.filter((effect) => effect.condition.slug === cell.row && formOf(effect) === cell.column)
    const studies = (isHuman: boolean) => new Set(here.filter(({ study }) => (study.subjects === 'HUMAN') === isHuman).map(({ study }) => study.slug)).size
    const published = pooledResults.nodes.some(
      ({ condition, form }: { condition: { slug: string }; form: { slug: string } | null }) =>
        condition.slug === cell.row && (form?.slug ?? null) === (cell.column === 'SEVERAL' || cell.column === 'NONE' ? null : cell.column),
    )
    const gap = here.length === 0 ? 'ABSOLUTE_GAP' : studies(true) === 0 ? 'HUMAN_GAP' : studies(true) > 1 && !published ? 'SYNTHESIS_GAP' : 'NONE'
    const { row, column, humanStudies, otherStudies, isPooledByReview } = cell
    expect({ row, column, humanStudies, otherStudies, isPooledByReview, gap: cell.gap }).toEqual({
      row,
      column,
      humanStudies: studies(true),
      otherStudies: studies(false),
      isPooledByReview: published,
      gap,
    })
  }
  expect(new Set(cells.map(({ gap }) => gap))).toEqual(new Set(['NONE', 'ABSOLUTE_GAP', 'SYNTHESIS_GAP', 'HUMAN_GAP']))
})

test('a large map leaves out the cells without any study, and says so', async () => {
  const { evidenceMap } = await service.ask(
    '{ evidenceMap(rows: CONDITION, columns: OUTCOME) { isComplete rows { slug } columns { slug } cells { gap humanStudies otherStudies } } }',
  )
  expect(evidenceMap.rows.length * evidenceMap.columns.length).toBeGreaterThan(10_000)
  expect(evidenceMap.isComplete).toBe(false)
  expect(evidenceMap.cells.every(({ gap, humanStudies, otherStudies }: Cell) => gap !== 'ABSOLUTE_GAP' && humanStudies + otherStudies > 0)).toBe(true)
})

test('a summary tells the doses, durations and lone p values of its own effects', async () => {
  const { evidenceSummaries } = await service.ask(
    `{ evidenceSummaries(filter: { conditions: ["migraine"], includeNarrower: false }, groupBy: [CONDITION, OUTCOME]) {
      outcome { slug } comparison { key } evidenceClass elementalMgPerDay { low high } durationDays { low high } lonePValues { evidence study pValue operator } } }`,
  )
  let [withDose, withP] = [0, 0]
  for (const { outcome, comparison, evidenceClass, elementalMgPerDay, durationDays, lonePValues } of evidenceSummaries) {
    const filter = {
      conditions: ['migraine'],
      includeNarrower: false,
      outcomes: [outcome.slug],
      comparisonKeys: [comparison.key],
      evidenceClasses: [evidenceClass],
    }
    const { evidence } = await service.ask(
      `query ($filter: EvidenceFilter!) { evidence(filter: $filter, first: 100) { nodes { slug study { slug } effect { estimate pValue pValueOperator }
        intervention { doses { elementalMgPerDayLow elementalMgPerDayHigh } } } } }`,
      { filter },
    )
    const lone = evidence.nodes.filter(
      ({ effect }: { effect: { estimate: number | null; pValue: number | null } }) => effect.estimate === null && effect.pValue !== null,
    )
    expect(lonePValues.map(({ evidence: slug }: { evidence: string }) => slug).sort()).toEqual(lone.map(({ slug }: { slug: string }) => slug).sort())
    for (const { slug, study, effect } of lone)
      expect(lonePValues).toContainEqual({ evidence: slug, study: study.slug, pValue: effect.pValue, operator: effect.pValueOperator ?? 'EQ' })
    if (lone.length > 0) withP += 1
    if (durationDays !== null) expect(durationDays.low).toBeLessThanOrEqual(durationDays.high)
    if (elementalMgPerDay === null) continue
    withDose += 1
    const doses = evidence.nodes.flatMap(
      ({ intervention }: { intervention: { doses: { elementalMgPerDayLow: number | null; elementalMgPerDayHigh: number | null }[] } | null }) =>
        (intervention?.doses ?? []).flatMap(({ elementalMgPerDayLow: low, elementalMgPerDayHigh: high }) => (low === null || high === null ? [] : [low, high])),
    )
    expect(Math.min(...doses)).toBeLessThanOrEqual(elementalMgPerDay.low)
    expect(Math.max(...doses)).toBeGreaterThanOrEqual(elementalMgPerDay.high)
  }
  expect(withDose).toBeGreaterThan(3)
  expect(withP).toBeGreaterThan(3)
})

test('published pooled results tell what they compare where their words do', async () => {
  const { pooledResults } = await service.ask('{ pooledResults(first: 100) { nodes { name comparator comparison { key kind label } } } }')
  const told = pooledResults.nodes.filter(({ comparison }: { comparison: object | null }) => comparison !== null)
  expect(told.length).toBeGreaterThan(50)
  for (const { comparator, comparison } of told) if (/placebo/.test(comparator ?? '')) expect(comparison.key).toBe('INACTIVE')
})
