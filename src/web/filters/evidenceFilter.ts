import type { EvidenceClass, EvidenceFilter, RiskOfBiasLevel, StudyDesign } from '../../generated/web/graphql.js'
import { designWords, evidenceClassWords, riskWords } from '../words.js'

/** The ranges that addresses hold: name of the parameter, what it is, its unit, the field of the filter. */
export const ranges = [
  { name: 'dose', label: 'Elemental dose', unit: 'mg a day', field: 'elementalMgPerDay', whole: false },
  { name: 'duration', label: 'Duration', unit: 'days', field: 'durationDays', whole: false },
  { name: 'year', label: 'Year', unit: '', field: 'year', whole: true },
] as const
export type RangeName = (typeof ranges)[number]['name']

export const randomised = ['RCT_PARALLEL', 'RCT_CROSSOVER', 'RCT_CLUSTER', 'RCT_FACTORIAL'] as const satisfies readonly StudyDesign[]

const isDesign = (word: string): word is StudyDesign => word in designWords
const isEvidenceClass = (word: string): word is EvidenceClass => word in evidenceClassWords
const isRisk = (word: string): word is RiskOfBiasLevel => word in riskWords

/** Words of a parameter, separated by commas. */
const wordsOf = (address: URLSearchParams, name: string): string[] => (address.get(name) ?? '').split(',').filter((word) => word !== '')

/**
 * What an address asks for, as a filter of the API: `design` and `risk` as words with commas, `dose`, `duration` and `year` as
 * "100-400", "100-" or "-400", `condition`, `form`, `outcome`, `instrument` as slugs with commas, `comparison` as its key, `evidence` as classes. What cannot be read is left out: the view shows what holds.
 */
export function filterOfAddress(address: URLSearchParams): EvidenceFilter {
  const designs = wordsOf(address, 'design').filter(isDesign)
  const riskOfBias = wordsOf(address, 'risk').filter(isRisk)
  const evidenceClasses = wordsOf(address, 'evidence').filter(isEvidenceClass)
  const comparison = address.get('comparison') ?? ''
  const [conditions, forms, outcomes, instruments, agents] = ['condition', 'form', 'outcome', 'instrument', 'agent'].map((name) => wordsOf(address, name))
  return {
    ...(conditions?.length && { conditions }),
    ...(forms?.length && { forms }),
    ...(outcomes?.length && { outcomes }),
    ...(instruments?.length && { instruments }),
    ...(agents?.length && { agents }),
    ...(comparison !== '' && { comparisonKeys: [comparison] }),
    ...(evidenceClasses.length > 0 && { evidenceClasses }),
    ...(designs.length > 0 && { designs }),
    ...(riskOfBias.length > 0 && { riskOfBias }),
    ...Object.fromEntries(
      ranges.flatMap(({ name, field, whole }) => {
        const range = rangeOf(address.get(name), whole)
        return range === null ? [] : [[field, range]]
      }),
    ),
  }
}

/** "100-400", "100-", "-400"; null where it says nothing that can be asked. */
export function rangeOf(text: string | null, whole: boolean): { gte?: number; lte?: number } | null {
  const [, low = '', high = ''] = /^(\d+(?:\.\d+)?)?-(\d+(?:\.\d+)?)?$/.exec(text ?? '') ?? []
  const [gte, lte] = [low, high].map((part) => (part === '' || (whole && part.includes('.')) ? undefined : Number(part)))
  if ((gte === undefined && lte === undefined) || (gte !== undefined && lte !== undefined && gte > lte)) return null
  return { ...(gte !== undefined && { gte }), ...(lte !== undefined && { lte }) }
}

/** The address with one parameter set, or taken out where it is empty. */
export function withParameter(address: URLSearchParams, name: string, value: string): URLSearchParams {
  const next = new URLSearchParams(address)
  if (value === '' || value === '-') next.delete(name)
  else next.set(name, value)
  return next
}

/** The parameters of an address that narrow the evidence it is of. */
export const narrowingParameters = ['comparison', 'evidence', 'design', 'risk', ...ranges.map(({ name }) => name)] as const

/** How many parameters of an address narrow the evidence. */
export function narrowingCount(address: URLSearchParams): number {
  return narrowingParameters.filter((name) => address.has(name)).length
}
