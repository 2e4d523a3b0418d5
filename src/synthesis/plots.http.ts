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
import { element } from '../plots/markup.js'
import { pngOf, widestPng } from '../plots/png.js'
import type { PlotTheme } from '../plots/theme.js'
import { byteOrderMark } from '../spreadsheet.js'
import { vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import type { Vocabulary } from '../vocabulary/vocabulary.js'
import { forestPlotOf, type PlotWords } from './forestPlot.js'
import { funnelPlotOf } from './funnelPlot.js'
import { compareGroups, groupName } from './groups.js'
import { plots, plotUrl, type Plot } from './plotUrl.js'
import { poolCsv } from './poolCsv.js'
import { baujatPlotOf, bubblePlotOf } from './scatterPlots.js'
import { questionOf, type SynthesisInput } from './synthesis.filter.js'
import { rScript } from './rScript.js'
import { poolFilter, type SynthesisRecord } from './synthesis.queries.js'
import { synthesisTitle } from './title.js'

const formats = ['svg', 'png', 'html', 'txt', 'csv', 'R'] as const
type Format = (typeof formats)[number]
/** Which plot there is in which format. */
const isDrawn = (plot: Plot, format: Format): boolean => plot === 'forest' || (format !== 'txt' && format !== 'csv' && format !== 'R')

/** Every plot by the name of its file: forest.svg … */
export const plotFiles: readonly string[] = plots.flatMap((plot) => formats.filter((format) => isDrawn(plot, format)).map((format) => `${plot}.${format}`))

const themes = ['light', 'dark', 'print'] as const satisfies readonly PlotTheme[]

const contentTypes: Readonly<Record<Format, string>> = {
  svg: 'image/svg+xml; charset=utf-8',
  png: 'image/png',
  html: 'text/html; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  R: 'text/plain; charset=utf-8',
}

/** As much as the synthesis that it draws; published in docs/limits.md. */
export const plotCost = 200

export interface PlotSource {
  readonly schema: GraphQLSchema
  readonly contextFor: () => Promise<Context>
}

/**
 * Plots at /plots/forest.svg, funnel.svg, bubble.svg (of one moderator) and baujat.svg, also .png, .html (a table of what is shown) and, of the forest
 * plot, .txt, .csv (what was pooled, for rma()) and .R (a script that gives the pool). They take the arguments of SynthesisInput: `filter` as JSON, lists with commas; and `theme`, `width` in pixels of a PNG or letters of a text, `contours`, `bom` of a CSV.
 */
export function registerPlots(app: FastifyInstance, source: PlotSource): void {
  registerEmbedded(app, source)
  const { schema, contextFor } = source
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

/**
 * A plot on a page of its own at /embed/plot/forest and so on, for a frame on a page of somebody else: the picture, what it is of, and where it is from.
 * It takes the parameters of the picture.
 */
function registerEmbedded(app: FastifyInstance, { schema, contextFor }: PlotSource): void {
  app.get<{ Params: { plot: string } } & Queried>('/embed/plot/:plot', { config: { cost: plotCost } }, async (request, reply) => {
    const plot = plots.find((known) => known === request.params.plot)
    if (plot === undefined) throw new PublicError('NOT_FOUND', `there is no such plot: they are ${plots.join(', ')}`)
    const { theme, width, contours, ...choices } = parametersOf(request)
    if (width !== undefined) throw new PublicError('BAD_USER_INPUT', 'width is of a PNG or a text', { reason: 'UNKNOWN_PARAMETER', argument: 'width' })
    const input = inputOf(schema, choices)
    themeOf(theme)
    const context = await contextFor()
    const record = await poolFilter(context, input.filter, questionOf(input))
    const title = synthesisTitle(record.synthesis, await vocabularyOf(context))
    const look = Object.entries({ theme, contours }).flatMap(([name, value]) => (value === undefined ? [] : [`&${name}=${encodeURIComponent(value)}`]))
    const source = plotUrl(plot, record.filter, record.question, context.basePath) + look.join('')
    void reply
      .type(contentTypes.html)
      .header('cache-control', 'public, max-age=60')
      .header('content-security-policy', "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'")
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
    return embeddedPlot({ source, title, home: `${context.basePath}/`, isDark: theme === 'dark' })
  })
}

interface Embedded {
  readonly source: string
  readonly title: string
  readonly home: string
  readonly isDark: boolean
}

function embeddedPlot({ source, title, home, isDark }: Embedded): string {
  const [ground, ink] = isDark ? ['#14181d', '#e8eaed'] : ['#ffffff', '#1b1f24']
  const link = element('a', { href: home, target: '_blank', rel: 'noopener' }, 'Magnesium evidence')
  const style = `body{margin:0;background:${ground};color:${ink};font:15px/1.4 sans-serif}figure{margin:0.5rem}img{max-width:100%;height:auto}a{color:inherit}`
  const figure = element('figure', {}, element('img', { src: source, alt: title }), element('figcaption', {}, `${title}. Evidence, not advice. `, link))
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${element('title', {}, title).markup}<style>${style}</style></head><body>${figure.markup}</body></html>`
}

function fileOf(file: string): { plot: Plot; format: Format } {
  const [name = '', ending = ''] = file.split('.', 2)
  const [plot, format] = [plots.find((known) => known === name), formats.find((known) => known === ending)]
  if (file !== `${name}.${ending}` || plot === undefined || format === undefined || !isDrawn(plot, format))
    throw new PublicError('NOT_FOUND', `there is no such plot: they are ${plots.join(', ')}, each as .svg, .png and .html, and forest as .txt, .csv and .R`)
  return { plot, format }
}

/** The parameters as the API's own input, checked by the schema itself. */
function inputOf(
  schema: GraphQLSchema,
  { filter, level, baselineRisk, inferredNumbers, moderators, across, without, tauPrior, ...words }: Record<string, string>,
): SynthesisInput {
  const value = {
    ...words,
    filter: filter === undefined ? undefined : parsedJson('filter', filter),
    ...(level !== undefined && { level: Number(level) }),
    ...(baselineRisk !== undefined && { baselineRisk: Number(baselineRisk) }),
    ...(inferredNumbers !== undefined && { inferredNumbers: inferredNumbers === 'true' }),
    ...(moderators !== undefined && { moderators: moderators.split(',') }),
    ...(across !== undefined && { across: across.split(',') }),
    ...(without !== undefined && { without: without.split(',').filter((ref) => ref !== '') }),
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

const usualWidth: Readonly<Record<Format, number>> = { svg: 0, html: 0, csv: 0, R: 0, png: 1_600, txt: 110 }
const largestWidth: Readonly<Record<Format, number>> = { svg: Infinity, html: Infinity, csv: Infinity, R: Infinity, png: widestPng, txt: 300 }

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

function wordsOf({ synthesis, question }: SynthesisRecord, vocabulary: Vocabulary): PlotWords {
  const { chosen } = synthesis
  const directions = new Set(
    chosen.map(({ candidate, turned }) => (candidate.higherIsBetter === null ? null : candidate.higherIsBetter !== (turned !== candidate.contrastedHasLess))),
  )
  const [direction = null] = directions
  const by = question.subgroupBy
  return {
    title: synthesisTitle(synthesis, vocabulary),
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
  if (drawing.format === 'R') return rScript(synthesis)
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
