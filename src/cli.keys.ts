import { Command, InvalidArgumentError, Option } from 'commander'
import { auditActions, type AuditAction } from './audit/audit.js'
import { findAuditEntries, type AuditEntry } from './audit/audit.queries.js'
import { commandLine, examples, say, saying, tell, withDatabase } from './cli.support.js'
import { KeyScope } from './generated/prisma/enums.js'
import { createKey, findKeys, KeyError, revokeKey, type KeptKey } from './keys/key.queries.js'

interface Creating {
  readonly name: string
  readonly scope: readonly KeyScope[]
  readonly budget?: number
}

/** The command `keys`: who may ask more than anybody, and who may curate. */
export function keysCommand(): Command {
  return new Command('keys')
    .description('keys of the API: make, list, revoke (docs/keys.md)')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand())
}

function createCommand(): Command {
  const scopes = Object.values(KeyScope)
  return new Command('create')
    .description('make a key and print it, once: it cannot be shown again')
    .requiredOption('--name <name>', 'whose key it is, or what for')
    .requiredOption('--scope <scopes...>', `what it opens: ${scopes.map((scope) => scope.toLowerCase()).join(', ')}`, scopeOf)
    .option('--budget <cost>', 'what it may spend in a minute, in the cost of docs/limits.md, instead of what any key may', costOf)
    .showHelpAfterError('(--help tells the options)')
    .addHelpText('after', examples('keys create --name "A. Curator" --scope read curate', 'keys create --name dashboard --scope read --budget 5000000'))
    .action(({ name, scope, budget }: Creating) =>
      withDatabase((database) =>
        saying([KeyError], async () => {
          const key = await createKey(database, { name, scopes: scope, costPerMinute: budget ?? null }, commandLine())
          tell('this is the only time the key is shown: send it as "Authorization: Bearer <key>"')
          say(key)
        }),
      ),
    )
}

function listCommand(): Command {
  return new Command('list')
    .description('every key that was made, without its secret')
    .option('--json', 'print them as JSON')
    .addHelpText('after', examples('keys list'))
    .action(({ json }: { json?: true }) =>
      withDatabase(async (database) => {
        const keys = await findKeys(database)
        if (json === true) say(JSON.stringify(keys, null, 2))
        else if (keys.length === 0) say('no keys')
        else keys.map(keyLine).forEach(say)
      }),
    )
}

function revokeCommand(): Command {
  return new Command('revoke')
    .description('make a key worthless, for ever; running services refuse it within a second')
    .argument('<prefix>', 'the eight letters after mgev_', prefixOf)
    .addHelpText('after', examples('keys revoke 1a2b3c4d'))
    .action((prefix: string) =>
      withDatabase((database) =>
        saying([KeyError], async () => {
          const { name } = await revokeKey(database, prefix, commandLine())
          say(`revoked ${prefix} (${name})`)
        }),
      ),
    )
}

/** The command `audit`: who changed what. */
export function auditCommand(): Command {
  const list = new Command('list')
    .description('the newest changes, oldest of them first')
    .addOption(new Option('--action <action>', 'only these').choices(Object.keys(auditActions)))
    .option('--subject <words>', 'only those about this')
    .option('--since <time>', 'only those from then on, such as 2026-11-24', timeOf)
    .option('--limit <number>', 'at most so many', countOf, 100)
    .option('--json', 'print them as JSON')
    .showHelpAfterError('(--help tells the options)')
    .addHelpText('after', examples('audit list', 'audit list --action DRAFT_ACCEPTED --since 2026-11-01 --json'))
    .action(({ json, ...filter }: { action?: AuditAction; subject?: string; since?: Date; limit: number; json?: true }) =>
      withDatabase(async (database) => {
        const entries = await findAuditEntries(database, filter)
        if (json === true) say(JSON.stringify(entries, null, 2))
        else if (entries.length === 0) say('no changes')
        else entries.map(entryLine).forEach(say)
      }),
    )
  return new Command('audit').description('the audit log: every change, by whom (docs/keys.md)').addCommand(list)
}

function keyLine({ prefix, name, scopes, costPerMinute, createdAt, revokedAt, lastUsedAt }: KeptKey): string {
  const used = lastUsedAt === null ? 'never used' : `used ${minuteOf(lastUsedAt)}`
  const budget = costPerMinute === null ? '' : `  ${costPerMinute} a minute`
  const state = revokedAt === null ? used : `revoked ${minuteOf(revokedAt)}`
  return `${prefix}  ${scopes.map((scope) => scope.toLowerCase()).join(',')}${budget}  made ${minuteOf(createdAt)}  ${state}  ${name}`
}

function entryLine({ at, actorKind, actor, action, subject, before, after, details }: AuditEntry): string {
  const change = before === null && after === null ? '' : `  ${shortened(before)} → ${shortened(after)}`
  return `${at.toISOString()}  ${actorKind} ${actor}  ${action}  ${subject}${change}  ${JSON.stringify(details)}`
}

/** Digests by their beginnings. */
const shortened = (text: string | null) => (text === null ? '∅' : text.slice(0, 12))

const minuteOf = (time: Date) => time.toISOString().slice(0, 16).replace('T', ' ')

function scopeOf(text: string, before: readonly KeyScope[] = []): KeyScope[] {
  const scope = Object.values(KeyScope).find((known) => known.toLowerCase() === text)
  if (scope === undefined) throw new InvalidArgumentError('a scope is read or curate')
  return [...before, scope]
}

function costOf(text: string): number {
  const cost = Number(text)
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a budget is a whole number from 1 to 999999999')
  return cost
}

function countOf(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('a limit is a whole number from 1 to 999999')
  return Number(text)
}

function timeOf(text: string): Date {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('a time is such as 2026-11-24 or 2026-11-24T12:00Z')
  return time
}

function prefixOf(text: string): string {
  const [, prefix] = /^(?:mgev_)?([0-9a-f]{8})(?:_.*)?$/.exec(text) ?? []
  if (prefix === undefined) throw new InvalidArgumentError('a prefix has eight hexadecimal digits, as "keys list" shows it')
  return prefix
}
