/** Reads the CREATE INDEX and CREATE VIEW texts of sqlite_schema. */
import type { Index, IndexKey, View } from '../../model/model.ts'
import { unquoted } from '../../model/sql-tokens.ts'
import { Cursor, identifierOf, isName } from './tokens.ts'
import type { Token } from './tokens.ts'
import { closing } from './parse-column.ts'
import { readNames } from './parse-parts.ts'

/**
 * The index of a CREATE INDEX text.
 * @param columns the columns of its table by lower-case name, as the table spells them
 * @throws a problem `unreadable-ddl`
 */
export function parseIndex(name: string, sql: string, columns: ReadonlyMap<string, string>): Index {
  const cursor = new Cursor(sql)
  cursor.expect('CREATE')
  const unique = cursor.accept('UNIQUE')
  cursor.expect('INDEX')
  cursor.accept('IF', 'NOT', 'EXISTS')
  cursor.name()
  if (cursor.accept('.')) cursor.name()
  cursor.expect('ON')
  cursor.name()
  const keys = keysOf(cursor, columns)
  const where = cursor.accept('WHERE') ? cursor.rest() : undefined
  return { name, keys, ...(unique ? { unique } : {}), ...(where === undefined ? {} : { where }) }
}

function keysOf(cursor: Cursor, columns: ReadonlyMap<string, string>): readonly IndexKey[] {
  cursor.expect('(')
  const keys: IndexKey[] = []
  let from = cursor.at
  for (let depth = 1; depth > 0;) {
    const key = cursor.next().key
    if (key === '(') depth++
    else if (key === ')') depth--
    if (depth > 1 || (depth === 1 && key !== ',')) continue
    keys.push(keyOf(cursor.sql, cursor.tokens.slice(from, cursor.at - 1), columns))
    from = cursor.at
  }
  return keys
}

/** `a`, `a COLLATE nocase DESC`, `lower(a) DESC`, `(a + b)`. */
function keyOf(sql: string, tokens: readonly Token[], columns: ReadonlyMap<string, string>): IndexKey {
  let rest = tokens
  let key: IndexKey = {}
  const last = rest.at(-1)?.key
  if (rest.length > 1 && (last === 'ASC' || last === 'DESC')) {
    if (last === 'DESC') key = { sort: 'desc' }
    rest = rest.slice(0, -1)
  }
  if (rest.length > 2 && rest.at(-2)?.key === 'COLLATE' && isOperand(rest.slice(0, -2))) {
    key = { collation: unquoted(rest.at(-1)!), ...key }
    rest = rest.slice(0, -2)
  }
  const column = rest.length === 1 && isName(rest[0])
    ? columns.get(unquoted(rest[0]).toLowerCase())
    : undefined
  if (column !== undefined) return { column, ...key }
  if (rest[0]?.key === '(' && closing(rest) === rest.length - 1) rest = rest.slice(1, -1)
  return { expression: sql.slice(rest[0]?.start ?? 0, rest.at(-1)?.end ?? 0), ...key }
}

/** COLLATE binds to the last operand: only of a name, a call or a parenthesis does it concern the whole key. */
function isOperand(tokens: readonly Token[]): boolean {
  if (tokens.length === 1) return true
  const call = identifierOf(tokens[0]) === undefined ? tokens : tokens.slice(1)
  return call[0]?.key === '(' && closing(call) === call.length - 1
}

/** The view of a CREATE VIEW text. @throws a problem `unreadable-ddl` */
export function parseView(name: string, sql: string): View {
  const cursor = new Cursor(sql)
  cursor.expect('CREATE')
  if (!cursor.accept('TEMP')) cursor.accept('TEMPORARY')
  cursor.expect('VIEW')
  cursor.accept('IF', 'NOT', 'EXISTS')
  cursor.name()
  if (cursor.accept('.')) cursor.name()
  const columns = cursor.is('(') ? readNames(cursor) : undefined
  cursor.expect('AS')
  const query = cursor.rest()
  return columns === undefined ? { name, query } : { name, columns, query }
}
