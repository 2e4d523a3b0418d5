import type { ArmEntry, PopulationEntry } from '../corpus/format.js'
import { armTitled, registrySource, type LeaveOut } from './clinicalTrials.arms.js'
import { countIn, numberIn, type RegisteredTrial } from './clinicalTrials.format.js'
import { wordsOf } from './clinicalTrials.words.js'

/** How many started in each arm, by the flow of participants; of a crossover its groups are sequences, not arms. */
export function withRandomized(arms: readonly ArmEntry[], { resultsSection }: RegisteredTrial, leaveOut: LeaveOut): ArmEntry[] {
  const flow = resultsSection?.participantFlowModule
  const started = flow?.periods[0]?.milestones.find(({ type }) => type === 'STARTED')
  if (flow === undefined || started === undefined) return [...arms]
  const counts = new Map<string, number>()
  for (const { id, title } of flow.groups) {
    const arm = armTitled(title, arms)
    const count = countIn(started.achievements.find(({ groupId }) => groupId === id)?.numSubjects)
    if (arm === null) leaveOut(`participant flow "${title}": no arm taken is called so`)
    else if (count !== null) counts.set(arm.slug, count)
  }
  return arms.map((arm) => {
    const randomized = counts.get(arm.slug)
    return randomized === undefined ? arm : { ...arm, randomized }
  })
}

/** Periods of a crossover, where the flow of participants tells them; breaks between are none. */
export function periodsOf({ resultsSection }: RegisteredTrial): number | null {
  const periods = (resultsSection?.participantFlowModule?.periods ?? []).filter(({ title }) => !/wash[\s-]?out|rest|run[\s-]?in|follow[\s-]?up/i.test(title))
  return periods.length < 2 ? null : periods.length
}

/** Who took part: the whole sample, by the baseline and the rules of entry. */
export function populationOf({ protocolSection, resultsSection }: RegisteredTrial, conditions: readonly string[], actual: number | undefined): PopulationEntry {
  const { sex, minimumAge, maximumAge } = protocolSection.eligibilityModule
  const inclusion = [
    minimumAge === undefined && maximumAge === undefined ? null : `${minimumAge ?? 'any age'} to ${maximumAge ?? 'no upper limit'}`,
    sex === undefined || sex === 'ALL' ? null : `${wordsOf(sex)} only`,
  ].filter((part) => part !== null)
  const baseline = resultsSection?.baselineCharacteristicsModule
  const total = baseline?.groups.find(({ title }) => /^total$/i.test(title.trim()))?.id
  const measured = (title: RegExp, category?: RegExp) => {
    const measure = baseline?.measures.find((candidate) => title.test(candidate.title))
    const categories = measure?.classes.flatMap((entry) => entry.categories) ?? []
    const found = category === undefined ? (categories.length === 1 ? categories[0] : undefined) : categories.find((entry) => category.test(entry.title ?? ''))
    return { measure, measurement: found?.measurements.find(({ groupId }) => groupId === total) }
  }
  const age = measured(/^age, continuous$/i)
  const isMeanAge = age.measure?.paramType === 'MEAN' && /^years$/i.test(age.measure.unitOfMeasure ?? '')
  const meanAge = isMeanAge ? numberIn(age.measurement?.value) : null
  const sdAge = isMeanAge && /standard[ _]deviation/i.test(age.measure?.dispersionType ?? '') ? numberIn(age.measurement?.spread) : null
  const women = countIn(measured(/^sex: female, male$/i, /^female$/i).measurement?.value)
  const men = countIn(measured(/^sex: female, male$/i, /^male$/i).measurement?.value)
  const known = women !== null && men !== null && women + men > 0
  return {
    slug: 'all',
    label: 'whole sample',
    wholeSample: true,
    ...(actual !== undefined && { participants: actual }),
    ...(meanAge !== null && { meanAge }),
    ...(sdAge !== null && { sdAge }),
    ...(known && { femalePercent: Number(((100 * women) / (women + men)).toFixed(1)), note: `Share of women computed from ${women} women and ${men} men.` }),
    conditions: [...conditions],
    ...(inclusion.length > 0 && { inclusion: inclusion.join('; ') }),
    source: registrySource,
  }
}
