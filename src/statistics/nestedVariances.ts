import { ConvergenceError } from './convergence.js'
import { type Components, type Curvature, fitNested, type Likelihood, type NestedModel, slopesOfNested } from './nestedModel.js'

const mostSteps = 100
/** With more effects than these the likelihood is smooth enough for a wide grid; with few, a finer one costs nothing. */
const few = 200
const gridFactor = (k: number) => (k <= few ? 2 : 10)
const mostPoints = 40

interface Top extends Components {
  readonly height: number
}

/**
 * The variances between and within studies under which the data are likeliest; 0 where the likelihood falls from there. It can have several maxima:
 * each that a grid over all possible values shows is climbed, and the highest is taken.
 *
 * @throws {RangeError} if the effects and the design cannot tell the two variances apart
 * @throws {ConvergenceError} if the maximum cannot be pinned down
 */
export function likeliestVariances(model: NestedModel, likelihood: Likelihood): Components {
  const scale = spreadOf(model)
  // Effects that are all alike, or differ by rounding, have nothing to explain.
  if (scale <= negligible * smallestOf(model)) return { between: 0, within: 0 }
  requireTold(model, scale)
  const grid = gridOf(model, scale)
  const heights = grid.map((between) => grid.map((within) => fitNested(model, { between, within }, likelihood).logLikelihood))
  const tops = summitsOf(heights).map(({ row, column }) => climb(model, { between: grid[row]!, within: grid[column]! }, { likelihood, scale }))
  const best = tops.filter((top) => top !== null).reduce<Top | null>((high, top) => (high === null || top.height > high.height ? top : high), null)
  const highest = Math.max(...heights.flat())
  if (best === null || best.height < highest - roundingOf(highest))
    throw new ConvergenceError(`no maximum of the likelihood over variances between and within studies was reached in ${mostSteps} steps`)
  return { between: best.between, within: best.within }
}

/** Of the variance of the most precise effect: a spread so small cannot outweigh it. */
const negligible = 1e-20
const smallestOf = ({ flat: { variances } }: NestedModel) => variances.reduce((least, variance) => Math.min(least, variance), Infinity)

const roundingOf = (height: number) => 1e-11 * (1 + Math.abs(height))

/** The larger of the variances of the effects and of the means of studies: no variance of true effects is likely to be much larger. */
function spreadOf({ flat, members }: NestedModel): number {
  const means = members.map((study) => study.reduce((sum, index) => sum + flat.estimates[index]!, 0) / study.length)
  return Math.max(varianceOf(means), varianceOf([...flat.estimates]))
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
}

/** 0, and values from far below the variance of the most precise effect to far above the spread of all, each a fixed multiple of the one before. */
function gridOf(model: NestedModel, scale: number): number[] {
  const [lower, upper] = [Math.min(smallestOf(model), scale) / 30, 10 * scale]
  const steps = Math.min(mostPoints, Math.ceil(Math.log(upper / lower) / Math.log(gridFactor(model.flat.k))))
  const factor = (upper / lower) ** (1 / steps)
  return [0, ...Array.from({ length: steps + 1 }, (_, index) => lower * factor ** index)]
}

/** Points of the grid that none of their neighbours exceeds. */
function summitsOf(heights: readonly (readonly number[])[]): { row: number; column: number }[] {
  const around = [-1, 0, 1]
  return heights.flatMap((line, row) =>
    line.flatMap((height, column) =>
      around.every((down) => around.every((right) => (heights[row + down]?.[column + right] ?? -Infinity) <= height)) ? [{ row, column }] : [],
    ),
  )
}

