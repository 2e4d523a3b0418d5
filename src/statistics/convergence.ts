/** An iterative method that did not reach its answer: there is no number to show, and none is shown. */
export class ConvergenceError extends Error {
  override readonly name = 'ConvergenceError'
}
