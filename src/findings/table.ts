import { stringify } from 'csv-stringify/sync'
import type { CertaintyLevel } from '../generated/prisma/enums.js'
import { caption, paints, pictureOf, straightLine } from '../plots/drawing.js'
import { widthOf } from '../plots/lettering.js'
import { all, element, type Markup } from '../plots/markup.js'
import type { PlotTheme } from '../plots/theme.js'
import { inert } from '../spreadsheet.js'
import { importanceOf } from './finding.js'
import type { Finding, Findings } from './findings.queries.js'
import { amountOf, confidence, evidenceBehind, subjectOf } from './statement.js'

/** GRADE's four marks. */
const marks: Readonly<Record<CertaintyLevel, string>> = { HIGH: '++++', MODERATE: '+++−', LOW: '++−−', VERY_LOW: '+−−−' }

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const titleOf = ({ condition, comparison }: Findings) => `Summary of findings: magnesium in ${condition.name}, ${comparison.label}`
const disclaimer = 'Evidence, not advice. Made by rule from the studies held; certainty by GRADE’s rules.'
const effectOf = ({ pool }: Finding) => (pool === null ? 'not pooled' : amountOf(pool))
const certaintyIn = ({ rating }: Finding) => (rating === null ? 'not rated' : confidence[rating.level])
const markOf = ({ rating }: Finding) => (rating === null ? '' : marks[rating.level])

