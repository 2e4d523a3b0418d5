import { setTimeout as pause } from 'node:timers/promises'

/** Waits for something that must come, however busy the machine is. The deadline only gives a test that hangs a reason; it ends before Jest's. */
export async function until(isSo: () => boolean | Promise<boolean>, what = isSo.toString()): Promise<void> {
  for (const deadline = performance.now() + 240_000; performance.now() < deadline; await pause(20)) if (await isSo()) return
  throw new Error(`what was waited for did not come about: ${what}`)
}
