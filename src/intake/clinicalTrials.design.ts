import type { StudyEntry } from '../corpus/format.js'
import type { Protocol } from './clinicalTrials.format.js'
import { wordsOf } from './clinicalTrials.words.js'

type Design = StudyEntry['design']
const observed: Readonly<Record<string, Design>> = { COHORT: 'COHORT', CASE_CONTROL: 'CASE_CONTROL', CASE_ONLY: 'CASE_SERIES' }
const randomised: Readonly<Record<string, Design>> = { PARALLEL: 'RCT_PARALLEL', CROSSOVER: 'RCT_CROSSOVER', FACTORIAL: 'RCT_FACTORIAL' }

/** Null for designs that the corpus has no place for. */
export function designOf({ designModule }: Protocol): Design | null {
  const { allocation, interventionModel = '', observationalModel = '', timePerspective } = designModule.designInfo
  if (designModule.studyType === 'OBSERVATIONAL') return timePerspective === 'CROSS_SECTIONAL' ? 'CROSS_SECTIONAL' : (observed[observationalModel] ?? null)
  if (designModule.studyType !== 'INTERVENTIONAL') return null
  if (interventionModel === 'SINGLE_GROUP') return allocation === 'RANDOMIZED' ? null : 'SINGLE_ARM'
  if (allocation === 'NON_RANDOMIZED') return 'QUASI_EXPERIMENTAL'
  return allocation === 'RANDOMIZED' ? (randomised[interventionModel] ?? null) : null
}

/** Who is masked is told person by person; without that only "open" is certain. */
export function maskingOf({ designModule }: Protocol): StudyEntry['masking'] | null {
  const info = designModule.designInfo.maskingInfo
  if (info?.masking === undefined) return null
  const { masking, whoMasked, maskingDescription } = info
  const isOpen = masking === 'NONE'
  const of = (who: string) => (isOpen ? 'OPEN' : whoMasked.length === 0 ? 'UNKNOWN' : whoMasked.includes(who) ? 'MASKED' : 'OPEN')
  const who = whoMasked.length === 0 ? '' : ` (${whoMasked.map(wordsOf).join(', ')})`
  return {
    participants: of('PARTICIPANT'),
    providers: of('CARE_PROVIDER'),
    assessors: of('OUTCOMES_ASSESSOR'),
    text: isOpen ? 'open-label' : `${wordsOf(masking)}${who}${maskingDescription === undefined ? '' : `: ${maskingDescription.slice(0, 300)}`}`,
  }
}
