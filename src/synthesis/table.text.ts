import { measureNames } from './forestPlot.js'
import { tableSynthesis, type TablePool } from './table.pool.js'

/** A pool for a terminal: its numbers by name, the subgroups, coefficients, rows that are not in it, and what to know before believing it. */
export function tableText(pool: TablePool): string {
  const told = tableSynthesis(pool)
  const { heterogeneity, metaRegression, subgroups, subgroupTest, unpoolable, warnings } = told
  const { egger, begg, trimAndFill } = told.smallStudyEffects
  const { level, model, estimator, interval, dependence } = told.choices
  const between = ({ ciLower, ciUpper }: { readonly ciLower: number; readonly ciUpper: number }) => `${tidy(ciLower)} to ${tidy(ciUpper)}`
  const sections: (readonly (readonly string[])[])[] = [
    [
      ['measure', `${measureNames[pool.measure]} (${told.measure})`],
      ['model', model === 'RANDOM_EFFECTS' ? `${model}, ${estimator}, ${interval}` : model],
      ['entries', `${told.k}${told.studies === told.k ? '' : ` of ${told.studies} studies, ${dependence}`}`],
      ['participants', told.participants === null ? 'not told' : String(told.participants)],
      ['estimate', tidy(told.estimate)],
      [`${percent(level)} interval`, between(told)],
      ['p value', shownP(told.pValue)],
      ...(told.predictionLower === null || told.predictionUpper === null
        ? []
        : [['prediction interval', between({ ciLower: told.predictionLower, ciUpper: told.predictionUpper })]]),
      ...(told.analysisScale === 'IDENTITY' ? [] : [['on the analysis scale', `${tidy(told.analysisEstimate)}, standard error ${tidy(told.standardError)}`]]),
    ],
    heterogeneity.q === null || heterogeneity.pValue === null
      ? []
      : [
          ['Q', `${tidy(heterogeneity.q)}, ${String(heterogeneity.df)} degrees of freedom, p ${shownP(heterogeneity.pValue)}`],
          [
            'tau²',
            `${tidy(heterogeneity.tau2)}${heterogeneity.tau2Upper === null ? '' : ` (${tidy(heterogeneity.tau2Lower)} to ${tidy(heterogeneity.tau2Upper)})`}`,
          ],
          ['I²', `${tidy(heterogeneity.i2)} %${heterogeneity.i2Upper === null ? '' : ` (${tidy(heterogeneity.i2Lower)} to ${tidy(heterogeneity.i2Upper)})`}`],
        ],
    [
      ...(egger === null ? [] : [['Egger', `t ${tidy(egger.statistic)}, p ${shownP(egger.pValue)}`]]),
      ...(begg === null ? [] : [['Begg', `Kendall’s tau ${tidy(begg.statistic)}, p ${shownP(begg.pValue)}`]]),
      ...(trimAndFill === null
        ? []
        : [['trim and fill', `${trimAndFill.missing} on the ${trimAndFill.side}, with which ${tidy(trimAndFill.estimate)} (${between(trimAndFill)})`]]),
    ],
    subgroups.map((group) => [group.label, `${tidy(group.estimate)} (${between(group)}), ${group.k} entries`]),
    subgroupTest === null ? [] : [['between subgroups', `Q ${tidy(subgroupTest.q)}, ${subgroupTest.df} degrees of freedom, p ${shownP(subgroupTest.pValue)}`]],
    (metaRegression?.coefficients ?? []).map((coefficient) => [
      coefficient.name,
      `${tidy(coefficient.estimate)} (${between(coefficient)}), p ${shownP(coefficient.pValue)}`,
    ]),
    unpoolable.map(({ label, row, reason }) => [`left out: row ${row}`, `${label}: ${reason}`]),
    warnings.map(({ code, message }) => [code, message]),
  ]
  const width = Math.min(40, Math.max(...sections.flat().map(([name = '']) => name.length)))
  return sections
    .filter((rows) => rows.length > 0)
    .map((rows) => rows.map(([name = '', value = '']) => `${onOneLine(name).padEnd(width)}  ${onOneLine(value)}\n`).join(''))
    .join('\n')
}

const tidy = (value: number | null) => (value === null ? 'not told' : String(Number(value.toPrecision(4))))
const percent = (level: number) => `${Number((100 * level).toPrecision(6))} %`
const shownP = (value: number) => (value < 0.0001 ? '< 0.0001' : String(Number(value.toPrecision(3))))

/** A stranger's text cannot move the cursor or begin a line of its own. */
function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
}
