/**
 * A strict reader for YAML as ordinary revision files have it, many times faster than the `yaml` library. Whatever it
 * does not know for sure to mean the same in YAML, it leaves to the library: it never reports an error.
 */
import type { AsWritten } from './plain.ts'
import { blockNode } from './quick-block.ts'
import { cursorAt, END, nextLine } from './quick-cursor.ts'

/** The library refuses files of a million lexemes. A shorter text cannot have so many. */
const LONGEST_TEXT = 400_000

/** All but line feeds and what YAML calls printable; tabs, too, are left to the library. */
// deno-lint-ignore no-control-regex -- the control characters are what is looked for
const UNUSUAL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/

/**
 * Reads a text whose document is a block mapping or a block list.
 * @param text its line ends are "\n"
 * @param asWritten top-level keys whose scalars stay text
 * @returns exactly what the library's tree means as plain data (`plainData`), or undefined: then the library must read
 *   it, and says what is wrong if anything is
 */
export function quickData(text: string, asWritten: AsWritten = new Map()): unknown {
  if (text.length > LONGEST_TEXT || UNUSUAL.test(text)) return undefined
  const cursor = cursorAt(text, asWritten)
  if (nextLine(cursor) !== 0) return undefined
  const data = blockNode(cursor, 0, undefined)
  return cursor.indent === END ? data : undefined
}
