// Arithmetic cross-checks of reported numbers: pure functions, one rule each.
export * from './coherenceCheck.js'
export { estimateCentredInInterval, estimateWithinInterval, pAgreesWithInterval, type ReportedEffect } from './intervalCoherence.js'
export * from './effectCoherence.js'
export * from './armCoherence.js'
export { decimalsOf, type Printed } from './printed.js'
