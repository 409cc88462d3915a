/** Which columns of a table an expression names. */
import type { Table } from './model.ts'
import { mayName } from './sql-tokens.ts'

/**
 * The columns of the table that an expression names, each once, in the table's order. It reads words and
 * quoted identifiers, not SQL: strings, functions, types of casts and qualifiers (`t.` before a column) are
 * not taken for columns.
 */
export function usedColumns(expression: string, table: Pick<Table, 'columns'>): string[] {
  const words = wordsOf(expression)
  return table.columns.map((one) => one.name).filter((one) => has(words, one))
}

/** Whether a column of the table is among its {@link usedColumns}; of no expression it is not. */
export function usesColumn(expression: string | undefined, column: string): boolean {
  return expression !== undefined && mayName(expression, column) && has(wordsOf(expression), column)
}

function has(words: ReadonlySet<string>, column: string): boolean {
  return words.has(column) || words.has(column.toLowerCase())
}

function wordsOf(expression: string): ReadonlySet<string> {
  const words = new Set<string>()
  for (const [, quoted, word] of expression.matchAll(TOKEN)) {
    if (quoted !== undefined) words.add(quoted.slice(1, -1).replaceAll(/""|``/g, (two) => two[0]!))
    else if (word !== undefined) words.add(word.toLowerCase())
  }
  return words
}

/** A string, a cast's type, a quoted identifier (SQLite takes "a", `a` and [a]) or a word; the last two are captured. */
const TOKEN = new RegExp(
  [
    /'(?:[^']|'')*'/,
    /::\s*[\p{L}_][\p{L}\p{N}_$]*/u,
    /\bas\s+[\p{L}_][\p{L}\p{N}_$]*/u,
    /("(?:[^"]|"")*"|`(?:[^`]|``)*`|(?<![\p{L}\p{N}_"\])])\[[\p{L}_][^\]]*\])(?!\s*[.(])/u,
    /([\p{L}_][\p{L}\p{N}_$]*)(?![\p{L}\p{N}_$]|\s*[.(])/u,
  ].map((one) => one.source).join('|'),
  'giu',
)
