import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PublicError } from '../errors.js'
import type { Allowance } from '../graphql/limits.js'
import { limits } from '../graphql/limits.js'
import type { Account, Budgets, Policy, Standing } from './budgets.js'
import { isOpen, keyOf, shownKey, type FindKeyHolder, type KeyHolder } from './caller.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose key the request shows; null where it shows none. */
    keyHolder: KeyHolder | null
    account: Account | null
    /** The operation costs more than anybody may ask. */
    isDear: boolean
    /** What was spent so far, for the headers of the answer. */
    standings?: Partial<Record<Policy, Standing>>
  }
  interface FastifyContextConfig {
    /** What a request of this route costs, as if it were an operation. */
    cost?: number
  }
}

export interface Admission {
  readonly findKeyHolder: FindKeyHolder
  /** Null: nobody is counted. */
  readonly budgets: Budgets | null
}

/**
 * Finds out who asks and counts it, before anything else is done for a request. A key that is not known is refused, never overlooked, and counted to
 * the address that it came from.
 */
export function admitCallers(app: FastifyInstance, { findKeyHolder, budgets }: Admission): void {
  app.decorateRequest('keyHolder', null)
  app.decorateRequest('account', null)
  app.decorateRequest('isDear', false)
  app.decorateRequest('standings', undefined)
  app.addHook('onRequest', async (request, reply) => {
    if (isOpen(request)) return
    const { holder, refusal } = await recognised(request, findKeyHolder)
    request.keyHolder = holder
    if (holder !== null) request.log = reply.log = request.log.child({ key: holder.prefix })
    request.account = budgets?.(holder, request.ip) ?? null
    await spend(request, reply, 'requests', 1)
    if (refusal !== null) throw refusal
    const { cost } = request.routeOptions.config
    if (cost !== undefined) await spend(request, reply, 'cost', cost)
  })
  app.addHook('onSend', async ({ standings }, reply) => {
    const known = (['requests', 'cost'] as const).flatMap((policy) => {
      const standing = standings?.[policy]
      return standing === undefined ? [] : [{ policy, ...standing }]
    })
    if (known.length === 0) return
    void reply
      .header('ratelimit-policy', known.map(({ policy, limit }) => `"${policy}";q=${limit};w=60`).join(', '))
      .header('ratelimit', known.map(({ policy, left, resetMs }) => `"${policy}";r=${Math.max(0, left)};t=${Math.ceil(resetMs / 1_000)}`).join(', '))
  })
}

/** What an operation of this request may cost, and who pays for it. */
export function allowanceOf(request: FastifyRequest, reply: FastifyReply): Allowance {
  return {
    costLimit: request.keyHolder?.scopes.includes('READ') === true ? limits.costWithKey : limits.cost,
    spendCost: (cost) => {
      request.isDear = cost > limits.cost
      return spend(request, reply, 'cost', cost)
    },
  }
}

async function recognised(request: FastifyRequest, find: FindKeyHolder): Promise<{ holder: KeyHolder | null; refusal: PublicError | null }> {
  const key = keyOf(request)
  if (key === null) return { holder: null, refusal: null }
  if (key instanceof PublicError) return { holder: null, refusal: key }
  const holder = await find(key)
  return { holder, refusal: holder === null ? new PublicError('UNAUTHENTICATED', `${shownKey(key)} is unknown or revoked`) : null }
}

const words: Readonly<Record<Policy, string>> = { requests: 'requests', cost: 'cost of operations' }

/** @throws {PublicError} RATE_LIMITED where the minute's budget is used up, COST_LIMIT_EXCEEDED where no minute's budget would do */
async function spend(request: FastifyRequest, reply: FastifyReply, policy: Policy, amount: number): Promise<void> {
  const { account } = request
  const standing = await account?.spend(policy, amount)
  if (account == null || standing == null) return
  request.standings = { ...request.standings, [policy]: standing }
  if (standing.left >= 0) return
  const { limit, left, resetMs } = standing
  // What is refused is not done, and a smaller question may still fit.
  if (policy === 'cost') {
    await account.giveBack(policy, amount)
    request.standings = { ...request.standings, [policy]: { limit, left: left + amount, resetMs } }
  }
  if (amount > limit)
    throw new PublicError(
      'COST_LIMIT_EXCEEDED',
      `the operation would cost ${amount}, and this caller may spend ${limit} a minute: ask for fewer rows or fields`,
      {
        limit,
        actual: amount,
      },
    )
  void reply.header('retry-after', String(Math.max(1, Math.ceil(resetMs / 1_000))))
  const more = request.keyHolder === null ? '; a key may ask more' : ''
  throw new PublicError('RATE_LIMITED', `the ${words[policy]} of this minute, ${limit}, are used up: ask again when Retry-After says${more}`, { limit })
}
