import { isUtf8 } from 'node:buffer'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { CORE_SCHEMA, load } from 'js-yaml'
import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import {
  fileKinds,
  type ConditionEntry,
  type ContraindicationEntry,
  type FormEntry,
  type InstrumentEntry,
  type InteractionEntry,
  type OutcomeEntry,
  type SourceDocumentEntry,
  type StudyEntry,
  type TreatmentEntry,
} from './format.js'

/** Everything under prisma/corpus, typed; order within a kind is by file name. */
export interface Corpus {
  readonly conditions: readonly ConditionEntry[]
  readonly forms: readonly FormEntry[]
  readonly outcomes: readonly OutcomeEntry[]
  readonly treatments: readonly TreatmentEntry[]
  readonly instruments: readonly InstrumentEntry[]
  readonly interactions: readonly InteractionEntry[]
  readonly contraindications: readonly ContraindicationEntry[]
  readonly studies: readonly StudyEntry[]
  readonly documents: readonly SourceDocumentEntry[]
}

/** One thing wrong with one value of one file, said so that a curator can find and mend it. */
export interface Fault {
  readonly file: string
  /** Dotted path inside the file: `results[2].reported[0].ciLevel`. */
  readonly field: string
  readonly value: unknown
  readonly rule: string
  readonly line?: number | undefined
}

/** Something that may be right and that a curator should look at; it stops nothing. */
export interface Warning extends Fault {
  /** What is warned of, in the same words for every file. */
  readonly kind: string
}

/** A corpus is taken whole or not at all; this carries every fault found. */
export class CorpusFaults extends Error {
  constructor(readonly faults: readonly Fault[]) {
    super(`the corpus has ${faults.length} fault${faults.length === 1 ? '' : 's'}:\n${faults.map(formatFault).join('\n')}`)
    this.name = 'CorpusFaults'
  }
}

export function formatFault({ file, field, value, rule, line }: Fault): string {
  const shown = value === undefined ? 'nothing' : JSON.stringify(value)
  return `${file}${line ? `:${line}` : ''} ${field || '(whole file)'}: ${rule}, got ${shown.length > 120 ? `${shown.slice(0, 117)}…` : shown}`
}

type Kind = keyof typeof fileKinds

/**
 * Reads and checks the shape of every corpus file; references between files are checked by `crossFileFaults`.
 *
 * @returns the corpus as far as it could be read, and the faults; use the corpus only where there are none
 */
export async function readCorpus(folder: string): Promise<{ corpus: Corpus; faults: Fault[] }> {
  const faults: Fault[] = []
  const list = async <K extends Kind>(kind: K): Promise<z.infer<(typeof fileKinds)[K]>[]> => {
    const read = await Promise.all((await filesOf(folder, kind)).map((file) => readFileOfKind(folder, file, kind, faults)))
    return read.filter((content) => content !== undefined)
  }
  const [conditions, forms, outcomes, treatments, instruments, interactions, contraindications, studies, documents] = await Promise.all([
    list('conditions.yaml'),
    list('forms.yaml'),
    list('outcomes.yaml'),
    list('treatments.yaml'),
    list('instruments.yaml'),
    list('interactions.yaml'),
    list('contraindications.yaml'),
    list('studies/*.yaml'),
    list('claims/*.yaml'),
  ])
  faults.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : (a.line ?? 0) - (b.line ?? 0)))
  return {
    corpus: {
      conditions: conditions.flat(),
      forms: forms.flat(),
      outcomes: outcomes.flat(),
      treatments: treatments.flat(),
      instruments: instruments.flat(),
      interactions: interactions.flat(),
      contraindications: contraindications.flat(),
      studies,
      documents,
    },
    faults,
  }
}

async function filesOf(folder: string, kind: Kind): Promise<string[]> {
  if (!kind.includes('*')) return [kind]
  const subfolder = path.dirname(kind)
  const names = await readdir(path.join(folder, subfolder)).catch(() => [])
  return names
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => `${subfolder}/${name}`)
}

async function readFileOfKind<K extends Kind>(folder: string, file: string, kind: K, faults: Fault[]): Promise<z.infer<(typeof fileKinds)[K]> | undefined> {
  const bytes = await readFile(path.join(folder, file)).catch(() => undefined)
  // Folders from before treatments had a vocabulary have no such file.
  if (bytes === undefined && file === 'treatments.yaml') return undefined
  if (bytes === undefined) {
    faults.push({ file, field: '', value: undefined, rule: 'the file must exist and be readable' })
    return undefined
  }
  const source = isUtf8(bytes) ? bytes.toString('utf8') : undefined
  if (source === undefined) {
    faults.push({ file, field: '', value: undefined, rule: 'the file must be text in UTF-8' })
    return undefined
  }
  const quick = fileKinds[kind].safeParse(quicklyRead(source))
  if (quick.success) return rightlyNamed(quick.data as z.infer<(typeof fileKinds)[K]>, file, kind, faults) // the union over kinds narrows to K here
  // Something is wrong: read again by the reader that knows where.
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: true, uniqueKeys: true })
  if (document.errors.length > 0) {
    faults.push(
      ...document.errors.map((error) => ({
        file,
        field: '',
        value: undefined,
        rule: error.message.split('\n')[0] ?? 'must be YAML',
        line: lines.linePos(error.pos[0]).line,
      })),
    )
    return undefined
  }
  const parsed = fileKinds[kind].safeParse(document.toJS())
  if (parsed.success) return rightlyNamed(parsed.data as z.infer<(typeof fileKinds)[K]>, file, kind, faults)
  faults.push(
    ...parsed.error.issues.flatMap(innermostIssues).map((issue) => {
      const at = document.getIn(issue.path, true) ?? document.getIn(issue.path.slice(0, -1), true)
      const offset = (at as { range?: [number, number, number] } | undefined)?.range?.[0] // a scalar or a collection, both carry their range
      return {
        file,
        field: dotted(issue.path),
        value: document.getIn(issue.path),
        rule: issue.message,
        line: offset === undefined ? undefined : lines.linePos(offset).line,
      }
    }),
  )
  return undefined
}

function rightlyNamed<Content extends object>(content: Content, file: string, kind: Kind, faults: Fault[]): Content {
  const named = path.basename(file, '.yaml')
  if (kind.includes('*') && 'slug' in content && content.slug !== named)
    faults.push({ file, field: 'slug', value: content.slug, rule: `must be the name of the file, ${named}` })
  return content
}

/** What the two readers of YAML take differently: numbers with underscores, merged maps, tags, and keys or values that refer to others. */
const ambiguous = /(^|[\s:[,{-])([-+]?\d[\d.]*_\d|<<\s*:|[!&*][^\s*])/m

/**
 * A file read by js-yaml, which takes a sixth of the time of the reader that tells lines; undefined where it is not YAML, or where the two readers might
 * differ. A test holds them to the same contents of every file.
 */
export function quicklyRead(source: string): unknown {
  if (ambiguous.test(source)) return undefined
  try {
    return load(source, { schema: CORE_SCHEMA })
  } catch {
    return undefined
  }
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** Of a failed union, the complaints of the alternative that came closest: the others would only confuse. */
export function innermostIssues(issue: z.core.$ZodIssue): Issue[] {
  if (issue.code !== 'invalid_union') return [{ path: issue.path, message: issue.message }]
  const closest = [...issue.errors].sort((a, b) => a.length - b.length)[0] ?? []
  return closest.flatMap(innermostIssues).map((inner) => ({ path: [...issue.path, ...inner.path], message: inner.message }))
}

export function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}
