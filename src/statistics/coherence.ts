// Arithmetic cross-checks of reported numbers: pure functions, one rule each.
export * from './coherenceCheck.js'
export { effectWithinRangeOfMeasure, estimateCentredInInterval, estimateWithinInterval, pAgreesWithInterval, type ReportedEffect } from './intervalCoherence.js'
export * from './effectCoherence.js'
export * from './armCoherence.js'
export { pAgreesWithCounts, pAgreesWithMeans } from './pCoherence.js'
export { decimalsOf, type Printed } from './printed.js'
