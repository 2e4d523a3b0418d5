import type { Derived } from './armEffects.js'
import type { EffectValues } from './effects.js'
import type { Report, ResultInQuestion } from './result.js'

export function coherenceOf(_question: ResultInQuestion, _report: Report, _effect: Derived, _all: readonly Derived[]): Pick<EffectValues, 'coherence' | 'coherenceChecks'> {
  return { coherence: 'NOT_CHECKABLE', coherenceChecks: [] }
}
