/** Of the data as published; raised when the corpus is. */
export const release = '2026.12'

/** Of everything that turns stored facts into numbers; raised when any number may change, so that derived data are made anew. */
export const engineVersion = '2.0.0'
