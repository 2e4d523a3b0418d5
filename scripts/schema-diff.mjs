// Compares schema/schema.graphql with what clients know, and fails where that would break them.
//   node scripts/schema-diff.mjs [REVISION]
// What clients know is the schema at REVISION (or at SCHEMA_BASE, where the checkout holds it); without one, where the branch left main, and
// on main itself at the last tag, or the commit before where there is none. A breaking change that is meant has its line in schema/breaking-changes.txt.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { CriticalityLevel, diff } from '@graphql-inspector/core'
import { buildSchema } from 'graphql'

const schemaFile = 'schema/schema.graphql'
const acceptedFile = 'schema/breaking-changes.txt'

/** What git says, or null where it knows no such thing. */
function git(...words) {
  try {
    return execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 64e6 }).trimEnd()
  } catch {
    return null
  }
}

const commitOf = (revision) => git('rev-parse', '--verify', '--quiet', `${revision}^{commit}`)

/** The revision whose schema clients know; null where this is the first there is. */
function knownRevision(asked, hinted) {
  if (asked !== undefined) {
    if (commitOf(asked) === null) throw new Error(`there is no revision "${asked}": name a commit, a tag or a branch that was fetched`)
    return asked
  }
  // After a forced push, what was pushed before is gone.
  if (hinted && commitOf(hinted) !== null) return hinted
  const head = commitOf('HEAD')
  if (head === null) throw new Error('this is no git checkout: clone the repository, with its history')
  const main = ['origin/main', 'main'].find((branch) => commitOf(branch) !== null)
  const left = main === undefined ? null : git('merge-base', 'HEAD', main)
  if (left !== null && left !== head) return left
  return git('describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*') ?? commitOf('HEAD^') ?? head
}

/** Breaking changes that are meant, each in the words in which this script reports it. */
function acceptedChanges() {
  if (!existsSync(acceptedFile)) return []
  const lines = readFileSync(acceptedFile, 'utf8').split('\n')
  return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
}

async function guard() {
  const revision = knownRevision(process.argv[2], process.env.SCHEMA_BASE)
  const known = revision === null ? null : git('show', `${revision}:${schemaFile}`)
  if (known === null) return console.log(`no earlier ${schemaFile}${revision === null ? '' : ` at ${revision}`}: nothing to compare with`)

  const changes = await diff(buildSchema(known), buildSchema(readFileSync(schemaFile, 'utf8')))
  const of = (level) => changes.filter(({ criticality }) => criticality.level === level).map(({ path, message }) => `${path}: ${message}`)
  const accepted = acceptedChanges()
  const breaking = of(CriticalityLevel.Breaking)
  const refused = breaking.filter((change) => !accepted.includes(change))

  for (const change of of(CriticalityLevel.Dangerous)) console.log(`may surprise  ${change}`)
  for (const change of breaking) console.log(`${refused.includes(change) ? 'BREAKS' : 'breaks, accepted'}  ${change}`)
  console.log(`${changes.length} changes since ${revision}, ${breaking.length} of them breaking, ${breaking.length - refused.length} accepted`)
  if (refused.length === 0) return
  console.error(`clients that work with ${revision} would stop working: keep what they ask for and deprecate it, or copy the line into ${acceptedFile}`)
  process.exitCode = 1
}

await guard().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
