/**
 * Whether two SQL texts say the same on PostgreSQL, which never gives back what it was given: `a IN (1, 2)` comes back
 * as `(a = ANY (ARRAY[1, 2]))`, `lower(a)` as `lower((a)::text)`. Both texts are parsed by PostgreSQL's own parser
 * (libpg-query) and the trees compared after they are brought to one form; without the parser, or for what it refuses,
 * the texts are compared but for case, blanks and parentheses around the whole.
 */
import { simplify } from './tree.ts'
import type { Tree } from './tree.ts'

let parser: ((sql: string) => unknown) | undefined
let missed = false

/** Loads the parser, once; until then {@link sameExpression} compares texts only. */
export async function loadParser(): Promise<void> {
  if (parser !== undefined) return
  const { loadModule, parseSync } = await import('libpg-query')
  await loadModule()
  parser = parseSync
}

/** Whether texts were compared that only the parser, which is not loaded, could tell to be the same. */
export function missedParser(): boolean {
  return missed && parser === undefined
}

/** Whether two expressions, or two SELECTs, mean the same as far as their text tells. */
export function sameExpression(a: string, b: string): boolean {
  if (a === b || plain(a) === plain(b)) return true
  missed ||= parser === undefined
  const left = tree(a)
  const right = tree(b)
  return left !== undefined && right !== undefined && equal(left, right)
}

/** The simplified tree of an expression or a query; undefined when there is no parser or it refuses the text. */
function tree(text: string): Tree | undefined {
  if (parser === undefined) return undefined
  const query = /^\s*(select|with|values|table|create)\b/i.test(text)
  const body = /^\s*(return|begin\s+atomic)\b/i.test(text)
  try {
    return simplify(parser(query ? text : body ? `CREATE FUNCTION f() ${text}` : `SELECT (${text}\n)`))
  } catch (error) {
    // The library's SqlError: the text is not SQL that this version of PostgreSQL's grammar knows.
    if (error instanceof Error && error.name === 'SqlError') return undefined
    throw error
  }
}

/**
 * Deep equality, but that a cast which only one side shows counts as none: PostgreSQL spells out implicit casts of
 * operands and arguments (`(a)::numeric > 1.5`).
 */
function equal(a: Tree, b: Tree): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    return a.every((one, i) => equal(one, b[i] ?? null))
  }
  const [left, right] = [castArgument(a), castArgument(b)]
  if (left !== undefined && right === undefined) return equal(left, b)
  if (right !== undefined && left === undefined) return equal(a, right)
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(a[key] ?? null, b[key] ?? null))
}

function castArgument(node: { readonly [key: string]: Tree }): Tree | undefined {
  const cast = node['TypeCast']
  return typeof cast === 'object' && cast !== null && !Array.isArray(cast) ? cast['arg'] : undefined
}

/** The text without parentheses around the whole of it. */
export function unwrapped(text: string): string {
  let inner = text.trim()
  while (inner.startsWith('(') && closing(inner) === inner.length - 1) inner = inner.slice(1, -1).trim()
  return inner
}

const TOKENS = /E'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|[()]/gi

/** Where the parenthesis that opens the text is closed. */
function closing(text: string): number {
  let depth = 0
  for (const token of text.matchAll(TOKENS)) {
    if (token[0] === '(') depth++
    else if (token[0] === ')' && --depth === 0) return token.index
  }
  return -1
}

/** Lower case and single blanks, but for what stands in quotes; plain identifiers lose their quotes. */
function plain(text: string): string {
  const pieces = unwrapped(text).split(/(E?'(?:[^']|'')*'|"(?:[^"]|"")*")/)
  return pieces.map((piece, i) => {
    if (i % 2 === 1) return /^"[a-z_][a-z0-9_]*"$/.test(piece) ? piece.slice(1, -1) : piece
    return piece.toLowerCase().replace(/\s+/g, ' ').replace(/ ?([(),=<>!+*/|-]+) ?/g, '$1').replaceAll(
      '!=',
      '<>',
    )
  }).join('').trim()
}
