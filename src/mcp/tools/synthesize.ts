import { z } from 'zod'
import { PublicError } from '../../errors.js'
import {
  AssistantCertaintyDocument,
  AssistantEvidenceDocument,
  AssistantSynthesisDocument,
  type AssistantSynthesisQuery,
  type EvidenceFilter,
  type SummaryLineFragment,
} from '../../generated/mcp/graphql.js'
import { answerOf, type Session } from '../ask.js'
import { certaintyOf, certaintyShape, shownCertainty, unrated } from '../certainty.js'
import { filterOf, filterWords, pageQueryOf, terms, type FilterWords } from '../filterWords.js'
import {
  addressOf,
  directionMeanings,
  perThousandShape,
  provenanceOf,
  provenanceShape,
  resultOf,
  sourceOf,
  sourceShape,
  studyOf,
  studyShape,
  termShape,
  warningShape,
} from '../shapes.js'
import { defineTool } from '../tool.js'
import { closingLines, counted, lines, shownEffect, shownNumber, shownPerThousand, shownResult, shownStudy } from '../words.js'
import { foundShape } from './findEvidence.js'

const maybeNumber = z.number().nullable()

const poolShape = z.object({
  outcome: termShape.nullable(),
  comparison: z.object({ key: z.string(), kind: z.string(), label: z.string() }).nullable(),
  evidenceClass: z.string().nullable(),
  measure: z.string(),
  unit: z.string().nullable(),
  estimate: maybeNumber,
  ciLower: maybeNumber,
  ciUpper: maybeNumber,
  ciLevel: maybeNumber,
  pValue: maybeNumber,
  predictionLower: maybeNumber.describe('Where the true effect of a further study would lie; null of a single study.'),
  predictionUpper: maybeNumber,
  k: z.number().describe('Entries of the pool, usually studies.'),
  studies: z.number(),
  participants: maybeNumber,
  direction: z.string().nullable().describe('Whom the pool favours, as the API decides it; null if it rates no pool of just these effects.'),
  directionMeaning: z.string(),
  heterogeneity: z.object({ i2: maybeNumber, tau2: maybeNumber, q: maybeNumber, df: maybeNumber, pValue: maybeNumber }),
  perThousand: perThousandShape.nullable().describe('People of a thousand with the event; null of measures that are no ratio or risk difference.'),
  method: z.object({ model: z.string(), estimator: z.string(), interval: z.string() }),
})

const contributionShape = z.object({
  label: z.string(),
  study: studyShape,
  estimate: z.number(),
  ciLower: z.number(),
  ciUpper: z.number(),
  weightPercent: z.number(),
  participants: maybeNumber,
  notes: z.array(z.string()),
  sources: z.array(sourceShape.extend({ effect: z.string() })),
})

const partShape = z.object({
  outcome: termShape.nullable(),
  comparisonKey: z.string().describe('Give it as `comparison` to ask this question.'),
  comparison: z.string(),
  evidenceClass: z.string(),
  combinedWith: z.array(z.string()),
  measure: z.string().nullable(),
  unit: z.string().nullable(),
  poolable: z.number().describe('Entries that its pool would have.'),
  studies: z.number(),
  participants: maybeNumber,
})

const outputShape = z.object({
  pooled: z.boolean().describe('False: nothing could be pooled, and `whyNot` says why.'),
  whyNot: z.string().nullable(),
  certainty: certaintyShape,
  warnings: z.array(warningShape),
  pool: poolShape.nullable(),
  contributions: z.array(contributionShape).describe('What entered, the heaviest first; the first 30.'),
  furtherContributions: z.number(),
  leftOut: z.array(z.object({ code: z.string(), reason: z.string(), effects: z.number(), studies: z.array(z.string()).describe('The first five.') })),
  otherQuestions: z.array(partShape).describe('Questions that the same words cover and that are not pooled together with this one.'),
  effectsToLookAt: z.array(foundShape).describe('If nothing was pooled: single effects, five at most.'),
  forestPlot: z.string().nullable(),
  funnelPlot: z.string().nullable(),
  csv: z.string().nullable(),
  synthesisId: z.string().nullable(),
  provenance: provenanceShape,
})
type Output = z.output<typeof outputShape>
type Pool = AssistantSynthesisQuery['synthesis']

const shownContributions = 30
const shownParts = 20

