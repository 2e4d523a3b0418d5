import { mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { messageOf } from '../startupError.js'

/**
 * Makes a folder and what is above it, one after another. Node's own `recursive` never returns where a file system takes no folders, as /proc, and says ENOENT
 * for EROFS.
 *
 * @throws {NodeJS.ErrnoException} of the folder that cannot be made
 */
export async function makeFolders(folder: string): Promise<void> {
  const missing: string[] = []
  for (let at = path.resolve(folder); !(await isFolder(at)); at = path.dirname(at)) missing.unshift(at)
  for (const one of missing)
    await mkdir(one).catch(async (error: NodeJS.ErrnoException) => {
      // Another process was quicker, or something else has the name.
      if (error.code !== 'EEXIST' || !(await isFolder(one))) throw error
    })
}

/** @throws {NodeJS.ErrnoException} if there is no telling: permissions, a file on the way, a loop of links */
async function isFolder(name: string): Promise<boolean> {
  try {
    return (await stat(name)).isDirectory()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false // what stat fails with
    throw error
  }
}

const meanings: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'its file system is mounted read-only',
  ENOSPC: 'its disk is full',
  EDQUOT: 'its disk quota is used up',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'something else than a folder has a name of its path',
  ENOENT: 'its file system takes no new folders',
  ELOOP: 'its path is a loop of links',
  ENAMETOOLONG: 'a name of its path is too long',
  EIO: 'its disk fails',
}

/** Why a file or a folder cannot be written: the system's code and what it means. */
export function whyUnwritable(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException // errors of the file system carry one
  if (code === undefined) return messageOf(cause)
  const meaning = meanings[code]
  return meaning === undefined ? code : `${code}: ${meaning}`
}
