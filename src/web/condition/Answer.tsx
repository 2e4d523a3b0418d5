import type { AnswerKind, ConditionPageQuery } from '../../generated/web/graphql.js'
import './findings.css'

type Sentence = NonNullable<ConditionPageQuery['condition']>['answer'][number]

const headings: Readonly<Record<AnswerKind, string>> = {
  COMPARED: 'What was compared',
  FOUND: 'What was found',
  DOSES: 'Doses tried',
  CERTAINTY: 'How sure',
  REVIEWS: 'What reviews say',
  MISSING: 'What is missing',
}

/** What is known in sentences, in the order of the service, those of a kind together. */
export function Answer({ sentences }: { readonly sentences: readonly Sentence[] }) {
  const kinds = [...new Set(sentences.map(({ kind }) => kind))]
  return (
    <dl className="answer">
      {kinds.map((kind) => (
        <div key={kind}>
          <dt>{headings[kind]}</dt>
          {sentences
            .filter((sentence) => sentence.kind === kind)
            .map(({ text }, place) => (
              <dd key={place}>{text}</dd>
            ))}
        </div>
      ))}
    </dl>
  )
}
