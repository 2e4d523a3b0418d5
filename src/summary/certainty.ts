import type { CertaintyLevel } from '../generated/prisma/enums.js'
import { percent, shareOf, type BodyOfEvidence, type Judgement, type RatedStudy } from './bodyOfEvidence.js'
import { inconsistency, indirectness, publicationBias, riskOfBias } from './certaintyDomains.js'
import { imprecision } from './imprecision.js'
import { ratingsUp } from './ratingUp.js'

export interface ComputedCertainty {
  readonly level: CertaintyLevel
  readonly startLevel: CertaintyLevel
  readonly startReason: string
  readonly judgements: readonly Judgement[]
}

/**
 * Rates the certainty of a pooled effect by GRADE, each domain by a stated rule over the numbers at hand.
 *
 * A person's judgement weighs more than these rules can see; they are what can be said before one, the same for every body of evidence.
 *
 * @throws {RangeError} if there is no study or the weights are not positive
 * @see Balshem et al. (2011), J Clin Epidemiol 64:401–406, on levels; Guyatt et al. (2011), 64:407–415 and 1277–1316, parts 4 to 9, on the domains
 */
export function rateCertainty(body: BodyOfEvidence): ComputedCertainty {
  const { startLevel, startReason } = startOf(body.studies)
  const down = [riskOfBias(body), inconsistency(body), indirectness(body), imprecision(body), publicationBias(body)]
  const up = startLevel === 'LOW' ? ratingsUp(body, down) : []
  const judgements = [...down, ...up]
  return { level: levelAfter(startLevel, judgements), startLevel, startReason, judgements }
}

/** Lowest first: a step is one place. */
const levels = ['VERY_LOW', 'LOW', 'MODERATE', 'HIGH'] as const satisfies readonly CertaintyLevel[]

function levelAfter(start: CertaintyLevel, judgements: readonly Judgement[]): CertaintyLevel {
  const place = levels.indexOf(start) + judgements.reduce((sum, { steps }) => sum + steps, 0)
  return levels[Math.max(0, Math.min(levels.length - 1, place))] ?? 'VERY_LOW'
}

/** Randomised trials begin high, all else low; of a mixture, what carries more than half of the weight decides. */
function startOf(studies: readonly RatedStudy[]): { startLevel: CertaintyLevel; startReason: string } {
  const randomised = shareOf(studies, ({ design }) => design.startsWith('RCT_'))
  const startLevel = randomised > 50 ? 'HIGH' : 'LOW'
  const carried = `${percent(randomised)} of the weight ${randomised > 50 ? 'is' : 'and not more is'} from randomised trials`
  return { startLevel, startReason: randomised === 100 ? 'every study is a randomised trial' : randomised === 0 ? 'no study is a randomised trial' : carried }
}
