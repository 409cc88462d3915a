/** Flow style: `[a, b]` and `{ a: b }`, over several lines too. Undefined stands for what is left to the library. */
import { CODE, DEEPEST, isBlank, lineEnd, skipBlanks } from './quick-cursor.ts'
import type { Cursor, How } from './quick-cursor.ts'
import { isKey, plainEnd, plainValue, quotedText, startsPlain } from './quick-scalar.ts'

/**
 * Reads the value at the cursor, whose `margin` is the column of the key or dash that the outermost bracket belongs to.
 * @returns its data; the cursor stands after it
 */
export function flowNode(cursor: Cursor, how: How): unknown {
  const { text, pos } = cursor
  const code = text.charCodeAt(pos)
  if (code === CODE.double || code === CODE.single) return quotedText(cursor)
  if (code === CODE.openList || code === CODE.openMap) {
    if (++cursor.depth > DEEPEST) return undefined
    cursor.flows++
    cursor.pos++
    const data = code === CODE.openList ? list(cursor, how) : mapping(cursor)
    cursor.depth--
    cursor.flows--
    return data
  }
  if (!startsPlain(text, pos)) return undefined
  cursor.pos = plainEnd(text, pos, true)
  return plainValue(text.slice(pos, cursor.pos), how)
}

/** Mappings that are a line's end, by their text: the columns of many tables, in models and history, are written alike. */
const BY_TEXT = new Map<string, unknown>()
const MOST_TEXTS = 10_000
/** What is longer is hardly written twice. */
const LONGEST_TEXT = 200

/**
 * As {@link flowNode}, for a mapping that may end its line. One that is written as another was before is the same data:
 * whoever makes something of it can remember what.
 */
export function flowMapping(cursor: Cursor): unknown {
  const { text, pos } = cursor
  const end = lineEnd(text, pos)
  if (end - pos > LONGEST_TEXT) return flowNode(cursor, undefined)
  const written = text.slice(pos, end)
  const known = BY_TEXT.get(written) ?? remembered(cursor, written)
  if (known === undefined) return flowNode(cursor, undefined)
  cursor.pos = end
  return known
}

/** Reads a mapping from a copy: a part of a text keeps all of it in memory. @returns undefined when it is not all there is */
function remembered(cursor: Cursor, written: string): unknown {
  const copy = ` ${written}`.slice(1)
  const inner = { ...cursor, text: copy, pos: 0 }
  const data = flowNode(inner, undefined)
  if (data === undefined || inner.pos < copy.length) return undefined
  if (BY_TEXT.size === MOST_TEXTS) BY_TEXT.clear()
  BY_TEXT.set(copy, data)
  return data
}

function list(cursor: Cursor, how: How): unknown[] | undefined {
  const items: unknown[] = []
  for (let code = skip(cursor); code !== CODE.closeList;) {
    const value = flowNode(cursor, how)
    if (value === undefined) return undefined
    items.push(value)
    code = skip(cursor)
    if (code === CODE.comma) code = skipComma(cursor)
    else if (code !== CODE.closeList) return undefined
  }
  cursor.pos++
  return items
}

function mapping(cursor: Cursor): Record<string, unknown> | undefined {
  const data: Record<string, unknown> = {}
  for (let code = skip(cursor); code !== CODE.closeMap;) {
    const key = keyAt(cursor)
    if (key === undefined || Object.hasOwn(data, key)) return undefined
    skip(cursor)
    const value = flowNode(cursor, undefined)
    if (value === undefined) return undefined
    data[key] = value
    code = skip(cursor)
    if (code === CODE.comma) code = skipComma(cursor)
    else if (code !== CODE.closeMap) return undefined
  }
  cursor.pos++
  return data
}

/** A key with its colon, after which a blank must stand. */
function keyAt(cursor: Cursor): string | undefined {
  const { text, pos } = cursor
  const code = text.charCodeAt(pos)
  let key: string | undefined
  if (code === CODE.double || code === CODE.single) {
    key = quotedText(cursor)
  } else if (startsPlain(text, pos)) {
    cursor.pos = plainEnd(text, pos, true)
    key = text.slice(pos, cursor.pos)
  }
  if (key === undefined || !isKey(key) || text.charCodeAt(cursor.pos) !== CODE.colon) return undefined
  return isBlank(text.charCodeAt(++cursor.pos)) ? key : undefined
}

function skipComma(cursor: Cursor): number {
  cursor.pos++
  return skip(cursor)
}

/**
 * Passes over blanks, line breaks and comments.
 * @returns the code of what follows. What stands too far to the left is not to be read: then it goes to the end of the
 *   text, where there is nothing (NaN)
 */
function skip(cursor: Cursor): number {
  const { text, margin } = cursor
  let code = skipBlanks(cursor)
  if (code !== CODE.newline && code !== CODE.hash) return code
  // A comment begins after a blank.
  if (code === CODE.hash && !isBlank(text.charCodeAt(cursor.pos - 1))) return giveUp(cursor)
  let start = cursor.pos
  while (code === CODE.newline || code === CODE.hash) {
    start = cursor.pos = lineEnd(text, cursor.pos) + 1
    code = skipBlanks(cursor)
  }
  const indent = cursor.pos - start
  const isLast = cursor.flows === 1 && (code === CODE.closeList || code === CODE.closeMap)
  return indent > margin || (isLast && indent === margin) ? code : giveUp(cursor)
}

function giveUp(cursor: Cursor): number {
  cursor.pos = cursor.text.length
  return NaN
}
