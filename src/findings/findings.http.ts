import type { FastifyInstance } from 'fastify'
import { PublicError } from '../errors.js'
import { comparisonKinds } from '../evidence/comparisonKey.js'
import type { Context } from '../graphql/context.js'
import { answerKey, namesAny, namesTag, tagOf } from '../http/conditional.js'
import { varyBy } from '../http/negotiation.js'
import { parametersOf, truth, type Queried } from '../http/parameters.js'
import { pngOf, widestPng } from '../plots/png.js'
import { byteOrderMark } from '../spreadsheet.js'
import { engineVersion, release } from '../version.js'
import { namingNearestTerms, vocabularyOf } from '../vocabulary/vocabulary.queries.js'
import { findingsFormats, type FindingsFormat } from './address.js'
import { summarizeFindings } from './findings.queries.js'
import { findingsCsv, findingsHtml, findingsSvg } from './table.js'

const contentTypes: Readonly<Record<FindingsFormat, string>> = {
  html: 'text/html; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  svg: 'image/svg+xml; charset=utf-8',
  png: 'image/png',
}

/** As much as a plot. */
const findingsCost = 200

const themes = ['light', 'dark', 'print'] as const
const usualWidth = 1_600

const refuse = (argument: string, message: string, reason = 'BAD_PARAMETER') => new PublicError('BAD_USER_INPUT', message, { reason, argument })

/**
 * Summaries of findings at /summary-of-findings/{condition}.html, .csv, .svg and .png. They take the arguments of `summaryOfFindings`; and `theme` of a
 * picture, `width` of a PNG in pixels, `bom` of a CSV.
 */
export function registerFindings(app: FastifyInstance, { contextFor }: { readonly contextFor: () => Promise<Context> }): void {
  app.get<{ Params: { file: string } } & Queried>('/summary-of-findings/:file', { config: { cost: findingsCost } }, async (request, reply) => {
    const { ref, format } = fileOf(request.params.file)
    const { comparison = 'INACTIVE', agent, baselineRisk, theme = 'light', width, bom, ...unknown } = parametersOf(request)
    const [other] = Object.keys(unknown)
    if (other !== undefined)
      throw refuse(other, `there is no parameter "${other}": they are comparison, agent, baselineRisk, theme, width and bom`, 'UNKNOWN_PARAMETER')
    const kind = comparisonKinds.find((known) => known === comparison)
    if (kind === undefined) throw refuse('comparison', `there is no comparison "${comparison}": they are ${comparisonKinds.join(', ')}`)
    const look = themes.find((known) => known === theme)
    if (look === undefined) throw refuse('theme', `there is no theme "${theme}": they are ${themes.join(', ')}`)
    const risk = baselineRisk === undefined ? null : numberIn('baselineRisk', baselineRisk)
    const pixels = width === undefined ? usualWidth : numberIn('width', width)
    if (!Number.isInteger(pixels) || pixels < 60 || pixels > widestPng)
      throw refuse('width', `width is a whole number from 60 to ${widestPng}, got ${String(width)}`)
    const withMark = truth('bom', bom)
    const context = await contextFor()
    const condition = await namingNearestTerms(context, async () => (await vocabularyOf(context)).conditions.named(ref))
    const findings = await summarizeFindings(context, condition, { comparison: kind, agent: agent ?? null, baselineRisk: risk })
    const known = request.headers['if-none-match']
    const tag = tagOf(answerKey([release, engineVersion, context.dataRevision.revision, request.params.file, kind, agent, risk, look, pixels, withMark]))
    if (findings === null)
      throw new PublicError('NOT_FOUND', `nothing is held on ${condition.name} in this comparison: Condition.comparisons lists those there are`)
    varyBy(reply, 'accept-encoding').header('etag', tag).header('cache-control', 'public, max-age=60')
    if (namesTag(known, tag) || namesAny(known)) return reply.code(304).send()
    void reply
      .type(contentTypes[format])
      // Shown on other people's pages: it may style itself and nothing else.
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .header('x-content-type-options', 'nosniff')
    switch (format) {
      case 'html':
        return findingsHtml(findings)
      case 'csv':
        return (withMark ? byteOrderMark : '') + findingsCsv(findings)
      case 'svg':
        return findingsSvg(findings, look)
      case 'png':
        return pngOf(findingsSvg(findings, look), { width: pixels })
    }
  })
}

function fileOf(file: string): { ref: string; format: FindingsFormat } {
  const at = file.lastIndexOf('.')
  const format = findingsFormats.find((known) => known === file.slice(at + 1))
  if (at < 1 || format === undefined)
    throw new PublicError(
      'NOT_FOUND',
      `there is no such file: a summary of findings is a condition with one of ${findingsFormats.map((known) => `.${known}`).join(', ')}`,
    )
  return { ref: file.slice(0, at), format }
}

function numberIn(name: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw refuse(name, `${name} is a number, got ${JSON.stringify(text.slice(0, 100))}`)
  return value
}
