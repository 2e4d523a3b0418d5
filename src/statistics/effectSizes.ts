// Effect sizes from data, by the kind of data they come from.
export * from './effectSize.js'
export * from './binary.js'
export * from './continuous.js'
export * from './rates.js'
export * from './correlation.js'
export * from './paired.js'
