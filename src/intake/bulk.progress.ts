/** What is being done, and how much of it is. */
export interface Progress {
  readonly doing: string
  readonly done: number
  /** Null where nobody can know. */
  readonly total: number | null
}

export interface ProgressBar {
  readonly show: (stage: Progress) => void
  /** Takes the bar away, for what comes after it. */
  readonly clear: () => void
}

const [width, intervalMs] = [30, 100]

/** A bar on a terminal, drawn ten times a second at most; elsewhere nothing, so that logs stay readable. */
export function progressOn(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>): ProgressBar {
  if (!stream.isTTY) return { show: () => {}, clear: () => {} }
  let [drawnAt, doing] = [-Infinity, '']
  return {
    show: (stage) => {
      // Numbers go on within one thing that is done; a new thing shows at once.
      const nowDoing = stage.doing.replace(/\d+/g, '')
      if (nowDoing === doing && performance.now() - drawnAt < intervalMs) return
      ;[drawnAt, doing] = [performance.now(), nowDoing]
      stream.write(`\r\u001B[K${barOf(stage)}`)
    },
    clear: () => void stream.write('\r\u001B[K'),
  }
}

/** @example barOf({ doing: 'copying', done: 50, total: 100 }) // 'copying  [###############---------------]  50 %' */
export function barOf({ doing, done, total }: Progress): string {
  if (total === null || total === 0) return `${doing.padEnd(8)} …`
  const share = Math.min(1, done / total)
  const filled = Math.round(share * width)
  return `${doing.padEnd(8)} [${'#'.repeat(filled)}${'-'.repeat(width - filled)}] ${String(Math.floor(share * 100)).padStart(3)} %`
}
