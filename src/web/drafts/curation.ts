import { useCallback, useEffect, useState } from 'react'

/** A draft as /curation/drafts tells it. */
export interface Draft {
  readonly id: number
  readonly kind: 'PUBLICATION' | 'STUDY' | 'STATUS_EVENT'
  readonly slug: string
  readonly status: DraftStatus
  readonly document: unknown
  readonly format: string
  readonly source: string
  readonly line: number | null
  readonly matched: string | null
  readonly matchedBy: string | null
  readonly changedAt: string
  readonly editedBy: string | null
  readonly decidedBy: string | null
  readonly note: string | null
  readonly title: string | null
  readonly firstAuthor: string | null
  readonly year: number | null
  readonly doi: string | null
}
export type DraftStatus = 'DRAFT' | 'ACCEPTED' | 'REJECTED'

export interface Reference {
  readonly title: string | null
  readonly firstAuthor: string | null
  readonly year: number | null
  readonly doi: string | null
}

export interface Shown {
  readonly draft: Draft
  readonly changes: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[]
  readonly likelyDuplicates: readonly (Reference & { readonly slug: string; readonly draft: number | null; readonly by: string })[]
}

const keyName = 'curation-key'

/** The curator's key, kept for as long as the tab is open. */
export function useKey(): { readonly key: string; readonly setKey: (key: string) => void } {
  const [key, setKey] = useState(() => sessionStorage.getItem(keyName) ?? '')
  return {
    key,
    setKey: (next) => {
      if (next === '') sessionStorage.removeItem(keyName)
      else sessionStorage.setItem(keyName, next)
      setKey(next)
    },
  }
}

/** @throws {Error} with the sentence that the service refuses with */
export async function askCuration<Answer>(key: string, address: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<Answer> {
  const response = await fetch(`/curation${address}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const answer = (await response.json()) as Answer & { errors?: { message: string }[] } // what src/intake/curation.http.ts answers
  if (!response.ok) throw new Error(answer.errors?.[0]?.message ?? `the service answered with status ${response.status}`)
  return answer
}

interface Told<Answer> {
  readonly data: Answer | undefined
  readonly failure: string | null
  /** Asks again. */
  readonly again: () => void
}

/** What stands at an address below /curation, for the holder of the key. */
export function useCuration<Answer>(key: string, address: string): Told<Answer> {
  const [told, setTold] = useState<{ readonly of: string; readonly data?: Answer; readonly failure?: string }>({ of: '' })
  const [round, setRound] = useState(0)
  const of = `${round} ${key} ${address}`
  useEffect(() => {
    let isCurrent = true
    askCuration<Answer>(key, address).then(
      (data) => isCurrent && setTold({ of, data }),
      (error: unknown) => isCurrent && setTold({ of, failure: error instanceof Error ? error.message : String(error) }),
    )
    return () => {
      isCurrent = false
    }
  }, [of, key, address])
  const isThere = told.of === of
  return {
    data: isThere ? told.data : undefined,
    failure: isThere ? (told.failure ?? null) : null,
    again: useCallback(() => setRound((before) => before + 1), []),
  }
}

/** "2017 Tarleton: Role of magnesium …", as far as it is known. */
export function referenceOf({ title, firstAuthor, year }: Reference): string {
  const who = [year, firstAuthor].filter((part) => part !== null).join(' ')
  return [who, title ?? ''].filter((part) => part !== '').join(': ')
}
