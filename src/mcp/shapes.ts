import { z } from 'zod'
import type { DoseLineFragment, ResultFragment, StateFragment, StudyLineFragment } from '../generated/mcp/graphql.js'
import type { Session } from './ask.js'

// Shapes that several tools answer with, each beside the function that makes it.

export const notice = 'Evidence, not advice.'

const text = z.string()
const maybeText = z.string().nullable()
const maybeNumber = z.number().nullable()

export const termShape = z.object({ slug: text, name: text })

export const sourceShape = z.object({
  source: text.describe('Address or reference of what was read.'),
  locator: maybeText.describe('Place in it: table, page, paragraph or quotation.'),
  recordedAt: text.describe('Day on which it was taken down.'),
})
export const sourceOf = ({ source, locator, recordedAt }: z.output<typeof sourceShape>) => ({ source, locator, recordedAt })

export const warningShape = z.object({ code: text.describe('Stable word; docs/warnings.md lists them.'), message: text })

export const studyShape = z.object({
  slug: text,
  citation: text,
  year: maybeNumber,
  design: text,
  status: text.describe('CURRENT, CORRECTED, CONCERN or RETRACTED.'),
  doubts: z.array(text).describe('What third parties doubt about it.'),
  doi: maybeText,
  pmid: maybeText,
  page: text,
})
export const studyOf = (session: Session, { slug, citation, year, design, status, concerns, doi, pmid }: StudyLineFragment): z.output<typeof studyShape> => ({
  slug,
  citation,
  year,
  design,
  status,
  doubts: concerns.map(({ raisedBy, note }) => `${raisedBy}: ${note}`),
  doi,
  pmid,
  page: pageOf(session, `/studies/${slug}`),
})

export const effectShape = z.object({
  measure: text.describe('MD, SMD, RR, OR, HR …; ratios are shown as ratios.'),
  unit: maybeText,
  estimate: maybeNumber.describe('Magnesium minus, or over, what it is compared with; null if the source gives none.'),
  ciLower: maybeNumber,
  ciUpper: maybeNumber,
  ciLevel: maybeNumber,
  pValue: maybeNumber,
  pValueOperator: maybeText.describe('EQ, or LT and GT of a threshold.'),
})

export const perThousandShape = z.object({
  baseline: z.number().describe('Risk without magnesium, 0 to 1.'),
  baselineSource: text,
  with: z.number(),
  without: z.number(),
  difference: z.number(),
  lower: z.number(),
  upper: z.number(),
})

export const doseShape = z.object({
  form: termShape,
  route: text,
  asReported: maybeText,
  elementalMgPerDayLow: maybeNumber,
  elementalMgPerDayHigh: maybeNumber.describe('Differs from the low bound if the source leaves form or basis open.'),
  startDay: maybeNumber,
  endDay: maybeNumber,
})
export const doseOf = ({ form, route, reportedText, elementalMgPerDayLow, elementalMgPerDayHigh, startDay, endDay }: DoseLineFragment) => ({
  form,
  route,
  asReported: reportedText,
  elementalMgPerDayLow,
  elementalMgPerDayHigh,
  startDay,
  endDay,
})

export const resultShape = z.object({
  slug: text.describe('Name of the effect.'),
  condition: termShape,
  outcome: termShape,
  outcomeAsReported: text,
  form: termShape.nullable(),
  comparison: z.object({ key: text, kind: text, label: text }),
  evidenceClass: text,
  population: text,
  participants: maybeNumber,
  intervention: maybeText,
  comparator: maybeText,
  contrast: maybeText.describe('What is contrasted, in observational work.'),
  doses: z.array(doseShape),
  timepointDays: maybeNumber,
  timepoint: maybeText,
  effect: effectShape,
  whyAbsent: maybeText.describe('Why the estimate or its uncertainty is missing.'),
  direction: text,
  directionMeaning: text,
  origin: text.describe('How the number came about: REPORTED, ARM_DATA, FROM_CI …'),
  riskOfBias: maybeText,
  coherence: text.describe('Whether the reported numbers agree with each other.'),
  source: sourceShape,
})
export function resultOf(result: ResultFragment): z.output<typeof resultShape> {
  const { outcomeName, population, intervention, comparator, exposure, timepointLabel, absentReason, riskOfBias, coherence, provenance, ...same } = result
  const { slug, condition, outcome, form, comparison, evidenceClass, participants, timepointDays, effect, direction, origin } = same
  return {
    ...{ slug, condition, outcome, form, comparison, evidenceClass, participants, timepointDays, effect, direction, origin },
    outcomeAsReported: outcomeName,
    population: population.label,
    intervention: intervention?.label ?? null,
    comparator: comparator?.label ?? null,
    contrast: exposure === null ? null : `${exposure.metric}: ${exposure.contrasted ?? 'not stated'} against ${exposure.reference ?? 'not stated'}`,
    doses: (intervention?.doses ?? []).map(doseOf),
    timepoint: timepointLabel,
    whyAbsent: absentReason,
    directionMeaning: directionMeanings[direction],
    riskOfBias: riskOfBias?.level ?? null,
    coherence: coherence.status,
    source: sourceOf(provenance),
  }
}

/** Words that never make more of a direction than it says. */
export const directionMeanings = {
  FAVOURS_MAGNESIUM: 'better with magnesium, and the interval excludes no effect',
  FAVOURS_COMPARATOR: 'worse with magnesium, and the interval excludes no effect',
  NO_CLEAR_DIFFERENCE: 'no clear difference: the uncertainty includes no effect, which is not evidence of equality',
  UNCLEAR: 'unclear: no direction can be told from what is known',
} as const

/** What every answer ends with: the state of the data, and what an answer is not. */
export const provenanceShape = z.object({
  notice: z.literal(notice),
  release: text.describe('Release of the curated data.'),
  dataRevision: text.describe('Fingerprint of the data: the same revision gives the same answers.'),
  engineVersion: text.describe('Version of the formulas.'),
  licence: text,
  citation: maybeText.describe('How to cite the data.'),
  page: text.describe('Page of the service that shows the same.'),
})
export const provenanceOf = (session: Session, { dataset }: StateFragment, path: string): z.output<typeof provenanceShape> => ({
  notice,
  release: dataset.release,
  dataRevision: dataset.dataRevision,
  engineVersion: dataset.engineVersion,
  licence: dataset.licence,
  citation: dataset.citation,
  page: pageOf(session, path),
})

/** The address of a page of the service. */
export const pageOf = ({ origin, basePath }: Session, path: string): string => `${origin}${basePath}${path}`

/** An address that the API gives, which begins with the base path. */
export const addressOf = ({ origin }: Session, path: string): string => `${origin}${path}`

/** What a list leaves out, and how to get it. */
export const moreShape = z.object({
  total: z.number().describe('Rows in all.'),
  shown: z.number(),
  nextAfter: maybeText.describe('Give it as `after` for the rows that follow; null if there are none.'),
})
