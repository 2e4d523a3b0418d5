import { setTimeout as pause } from 'node:timers/promises'

/** Waits for something that must come; the deadline only keeps a failure from hanging. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 30_000; performance.now() < deadline; await pause(50)) if (await isSo()) return
  throw new Error('what was waited for did not come about')
}
