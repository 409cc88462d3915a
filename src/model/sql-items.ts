/**
 * What a query shows a column as. PostgreSQL's views go on to show a column that was renamed under its old name, as if the
 * query had said `new AS old`; SQLite's show it under the new one. It knows tokens and parentheses, no grammar.
 */
import { isName, names } from './sql-names.ts'
import { tokenize } from './sql-tokens.ts'
import type { SqlToken } from './sql-tokens.ts'

/** The query with a name for what shows a column without one: `SELECT a, b` → `SELECT a AS a, b`. */
export function withNamedItems(query: string, column: string): string {
  const tokens = tokenize(query, 'either')
  const bare = tokens.filter((token, at) =>
    names(token, column) && isItem(tokens, at) && isEnd(tokens, at + 1)
  )
  return bare.reduceRight(
    (text, { end, text: name }) => `${text.slice(0, end)} AS ${name}${text.slice(end)}`,
    query,
  )
}

/** The query without a name for what shows a column under its own: the other way round. */
export function withBareItems(query: string, column: string): string {
  const tokens = tokenize(query, 'either')
  const named = tokens.flatMap((token, at) => {
    const alias = tokens[at + 2]
    const isSo = names(token, column) && isItem(tokens, at) && tokens[at + 1]?.key === 'AS' &&
      alias !== undefined && names(alias, column) && isEnd(tokens, at + 3)
    return isSo ? [{ start: token.end, end: alias.end }] : []
  })
  return named.reduceRight((text, { start, end }) => text.slice(0, start) + text.slice(end), query)
}

/** What begins a part of a query. */
const CLAUSES: ReadonlySet<string> = new Set(
  'SELECT FROM WHERE GROUP HAVING WINDOW ORDER LIMIT OFFSET FETCH UNION INTERSECT EXCEPT ON USING VALUES'
    .split(' '),
)

/** Whether what ends with this name is all of an item behind SELECT, as far as it goes: `a`, `t.a`. */
function isItem(tokens: readonly SqlToken[], at: number): boolean {
  let start = at
  while (tokens[start - 1]?.key === '.' && isName(tokens[start - 2])) start -= 2
  const before = tokens[start - 1]
  if (before?.key === 'SELECT' || before?.key === 'DISTINCT' || before?.key === 'ALL') return true
  if (before?.key !== ',') return false
  const { depth } = tokens[at]!
  for (let i = start - 1; i >= 0 && tokens[i]!.depth >= depth; i--) {
    const { key } = tokens[i]!
    if (tokens[i]!.depth === depth && CLAUSES.has(key)) return key === 'SELECT'
  }
  return false
}

/** Whether an item of a SELECT has ended there. */
function isEnd(tokens: readonly SqlToken[], at: number): boolean {
  const token = tokens[at]
  return token === undefined || token.key === ',' || token.key === ')' || token.key === ';' ||
    CLAUSES.has(token.key)
}
