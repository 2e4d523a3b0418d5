import fc from 'fast-check'
import { startService, type Service } from '../support/service.js'

let service: Service
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.stop())

const everything = `
  id measure k studies participants estimate analysisEstimate standardError ciLower ciUpper pValue degreesOfFreedom predictionLower predictionUpper
  heterogeneity { q df pValue tau2 tau2Lower tau2Upper i2 h2 } contributions { label estimate ciLower ciUpper weightPercent evidence { slug } study { slug } }
  leaveOneOut { estimate tau2 } cumulative { estimate i2 } subgroups { label k estimate } subgroupTest { q pValue } metaRegression { k r2 qModerators coefficients { estimate } }
  smallStudyEffects { egger { statistic pValue } begg { statistic pValue } trimAndFill { missing estimate } } sensitivity { choices smallest median largest shareExcludingNoEffect }
  robustness { failSafe { rosenthal orwin rosenberg } opposingTrials { outcome participants } } unpoolable { code evidence { slug } } warnings { code } rScript forestPlotUrl`

const oneOf = <Value>(...values: readonly Value[]) => fc.constantFrom(...values)
const questions = fc.record({
  filter: oneOf<Record<string, unknown>>(
    {},
    { conditions: ['depression'] },
    { conditions: ['acute-myocardial-infarction'] },
    { conditions: ['sleep-disorder'] },
    { conditions: ['hypertension'], designs: ['RCT_PARALLEL'] },
    { forms: ['magnesium-oxide'] },
    { forms: ['magnesium-sulfate'] },
    { designs: ['COHORT'] },
    { subjects: ['ANIMAL'] },
    { subjects: [] },
  ),
  model: oneOf('RANDOM_EFFECTS', 'COMMON_EFFECT', 'MANTEL_HAENSZEL', 'PETO', 'THREE_LEVEL'),
  estimator: oneOf('REML', 'DL', 'PM', 'ML', 'EB', 'HS', 'HE', 'SJ'),
  interval: oneOf('WALD', 'HKSJ', 'HKSJ_ADHOC'),
  dependence: oneOf('AGGREGATE', 'COMBINE_ARMS', 'SPLIT_CONTROL', 'INDEPENDENT', 'ROBUST'),
  timepoint: oneOf('END_OF_TREATMENT', 'LONGEST', 'SHORTEST', 'ALL'),
  level: oneOf(0.5, 0.9, 0.95, 0.999),
  measure: oneOf(null, null, 'SMD', 'OR', 'RR', 'RD', 'MD', 'HR', 'COR'),
  subgroupBy: oneOf(null, 'CONDITION', 'FORM', 'OUTCOME', 'DESIGN', 'COMPARATOR', 'ROUTE', 'DOSE_BAND', 'RISK_OF_BIAS'),
  moderators: oneOf<string[] | null>(null, null, ['YEAR'], ['ELEMENTAL_MG_PER_DAY', 'DURATION_DAYS'], ['PARTICIPANTS']),
})

// A number or a reason: never an internal error, and never a number that is none.
test('whatever is asked of whatever effects has an answer, or a coded error that says why not', async () => {
  await fc.assert(
    fc.asyncProperty(questions, async (input) => {
      const { errors = [] } = await service.request(`query ($input: SynthesisInput!) { synthesis(input: $input) { ${everything} } }`, { input })
      for (const { extensions } of errors)
        expect(extensions).toMatchObject({ code: expect.stringMatching(/^(BAD_USER_INPUT|NOT_COMPUTABLE)$/), reason: expect.any(String) })
    }),
    { numRuns: 120 },
  )
})
