// Properties are tried on examples that are drawn: others in every run, and in CI always the same, so that what it says is of the change.
// PROPERTY_SEED=… draws those of a run again that found something.
import fc from 'fast-check'

const seed = process.env.PROPERTY_SEED ?? (process.env.CI ? '20261129' : undefined)
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) })
