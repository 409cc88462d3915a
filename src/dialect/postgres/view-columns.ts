/** The names that CREATE VIEW gives its columns, put where PostgreSQL puts them: into the query. */
import { nameOf, tokenize } from '../../model/sql-tokens.ts'
import type { SqlToken } from '../../model/sql-tokens.ts'
import { quoted } from '../ansi.ts'

const ENDS: ReadonlySet<string> = new Set([
  ...['FROM', 'WHERE', 'GROUP', 'HAVING', 'WINDOW', 'UNION', 'INTERSECT', 'EXCEPT', 'ORDER', 'LIMIT'],
  ...['OFFSET', 'FETCH', 'FOR', ';'],
])

/**
 * The query with its columns named: `SELECT id FROM t` and `user_id` make `SELECT id AS "user_id" FROM t`, which is what
 * pg_get_viewdef() gives back of `CREATE VIEW v (user_id) AS SELECT id FROM t`. A query whose columns cannot be told
 * apart by its words (`*`) is undefined.
 */
export function withColumnNames(query: string, columns: readonly string[]): string | undefined {
  const items = selectList(tokenize(query, 'postgres'))
  if (items.length < columns.length || items.some((one) => one.at(-1)?.key === '*')) return undefined
  let text = ''
  let from = 0
  columns.forEach((name, i) => {
    const item = items[i]!
    const named = item.at(-2)?.key === 'AS' ? item.slice(0, -2) : item
    text += query.slice(from, named.at(-1)!.end)
    if (named !== item || !isColumn(named, name)) text += ` AS ${quoted(name)}`
    from = item.at(-1)!.end
  })
  return text + query.slice(from)
}

/** Whether it is a column of that name, which needs no other. */
function isColumn(item: readonly SqlToken[], name: string): boolean {
  const plain = item.every((one, i) =>
    i % 2 === 1 ? one.key === '.' : one.kind === 'word' || one.kind === 'quoted'
  )
  return plain && item.length % 2 === 1 && nameOf(item.at(-1)!) === name
}

/** What stands between the commas after the first SELECT that is in no parentheses. */
function selectList(tokens: readonly SqlToken[]): SqlToken[][] {
  const start = tokens.findIndex((one) => one.key === 'SELECT' && one.depth === 0)
  if (start < 0) return []
  const items: SqlToken[][] = [[]]
  const distinct = tokens[start + 1]?.key === 'DISTINCT'
  for (const token of tokens.slice(start + (distinct ? 2 : 1))) {
    if (token.depth === 0 && ENDS.has(token.key)) break
    if (token.depth === 0 && token.key === ',') items.push([])
    else items.at(-1)!.push(token)
  }
  return items.every((one) => one.length > 0) ? items : []
}
