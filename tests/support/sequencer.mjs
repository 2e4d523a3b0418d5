import Sequencer from '@jest/test-sequencer'

/** What takes longest, in this order. Their files are short, so that Jest would start them last and wait for them. */
const slowest = ['hostile/fuzz.test.ts', 'replicas/replicas.test.ts', 'clients/schemaGuard.test.ts', 'download/rAgreement.test.ts', 'hostile/injection.test.ts']
const projects = ['machines', 'browser', 'database', 'pure']

/**
 * Slow files first, so that no worker is left alone with one at the end. Jest sorts by the durations of earlier runs; where it knows none, as on a
 * clean checkout, it sorts by size, which says little.
 */
export default class SlowFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests)
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted
    const rank = ({ path, context }) => {
      const place = slowest.findIndex((file) => path.replaceAll('\\', '/').endsWith(`/tests/${file}`))
      return place >= 0 ? place : slowest.length + projects.indexOf(context.config.displayName.name)
    }
    return sorted.toSorted((one, other) => rank(one) - rank(other))
  }
}
