import type { KeptAnswers } from '../http/answers.js'
import type { Metrics } from './metrics.js'

/** Shows how answers are kept. */
export function watchAnswers({ gauge }: Metrics, answers: Pick<KeptAnswers, 'counts'>): void {
  gauge({
    name: 'magnesium_kept_answers_total',
    help: 'Looks for a kept answer.',
    kind: 'counter',
    labels: ['outcome'],
    read: () => [
      { labels: { outcome: 'hit' }, value: answers.counts.hits },
      { labels: { outcome: 'shared' }, value: answers.counts.shared },
      { labels: { outcome: 'miss' }, value: answers.counts.misses },
    ],
  })
  gauge({ name: 'magnesium_kept_answers', help: 'Answers that are kept.', read: () => answers.counts.entries })
  gauge({ name: 'magnesium_kept_answers_bytes', help: 'Room that kept answers take.', read: () => answers.counts.bytes })
}
