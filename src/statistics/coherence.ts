// Arithmetic cross-checks of reported numbers: pure functions, one rule each.
export * from './coherenceCheck.js'
export {
  effectWithinRangeOfMeasure,
  estimateCentredInInterval,
  estimateWithinInterval,
  impossibilityOf,
  isPossible,
  pAgreesWithInterval,
  type ReportedEffect,
  type StoredEffect,
} from './intervalCoherence.js'
export * from './effectCoherence.js'
export * from './armCoherence.js'
export { decimalsOf, type Printed } from './printed.js'