/** Newton's steps, held back where they would not lead upwards or would make a variance negative; null where they do not come to rest. */
function climb(model: NestedModel, start: Components, { likelihood, scale }: { likelihood: Likelihood; scale: number }): Top | null {
  let at = start
  let fit = fitNested(model, at, likelihood)
  for (let round = 0; round < mostSteps; round++) {
    const slopes = slopesOfNested(model, at, likelihood, fit)
    const step = stepOf(at, slopes)
    const share = (change: number, value: number) => Math.abs(change) / (value + 1e-6 * scale)
    const isLast = Math.max(share(step.between, at.between), share(step.within, at.within)) < 1e-8
    let next: { readonly to: Components; readonly fit: typeof fit } | null = null
    for (let length = 1; next === null && length > 1e-12; length /= 2) {
      const to = { between: at.between + length * step.between, within: at.within + length * step.within }
      const there = fitNested(model, to, likelihood)
      if (there.logLikelihood >= fit.logLikelihood - (isLast ? Infinity : roundingOf(fit.logLikelihood) / 100)) next = { to, fit: there }
    }
    if (next === null) return null
    ;({ to: at, fit } = next)
    if (isLast) return { ...at, height: fit.logLikelihood }
  }
  return null
}

/** A step that leaves neither variance negative: one that is 0 stays so where it would fall, and the other then moves by itself. */
function stepOf(at: Components, slopes: ReturnType<typeof slopesOfNested>): Components {
  const held = { between: at.between === 0 && slopes.between <= 0, within: at.within === 0 && slopes.within <= 0 }
  let step = directionOf(slopes, held)
  if (at.between === 0 && step.between < 0) step = directionOf(slopes, { ...held, between: true })
  if (at.within === 0 && step.within < 0) step = directionOf(slopes, { ...held, within: true })
  const furthest = Math.min(1, reachOf(at.between, step.between), reachOf(at.within, step.within))
  const landing = (value: number, change: number) => (reachOf(value, change) === furthest ? -value : furthest * change)
  return { between: landing(at.between, step.between), within: landing(at.within, step.within) }
}

/** How much of a change can be made until the value is 0. */
const reachOf = (value: number, change: number) => (change < 0 ? value / -change : Infinity)

/** By the second derivatives where they curve downwards, else by average information, which leads upwards everywhere. */
function directionOf({ between, within, curvature, information }: ReturnType<typeof slopesOfNested>, held: Record<keyof Components, boolean>): Components {
  if (held.between && held.within) return { between: 0, within: 0 }
  const alone = (slope: number, curve: number, always: number) => slope / (curve < 0 ? -curve : always)
  if (held.between) return { between: 0, within: alone(within, curvature.ww, information.ww) }
  if (held.within) return { between: alone(between, curvature.bb, information.bb), within: 0 }
  const down = { bb: -curvature.bb, ww: -curvature.ww, bw: -curvature.bw }
  const { bb, ww, bw } = isDefinite(down) ? down : information
  const determinant = bb * ww - bw * bw
  return { between: (ww * between - bw * within) / determinant, within: (bb * within - bw * between) / determinant }
}

const isDefinite = ({ bb, ww, bw }: Curvature) => bb > 0 && ww > 0 && bb * ww - bw * bw > 1e-10 * bb * ww

/**
 * Where a moderator tells studies apart as well as their own means would, nothing is left to tell the variance between them by, and the likelihood is the
 * same for all its values. Shown by the expected information, ½ tr PV_iPV_j, beside what it would be without coefficients, where variances are so large
 * that all effects weigh about alike.
 */
function requireTold(model: NestedModel, scale: number): void {
  const large = model.flat.variances.reduce((most, variance) => Math.max(most, variance), scale)
  const at = { between: large, within: large }
  const expected = (likelihood: Likelihood): Curvature => {
    const { curvature, information } = slopesOfNested(model, at, likelihood, fitNested(model, at, likelihood))
    const of = (name: keyof Curvature) => curvature[name] + 2 * information[name]
    return { bb: of('bb'), ww: of('ww'), bw: of('bw') }
  }
  const [left, whole] = [expected('REML'), expected('ML')]
  if (left.bb > 1e-8 * whole.bb && isDefinite(left)) return
  throw new RangeError(`variances between and within ${model.members.length} studies cannot be told apart beside ${model.flat.p} coefficients`)
}
