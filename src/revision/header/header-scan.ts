/**
 * A strict scanner for the header of an ordinary revision file, many times faster than a YAML parser. Whatever it does
 * not know for sure to mean the same in YAML, it leaves to the parser.
 */
import type { RevisionField } from '../graph/node.ts'
import type { Header } from './header.ts'
import { AS_WRITTEN, DOCUMENT_KEYS } from '../document.ts'

/** Line and column, from 1. */
export interface Place {
  readonly line: number
  readonly col: number
}

export interface ScannedHeader {
  readonly header: Header
  /** Where the key `id` stands. */
  readonly at: Place
  /** Where the values stand. */
  readonly places: Partial<Record<RevisionField, Place>>
}

type Value = string | null | readonly string[]

interface Scan {
  readonly values: { [key: string]: Value }
  readonly places: { [key: string]: Place }
  at: Place
}

const KNOWN: ReadonlySet<string> = new Set(DOCUMENT_KEYS)

/**
 * Scans a file's text.
 * @returns undefined when the text has anything unusual: the parser must read it
 */
export function scanHeader(text: string): ScannedHeader | undefined {
  if (isUnusualText(text)) return undefined
  const scan: Scan = { values: {}, places: {}, at: { line: 1, col: 1 } }
  let offset = 0
  for (let line = 1; offset < text.length; line++) {
    if (isBodyKey(text, offset)) return bodyIsPlain(text, offset) ? finish(scan) : undefined
    const end = lineEnd(text, offset)
    const content = text.slice(offset, text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end)
    if (!/^ *(?:#.*)?$/.test(content) && !scanLine(content, line, scan)) return undefined
    offset = end + 1
  }
  return undefined
}

/** What decoding replaced, a byte order mark in the middle, line ends of old Macs: all for the parser. */
function isUnusualText(text: string): boolean {
  if (text.includes('\ufffd') || text.includes('\ufeff')) return true
  return text.includes('\r') && /\r(?!\n)/.test(text)
}

const CARRIAGE_RETURN = 13

function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset)
  return newline === -1 ? text.length : newline
}

function isBodyKey(text: string, offset: number): boolean {
  return text.startsWith('upgrade:', offset) || text.startsWith('downgrade:', offset)
}

/** Nothing at the margin but the two lists, their items, comments, and the brackets that close them. */
function bodyIsPlain(text: string, start: number): boolean {
  let [upgrade, downgrade] = [0, 0]
  for (let offset = start; offset < text.length; offset = lineEnd(text, offset) + 1) {
    if (MARGIN.has(text[offset]!)) continue
    if (text[offset] === '-' && /\s/.test(text[offset + 1] ?? '\n')) continue
    const isUpgrade = text.startsWith('upgrade:', offset)
    if (!isUpgrade && !text.startsWith('downgrade:', offset)) return false
    if (!/\s/.test(text[offset + (isUpgrade ? 8 : 10)] ?? '\n')) return false
    if (isUpgrade) upgrade++
    else downgrade++
  }
  return upgrade === 1 && downgrade <= 1
}

const MARGIN: ReadonlySet<string> = new Set([' ', '\n', '\r', '#', ']', '}'])

function finish({ values, places, at }: Scan): ScannedHeader | undefined {
  return typeof values.id === 'string' ? { header: values as unknown as Header, at, places } : undefined
}

/** A longer line is left to the parser: the patterns below are for lines that people write. */
const LONGEST_LINE = 1000

function scanLine(content: string, line: number, scan: Scan): boolean {
  if (content.length > LONGEST_LINE) return false
  const match = /^([a-z_]+):(?: +|$)/.exec(content)
  const key = match?.[1]
  if (match === null || key === undefined || !KNOWN.has(key) || Object.hasOwn(scan.values, key)) {
    return false
  }
  const rest = content.slice(match[0].length)
  const nullable = AS_WRITTEN.get(key)
  const value = nullable === undefined ? ignored(key, rest) : scanValue(rest, nullable)
  if (value === undefined || (Array.isArray(value) && !LISTS.has(key))) return false
  if (value === '' && PLACED.has(key)) return false
  scan.values[key] = value
  if (key === 'id') scan.at = { line, col: 1 }
  if (PLACED.has(key)) {
    scan.places[key] = { line, col: rest === '' || rest[0] === '#' ? 1 : match[0].length + 1 }
  }
  return true
}

const LISTS: ReadonlySet<string> = new Set(['down_revision', 'depends_on', 'branch_labels'])
const PLACED: ReadonlySet<string> = new Set(['id', ...LISTS])

/** `transaction` and `settings` play no part in the header, but must be what they should be. */
function ignored(key: string, rest: string): null | undefined {
  if (key === 'transaction') return /^none *(?: #.*)?$/.test(rest) ? null : undefined
  const duration = '(?:lock|statement)_timeout: +[0-9]+(?:ms|s|min|h)?'
  const settings = new RegExp(`^\\{ *${duration} *(?:, *${duration} *)?\\} *(?: #.*)?$`)
  const both = rest.match(/(?:lock|statement)_timeout/g) ?? []
  return settings.test(rest) && new Set(both).size === both.length ? null : undefined
}

// A plain scalar that starts with a letter or digit and has neither a colon before a blank nor a number sign.
const PLAIN = /^([\p{L}\p{N}_](?:[^#:\p{C}\p{Zl}\p{Zp}]|:(?=[^\s#\p{C}]))*?) *(?: #.*)?$/u
const DOUBLE = /^"([^"\\\p{C}\p{Zl}\p{Zp}]*)" *(?: #.*)?$/u
const SINGLE = /^'((?:[^'\p{C}\p{Zl}\p{Zp}]|'')*)' *(?: #.*)?$/u
const LIST = /^\[([^\]#]*)\] *(?: #.*)?$/
const ITEM = /^(?:([A-Za-z0-9_.]+)|"([A-Za-z0-9_. -]*)"|'([A-Za-z0-9_. -]*)')$/

function scanValue(rest: string, kind: 'text' | 'nullable'): Value | undefined {
  if (rest === '' || /^#/.test(rest)) return null
  if (kind === 'nullable' && /^(?:null|Null|NULL|~) *(?: #.*)?$/.test(rest)) return null
  const quoted = DOUBLE.exec(rest)?.[1] ?? SINGLE.exec(rest)?.[1]?.replaceAll("''", "'")
  if (quoted !== undefined) return quoted
  return PLAIN.exec(rest)?.[1] ?? scanList(rest)
}

function scanList(rest: string): readonly string[] | undefined {
  const inside = LIST.exec(rest)?.[1]?.trim()
  if (inside === undefined) return undefined
  if (inside === '') return []
  const items = inside.split(',').map((one) => {
    const [, plain, double, single] = ITEM.exec(one.trim()) ?? []
    return plain !== undefined && /^(?:null|Null|NULL)$/.test(plain) ? undefined : plain ?? double ?? single
  })
  const known = items.filter((item) => item !== undefined && item !== '')
  return known.length === items.length ? known as string[] : undefined
}
