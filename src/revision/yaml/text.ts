/** Files as text: what can be wrong with a file before a word of it is understood. */
import { readFileSync, statSync } from 'node:fs'
import { EXIT, fault } from '../../problem.ts'
import type { Span } from '../../problem.ts'

/** The largest file that is read. A larger one is no migration by hand, and would take minutes to parse. */
export const LARGEST_FILE = 10 * 1024 * 1024

/**
 * Reads a UTF-8 file; a byte order mark is taken off.
 * @param file its path, as it is shown to people
 * @param regular whether it is known to be a file, no folder or pipe: then nothing is asked before it is read
 * @throws a fault with exit code 2: `unreadable-file` (missing, a directory, not permitted), `file-too-large`,
 *   `bad-utf8`
 */
export function readText(file: string, regular = false): string {
  const text = quickText(file, regular)
  // What stands for what is no UTF-8; it may also be written.
  if (text.includes('\ufffd')) return decode(readFileSync(file), file)
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

function quickText(file: string, regular: boolean): string {
  try {
    if (!regular) checkOrdinary(file)
    const text = readFileSync(file, 'utf8')
    return text.length <= LARGEST_FILE ? text : tooLarge(file, statSync(file).size)
  } catch (error) {
    const reason = reasonOf(error)
    if (reason === undefined) throw error
    return fault('unreadable-file', `cannot read "${file}": ${reason}`, { exit: EXIT.usage, cause: error })
  }
}

/** @throws `unreadable-file` for what is no regular file, `file-too-large` */
function checkOrdinary(file: string): void {
  const stat = statSync(file)
  if (!stat.isFile()) {
    const what = stat.isDirectory() ? 'it is a directory' : 'it is not a regular file'
    fault('unreadable-file', `cannot read "${file}": ${what}`, { exit: EXIT.usage })
  }
  if (stat.size > LARGEST_FILE) tooLarge(file, stat.size)
}

function tooLarge(file: string, size: number): never {
  return fault('file-too-large', `"${file}" has ${megabytes(size)} MB; the limit is 10 MB`, {
    exit: EXIT.usage,
    hint: 'load large data with another tool, or split the file',
  })
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
  ELOOP: 'its symbolic links go in a circle',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'input/output error',
}

/** The words for an error of the file system; undefined for any other error. */
export function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  return REASONS[error.code] ?? (error.code.startsWith('E') ? error.code : undefined)
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024)
}

/**
 * The text of UTF-8 bytes, without a byte order mark.
 * @throws `bad-utf8` at the line and byte where it stops being UTF-8
 */
function decode(bytes: Uint8Array, file: string): string {
  const text = decoded(bytes)
  if (text !== undefined) return text
  const offset = firstBadByte(bytes)
  const line = bytes.subarray(0, offset).reduce((count, byte) => count + (byte === 10 ? 1 : 0), 1)
  const lineStart = bytes.lastIndexOf(10, offset - 1) + 1
  const col = offset === 0 ? 1 : new TextDecoder().decode(bytes.subarray(lineStart, offset)).length + 1
  const byte = bytes[offset]!.toString(16).toUpperCase().padStart(2, '0')
  return fault('bad-utf8', `not UTF-8: byte 0x${byte} at offset ${offset}`, {
    exit: EXIT.usage,
    at: { file, line, col },
    hint: 'save the file as UTF-8',
  })
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** @param partial whether a character may be cut off at the end. @returns undefined when it is not UTF-8 */
function decoded(bytes: Uint8Array, partial = false): string | undefined {
  try {
    // A decoder remembers what was cut off.
    return (partial ? new TextDecoder('utf-8', { fatal: true }) : UTF8).decode(bytes, { stream: partial })
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** Whether a beginning is sound never becomes true again once it is false, so that halving finds the first bad byte. */
function firstBadByte(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length]
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (decoded(bytes.subarray(0, middle), true) !== undefined) good = middle
    else bad = middle
  }
  return good
}

/** The line and column, both from 1, of an offset in a text. */
export function spanAt(file: string, text: string, offset: number): Span {
  const lineStart = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
  let line = 1
  for (let i = text.indexOf('\n'); i !== -1 && i < lineStart; i = text.indexOf('\n', i + 1)) line++
  return { file, line, col: offset - lineStart + 1, source: text }
}
