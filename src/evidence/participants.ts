import type { Report, ResultInQuestion } from './result.js'

/** Units of analysis of which a person has several; babies are people. */
const partsOfPeople: readonly string[] = ['EYES', 'LIMBS', 'EPISODES', 'OTHER']

/** Participants behind the effect: the arms' numbers where they count people, else what the study says of the arms, the population, the study. */
export function participantsOf({ study, result }: ResultInQuestion, { armResults }: Report): number | null {
  const contrasted = [result.intervention, result.comparator].filter((arm) => arm !== undefined)
  const countsPeople = !partsOfPeople.includes(result.unitOfAnalysis ?? 'PARTICIPANTS')
  const counts = countsPeople ? contrasted.map((arm) => armResults.find((entry) => entry.arm === arm)?.n) : []
  const crossover = study.design === 'RCT_CROSSOVER'
  const total = (numbers: readonly (number | undefined)[]) =>
    numbers.length === 0 || numbers.some((n) => n === undefined)
      ? undefined
      : crossover
        ? Math.max(...numbers.map(Number))
        : numbers.reduce<number>((sum, n) => sum + Number(n), 0)
  const arms = contrasted.map((slug) => study.arms.find((arm) => arm.slug === slug))
  const population = study.populations.find(({ slug }) => slug === result.population)
  const ofSubgroup = population?.wholeSample === false
  return (
    total(counts) ??
    (ofSubgroup
      ? (population.participants ?? null)
      : ((crossover ? undefined : total(arms.map((arm) => arm?.analysed))) ??
        study.participantsAnalysed ??
        population?.participants ??
        study.participantsRandomized ??
        null))
  )
}
