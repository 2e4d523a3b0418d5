import type { Prisma } from '../generated/prisma/client.js'
import type { Corpus } from './files.js'
import type { InteractionEntry } from './format.js'
import type { Keys } from './records.ids.js'

const day = (isoDate: string) => new Date(`${isoDate}T00:00:00Z`)

/** The rows that say what documents assert and what labels warn of. */
export function claimRecords({ documents, interactions, contraindications }: Corpus, keys: Keys) {
  const claims = documents.flatMap((document) =>
    document.claims.map((claim, position) => ({ document, claim, position, id: keys.assign('claim', claim.slug) })),
  )
  const safety = [
    ...interactions.map((entry) => ({ kind: 'interaction', entry }) as const),
    ...contraindications.map((entry) => ({ kind: 'contraindication', entry }) as const),
  ]
  const formId = (slug: string) => keys.assign('magnesium_form', slug)
  return {
    sourceDocument: documents.map((document): Prisma.SourceDocumentCreateManyInput => ({
      id: keys.assign('source_document', document.slug),
      slug: document.slug,
      title: document.title,
      authors: document.authors.map((author) => ('corporate' in author ? author.corporate : [author.given, author.family].filter(Boolean).join(' '))),
      publishedOn: document.publishedAt === undefined ? null : day(document.publishedAt),
      dateNote: document.dateNote ?? null,
      kind: document.kind,
      language: document.language,
    })),
    documentReference: documents.flatMap((document) =>
      document.references.map(({ number, study }) => ({
        documentId: keys.assign('source_document', document.slug),
        number,
        studyId: keys.assign('study', study),
      })),
    ),
    claim: claims.map(({ document, claim, position, id }): Prisma.ClaimCreateManyInput => ({
      id,
      slug: claim.slug,
      documentId: keys.assign('source_document', document.slug),
      position,
      section: claim.section,
      statement: claim.statement,
      topic: claim.topic,
      stated: claim.stated,
      verdict: claim.verdict,
      explanation: claim.explanation,
    })),
    claimForm: claims.flatMap(({ claim, id }) => claim.forms.map((form) => ({ claimId: id, formId: formId(form) }))),
    claimCondition: claims.flatMap(({ claim, id }) => claim.conditions.map((condition) => ({ claimId: id, conditionId: keys.assign('condition', condition) }))),
    claimOutcome: claims.flatMap(({ claim, id }) => claim.outcomes.map((outcome) => ({ claimId: id, outcomeId: keys.assign('outcome', outcome) }))),
    claimCitation: claims.flatMap(({ claim, id }) =>
      claim.citations.map((study, position) => ({ claimId: id, position, studyId: keys.assign('study', study) })),
    ),
    claimFinding: claims.flatMap(({ claim, id }) =>
      claim.findings.map((finding, position) => ({
        claimId: id,
        position,
        studyId: finding.study === undefined ? null : keys.assign('study', finding.study),
        resultId: finding.result === undefined ? null : keys.assign('result', `${finding.study}-${finding.result}`),
        stance: finding.stance,
        note: finding.note,
      })),
    ),
    source: safety.map(({ kind, entry }): Prisma.SourceCreateManyInput => ({
      id: keys.assign('source', `${kind}/${entry.slug}`),
      slug: `${kind}/${entry.slug}`,
      source: entry.provenance.source,
      locator: entry.provenance.locator ?? null,
      note: entry.provenance.note ?? null,
      recordedAt: day(entry.provenance.recordedAt),
    })),
    interaction: interactions.map((entry): Prisma.InteractionCreateManyInput => ({
      id: keys.assign('interaction', entry.slug),
      slug: entry.slug,
      substance: entry.substance,
      synonyms: entry.synonyms,
      effect: entry.effect,
      advice: entry.advice ?? null,
      hoursBeforeLow: entry.hoursBefore?.from ?? null,
      hoursBeforeHigh: entry.hoursBefore?.to ?? null,
      hoursAfterLow: entry.hoursAfter?.from ?? null,
      hoursAfterHigh: entry.hoursAfter?.to ?? null,
      separationHours: longestOf(entry),
      sourceId: keys.assign('source', `interaction/${entry.slug}`),
    })),
    interactionCode: interactions.flatMap((entry) =>
      entry.codes.map(({ system, value, source }) => ({ interactionId: keys.assign('interaction', entry.slug), system, value, source })),
    ),
    interactionForm: interactions.flatMap((entry) =>
      entry.forms.map((form) => ({ interactionId: keys.assign('interaction', entry.slug), formId: formId(form) })),
    ),
    contraindication: contraindications.map((entry): Prisma.ContraindicationCreateManyInput => ({
      id: keys.assign('contraindication', entry.slug),
      slug: entry.slug,
      conditionId: keys.assign('condition', entry.condition),
      note: entry.note ?? null,
      sourceId: keys.assign('source', `contraindication/${entry.slug}`),
    })),
    contraindicationForm: contraindications.flatMap((entry) =>
      entry.forms.map((form) => ({ contraindicationId: keys.assign('contraindication', entry.slug), formId: formId(form) })),
    ),
  }
}

/** The longest interval that a source advises on either side. */
function longestOf({ hoursBefore, hoursAfter }: InteractionEntry): number | null {
  const ends = [hoursBefore?.to, hoursAfter?.to].filter((end) => end !== undefined)
  return ends.length === 0 ? null : Math.max(...ends)
}
