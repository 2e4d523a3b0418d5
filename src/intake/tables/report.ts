import type { FollowingEffect, PlacedFault } from './import.js'
import type { PlannedResult, TablesPlan } from './plan.js'

/** A plan for a terminal: the tables, arms, results with their cells and reasons, and what is left out. */
export function planText({ article, study, tables, arms, results, leftOut }: TablesPlan): string {
  const lines = [
    `${article.title} (${[article.pmcid, article.doi].filter((one) => one !== null).join(', ') || article.asked})`,
    `study: ${study.study}${study.isKnown ? ' (known)' : ' (new)'}; design: ${study.design ?? '?'}; condition: ${study.condition ?? '?'}`,
    ...study.why.map((why) => `  ${why}`),
    ...study.open.map((open) => `  open: ${open}`),
    '',
    ...tables.map(({ table, caption, kind, why }) => {
      const count = results.filter((result) => result.table === table).length
      return `${table}: ${caption}\n  ${kind === 'RESULTS' ? `results, ${count} proposed` : { BASELINE: 'not results', OTHER: 'not results', UNREAD: 'not read' }[kind]}: ${why}`
    }),
    ...(arms.length === 0 ? [] : ['', 'arms:']),
    ...arms.map(
      ({ printed, arm, role, n, form, route, why }) =>
        `  ${printed}${n === null ? '' : ` (n = ${n})`}: ${role ?? '?'}${arm === printed ? '' : ` ${arm}`}${form === null ? '' : `, ${form} ${route ?? ''}`}: ${why.join('; ')}`,
    ),
    ...(results.length === 0 ? [] : ['', 'results:']),
    ...results.flatMap(resultLines),
    ...(leftOut.length === 0 ? [] : ['', `left out, ${leftOut.length} ${leftOut.length === 1 ? 'cell' : 'cells'}:`]),
    ...leftOutLines(leftOut),
  ]
  return lines.join('\n')
}

function resultLines({
  take,
  table,
  row,
  outcome,
  instrument,
  timepoint,
  timepoint_days: days,
  value_kind: kind,
  unit,
  why,
  open,
  p,
  arms,
}: PlannedResult): string[] {
  const time = timepoint === null ? '' : `, ${timepoint}${days === null ? '' : ` (day ${days})`}`
  return [
    `  [${take ? 'x' : ' '}] ${table}, ${row}${time}: ${outcome ?? '?'}${instrument === null ? '' : ` by ${instrument}`}, ${kind ?? '?'}${unit === null ? '' : `, ${unit}`}`,
    ...arms.map(
      ({ arm, cells, values, why: told }) =>
        `        ${arm}: ${cells.map(({ text }) => text).join(' | ')} → ${Object.entries(values)
          .map(([name, value]) => `${name} ${value}`)
          .join(', ')} (${told})`,
    ),
    ...(p === null ? [] : [`        p ${p.text}`]),
    ...(open.length === 0 ? [`        ${why.join('; ')}`] : open.map((question) => `        open: ${question}`)),
  ]
}

/** Cells that are left out for one reason in one row stand together. */
function leftOutLines(leftOut: TablesPlan['leftOut']): string[] {
  const groups = new Map<string, string[]>()
  for (const { table, row, column, text, reason } of leftOut) {
    const key = `  ${table}, row ${JSON.stringify(row)}: ${reason}`
    groups.set(key, [...(groups.get(key) ?? []), `${column === '' ? '' : `${column}: `}${text}`])
  }
  return [...groups].map(([key, cells]) => `${key} (${cells.join(' | ')})`)
}

export function effectLines(effects: readonly FollowingEffect[]): string[] {
  return effects.flatMap(({ place, outcome, intervention, comparator, measure, estimate, ciLower, ciUpper, coherence, checks, note }) => [
    `  ${outcome}, ${intervention}${comparator === null ? '' : ` against ${comparator}`}: ${estimate === null ? `no estimate${note === null ? '' : `: ${note}`}` : `${measure} ${shown(estimate)}${ciLower === null || ciUpper === null ? '' : ` (${shown(ciLower)} to ${shown(ciUpper)})`}`}, coherence ${coherence}  (${place})`,
    ...checks.map(({ status, message }) => `      ${status.toLowerCase()}: ${message}`),
  ])
}

const shown = (value: number) => String(Number(value.toPrecision(3)))

export const faultLine = ({ place, column, value, rule }: PlacedFault) =>
  `${place}${column === null ? '' : `, ${column}`}: ${rule}${value === null ? '' : `, got ${JSON.stringify(value)}`}`
