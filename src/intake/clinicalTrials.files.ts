import { readFile, stat } from 'node:fs/promises'
import { TrialError } from './clinicalTrials.js'

/** A study with its results takes about 1 MB; a page of a thousand without them, 30. */
export const trialFileBytes = 134_217_728

/** A study of a file, still as it stands there. */
export interface TrialInFile {
  /** Where in the file: "", or "studies[3]". */
  readonly place: string
  readonly json: unknown
}

/**
 * The studies of a JSON file: one as the registry's API gives it, or a list of them as its search does.
 *
 * @throws {TrialError} if it cannot be read, naming what was found and where
 */
export async function trialsOfFile(file: string): Promise<TrialInFile[]> {
  return trialsOf(textOf(await bytesOf(file), file), file)
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file)
    if (size > trialFileBytes) throw new TrialError([`${file}: a file has at most ${trialFileBytes} bytes, got ${size}`])
    return await readFile(file)
  } catch (error) {
    if (error instanceof TrialError) throw error
    const { code } = error as NodeJS.ErrnoException // what the file system throws
    throw new TrialError([`${file} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(code)}`])
  }
}

function textOf(bytes: Uint8Array, file: string): string {
  const [first = 0, second = 0] = bytes
  if (first === 0x50 && second === 0x4b) throw new TrialError([`${file}: it is a zip archive; unpack it first`])
  if (first === 0x1f && second === 0x8b) throw new TrialError([`${file}: it is packed by gzip; unpack it first`])
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) throw new TrialError([`${file}: it is in UTF-16; save it in UTF-8`])
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes) // a byte order mark is dropped
  } catch {
    throw new TrialError([`${file}:${lineOfBadByte(bytes)}: it is not in UTF-8`])
  }
}

/** The line on which the bytes stop being UTF-8. */
function lineOfBadByte(bytes: Uint8Array): number {
  const lenient = new TextDecoder('utf-8').decode(bytes)
  return linesTo(lenient, lenient.indexOf('\uFFFD'))
}

function trialsOf(text: string, file: string): TrialInFile[] {
  if (text.trim() === '') throw new TrialError([`${file}: it is empty`])
  if (/^\s*</.test(text)) throw new TrialError([`${file}:1: it is a web page or XML, not JSON; the API of version 2 gives JSON`])
  const json = parsed(text, file)
  if (Array.isArray(json)) return json.map((entry: unknown, index) => ({ place: `[${index}]`, json: entry }))
  const studies = typeof json === 'object' && json !== null && 'studies' in json ? json.studies : null
  return Array.isArray(studies) ? studies.map((entry: unknown, index) => ({ place: `studies[${index}]`, json: entry })) : [{ place: '', json }]
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    const { message } = error as SyntaxError // what JSON.parse throws
    const position = /position (\d+)/.exec(message)?.[1]
    const breaksOff = position === undefined || Number(position) >= text.trimEnd().length
    const line = linesTo(text, breaksOff ? text.length : Number(position))
    throw new TrialError([
      `${file}:${line}: ${breaksOff ? 'it breaks off in the middle of its JSON' : `it is no JSON: ${message.replace(/ in JSON at position.*$/, '')}`}`,
    ])
  }
}

const linesTo = (text: string, position: number) => text.slice(0, position).split('\n').length
