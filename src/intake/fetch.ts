import { setTimeout as pause } from 'node:timers/promises'
import type { z } from 'zod'
import { release } from '../version.js'

/** A service that others run for everybody: where it is and how often it may be asked. */
export interface Source {
  /** As people call it: "PubMed". */
  readonly name: string
  /** Without a slash at its end. */
  readonly baseUrl: string
  /** Milliseconds from the start of one request to the start of the next. */
  readonly intervalMs: number
}

/** How patiently a source is asked. */
export interface Patience {
  /** Tries of one request, the first one included. */
  readonly attempts: number
  /** Until the whole answer is there. */
  readonly timeoutMs: number
  /** Before the second try; doubled before each further one, and varied by up to a quarter so that clients do not come back together. */
  readonly firstPauseMs: number
  /** A source that asks to be left alone for longer is not waited for. */
  readonly longestPauseMs: number
  readonly maximumBytes: number
}

export const usualPatience: Patience = { attempts: 4, timeoutMs: 30_000, firstPauseMs: 1_000, longestPauseMs: 60_000, maximumBytes: 33_554_432 }

/** Why a source could not be read, in one sentence for whoever asked. */
export class SourceError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SourceError'
  }
}

/** A source that is asked politely: one request after another, never more often than it allows. */
export interface SourceReader {
  readonly name: string
  /**
   * The JSON at an address below the source's, held to its shape.
   *
   * @returns null where the source has nothing there (404)
   * @throws {SourceError} if it cannot be had, naming the address and what came instead
   */
  read<Shape extends z.ZodType>(path: string, parameters: Readonly<Record<string, string>>, shape: Shape): Promise<z.infer<Shape> | null>
  /** The XML at an address below the source's, not yet read; otherwise as `read`. */
  readXml(path: string): Promise<string | null>
}

/** @param contact an e-mail address the source's operators can write to; they ask for one, and may block who has none */
export function openSource({ name, baseUrl, intervalMs }: Source, contact: string | null, patience: Patience = usualPatience): SourceReader {
  const headers = { 'user-agent': `magnesium-evidence/${release}${contact === null ? '' : ` (mailto:${contact})`}` }
  let turn: Promise<unknown> = Promise.resolve()
  const nextTurn = () => {
    const mine = turn
    turn = turn.then(() => pause(intervalMs))
    return mine
  }
  // A source that was tried in vain as often as it may be is tried once from then on, until it answers: a long list of questions does not wait for each.
  let isDown = false
  const bodyAt = async <Body>(url: string, kind: Kind<Body>) => {
    let last: Try<Body> | undefined
    const asking = patiently(name, url, isDown ? { ...patience, attempts: 1 } : patience, async () => {
      await nextTurn()
      return (last = await ask(name, url, { headers, kind, patience }))
    })
    return asking.finally(() => {
      if (last !== undefined) isDown = !('body' in last)
    })
  }
  return {
    name,
    readXml: (path) => bodyAt(`${baseUrl}${path}`, xml),
    read: async (path, parameters, shape) => {
      const query = new URLSearchParams(parameters).toString()
      const url = `${baseUrl}${path}${query === '' ? '' : `?${query}`}`
      const body = await bodyAt(url, json)
      if (body === null) return null
      const parsed = shape.safeParse(withoutNulls(body))
      if (parsed.success) return parsed.data
      const [issue] = parsed.error.issues
      throw new SourceError(
        `${name} answered ${shown(url)} in an unknown shape: ${issue?.path.join('.') || 'the answer'}: ${issue?.message ?? 'is something else'}`,
      )
    },
  }
}

/** What came of one try: an answer, or a failure that another try may mend. */
type Try<Body> = { readonly body: Body | null } | { readonly failure: string; readonly askedPauseMs: number | null }

/** A kind of answer, and how its text is read: one that breaks off, or a page for people that a proxy sent instead, may be whole the next time. */
interface Kind<Body> {
  readonly name: string
  readonly mediaType: string
  /** Null for a text that is none, or breaks off. */
  readonly parse: (text: string) => { readonly body: Body } | null
}

const json: Kind<unknown> = {
  name: 'JSON',
  mediaType: 'application/json',
  parse: (text) => {
    try {
      return { body: JSON.parse(text) as unknown }
    } catch {
      return null
    }
  },
}

