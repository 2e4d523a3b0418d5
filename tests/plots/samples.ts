import { type ForestPlot, type ForestPooled, type ForestRow } from '../../src/plots/forest.js'
import { type FunnelPlot } from '../../src/plots/funnel.js'

export function row(
  label: string,
  [estimate, ciLower, ciUpper]: readonly [number | null, number | null, number | null],
  weightPercent: number | null = 10,
): ForestRow {
  return { label, details: [], estimate, ciLower, ciUpper, weightPercent }
}

export function pooled(label: string, [estimate, ciLower, ciUpper]: readonly [number, number, number]): ForestPooled {
  return { label, estimate, ciLower, ciUpper, predictionLower: null, predictionUpper: null, note: null }
}

/** Odds ratios of deaths below 1 favour magnesium, as in the trials of acute myocardial infarction. */
export function forestOf(rows: readonly ForestRow[], changes: Partial<ForestPlot> = {}): ForestPlot {
  return {
    title: 'Deaths',
    description: 'Between 0.44 and 0.77 (95% interval), most likely 0.58.',
    measure: 'Odds ratio',
    scale: 'LOG',
    noEffect: 1,
    level: 0.95,
    favoursLeft: 'favours magnesium',
    favoursRight: 'favours control',
    benefitSide: 'LEFT',
    detailHeadings: [],
    groups: [{ heading: null, rows, pooled: null }],
    pooled: null,
    notes: [],
    ...changes,
  }
}

export function funnelOf(points: FunnelPlot['points'], changes: Partial<FunnelPlot> = {}): FunnelPlot {
  return {
    title: 'Deaths',
    description: 'Small studies show larger effects than large ones.',
    measure: 'Odds ratio',
    scale: 'LOG',
    points,
    lines: [],
    level: 0.95,
    contours: false,
    notes: [],
    ...changes,
  }
}

/** The attributes of every element of one name, in the order drawn. */
export function elements(svg: string, name: string): Record<string, string>[] {
  return [...svg.matchAll(new RegExp(`<${name}((?: [\\w:-]+="[^"]*")*)/?>`, 'g'))].map(([, attributes = '']) =>
    Object.fromEntries([...attributes.matchAll(/ ([\w:-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value])),
  )
}

/** The group of a row, from its title to its end. */
export function groupOf(svg: string, label: string): string {
  const start = svg.indexOf(`<g><title>${label}`)
  if (start < 0) throw new Error(`no row is called ${label}`)
  return svg.slice(start, svg.indexOf('</g>', start))
}
