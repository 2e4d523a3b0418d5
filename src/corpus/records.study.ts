import type { Prisma } from '../generated/prisma/client.js'
import { partitionOf } from '../evidence/comparison.js'
import { dailyDoseOf, type FormComposition } from '../vocabulary/dose.js'
import type { ArmEntry, DoseEntry, PublicationEntry, StudyEntry } from './format.js'
import type { Keys } from './records.ids.js'

const day = (isoDate: string) => new Date(`${isoDate}T00:00:00Z`)

/** The rows that say what was done: publications, studies, populations, arms, doses, and where each was read. */
export function studyRecords(studies: readonly StudyEntry[], forms: ReadonlyMap<string, FormComposition>, keys: Keys) {
  const studyId = (study: StudyEntry) => keys.assign('study', study.slug)
  const sourceId = (study: StudyEntry, key: string) => keys.assign('source', `${study.slug}/${key}`)
  const publicationId = (slug: string) => keys.assign('publication', slug)
  const populationId = (study: StudyEntry, slug: string) => keys.assign('population', `${study.slug}/${slug}`)
  const armId = (study: StudyEntry, arm: ArmEntry) => keys.assign('arm', `${study.slug}/${arm.slug}`)

  const ownPublications = studies.flatMap(({ publications }) => publications.filter((entry): entry is PublicationEntry => 'slug' in entry))
  const armDoses = studies.flatMap((study) => study.arms.flatMap((arm) => arm.doses.map((dose) => ({ study, arm, dose }))))
  return {
    publication: ownPublications.map((entry): Prisma.PublicationCreateManyInput => ({
      id: publicationId(entry.slug),
      slug: entry.slug,
      title: entry.title,
      titleAsPublished: entry.titleAsPublished,
      authorsIncomplete: entry.authorsIncomplete,
      journal: entry.journal ?? null,
      year: entry.year ?? (entry.date === undefined ? null : Number(entry.date.slice(0, 4))),
      publishedOn: entry.date === undefined ? null : day(entry.date),
      volume: entry.volume ?? null,
      issue: entry.issue ?? null,
      pages: entry.pages ?? null,
      doi: entry.doi?.toLowerCase() ?? null,
      pmid: entry.pmid ?? null,
      pmcid: entry.pmcid ?? null,
      types: entry.types,
      note: entry.note ?? null,
    })),
    publicationAuthor: ownPublications.flatMap((entry) =>
      entry.authors.map((author, position) => ({
        publicationId: publicationId(entry.slug),
        position,
        ...('corporate' in author
          ? { family: null, given: null, corporate: author.corporate }
          : { family: author.family, given: author.given ?? null, corporate: null }),
      })),
    ),
    publicationRelation: ownPublications.flatMap(({ slug, relations }) =>
      relations.map(({ type, to }) => ({ fromId: publicationId(slug), toId: publicationId(to), type })),
    ),
    publicationStatusEvent: ownPublications.flatMap(({ slug, statusEvents }) =>
      statusEvents.map((event, position) => ({
        publicationId: publicationId(slug),
        position,
        status: event.status,
        occurredOn: event.date === undefined ? null : day(event.date),
        note: event.note ?? null,
        source: event.source,
      })),
    ),
    study: studies.map((study): Prisma.StudyCreateManyInput => ({
      id: studyId(study),
      slug: study.slug,
      title: study.title,
      evidenceKind: study.evidenceKind,
      design: study.design,
      subjects: study.subjects,
      species: study.species ?? null,
      allocation: study.allocation ?? null,
      maskingParticipants: study.masking?.participants ?? 'UNKNOWN',
      maskingProviders: study.masking?.providers ?? 'UNKNOWN',
      maskingAssessors: study.masking?.assessors ?? 'UNKNOWN',
      maskingText: study.masking?.text ?? null,
      countries: study.countries,
      countriesInferred: study.countriesInferred,
      cohorts: study.cohorts,
      setting: study.setting ?? null,
      funding: study.funding ?? null,
      conflictsOfInterest: study.conflictsOfInterest ?? null,
      participantsRandomized: study.participantsRandomized ?? null,
      participantsAnalysed: study.participantsAnalysed ?? null,
      keyFindings: study.keyFindings ?? null,
      notes: study.notes,
    })),
    crossoverDesign: studies.flatMap((study) =>
      study.crossover === undefined
        ? []
        : [
            {
              studyId: studyId(study),
              periods: study.crossover.periods,
              periodDays: study.crossover.periodDays ?? null,
              washoutDays: study.crossover.washoutDays ?? null,
              analysis: study.crossover.analysis ?? null,
              withinPersonCorrelation: study.crossover.withinPersonCorrelation ?? null,
              correlationSource: study.crossover.correlationSource ?? null,
            },
          ],
    ),
    clusterDesign: studies.flatMap((study) =>
      study.cluster === undefined
        ? []
        : [
            {
              studyId: studyId(study),
              clusters: study.cluster.clusters ?? null,
              meanClusterSize: study.cluster.meanClusterSize ?? null,
              icc: study.cluster.icc ?? null,
              iccSource: study.cluster.iccSource ?? null,
            },
          ],
    ),
    source: studies.flatMap((study) =>
      Object.entries(study.sources).map(([key, entry]): Prisma.SourceCreateManyInput => ({
        id: sourceId(study, key),
        slug: `${study.slug}/${key}`,
        source: entry.source,
        locator: entry.locator ?? null,
        supports: entry.supports ?? null,
        note: entry.note ?? null,
        recordedAt: day(entry.recordedAt),
        studyId: studyId(study),
      })),
    ),
    studyPublication: studies.flatMap((study) =>
      study.publications.map((entry, position) => ({
        studyId: studyId(study),
        publicationId: publicationId('ref' in entry ? entry.ref : entry.slug),
        role: entry.role,
        position,
        note: entry.note ?? null,
      })),
    ),
    registration: studies.flatMap((study) => [...new Set(study.registrations)].map((identity) => ({ studyId: studyId(study), identity }))),
    population: studies.flatMap((study) =>
      study.populations.map((population, position): Prisma.PopulationCreateManyInput => ({
        id: populationId(study, population.slug),
        slug: `${study.slug}/${population.slug}`,
        studyId: studyId(study),
        position,
        label: population.label,
        isWholeSample: population.wholeSample,
        participants: population.participants ?? null,
        meanAge: population.meanAge ?? null,
        sdAge: population.sdAge ?? null,
        minAge: population.minAge ?? null,
        maxAge: population.maxAge ?? null,
        femalePercent: population.femalePercent ?? null,
        severity: population.severity ?? null,
        pregnant: population.pregnant ?? null,
        baselineSerumMagnesium: population.baselineSerumMagnesium ?? null,
        inclusion: population.inclusion ?? null,
        partition: partitionOf(population),
        note: population.note ?? null,
        sourceId: sourceId(study, population.source),
      })),
    ),
    populationCondition: studies.flatMap((study) =>
      study.populations.flatMap((population) =>
        population.conditions.map((condition) => ({
          populationId: populationId(study, population.slug),
          conditionId: keys.assign('condition', condition),
        })),
      ),
    ),
    arm: studies.flatMap((study) =>
      study.arms.map((arm, position): Prisma.ArmCreateManyInput => ({
        id: armId(study, arm),
        slug: `${study.slug}/${arm.slug}`,
        studyId: studyId(study),
        position,
        label: arm.label,
        role: arm.role,
        randomized: arm.randomized ?? null,
        analysed: arm.analysed ?? null,
        coInterventions: arm.coInterventions,
        agentsKnown: arm.agents !== undefined,
        note: arm.note ?? null,
      })),
    ),
    armAgent: studies.flatMap((study) =>
      study.arms.flatMap((arm) => [...new Set(arm.agents)].map((agent) => ({ armId: armId(study, arm), treatmentId: keys.assign('treatment', agent) }))),
    ),
    studyConcern: studies.flatMap((study) =>
      study.concerns.map(({ raisedBy, note, date, source }, position): Prisma.StudyConcernCreateManyInput => ({
        studyId: studyId(study),
        position,
        raisedBy,
        note,
        raisedOn: date === undefined ? null : day(date),
        sourceId: sourceId(study, source),
      })),
    ),
    dose: armDoses.map(({ study, arm, dose }): Prisma.DoseCreateManyInput => {
      const slug = `${study.slug}/${arm.slug}/${dose.form}-${dose.phase}`
      return {
        id: keys.assign('dose', slug),
        slug,
        armId: armId(study, arm),
        formId: keys.assign('magnesium_form', dose.form),
        ...statedDose(dose),
        ...derivedDose(dose, forms),
        sourceId: sourceId(study, dose.source),
      }
    }),
  }
}

