import { z } from 'zod'
import { PublicError } from '../../errors.js'
import { AssistantStudyByIdDocument, AssistantStudyDocument, AssistantStudyNamesDocument, AssistantStudySearchDocument } from '../../generated/mcp/graphql.js'
import { answerOf, type Session } from '../ask.js'
import {
  doseOf,
  doseShape,
  effectShape,
  moreShape,
  provenanceOf,
  provenanceShape,
  resultOf,
  resultShape,
  sourceOf,
  sourceShape,
  studyOf,
  studyShape,
  termShape,
} from '../shapes.js'
import { defineTool } from '../tool.js'
import { closingLines, counted, lines, shownEffect, shownNumber, shownResult, shownStudy, spoken } from '../words.js'

const maybeText = z.string().nullable()
const maybeNumber = z.number().nullable()

const armResultShape = z.object({
  arm: z.string(),
  role: z.string(),
  ...{ n: maybeNumber, events: maybeNumber, percent: maybeNumber, mean: maybeNumber, sd: maybeNumber, se: maybeNumber },
  ...{ median: maybeNumber, q1: maybeNumber, q3: maybeNumber },
})

export const getStudy = defineTool({
  name: 'get_study',
  title: 'Get a study',
  description:
    'Gives one study by slug, global id, DOI, PMID, PMCID or registry id: standing (retractions first), design, people, arms with doses, results as reported and as derived, risk of bias and sources. Reviews give their published pools.',
  input: z.strictObject({
    ref: z.string().min(1).max(200).describe('"tarleton-2017", "10.1371/journal.pone.0180067", "28654669", "NCT02466087" …'),
    limit: z.int().min(1).max(50).default(10).describe('Results at most.'),
    after: z.string().max(1_000).describe('`nextAfter` of the answer before, for the results that follow.').optional(),
  }),
  output: z.object({
    standing: z.object({
      status: z.string(),
      events: z.array(z.object({ status: z.string(), occurredOn: maybeText, note: maybeText, source: z.string() })),
      doubts: z.array(z.string()),
    }),
    study: studyShape.extend({
      id: z.string(),
      title: z.string(),
      kind: z.string(),
      subjects: z.string(),
      species: maybeText,
      journal: maybeText,
      publicationDate: maybeText,
      pmcid: maybeText,
      registrations: z.array(z.string()),
      allocation: maybeText,
      masking: z.object({ participants: z.string(), providers: z.string(), assessors: z.string(), text: maybeText }),
      countries: z.array(z.string()),
      setting: maybeText,
      funding: maybeText,
      conflictsOfInterest: maybeText,
      participantsRandomized: maybeNumber,
      participantsAnalysed: maybeNumber,
      keyFindings: maybeText,
      notes: z.array(z.string()),
    }),
    populations: z.array(
      z.object({
        label: z.string(),
        isWholeSample: z.boolean(),
        participants: maybeNumber,
        meanAge: maybeNumber,
        femalePercent: maybeNumber,
        conditions: z.array(termShape),
        inclusion: maybeText,
      }),
    ),
    arms: z.array(
      z.object({
        label: z.string(),
        role: z.string(),
        randomized: maybeNumber,
        analysed: maybeNumber,
        coInterventions: z.array(z.string()),
        doses: z.array(doseShape.extend({ source: sourceShape })),
      }),
    ),
    riskOfBias: z.array(z.object({ tool: z.string(), overall: maybeText, level: maybeText, assessedBy: z.string(), source: sourceShape })),
    results: z.array(
      resultShape.extend({
        arms: z.array(armResultShape).describe('As the source reports them.'),
        derivation: z.object({ formula: maybeText, assumptions: z.array(z.string()) }).describe('How the effect was derived; no formula if it is as reported.'),
      }),
    ),
    more: moreShape,
    publishedPools: z.array(z.object({ slug: z.string(), name: z.string(), effect: effectShape, source: sourceShape })),
    sources: z.array(sourceShape),
    provenance: provenanceShape,
  }),
  async run({ ref, limit, after }, session) {
    const slug = await slugOf(session, ref)
    const { study: found, ...state } = await answerOf(session, AssistantStudyDocument, { slug, first: limit, after: after ?? null })
    if (found === null) throw unknownStudy(ref, [])
    const study = studyOf(session, found)
    const provenance = provenanceOf(session, state, `/studies/${slug}`)
    const { id, title, subjects, species, journal, publicationDate, pmcid, registrations, allocation, masking, countries, setting, funding } = found
    const { conflictsOfInterest, participantsRandomized, participantsAnalysed, keyFindings, notes } = found
    const results = found.evidence.nodes.map((result) => ({
      ...resultOf(result),
      arms: result.armResults.map(({ arm, ...numbers }) => ({ arm: arm.label, role: arm.role, ...numbers })),
      derivation: result.derivation,
    }))
    const { hasNextPage, endCursor } = found.evidence.pageInfo
    const data = {
      standing: { status: found.status, events: found.statusEvents, doubts: study.doubts },
      study: {
        ...study,
        kind: found.evidenceKind,
        ...{ id, title, subjects, species, journal, publicationDate, pmcid, registrations, allocation, masking, countries, setting, funding },
        ...{ conflictsOfInterest, participantsRandomized, participantsAnalysed, keyFindings, notes },
      },
      populations: found.populations,
      arms: found.arms.map(({ doses, ...arm }) => ({ ...arm, doses: doses.map((dose) => ({ ...doseOf(dose), source: sourceOf(dose.provenance) })) })),
      riskOfBias: found.riskOfBias.map(({ provenance: read, ...assessed }) => ({ ...assessed, source: sourceOf(read) })),
      results,
      more: { total: found.evidence.totalCount, shown: results.length, nextAfter: hasNextPage ? endCursor : null },
      publishedPools: found.pooledResults.map(({ provenance: read, ...pool }) => ({ ...pool, source: sourceOf(read) })),
      sources: found.sources.map(sourceOf),
      provenance,
    }
    const standing = [
      ...(found.status === 'RETRACTED' ? ['RETRACTED: nothing below can be relied on. Searches and pools leave the study out.'] : []),
      ...(found.status !== 'RETRACTED' && found.status !== 'CURRENT' ? [`Standing: ${spoken(found.status)}.`] : []),
      ...found.statusEvents.map(
        ({ status, occurredOn, note, source }) =>
          `- ${spoken(status)}${occurredOn === null ? '' : ` on ${occurredOn}`}${note === null ? '' : `: ${note}`} (${source})`,
      ),
      ...study.doubts.map((doubt) => `Doubted by ${doubt}`),
    ]
    return {
      data,
      text: lines(
        standing,
        `${shownStudy(study)}. ${title}`,
        data.riskOfBias.length === 0
          ? 'Risk of bias: nobody assessed it.'
          : data.riskOfBias.map(
              ({ tool, level, source }) => `Risk of bias (${tool}): ${level === null ? 'not told' : spoken(level)}; read in ${source.source}`,
            ),
        `${spoken(found.design)}, in ${spoken(subjects)}s; ${participantsAnalysed === null ? 'number analysed not known' : `${counted(participantsAnalysed, 'participant')} analysed`}.`,
        data.arms.map(
          ({ label, role, analysed, doses }) =>
            `- ${label} (${spoken(role)}${analysed === null ? '' : `, ${analysed} analysed`})${doses.length === 0 ? '' : `: ${doses.map(shownDose).join('; then ')}`}`,
        ),
        data.more.total === 0 ? 'No result of it is held as an effect.' : `Results, ${data.more.shown} of ${data.more.total}:`,
        results.map((result) => `- ${shownResult(result)}`),
        data.more.nextAfter === null ? null : `For the next ones give after: "${data.more.nextAfter}".`,
        data.publishedPools.map(
          ({ name, effect, source }) =>
            `- Published pool, ${name}: ${shownEffect(effect)}. Source: ${source.source}${source.locator === null ? '' : `, ${source.locator}`}`,
        ),
        keyFindings === null ? null : `In the curators’ words: ${keyFindings}`,
        `Read in: ${data.sources.map(({ source, locator }) => (locator === null ? source : `${source}, ${locator}`)).join('; ')}`,
        closingLines(provenance),
      ),
    }
  },
})

