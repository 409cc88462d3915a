/**
 * Columns in the statements of a trigger's body, and in the queries of views over several tables. SQLite rewrites them
 * when a column is renamed; this keeps the model in step, since a rebuild creates the triggers of its table anew. It knows
 * tokens and parentheses, no grammar.
 */
import { introducer, isColumn, isName, names, replaced } from './sql-names.ts'
import { mayName, unquoted } from './sql-tokens.ts'
import type { SqlToken } from './sql-tokens.ts'

/** A column that is renamed. */
export interface RenamedColumn {
  readonly table: string
  readonly from: string
  readonly to: string
  /** Whether another table, of this name, has a column of the old name. */
  readonly others: (table: string) => boolean
}

/** The statements after the column was renamed. */
export function withBodyColumnRenamed(sql: string, column: RenamedColumn): string {
  if (!mayName(sql, column.from) || !mayName(sql, column.table)) return sql
  return replaced(sql, column.to, (tokens, at) => {
    if (!names(tokens[at]!, column.from)) return false
    const isEdge = ({ key }: SqlToken) => key === ';' || key === 'BEGIN'
    const start = tokens.slice(0, at).findLastIndex(isEdge) + 1
    const end = tokens.findIndex((token, i) => i > at && isEdge(token))
    const statement = tokens.slice(start, end < 0 ? undefined : end)
    const here = at - start
    if (tokens[at - 1]?.key === '.') return isQualifier(statement, here - 2, column.table)
    return isColumn(statement, here) && !isRelation(statement, here) && isOfTable(statement, here, column)
  })
}

/** Words behind which a statement names a relation. */
const READ = ['FROM', 'JOIN', 'UPDATE']

/** Whether a relation is named there, also as one of a list: `FROM a, b AS c, d`. */
function isRelation(tokens: readonly SqlToken[], at: number): boolean {
  if (!isName(tokens[at])) return false
  if (READ.includes(introducer(tokens, at)) || introducer(tokens, at) === 'INTO') return true
  // What it is called decides first where the one before begins: a list of columns would else be gone through by all ways.
  return tokens[at - 1]?.key === ',' &&
    [2, 3, 4].some((back) =>
      (back === 2 || aliasOf(tokens, at - back) === tokens[at - 2]) && isRelation(tokens, at - back)
    )
}

/** The name that a relation has in its statement besides its own. */
function aliasOf(tokens: readonly SqlToken[], at: number): SqlToken | undefined {
  const next = tokens[at + 1]?.key === 'AS' ? tokens[at + 2] : tokens[at + 1]
  return isName(next) ? next : undefined
}

/** Whether a name before a dot is the table, or what the statement calls it. */
export function isQualifier(tokens: readonly SqlToken[], at: number, table: string): boolean {
  const qualifier = tokens[at]
  if (qualifier === undefined) return false
  if (names(qualifier, table)) return true
  return tokens.some((token, i) => {
    if (!names(token, table) || !isRelation(tokens, i)) return false
    if (qualifier.key === 'EXCLUDED') return introducer(tokens, i) === 'INTO'
    const alias = aliasOf(tokens, i)
    return alias !== undefined && alias.key === qualifier.key &&
      (alias.key !== '' || alias.text === qualifier.text)
  })
}

/** What stands between the SELECTs of one query. */
const UNION: ReadonlySet<string> = new Set(['UNION', 'EXCEPT', 'INTERSECT'])

/** Whether ORDER BY is among the tokens: behind several SELECTs it takes the names of what they show. */
function isOrder(tokens: readonly SqlToken[], depth: number): boolean {
  return tokens.some((token) => token.depth === depth && token.key === 'ORDER')
}

/**
 * Whether a name without a qualifier is the table's: of the innermost SELECT that reads a table with such a column, or of
 * the statement. Where two have it nothing is certain.
 */
function isOfTable(tokens: readonly SqlToken[], at: number, { table, others }: RenamedColumn): boolean {
  for (let depth = tokens[at]!.depth, inside = at; depth >= 0; depth--) {
    const isOut = (token: SqlToken) => token.depth < depth
    const open = tokens.slice(0, inside).findLastIndex(isOut)
    const close = tokens.findIndex((token, i) => i > inside && isOut(token))
    const isUnion = (token: SqlToken, i: number) =>
      i > open && (close < 0 || i < close) && token.depth === depth && UNION.has(token.key)
    const first = tokens.findLastIndex((token, i) => i < inside && isUnion(token, i))
    const last = tokens.findIndex((token, i) => i > inside && isUnion(token, i))
    if (first >= 0 && last < 0 && isOrder(tokens.slice(first, inside), depth)) return false
    if (tokens[open - 2]?.key === 'INTO') return names(tokens[open - 1]!, table)
    const conflict = tokens.findIndex(({ key }) => key === 'CONFLICT' || key === 'RETURNING')
    const words = conflict >= 0 && conflict < at ? [...READ, 'INTO'] : READ
    const read = tokens.filter((token, i) =>
      i > Math.max(open, first) && (last < 0 || i < last) && (close < 0 || i < close) &&
      token.depth === depth &&
      isRelation(tokens, i) &&
      (words.includes(introducer(tokens, i)) || tokens[i - 1]?.key === ',')
    )
    const own = read.some((token) => names(token, table))
    const other = read.some((token) => !names(token, table) && others(unquoted(token)))
    if (own || other) return own && !other
    inside = open
  }
  return false
}