function statedDose(dose: DoseEntry) {
  return {
    route: dose.route,
    phase: dose.phase,
    startDay: dose.startDay ?? null,
    endDay: dose.endDay ?? null,
    reportedAmount: dose.amount ?? null,
    reportedUnit: dose.unit ?? null,
    basis: dose.basis,
    amountPer: dose.per ?? null,
    timesPerDay: dose.timesPerDay ?? null,
    daysPerWeek: dose.daysPerWeek ?? null,
    reportedText: dose.text ?? null,
    reportedElementalMgPerDay: dose.reportedElementalMgPerDay ?? null,
    reportedSaltMgPerDay: dose.reportedSaltMgPerDay ?? null,
    note: dose.note ?? null,
  }
}

function derivedDose(dose: DoseEntry, forms: ReadonlyMap<string, FormComposition>) {
  const form = forms.get(dose.form)
  if (form === undefined) throw new RangeError(`a dose needs a known form, got "${dose.form}"`)
  const { elementalMgPerDay, saltMgPerDay, elementalMgPerKg, elementalMgPerHour, note } = dailyDoseOf(form, dose)
  return {
    elementalMgPerDayLow: elementalMgPerDay?.low ?? null,
    elementalMgPerDayHigh: elementalMgPerDay?.high ?? null,
    elementalMgPerKgLow: elementalMgPerKg?.low ?? null,
    elementalMgPerKgHigh: elementalMgPerKg?.high ?? null,
    elementalMgPerHourLow: elementalMgPerHour?.low ?? null,
    elementalMgPerHourHigh: elementalMgPerHour?.high ?? null,
    saltMgPerDay,
    conversionNote: note,
  }
}
