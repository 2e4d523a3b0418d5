import type { EvidenceFilter, IntervalMethod, PoolingModel, SynthesisInput, Tau2Estimator } from '../../generated/web/graphql.js'
import { randomised } from '../filters/evidenceFilter.js'
import { sentenceWords } from '../words.js'

export const modelWords = { RANDOM_EFFECTS: 'random effects', COMMON_EFFECT: 'common effect' } as const satisfies Partial<Record<PoolingModel, string>>
export const estimatorWords: Readonly<Record<Tau2Estimator, string>> = {
  REML: 'REML',
  DL: 'DerSimonian–Laird',
  PM: 'Paule–Mandel',
  ML: 'maximum likelihood',
  EB: 'empirical Bayes',
  HE: 'Hedges',
  HS: 'Hunter–Schmidt',
  SJ: 'Sidik–Jonkman',
}
export const intervalWords: Readonly<Record<IntervalMethod, string>> = { HKSJ: 'Hartung–Knapp', HKSJ_ADHOC: 'Hartung–Knapp, never narrower', WALD: 'Wald' }

const oneOf = <Word extends string>(words: Readonly<Partial<Record<Word, string>>>, given: string | null): Word | undefined =>
  (Object.keys(words) as Word[]).find((word) => word === given) // keys of the record

/** Slugs of the studies that an address leaves out. */
export const leftOutIn = (address: URLSearchParams): readonly string[] => (address.get('without') ?? '').split(',').filter((slug) => slug !== '')

/** What an address asks to be pooled, and how; what it does not say is as the service pools by default. */
export function inputOfAddress(address: URLSearchParams, filter: EvidenceFilter): SynthesisInput {
  const [model, estimator, interval] = [
    oneOf(modelWords, address.get('model')),
    oneOf(estimatorWords, address.get('estimator')),
    oneOf(intervalWords, address.get('interval')),
  ]
  const onlyRandomised = address.get('randomised') === 'only' ? { designs: [...randomised] } : {}
  const without = leftOutIn(address)
  return {
    filter: { ...filter, ...onlyRandomised },
    ...(without.length > 0 && { without: [...without] }),
    ...(model && { model }),
    ...(estimator && { estimator }),
    ...(interval && { interval }),
  }
}

/** A warning of the API in the words of the page. */
export const warningWords = (message: string): string =>
  sentenceWords(message.replace('`unpoolable` says why', 'the list below says why').replaceAll('HKSJ_ADHOC', `“${intervalWords.HKSJ_ADHOC}”`))
