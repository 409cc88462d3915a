/** Where a quick reader stands in a text, and how it passes over what means nothing: blanks, comments, empty lines. */
import type { AsWritten } from './plain.ts'

/** How a scalar of a header field is read; see {@link AsWritten}. */
export type How = 'text' | 'nullable' | undefined

export interface Cursor {
  readonly text: string
  readonly asWritten: AsWritten
  /** Offset of the character that is read next. */
  pos: number
  /** Between two lines: the column, from 0, of the first character that means something; {@link END} after the last. */
  indent: number
  /** How many lists and mappings are open. */
  depth: number
  /** How many of them are in flow style, and the column that their lines must stand beyond. */
  flows: number
  margin: number
}

/** The indentation of what comes after the last line. */
export const END = -1

/** A text nested deeper is left to the library, which has a limit of its own. */
export const DEEPEST = 50

export const CODE = {
  newline: 10,
  blank: 32,
  double: 34,
  hash: 35,
  single: 39,
  comma: 44,
  dash: 45,
  colon: 58,
  openList: 91,
  backslash: 92,
  closeList: 93,
  bar: 124,
  openMap: 123,
  closeMap: 125,
} as const

export function cursorAt(text: string, asWritten: AsWritten): Cursor {
  return { text, asWritten, pos: 0, indent: END, depth: 0, flows: 0, margin: 0 }
}

/** Whether a character code is a blank, or ends a line or the text (where it is NaN). */
export function isBlank(code: number): boolean {
  return code === CODE.blank || code === CODE.newline || Number.isNaN(code)
}

/** Whether here stands a dash that begins an item. */
export function isDash({ text, pos }: Cursor): boolean {
  return text.charCodeAt(pos) === CODE.dash && isBlank(text.charCodeAt(pos + 1))
}

/** @returns the code of the character after the blanks */
export function skipBlanks(cursor: Cursor): number {
  const { text } = cursor
  let { pos } = cursor
  while (text.charCodeAt(pos) === CODE.blank) pos++
  cursor.pos = pos
  return text.charCodeAt(pos)
}

/**
 * From a line break, a comment or the beginning of the text to the next thing that means something.
 * @returns its column, or {@link END}
 */
export function nextLine(cursor: Cursor): number {
  const { text } = cursor
  let start = cursor.pos === 0 ? 0 : lineEnd(text, cursor.pos) + 1
  while (start < text.length) {
    cursor.pos = start
    const code = skipBlanks(cursor)
    if (code !== CODE.newline && code !== CODE.hash) break
    start = lineEnd(text, cursor.pos) + 1
  }
  return cursor.indent = start < text.length && cursor.pos < text.length ? cursor.pos - start : END
}

/** The offset of the line feed at the end of the line, or of the end of the text. */
export function lineEnd(text: string, pos: number): number {
  const newline = text.indexOf('\n', pos)
  return newline === -1 ? text.length : newline
}

/**
 * After a value on its line: goes on to the next line.
 * @returns false when something else follows on this one
 */
export function endLine(cursor: Cursor): boolean {
  const code = skipBlanks(cursor)
  const { text, pos } = cursor
  // A comment begins after a blank.
  const ended = isBlank(code) || (code === CODE.hash && text.charCodeAt(pos - 1) === CODE.blank)
  if (ended) nextLine(cursor)
  return ended
}
