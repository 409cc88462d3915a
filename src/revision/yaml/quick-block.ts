/** Block style: mappings and lists by indentation. Every function gives undefined for what is left to the library. */
import { CODE, DEEPEST, endLine, isBlank, isDash, nextLine, skipBlanks } from './quick-cursor.ts'
import type { Cursor, How } from './quick-cursor.ts'
import { flowMapping, flowNode } from './quick-flow.ts'
import { keyAt, literalText, plainEnd, plainValue, quotedText, startsPlain } from './quick-scalar.ts'

/**
 * Reads the mapping or list that begins at the cursor.
 * @param indent its column
 * @returns its data; the cursor stands at the next thing after it
 */
export function blockNode(cursor: Cursor, indent: number, how: How): unknown {
  return isDash(cursor) ? list(cursor, indent, how) : mapping(cursor, indent)
}

function mapping(cursor: Cursor, indent: number): Record<string, unknown> | undefined {
  const data: Record<string, unknown> = {}
  const outermost = cursor.depth === 0
  if (++cursor.depth > DEEPEST) return undefined
  do {
    const key = keyAt(cursor)
    if (key === undefined || Object.hasOwn(data, key)) return undefined
    const value = keyValue(cursor, indent, outermost ? cursor.asWritten.get(key) : undefined)
    if (value === undefined) return undefined
    data[key] = value
  } while (cursor.indent === indent)
  cursor.depth--
  return cursor.indent < indent ? data : undefined
}

function list(cursor: Cursor, indent: number, how: How): unknown[] | undefined {
  const items: unknown[] = []
  if (++cursor.depth > DEEPEST) return undefined
  do {
    cursor.pos++
    const value = itemValue(cursor, indent, how)
    if (value === undefined) return undefined
    items.push(value)
  } while (cursor.indent === indent && isDash(cursor))
  cursor.depth--
  // A list may stand in the column of the key that it belongs to, and the next key after it.
  return cursor.indent <= indent ? items : undefined
}

/** What belongs to a key, from after its colon. @param indent the column of the key */
function keyValue(cursor: Cursor, indent: number, how: How): unknown {
  const code = skipBlanks(cursor)
  if (code !== CODE.hash && !isBlank(code)) return isDash(cursor) ? undefined : lineValue(cursor, indent, how)
  if (nextLine(cursor) > indent) return nextLineValue(cursor, indent, how)
  return cursor.indent === indent && isDash(cursor) ? list(cursor, indent, how) : null
}

/** What stands after a dash. @param indent the column of the dash */
function itemValue(cursor: Cursor, indent: number, how: How): unknown {
  const dash = cursor.pos - 1
  const code = skipBlanks(cursor)
  if (code === CODE.hash || isBlank(code)) {
    return nextLine(cursor) > indent ? nextLineValue(cursor, indent, how) : null
  }
  // A mapping or a list that begins on the line of the dash is indented by what stands before it.
  const column = indent + cursor.pos - dash
  if (isDash(cursor)) return list(cursor, column, how)
  const start = cursor.pos
  const isMapping = keyAt(cursor) !== undefined
  cursor.pos = start
  return isMapping ? mapping(cursor, column) : lineValue(cursor, indent, how)
}

/** A value that begins below its key or dash. @param indent the column of the key or dash */
function nextLineValue(cursor: Cursor, indent: number, how: How): unknown {
  const code = cursor.text.charCodeAt(cursor.pos)
  return code === CODE.openList || code === CODE.openMap
    ? lineValue(cursor, indent, how)
    : blockNode(cursor, cursor.indent, how)
}

/** A value that begins on the line of its key or dash, and everything up to the next line. */
function lineValue(cursor: Cursor, indent: number, how: How): unknown {
  const { text, pos } = cursor
  const code = text.charCodeAt(pos)
  if (code === CODE.bar) return literalText(cursor, indent)
  let value: unknown
  if (code === CODE.openList || code === CODE.openMap) {
    cursor.margin = indent
    value = code === CODE.openMap ? flowMapping(cursor) : flowNode(cursor, how)
  } else if (code === CODE.double || code === CODE.single) {
    value = quotedText(cursor)
  } else if (startsPlain(text, pos)) {
    cursor.pos = plainEnd(text, pos, false)
    value = plainValue(text.slice(pos, cursor.pos), how)
  }
  return value !== undefined && endLine(cursor) ? value : undefined
}
