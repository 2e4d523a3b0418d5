import type { FastifyInstance } from 'fastify'
import type { GraphQLSchema } from 'graphql'
import { PublicError } from '../errors.js'
import type { Context } from '../graphql/context.js'
import { coercedInput, parametersOf, parsedJson, truth, type Queried } from '../http/parameters.js'
import { forestSvg } from '../plots/forest.svg.js'
import { forestTableHtml, tableHtml, type PlotTable } from '../plots/forest.table.js'
import { forestText } from '../plots/forest.text.js'
import { funnelSvg } from '../plots/funnel.svg.js'
import { funnelTable } from '../plots/funnel.js'
import { scatterSvg } from '../plots/scatter.svg.js'
import { scatterTable } from '../plots/scatter.js'
import { pngOf, widestPng } from '../plots/png.js'
import type { PlotTheme } from '../plots/theme.js'
import { byteOrderMark } from '../spreadsheet.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'
import { forestPlotOf, type PlotWords } from './forestPlot.js'
import { funnelPlotOf } from './funnelPlot.js'
import { compareGroups, groupName } from './groups.js'
import { plots, type Plot } from './plotUrl.js'
import { poolCsv } from './poolCsv.js'
import { baujatPlotOf, bubblePlotOf } from './scatterPlots.js'
import { questionOf, type SynthesisInput } from './synthesis.filter.js'
import { poolFilter, type SynthesisRecord } from './synthesis.queries.js'

const formats = ['svg', 'png', 'html', 'txt', 'csv'] as const
type Format = (typeof formats)[number]
/** Which plot there is in which format. */
const isDrawn = (plot: Plot, format: Format): boolean => plot === 'forest' || (format !== 'txt' && format !== 'csv')

/** Every plot by the name of its file: forest.svg … */
export const plotFiles: readonly string[] = plots.flatMap((plot) => formats.filter((format) => isDrawn(plot, format)).map((format) => `${plot}.${format}`))

const themes = ['light', 'dark', 'print'] as const satisfies readonly PlotTheme[]

const contentTypes: Readonly<Record<Format, string>> = {
  svg: 'image/svg+xml; charset=utf-8',
  png: 'image/png',
  html: 'text/html; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
}

/** As much as the synthesis that it draws; published in docs/limits.md. */
export const plotCost = 200

export interface PlotSource {
  readonly schema: GraphQLSchema
  readonly contextFor: () => Promise<Context>
}

/**
 * Plots at /plots/forest.svg, funnel.svg, bubble.svg (of one moderator) and baujat.svg, also .png, .html (a table of what is shown) and, of the forest
 * plot, .txt and .csv (what was pooled, for rma()). They take the arguments of SynthesisInput: `filter` as JSON, lists with commas; and `theme`, `width` in pixels of a PNG or letters of a text, `contours`, `bom` of a CSV.
 */
export function registerPlots(app: FastifyInstance, { schema, contextFor }: PlotSource): void {
  app.get<{ Params: { file: string } } & Queried>('/plots/:file', { config: { cost: plotCost } }, async (request, reply) => {
    const { plot, format } = fileOf(request.params.file)
    const asked = parametersOf(request)
    const { theme, width, contours, bom, ...choices } = asked
    if (bom !== undefined && format !== 'csv')
      throw new PublicError('BAD_USER_INPUT', `bom is of a CSV, and this is ${format.toUpperCase()}`, { reason: 'UNKNOWN_PARAMETER', argument: 'bom' })
    const withMark = truth('bom', bom)
    const input = inputOf(schema, choices)
    const [look, size] = [themeOf(theme), sizeOf(width, format)]
    const context = await contextFor()
    const record = await poolFilter(context, input.filter, questionOf(input))
    const words = wordsOf(record, await vocabularyOf(context))
    void reply
      .type(contentTypes[format])
      .header('cache-control', 'public, max-age=60')
      // A picture of strangers' making is shown on other people's pages: it may style itself and nothing else.
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .header('x-content-type-options', 'nosniff')
    const drawing = { format, theme: look, width: size, withMark }
    switch (plot) {
      case 'forest':
        return drawnForest(record.synthesis, words, drawing)
      case 'funnel':
        return drawn(funnelPlotOf(record.synthesis, words, contours !== 'false'), { svg: funnelSvg, table: funnelTable }, drawing)
      case 'bubble':
        return drawn(bubblePlotOf(record.synthesis, words), { svg: scatterSvg, table: scatterTable }, drawing)
      case 'baujat':
        return drawn(baujatPlotOf(record.synthesis, words), { svg: scatterSvg, table: scatterTable }, drawing)
    }
  })
}

function fileOf(file: string): { plot: Plot; format: Format } {
  const [name = '', ending = ''] = file.split('.', 2)
  const [plot, format] = [plots.find((known) => known === name), formats.find((known) => known === ending)]
  if (file !== `${name}.${ending}` || plot === undefined || format === undefined || !isDrawn(plot, format))
    throw new PublicError('NOT_FOUND', `there is no such plot: they are ${plots.join(', ')}, each as .svg, .png and .html, and forest as .txt and .csv`)
  return { plot, format }
}

