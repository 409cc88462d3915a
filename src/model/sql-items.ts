/**
 * What a query shows. PostgreSQL's views go on to show a column that was renamed under its old name, as if the query had
 * said `new AS old`, and the columns that there were when they were created, as if it had named them; SQLite's show it
 * under the new one, and all that there are. It knows tokens and parentheses, no grammar.
 */
import { isQualifier } from './sql-body.ts'
import { isName, names, readsRelation, spelled } from './sql-names.ts'
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

/**
 * The query with all columns of a table in place of a `*` that stands for them: PostgreSQL's views keep to the columns that
 * there were. What `*` stands for in a query of several relations is left open; `t.*` is not.
 */
export function withStarsWritten(query: string, table: string, columns: readonly string[]): string {
  if (!query.includes('*') || !readsRelation(query, table)) return query
  const tokens = tokenize(query, 'either')
  const stars = tokens.flatMap(({ key, start, end }, at) => {
    if (key !== '*' || !isItem(tokens, at) || !isEnd(tokens, at + 1)) return []
    if (tokens[at - 1]?.key !== '.') return readsAlone(tokens, at, table) ? [{ start, end, of: '' }] : []
    const qualifier = tokens[at - 2]!
    return isQualifier(tokens, at - 2, table)
      ? [{ start: qualifier.start, end, of: `${qualifier.text}.` }]
      : []
  })
  return stars.reduceRight((text, { start, end, of }) => {
    const list = columns.map((one) => of + spelled(one)).join(', ')
    return text.slice(0, start) + list + text.slice(end)
  }, query)
}

/** Whether the SELECT that a token is in reads the table and nothing else. */
function readsAlone(tokens: readonly SqlToken[], at: number, table: string): boolean {
  const { depth } = tokens[at]!
  const end = tokens.findIndex((token, i) => i > at && token.depth < depth)
  const rest = tokens.slice(at + 1, end < 0 ? undefined : end)
  if (rest[0]?.key !== 'FROM') return false
  let relation = rest[1]?.key === 'ONLY' ? 2 : 1
  if (rest[relation + 1]?.key === '.') relation += 2
  if (rest[relation] === undefined || !names(rest[relation]!, table)) return false
  const behind = rest.slice(relation + 1).filter((token) => token.depth === depth)
  const next = behind.findIndex(({ key }) => CLAUSES.has(key))
  return !behind.slice(0, next < 0 ? undefined : next).some(({ key }) => key === ',' || key === 'JOIN')
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
  if (before?.key === ')') return isDistinctOn(tokens, start - 1)
  if (before?.key !== ',') return false
  const { depth } = tokens[at]!
  for (let i = start - 1; i >= 0 && tokens[i]!.depth >= depth; i--) {
    const { key } = tokens[i]!
    if (tokens[i]!.depth === depth && CLAUSES.has(key)) return key === 'SELECT'
  }
  return false
}

/** Whether the parenthesis closes `DISTINCT ON (…)`. */
function isDistinctOn(tokens: readonly SqlToken[], close: number): boolean {
  const { depth } = tokens[close]!
  const open = tokens.findLastIndex((one, i) => i < close && one.key === '(' && one.depth === depth)
  return tokens[open - 1]?.key === 'ON' && tokens[open - 2]?.key === 'DISTINCT'
}

/** Whether an item of a SELECT has ended there. */
function isEnd(tokens: readonly SqlToken[], at: number): boolean {
  const token = tokens[at]
  return token === undefined || token.key === ',' || token.key === ')' || token.key === ';' ||
    CLAUSES.has(token.key)
}
