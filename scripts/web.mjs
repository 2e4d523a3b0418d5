// Builds the dashboard: types of its operations into src/generated/web, then the bundle.
import path from 'node:path'
import { generateOperations } from './operations.mjs'

/**
 * @param root the repository
 * @param outDir where the bundle goes
 */
export async function buildWeb(root, outDir) {
  await generateOperations(root, 'web')
  const { build } = await import('vite')
  await build({ root: path.join(root, 'src/web'), configFile: path.join(root, 'vite.config.ts'), logLevel: 'warn', build: { outDir } })
}