/** The parameters as the API's own input, checked by the schema itself. */
function inputOf(
  schema: GraphQLSchema,
  { filter, level, baselineRisk, inferredNumbers, moderators, across, tauPrior, ...words }: Record<string, string>,
): SynthesisInput {
  const value = {
    ...words,
    filter: filter === undefined ? undefined : parsedJson('filter', filter),
    ...(level !== undefined && { level: Number(level) }),
    ...(baselineRisk !== undefined && { baselineRisk: Number(baselineRisk) }),
    ...(inferredNumbers !== undefined && { inferredNumbers: inferredNumbers === 'true' }),
    ...(moderators !== undefined && { moderators: moderators.split(',') }),
    ...(across !== undefined && { across: across.split(',') }),
    ...(tauPrior !== undefined && { tauPrior: parsedJson('tauPrior', tauPrior) }),
  }
  return coercedInput(schema, 'SynthesisInput', value, 'filter') as SynthesisInput // what the schema's input type coerces to
}

function themeOf(theme: string | undefined): PlotTheme {
  const known = themes.find((name) => name === (theme ?? 'light'))
  if (known === undefined)
    throw new PublicError('BAD_USER_INPUT', `there is no theme "${theme}": they are ${themes.join(', ')}`, { reason: 'BAD_PARAMETER', argument: 'theme' })
  return known
}

const usualWidth: Readonly<Record<Format, number>> = { svg: 0, html: 0, csv: 0, png: 1_600, txt: 110 }
const largestWidth: Readonly<Record<Format, number>> = { svg: Infinity, html: Infinity, csv: Infinity, png: widestPng, txt: 300 }

function sizeOf(width: string | undefined, format: Format): number {
  if (width === undefined) return usualWidth[format]
  const value = Number(width)
  if (!Number.isInteger(value) || value < 60 || value > largestWidth[format])
    throw new PublicError('BAD_USER_INPUT', `width is a whole number from 60 to ${largestWidth[format]}, got ${width}`, {
      reason: 'BAD_PARAMETER',
      argument: 'width',
    })
  return value
}

/** What the terms of the effects make of the picture: "All-cause mortality, acute myocardial infarction: magnesium against its comparators". */
function wordsOf({ synthesis: { chosen }, question }: SynthesisRecord, vocabulary: Vocabulary): PlotWords {
  const names = (terms: readonly (string | undefined)[]) => [...new Set(terms)].filter((name) => name !== undefined)
  const outcomes = names(chosen.map(({ candidate }) => vocabulary.outcomes.find(candidate.outcome)?.name))
  const conditions = names(chosen.map(({ candidate }) => vocabulary.conditions.find(candidate.condition)?.name))
  const told = (found: readonly string[], plural: string) => (found.length > 2 ? `${found.length} ${plural}` : found.join(' and '))
  const directions = new Set(
    chosen.map(({ candidate, turned }) => (candidate.higherIsBetter === null ? null : candidate.higherIsBetter !== (turned !== candidate.contrastedHasLess))),
  )
  const [direction = null] = directions
  const by = question.subgroupBy
  return {
    title: `Magnesium: ${told(outcomes, 'outcomes')}, ${told(conditions, 'conditions')}`,
    higherIsBetter: directions.size === 1 ? direction : null,
    randomised: chosen.every(({ candidate }) => candidate.design.startsWith('RCT_')),
    groupName: (value) => (by === null ? value : groupName(by, value, vocabulary)),
    compareGroups: by === null ? () => 0 : compareGroups(by, vocabulary),
  }
}

interface Drawing {
  readonly format: Format
  readonly theme: PlotTheme
  /** Pixels of a PNG, letters of a text. */
  readonly width: number
  /** Whether a CSV begins with a byte order mark. */
  readonly withMark: boolean
}

function drawnForest(synthesis: SynthesisRecord['synthesis'], words: PlotWords, drawing: Drawing): string | Promise<Buffer> {
  if (drawing.format === 'csv') return (drawing.withMark ? byteOrderMark : '') + poolCsv(synthesis)
  const plot = forestPlotOf(synthesis, words)
  if (drawing.format === 'html') return forestTableHtml(plot)
  return drawing.format === 'txt' ? forestText(plot, drawing.width) : pictureIn(drawing, forestSvg(plot, drawing.theme))
}

/** A plot as a picture, or as the table of what it shows. */
function drawn<Data>(
  plot: Data,
  { svg, table }: { readonly svg: (plot: Data, theme: PlotTheme) => string; readonly table: (plot: Data) => PlotTable },
  drawing: Drawing,
): string | Promise<Buffer> {
  return drawing.format === 'html' ? tableHtml(table(plot)) : pictureIn(drawing, svg(plot, drawing.theme))
}

const pictureIn = ({ format, width }: Drawing, svg: string) => (format === 'svg' ? svg : pngOf(svg, { width }))
