/** Scalars, and the keys that are made of them. Undefined stands for what is left to the library. */
import { CODE, isBlank, lineEnd, nextLine } from './quick-cursor.ts'
import type { Cursor, How } from './quick-cursor.ts'

/** By the code of a character: 1 where a plain scalar cannot begin, or does so rarely. */
const INDICATOR = new Uint8Array(128)
for (const one of '-?:,[]{}#&*!|>\'"%@` \n') INDICATOR[one.charCodeAt(0)] = 1

/** Whether a plain scalar begins here. One with a dash must be a number or a word. */
export function startsPlain(text: string, pos: number): boolean {
  const code = text.charCodeAt(pos)
  if (code === CODE.dash) return /[\w.]/.test(text.charAt(pos + 1))
  return code < INDICATOR.length ? INDICATOR[code] === 0 : !Number.isNaN(code)
}

/**
 * Where the plain scalar that begins at `pos` ends on its line: before a comment, before a colon with a blank after it,
 * in flow style before a bracket or comma too; blanks at its end do not count.
 */
export function plainEnd(text: string, pos: number, flow: boolean): number {
  let end = pos
  for (let i = pos;; i++) {
    const code = text.charCodeAt(i)
    if (code === CODE.blank) continue
    if (code === CODE.newline || Number.isNaN(code)) return end
    if (code === CODE.hash && text.charCodeAt(i - 1) === CODE.blank) return end
    if (flow && isFlowIndicator(code)) return end
    if (code === CODE.colon) {
      const next = text.charCodeAt(i + 1)
      if (isBlank(next) || (flow && isFlowIndicator(next))) return end
    }
    end = i + 1
  }
}

function isFlowIndicator(code: number): boolean {
  return code === CODE.comma || code === CODE.openMap || code === CODE.closeMap ||
    code === CODE.openList || code === CODE.closeList
}

const WORDS: ReadonlyMap<string, null | boolean> = new Map<string, null | boolean>([
  ...['null', 'Null', 'NULL', '~'].map((one) => [one, null] as const),
  ...['true', 'True', 'TRUE'].map((one) => [one, true] as const),
  ...['false', 'False', 'FALSE'].map((one) => [one, false] as const),
])
const LONGEST_WORD = 5

/** Numbers that are kept as they are: not more digits than a double has, and no zeros that make them doubtful. */
const SAFE_NUMBER = /^-?(?:0|[1-9]\d{0,8})(?:\.\d{1,6})?$/
/** All that the core schema (YAML 1.2 §10.3.2) takes for a number. */
const NUMBER = /^(?:0o[0-7]+|0x[\da-fA-F]+|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?)$/
const NO_FINITE_NUMBER = /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/

/** What a plain scalar means. @param source not empty */
export function plainValue(source: string, how: How): unknown {
  const word = source.length <= LONGEST_WORD ? WORDS.get(source) : undefined
  if (how !== undefined) return how === 'nullable' && word === null ? null : source
  if (word !== undefined) return word
  // Numbers begin with a digit, a sign or a point, all of which come before the letters.
  if (source.charCodeAt(0) > 57) return source
  if (SAFE_NUMBER.test(source)) return Number(source)
  return NUMBER.test(source) || NO_FINITE_NUMBER.test(source) ? undefined : source
}

/** The text in quotes that begins at the cursor and ends on its line; the cursor then stands after it. */
export function quotedText(cursor: Cursor): string | undefined {
  return cursor.text.charCodeAt(cursor.pos) === CODE.double ? doubleQuoted(cursor) : singleQuoted(cursor)
}

function singleQuoted(cursor: Cursor): string | undefined {
  const { text, pos } = cursor
  let end = text.indexOf("'", pos + 1)
  let doubled = false
  while (end !== -1 && text.charCodeAt(end + 1) === CODE.single) {
    doubled = true
    end = text.indexOf("'", end + 2)
  }
  if (end === -1 || end > lineEnd(text, pos)) return undefined
  cursor.pos = end + 1
  const inside = text.slice(pos + 1, end)
  return doubled ? inside.replaceAll("''", "'") : inside
}

/** The escapes that mean in YAML what they mean in JSON. */
const ESCAPE = /["\\/bfnrt]|u[\da-fA-F]{4}/y

function doubleQuoted(cursor: Cursor): string | undefined {
  const { text, pos } = cursor
  const last = lineEnd(text, pos)
  let end = pos + 1
  let escaped = false
  for (let code = text.charCodeAt(end); code !== CODE.double; code = text.charCodeAt(end)) {
    if (end >= last) return undefined
    if (code === CODE.backslash) {
      ESCAPE.lastIndex = end + 1
      if (!ESCAPE.test(text)) return undefined
      escaped = true
      end = ESCAPE.lastIndex
    } else end++
  }
  cursor.pos = end + 1
  return escaped ? JSON.parse(text.slice(pos, end + 1)) : text.slice(pos + 1, end)
}

/** The library refuses keys that are written with more than 1024 characters. */
const LONGEST_KEY = 1000

/** Whether a text may be a key here. Merge keys are refused; `__proto__` is no key that can simply be assigned. */
export function isKey(name: string): boolean {
  return name !== '<<' && name !== '__proto__'
}

/** The key at the cursor, in block style; the cursor then stands after its colon, and a blank follows. */
export function keyAt(cursor: Cursor): string | undefined {
  const { text, pos } = cursor
  const code = text.charCodeAt(pos)
  let key: string | undefined
  if (code === CODE.double || code === CODE.single) {
    key = quotedText(cursor)
  } else if (code > 57 && startsPlain(text, pos)) {
    cursor.pos = plainEnd(text, pos, false)
    key = text.slice(pos, cursor.pos)
  }
  if (key === undefined || !isKey(key) || text.charCodeAt(cursor.pos) !== CODE.colon) return undefined
  if (cursor.pos - pos > LONGEST_KEY) return undefined
  return isBlank(text.charCodeAt(++cursor.pos)) ? key : undefined
}

/** A literal block scalar, `|` or `|-`, up to the next line that is not its own. @param indent of its key or dash */
export function literalText(cursor: Cursor, indent: number): string | undefined {
  const { text, pos } = cursor
  const strip = text.charCodeAt(pos + 1) === CODE.dash
  const header = strip ? pos + 2 : pos + 1
  if (text.charCodeAt(header) !== CODE.newline) return undefined
  const width = blanksAt(text, header + 1)
  if (width <= indent) return undefined
  const lines: string[] = []
  let [last, start] = [0, header + 1]
  while (start < text.length) {
    const end = lineEnd(text, start)
    const blanks = blanksAt(text, start)
    // A line of nothing but blanks has rules of its own; an empty one belongs to the text when others follow.
    if (blanks > 0 && start + blanks === end) return undefined
    if (end > start && blanks < width) break
    lines.push(text.slice(start + Math.min(blanks, width), end))
    if (end > start) last = lines.length
    start = end + 1
  }
  // What stands between the columns of the key and of the text is a mistake, or a comment that looks like text.
  if (last === 0 || blanksAt(text, start) > indent) return undefined
  cursor.pos = start - 1
  nextLine(cursor)
  return lines.slice(0, last).join('\n') + (strip ? '' : '\n')
}

function blanksAt(text: string, start: number): number {
  let end = start
  while (text.charCodeAt(end) === CODE.blank) end++
  return end - start
}