const shownDose = ({ form, route, asReported, elementalMgPerDayLow: low, elementalMgPerDayHigh: high }: z.output<typeof doseShape>): string => {
  const elemental =
    low === null || high === null
      ? 'elemental dose not known'
      : `${low === high ? shownNumber(low) : `${shownNumber(low)} to ${shownNumber(high)}`} mg elemental a day`
  return `${form.name}, ${spoken(route)}, ${elemental}${asReported === null ? '' : ` ("${asReported}")`}`
}

/** @throws {PublicError} UNKNOWN_STUDY with the slugs of studies that the words find */
async function slugOf(session: Session, ref: string): Promise<string> {
  const { study, studiesByIdentifiers } = await answerOf(session, AssistantStudyNamesDocument, { slug: ref, identifiers: [ref] })
  const named = study?.slug ?? studiesByIdentifiers[0]?.slug ?? (await slugOfId(session, ref))
  if (named !== null) return named
  const { search } = await answerOf(session, AssistantStudySearchDocument, { text: ref })
  throw unknownStudy(
    ref,
    search.nodes.map(({ slug }) => slug),
  )
}

/** Null of what is no id of a study. */
async function slugOfId(session: Session, id: string): Promise<string | null> {
  try {
    return (await answerOf(session, AssistantStudyByIdDocument, { id })).study?.slug ?? null
  } catch (error) {
    if (error instanceof PublicError && error.code === 'BAD_USER_INPUT') return null
    throw error
  }
}

const unknownStudy = (ref: string, suggestions: readonly string[]) =>
  new PublicError('BAD_USER_INPUT', `no study is called "${ref}": give a slug, a global id, a DOI, PMID, PMCID or registry id`, {
    ...{ reason: 'UNKNOWN_STUDY', argument: 'ref', ref },
    ...(suggestions.length > 0 && { suggestions }),
  })