/** Whole where its last tag closes the first one. */
const xml: Kind<string> = {
  name: 'XML',
  mediaType: 'application/xml',
  parse: (text) => {
    const [, root] = /<([A-Za-z_][\w:.-]*)[\s>/]/.exec(text.replace(/<[!?][^>]*(?:\[[^\]]*\][^>]*)?>/g, '')) ?? []
    return root !== undefined && /^\s*</.test(text) && new RegExp(`(?:</${root}\\s*>|/>)\\s*(?:<!--[\\s\\S]*-->\\s*)?$`).test(text) ? { body: text } : null
  },
}

/** @throws {SourceError} after the last try, or where the source asks for a pause too long to wait */
async function patiently<Body>(
  name: string,
  url: string,
  { attempts, firstPauseMs, longestPauseMs }: Patience,
  attempt: () => Promise<Try<Body>>,
): Promise<Body | null> {
  for (let tries = 1; ; tries++) {
    const outcome = await attempt()
    if ('body' in outcome) return outcome.body
    const { failure, askedPauseMs } = outcome
    if (askedPauseMs !== null && askedPauseMs > longestPauseMs)
      throw new SourceError(`${name} asks to be left alone for ${Math.ceil(askedPauseMs / 1_000)} s: ${shown(url)}: ${failure}; try again then`)
    if (tries >= attempts) throw new SourceError(`${name} cannot be read, tried ${tries} ${tries === 1 ? 'time' : 'times'}: ${shown(url)}: ${failure}`)
    const ownPauseMs = firstPauseMs * 2 ** (tries - 1) * (1 + Math.random() / 4)
    await pause(Math.min(longestPauseMs, Math.max(askedPauseMs ?? 0, ownPauseMs)))
  }
}

/** @throws {SourceError} where another try would end the same way */
async function ask<Body>(
  name: string,
  url: string,
  {
    headers,
    kind,
    patience: { timeoutMs, maximumBytes },
  }: { readonly headers: Readonly<Record<string, string>>; readonly kind: Kind<Body>; readonly patience: Patience },
): Promise<Try<Body>> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, { headers: { accept: kind.mediaType, ...headers }, signal })
    if (response.status === 404) {
      await response.body?.cancel()
      return { body: null }
    }
    if (!response.ok) {
      await response.body?.cancel()
      const failure = `status ${response.status}`
      if (response.status === 408 || response.status === 429 || response.status >= 500) return { failure, askedPauseMs: askedPauseOf(response.headers) }
      throw new SourceError(`${name} refuses the request: ${shown(url)}: ${failure}`)
    }
    return bodyOf(await textOf(name, url, response, maximumBytes), kind)
  } catch (error) {
    if (error instanceof SourceError) throw error
    if (signal.aborted) return { failure: `no whole answer within ${timeoutMs} ms`, askedPauseMs: null }
    return { failure: causeOf(error), askedPauseMs: null }
  }
}

function bodyOf<Body>(text: string, { name, parse }: Kind<Body>): Try<Body> {
  if (/^\s*<(!doctype html|html)/i.test(text)) return { failure: `a web page came instead of ${name}`, askedPauseMs: null }
  return parse(text) ?? { failure: `the answer of ${text.length} characters is not ${name}, or breaks off`, askedPauseMs: null }
}

async function textOf(name: string, url: string, response: Response, maximumBytes: number): Promise<string> {
  const decoder = new TextDecoder()
  let [size, text] = [0, '']
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maximumBytes) throw new SourceError(`${name} answers with more than ${maximumBytes} bytes: ${shown(url)}`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** Retry-After in seconds or as a date; null where there is none that can be read. */
function askedPauseOf(headers: Headers): number | null {
  const asked = headers.get('retry-after')?.trim() ?? ''
  if (/^\d+$/.test(asked)) return Number(asked) * 1_000
  const at = Date.parse(asked)
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now())
}

/** fetch wraps what went wrong on the wire in its cause. */
function causeOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } } // what fetch throws
  return cause?.code ?? cause?.message ?? message ?? String(error)
}

/** Services written in other languages send null for what they do not have. In lists a null has its place. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).flatMap(([field, held]) => (held === null ? [] : [[field, withoutNulls(held)]])))
}

/** An address of a list of identifiers fills a screen. */
const longestShown = 160

/** Without what identifies the caller, and at most `longestShown` characters of it. */
function shown(url: string): string {
  const anonymous = url.replace(/([?&])(api_key|email|mailto)=[^&]*/g, '$1$2=…')
  return anonymous.length > longestShown ? `${anonymous.slice(0, longestShown - 1)}…` : anonymous
}
