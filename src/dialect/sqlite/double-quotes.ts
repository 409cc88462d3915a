/**
 * SQLite takes what stands in double quotes for a string where it names nothing (https://sqlite.org/quirks.html#dblquote):
 * in a statement as it was built, and in the texts of a file always. libSQL refuses such a statement.
 */
import type { Table } from '../../model/model.ts'
import { unquoted } from '../../model/sql-tokens.ts'
import { string } from '../ansi.ts'
import { tokenize } from './tokens.ts'
import type { Token } from './tokens.ts'

/** The rowid has these names in quotes, too. */
const ROWIDS: ReadonlySet<string> = new Set(['rowid', '_rowid_', 'oid'])

/**
 * A table as a file holds it, with its strings in single quotes; `doubleQuotes` where it holds others.
 */
export function withStrings(table: Table): Table {
  const names = new Set([...ROWIDS, ...table.columns.map(({ name }) => name.toLowerCase())])
  let found = false
  const read = (expression: string): string => {
    const text = expression.includes('"') ? requoted(expression, names) : expression
    found ||= text !== expression
    return text
  }
  const changed: Table = {
    ...table,
    columns: table.columns.map((one) =>
      one.generated === undefined
        ? one
        : { ...one, generated: { ...one.generated, expression: read(one.generated.expression) } }
    ),
    checks: table.checks.map((one) => ({ ...one, expression: read(one.expression) })),
    indexes: table.indexes.map((one) => ({
      ...one,
      keys: one.keys.map((key) =>
        key.expression === undefined ? key : { ...key, expression: read(key.expression) }
      ),
      ...(one.where === undefined ? {} : { where: read(one.where) }),
    })),
  }
  return found ? { ...changed, doubleQuotes: true } : table
}

/** An expression with all that is in double quotes and none of the names, in lower case, as a string. */
function requoted(expression: string, names: ReadonlySet<string>): string {
  const tokens = tokenize(expression)
  let text = ''
  let last = 0
  tokens.forEach((token, at) => {
    if (!token.text.startsWith('"') || !isValue(tokens, at) || names.has(unquoted(token).toLowerCase())) {
      return
    }
    text += expression.slice(last, token.start) + string(unquoted(token))
    last = token.end
  })
  return text + expression.slice(last)
}

/** Whether a name stands for a value by itself: it is no function, qualifier, collation or type, and has no qualifier. */
function isValue(tokens: readonly Token[], at: number): boolean {
  const [before, next] = [tokens[at - 1]?.key, tokens[at + 1]?.key]
  return next !== '(' && next !== '.' && before !== '.' && before !== 'COLLATE' && before !== 'AS'
}