export const synthesize = defineTool({
  name: 'synthesize',
  title: 'Synthesize studies',
  description:
    'Pools the effects of all studies on one question: estimate, interval, prediction interval, heterogeneity, certainty by GRADE with its reasons, warnings, what entered and what was left out and why. One comparison and one outcome at a time; `otherQuestions` names the rest. Read certainty and warnings before the estimate.',
  input: z.strictObject({
    ...filterWords,
    condition: terms.condition,
    baselineRisk: z.number().gt(0).lt(1).describe('Risk without magnesium, for people of a thousand; the median of the trials if left out.').optional(),
  }),
  output: outputShape,
  async run({ baselineRisk, ...words }, session) {
    const filter = filterOf(words)
    try {
      const { synthesis, ...state } = await answerOf(session, AssistantSynthesisDocument, { input: { filter, baselineRisk: baselineRisk ?? null } })
      const summary = await summaryOf(session, filter, words, synthesis)
      const provenance = provenanceOf(session, state, `/synthesis${pageQueryOf(words)}`)
      return pooledAnswer(session, synthesis, summary, provenance)
    } catch (error) {
      if (error instanceof PublicError && error.details.reason === 'NOTHING_TO_POOL') return emptyAnswer(session, words, filter, error.message)
      throw error
    }
  },
})

/** The summary that the API rates for just this pool; null if there is none. */
async function summaryOf(session: Session, filter: EvidenceFilter, words: FilterWords, pool: Pool): Promise<SummaryLineFragment | null> {
  const groupBy = words.form === undefined ? (['CONDITION', 'OUTCOME'] as const) : (['CONDITION', 'FORM', 'OUTCOME'] as const)
  const { byTerms, byOutcome } = await answerOf(session, AssistantCertaintyDocument, { filter, groupBy: [...groupBy] })
  const isOfPool = (summary: SummaryLineFragment) =>
    summary.comparison.key === pool.comparison?.key &&
    summary.evidenceClass === pool.evidenceClass &&
    summary.pooledOutcome?.slug === pool.outcome?.slug &&
    summary.measure === pool.measure &&
    summary.k === pool.k &&
    summary.estimate === pool.estimate &&
    summary.ciLower === pool.ciLower &&
    summary.ciUpper === pool.ciUpper
  // Terms first: a curator's judgement is of condition, form and outcome.
  return [...byTerms, ...byOutcome].find(isOfPool) ?? null
}

function pooledAnswer(session: Session, pool: Pool, summary: SummaryLineFragment | null, provenance: Output['provenance']) {
  const direction = summary?.direction ?? null
  const certainty = summary === null ? unrated('the API rates no group of just these effects') : certaintyOf(summary)
  const contributions = [...pool.contributions].sort((a, b) => b.weightPercent - a.weightPercent)
  const { outcome, comparison, evidenceClass, measure, unit, estimate, ciLower, ciUpper, pValue, predictionLower, predictionUpper, k, studies, participants } =
    pool
  const data: Output = {
    pooled: true,
    whyNot: null,
    certainty,
    warnings: pool.warnings,
    pool: {
      ...{ outcome, comparison, evidenceClass, measure, unit, estimate, ciLower, ciUpper, pValue, predictionLower, predictionUpper, k, studies, participants },
      ciLevel: pool.choices.level,
      direction,
      directionMeaning: direction === null ? 'whom it favours was not decided: read the interval' : directionMeanings[direction],
      heterogeneity: pool.heterogeneity,
      perThousand: pool.perThousand,
      method: { model: pool.choices.model, estimator: pool.choices.estimator, interval: pool.choices.interval },
    },
    contributions: contributions.slice(0, shownContributions).map(({ study, evidence, label, notes, ...numbers }) => ({
      label,
      study: studyOf(session, study),
      estimate: numbers.estimate,
      ciLower: numbers.ciLower,
      ciUpper: numbers.ciUpper,
      weightPercent: numbers.weightPercent,
      participants: numbers.participants,
      notes,
      sources: evidence.map(({ slug, provenance: read }) => ({ effect: slug, ...sourceOf(read) })),
    })),
    furtherContributions: Math.max(0, contributions.length - shownContributions),
    leftOut: leftOutOf(pool),
    otherQuestions: pool.parts
      .filter(({ isPooled }) => !isPooled)
      .slice(0, shownParts)
      .map((part) => ({
        outcome: part.outcome,
        comparisonKey: part.comparison.key,
        comparison: part.comparison.label,
        evidenceClass: part.evidenceClass,
        combinedWith: part.combinedWith,
        measure: part.measure,
        unit: part.unit,
        poolable: part.k,
        studies: part.studies,
        participants: part.participants,
      })),
    effectsToLookAt: [],
    forestPlot: addressOf(session, pool.forestPlotUrl),
    funnelPlot: addressOf(session, pool.funnelPlotUrl),
    csv: addressOf(session, pool.csvUrl),
    synthesisId: pool.id,
    provenance,
  }
  return { data, text: textOf(data) }
}

