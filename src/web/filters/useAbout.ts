import { AboutDocument } from '../../generated/web/graphql.js'
import { useOperation } from '../widgets/useOperation.js'

/** What an address is about, in the vocabulary's names: "all-cause mortality, acute myocardial infarction"; empty where it names nothing. */
export function useAbout(address: URLSearchParams): string {
  const [outcome, condition, form] = ['outcome', 'condition', 'form'].map((name) => address.get(name) ?? '')
  const one = (words = '') => (words === '' || words.includes(',') ? null : words)
  const { data } = useOperation(AboutDocument, {
    outcome: one(outcome) ?? '',
    condition: one(condition) ?? '',
    form: one(form) ?? '',
    withOutcome: one(outcome) !== null,
    withCondition: one(condition) !== null,
    withForm: one(form) !== null,
  })
  const named = [
    { words: outcome, term: data?.outcome },
    { words: condition, term: data?.condition },
    { words: form, term: data?.form },
  ]
  return named
    .map(({ words = '', term }) => term?.name ?? words.replaceAll('-', ' ').replaceAll(',', ', '))
    .filter((name) => name !== '')
    .join(', ')
}
