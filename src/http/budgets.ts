import ipaddr from 'ipaddr.js'
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'
import { impatient, type RedisConnection } from '../database/redis.js'
import type { KeyHolder } from './caller.js'

/** What one caller may ask in a minute; 0 for as much as it likes. */
export interface Budget {
  readonly requests: number
  /** In the cost of operations, see src/graphql/limits.ts. */
  readonly cost: number
}

export interface BudgetOptions {
  /** Of an address without a key. */
  readonly anonymous: Budget
  /** Of a key with the scope READ. */
  readonly withKey: Budget
  /** Where several processes count together; each counts by itself while there is none. */
  readonly redis?: RedisConnection | null
  /** Maximum time that a request waits for Redis; a quarter of a second unless given. */
  readonly redisPatienceMs?: number
}

export type Policy = keyof Budget

/** Where a caller stands in one of its budgets. */
export interface Standing {
  readonly limit: number
  /** Below 0 where more was asked than there was. */
  readonly left: number
  readonly resetMs: number
}

/** One caller's budgets. */
export interface Account {
  /** @returns null where the budget has no limit */
  spend(policy: Policy, amount: number): Promise<Standing | null>
  /** What was spent after all not. */
  giveBack(policy: Policy, amount: number): Promise<void>
  readonly budget: Budget
}

export type Budgets = (holder: KeyHolder | null, address: string) => Account

const minute = { points: Number.MAX_SAFE_INTEGER, duration: 60 }

/** Counts what callers spend, by key and otherwise by address, in minutes that begin with a caller's first request. */
export function openBudgets({ anonymous, withKey, redis = null, redisPatienceMs }: BudgetOptions): Budgets {
  const own = new RateLimiterMemory(minute)
  const shared = redis === null ? null : new RateLimiterRedis({ ...minute, storeClient: redis, useRedisPackage: true, keyPrefix: 'magnesium-evidence:budget' })
  const ask = impatient(redis, redisPatienceMs)

  // Where Redis is away, or too slow for a request to wait for, this process counts by itself until it is back.
  const count = async (key: string, amount: number) => (shared === null ? undefined : await ask(() => shared.consume(key, amount))) ?? own.consume(key, amount)
  return (holder, address) => {
    const usual = holder?.scopes.includes('READ') === true ? withKey : anonymous
    const budget: Budget = { requests: usual.requests, cost: holder?.costPerMinute ?? usual.cost }
    const caller = holder === null ? `address:${network(address)}` : `key:${holder.prefix}`
    return {
      budget,
      spend: async (policy, amount) => {
        const limit = budget[policy]
        if (limit === 0 || amount === 0) return null
        const { consumedPoints, msBeforeNext } = await count(`${policy}:${caller}`, amount)
        // Reckoned by the time of day, which may jump: a minute is the most there is to wait.
        return { limit, left: limit - consumedPoints, resetMs: Math.min(Math.max(msBeforeNext, 0), 60_000) }
      },
      giveBack: async (policy, amount) => void (await count(`${policy}:${caller}`, -amount)),
    }
  }
}

/** An address as far as it tells one caller from another: an IPv6 caller has 2^64 of them. */
export function network(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const known = ipaddr.process(address)
  return known.kind() === 'ipv4' ? known.toString() : `${ipaddr.fromByteArray([...known.toByteArray().slice(0, 8), 0, 0, 0, 0, 0, 0, 0, 0]).toString()}/64`
}