function leftOutOf({ unpoolable }: Pool): Output['leftOut'] {
  const reasons = new Map<string, { code: string; reason: string; effects: Set<string>; studies: Set<string> }>()
  for (const { code, reason, evidence } of unpoolable) {
    const known = reasons.get(code) ?? { code, reason, effects: new Set(), studies: new Set() }
    known.effects.add(evidence.slug)
    known.studies.add(evidence.study.slug)
    reasons.set(code, known)
  }
  return [...reasons.values()].map(({ code, reason, effects, studies }) => ({ code, reason, effects: effects.size, studies: [...studies].slice(0, 5) }))
}

function textOf({ certainty, warnings, pool, contributions, furtherContributions, leftOut, otherQuestions, forestPlot, provenance }: Output): string {
  if (pool === null) return ''
  const { outcome, comparison, k, participants, predictionLower, predictionUpper, heterogeneity, directionMeaning, perThousand } = pool
  const people = participants === null ? 'participants not known' : counted(participants, 'participant')
  const prediction =
    predictionLower === null || predictionUpper === null
      ? 'No prediction interval: too few studies.'
      : `A further study’s true effect would lie between ${shownNumber(predictionLower)} and ${shownNumber(predictionUpper)}.`
  const variation = heterogeneity.i2 === null ? 'Heterogeneity cannot be estimated from one study.' : `I² ${shownNumber(heterogeneity.i2)} %.`
  return lines(
    shownCertainty(certainty),
    warnings.map(({ code, message }) => `Warning ${code}: ${message}`),
    `Pool: ${outcome?.name ?? 'several outcomes'}, magnesium ${comparison?.label ?? 'in several comparisons'}: ${shownEffect(pool)}: ${directionMeaning}. From ${counted(k, 'study', 'studies')}, ${people}.`,
    `${prediction} ${variation}`,
    perThousand === null ? null : shownPerThousand(perThousand),
    'Sources:',
    contributions.map(
      ({ study, estimate, ciLower, ciUpper, weightPercent, sources }) =>
        `- ${shownStudy(study)}: ${shownNumber(estimate)} (${shownNumber(ciLower)} to ${shownNumber(ciUpper)}), weight ${shownNumber(weightPercent)} %; read in ${sources.map(({ source, locator }) => (locator === null ? source : `${source}, ${locator}`)).join('; ')}`,
    ),
    furtherContributions > 0 ? `${counted(furtherContributions, 'further entry', 'further entries')}: see the page.` : null,
    leftOut.map(({ code, reason, effects }) => `Left out (${code}): ${counted(effects, 'effect')}: ${reason}`),
    otherQuestions.length === 0 ? null : 'Other questions that these words cover, each asked by itself:',
    otherQuestions.map(
      ({ outcome: other, comparison: against, comparisonKey, evidenceClass, poolable, studies }) =>
        `- ${other?.name ?? 'no one outcome'} ${against} (outcome: "${other?.slug ?? ''}", comparison: "${comparisonKey}", evidenceClass: ${evidenceClass}): ${counted(studies, 'study', 'studies')}, ${poolable === 0 ? 'nothing to pool' : `${counted(poolable, 'entry', 'entries')} to pool`}`,
    ),
    forestPlot === null ? null : `Forest plot: ${forestPlot}`,
    closingLines(provenance),
  )
}

async function emptyAnswer(session: Session, words: FilterWords, filter: EvidenceFilter, whyNot: string) {
  const { evidence, ...state } = await answerOf(session, AssistantEvidenceDocument, { filter, first: 5, after: null, orderBy: [] })
  const found = evidence.nodes.map((node) => ({ ...resultOf(node), study: studyOf(session, node.study) }))
  const provenance = provenanceOf(session, state, `/evidence${pageQueryOf(words)}`)
  const data: Output = {
    ...{ pooled: false, whyNot, certainty: unrated('nothing was pooled'), warnings: [], pool: null, contributions: [], furtherContributions: 0, leftOut: [] },
    ...{ otherQuestions: [], effectsToLookAt: found, forestPlot: null, funnelPlot: null, csv: null, synthesisId: null, provenance },
  }
  return {
    data,
    text: lines(
      `Nothing could be pooled: ${whyNot}. Unclear is not the same as no difference.`,
      found.length === 0 ? null : `Single effects to look at instead, ${found.length} of ${evidence.totalCount}; find_evidence lists all:`,
      found.map((result) => `- ${shownStudy(result.study)}. ${shownResult(result)}`),
      closingLines(provenance),
    ),
  }
}