/** The summary as a page of its own: static, fit to print, without scripts. Certainty opens into its domains. */
export function findingsHtml(findings: Findings): string {
  const cells = (finding: Finding) => [
    element(
      'th',
      { scope: 'row' },
      capital(subjectOf(finding)),
      element('small', {}, `${importanceOf(finding.outcome).toLowerCase()}${finding.timepoint === null ? '' : `, at ${finding.timepoint}`}`),
    ),
    element('td', {}, evidenceBehind(finding)),
    element('td', {}, effectOf(finding)),
    element('td', {}, certaintyDetails(finding)),
    element('td', {}, finding.statement),
  ]
  const table = (name: string, rows: readonly Finding[]) =>
    element(
      'table',
      {},
      element('caption', {}, name),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          ...['Outcome', 'Studies and people', 'Effect (95 % interval)', 'Certainty', 'In words'].map((column) => element('th', { scope: 'col' }, column)),
        ),
      ),
      element('tbody', {}, all(rows.map((finding) => element('tr', {}, ...cells(finding))))),
    )
  const { rows, moreRows } = findings
  const body = element(
    'main',
    {},
    element('h1', {}, titleOf(findings)),
    element('p', {}, disclaimer),
    table('The outcomes that matter most', rows),
    ...(moreRows.length === 0 ? [] : [table('Other findings', moreRows)]),
  )
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${element('title', {}, titleOf(findings)).markup}<style>${styles}</style>`
  return `<!doctype html><html lang="en"><head>${head}</head><body>${body.markup}</body></html>\n`
}

function certaintyDetails(finding: Finding): Markup {
  const { rating } = finding
  if (rating === null) return element('span', {}, 'not rated')
  const start = rating.startReason === null ? [] : [element('li', {}, `Began ${confidence[rating.startLevel].toLowerCase()}: ${rating.startReason}`)]
  const judged = rating.judgements.map(({ domain, steps, reason }) =>
    element(
      'li',
      {},
      `${capital(domain.toLowerCase().replaceAll('_', ' '))}: ${steps === 0 ? 'no change' : `${steps > 0 ? 'up' : 'down'} ${Math.abs(steps)}`}${reason === null ? '' : ` (${reason})`}`,
    ),
  )
  return element(
    'details',
    {},
    element('summary', {}, element('b', { 'aria-hidden': 'true' }, `${markOf(finding)} `), certaintyIn(finding)),
    element('ul', {}, ...start, ...judged),
  )
}

const styles =
  'body{font:16px/1.45 system-ui,sans-serif;color:#1b1f24;background:#fff;margin:1.5rem auto;max-width:76rem;padding:0 1rem}h1{font-size:1.4rem}table{border-collapse:collapse;width:100%;margin:1rem 0}caption{text-align:left;font-weight:600;padding:.3rem 0}th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;border-bottom:1px solid #d0d7de;font-weight:400}thead th,tbody th{font-weight:600}small{display:block;font-weight:400;color:#57606a}ul{margin:.3rem 0 0;padding-left:1.1rem;font-size:.85rem}@media(max-width:48rem){table,thead,tbody,tr,th,td,caption{display:block}thead{display:none}tr{padding:.6rem 0;border-bottom:2px solid #d0d7de}th,td{border:0;padding:.15rem 0}}@media print{body{margin:0;font-size:10pt}tr{break-inside:avoid}@page{size:landscape}}'

/** Every finding as a row of comma-separated values, the seven first. */
export function findingsCsv({ condition, comparison, rows, moreRows }: Findings): string {
  const records = [...rows.map((finding) => ({ finding, among: true })), ...moreRows.map((finding) => ({ finding, among: false }))].map(
    ({ finding, among }) => {
      const { group, perThousand, rating } = finding
      return {
        condition: condition.slug,
        comparison: comparison.key,
        condition_of_finding: finding.condition.slug,
        outcome: finding.outcome.slug,
        outcome_name: inert(finding.outcome.name),
        importance: importanceOf(finding.outcome),
        harm: finding.outcome.isHarm ? 'TRUE' : 'FALSE',
        among_the_seven: among ? 'TRUE' : 'FALSE',
        evidence_class: finding.evidenceClass,
        timepoint: finding.timepoint,
        studies: finding.studies,
        participants: finding.participants,
        measure: group.measure,
        estimate: group.estimate,
        ci_lower: group.ciLower,
        ci_upper: group.ciUpper,
        unit: group.unit === null ? null : inert(group.unit),
        baseline_risk: perThousand?.baseline,
        per_thousand_without: perThousand?.without,
        per_thousand_with: perThousand?.with,
        per_thousand_difference: perThousand?.difference,
        per_thousand_lower: perThousand?.lower,
        per_thousand_upper: perThousand?.upper,
        minimal_important_difference: group.measure === 'MD' ? group.minimalImportantDifference : null,
        certainty: rating?.level,
        reviews: finding.reviews.map(({ slug }) => slug).join(';'),
        statement: inert(finding.statement),
      }
    },
  )
  return stringify(records, { header: true, record_delimiter: 'windows' })
}

const [width, margin, size, line] = [1_000, 24, 14, 20]
const columns = [
  { heading: 'Outcome', at: margin, room: 230 },
  { heading: 'Studies and people', at: 270, room: 200 },
  { heading: 'Effect (95 % interval)', at: 490, room: 320 },
  { heading: 'Certainty', at: 826, room: 150 },
] as const

/** The rows of the summary as a picture. */
export function findingsSvg(findings: Findings, theme: PlotTheme): string {
  const paint = paints(theme)
  const drawn: Markup[] = []
  let y = margin + 10
  const write = (text: string, at: number, room: number, options: { readonly bold?: boolean; readonly fill?: string; readonly top?: number } = {}) => {
    const { top = y, ...look } = options
    const lines = wrapped(text, room, look.bold ?? false)
    lines.forEach((words, index) => drawn.push(caption(words, { at: [at, top + index * line], size, ...look })))
    return lines.length
  }
  y += write(titleOf(findings), margin, width - 2 * margin, { bold: true }) * line
  y += write(disclaimer, margin, width - 2 * margin, { fill: paint('muted') }) * line + 8
  for (const { heading, at, room } of columns) write(heading, at, room, { bold: true })
  y += line
  for (const finding of findings.rows) {
    drawn.push(straightLine([margin, y - 6], [width - margin, y - 6], paint('rule')))
    y += 10
    const cells = [capital(subjectOf(finding)), evidenceBehind(finding), effectOf(finding), `${markOf(finding)} ${certaintyIn(finding)}`.trim()]
    y += Math.max(...columns.map(({ at, room }, index) => write(cells[index] ?? '', at, room, { bold: index === 0 }))) * line
    y += write(finding.statement, margin, width - 2 * margin, { fill: paint('muted') }) * line + 6
  }
  const description = findings.rows.map(({ statement }) => statement).join(' ')
  return pictureOf({ theme, width, height: y + margin / 2, fontSize: size, title: titleOf(findings), description }, ...drawn)
}

/** Lines of whole words that fit. */
function wrapped(text: string, room: number, bold: boolean): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1) ?? ''} ${word}`
    if (lines.length > 0 && widthOf(longer, { size, bold }) <= room) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}
