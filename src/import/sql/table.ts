/** CREATE TABLE, ALTER TABLE, CREATE INDEX. */
import { columnAt, constraintAt, defaultText, startsConstraint, typeAt } from './column.ts'
import type { TableParts } from './column.ts'
import { notExact } from './cursor.ts'
import type { Cursor, Qualified } from './cursor.ts'

/** An operation, not yet looked at. */
export type Raw = { readonly op: string } & Readonly<Record<string, unknown>>

const on = ({ name, schema }: Qualified) => (schema === undefined ? { table: name } : { table: name, schema })
const some = <T>(items: readonly T[]): readonly T[] | undefined => items.length === 0 ? undefined : items

export function createTable(cursor: Cursor): Raw {
  const lenient = cursor.accept('IF', 'NOT', 'EXISTS')
  const { name, schema } = cursor.qualified()
  const parts: TableParts = { unique: [], checks: [], foreign_keys: [] }
  const columns: unknown[] = []
  for (const one of cursor.inside().parts()) {
    if (!startsConstraint(one)) columns.push(columnAt(one, parts))
    else {
      const { kind, spec } = constraintAt(one)
      if (kind === 'primary_key') parts.primary_key = spec
      else parts[kind === 'unique' ? 'unique' : kind === 'check' ? 'checks' : 'foreign_keys'].push(spec)
      one.end()
    }
  }
  const strict = { strict: undefined as true | undefined, without_rowid: undefined as true | undefined }
  while (!cursor.done) {
    if (cursor.accept('STRICT')) strict.strict = true
    else if (cursor.accept('WITHOUT', 'ROWID')) strict.without_rowid = true
    else cursor.expect(',')
  }
  return {
    op: 'create_table',
    name,
    schema,
    if_not_exists: lenient || undefined,
    columns,
    primary_key: parts.primary_key,
    unique: some(parts.unique),
    foreign_keys: some(parts.foreign_keys),
    checks: some(parts.checks),
    ...strict,
  }
}

export function alterTable(cursor: Cursor): Raw[] {
  cursor.accept('ONLY')
  const table = on(cursor.qualified())
  if (cursor.accept('RENAME', 'TO')) {
    const { table: name, ...schema } = table
    return [{ op: 'rename_table', name, ...schema, new_name: cursor.name() }]
  }
  if (cursor.accept('RENAME', 'CONSTRAINT')) {
    const name = cursor.name()
    cursor.expect('TO')
    return [{ op: 'rename_constraint', ...table, name, new_name: cursor.name() }]
  }
  if (cursor.accept('RENAME')) {
    cursor.accept('COLUMN')
    const column = cursor.name()
    cursor.expect('TO')
    return [{ op: 'rename_column', ...table, column, new_name: cursor.name() }]
  }
  return cursor.parts().map((one) => {
    const action = alteration(one, table)
    one.end()
    return action
  })
}

function alteration(cursor: Cursor, table: Readonly<Record<string, unknown>>): Raw {
  if (cursor.accept('ADD')) return addition(cursor, table)
  if (cursor.accept('DROP', 'CONSTRAINT')) {
    const lenient = cursor.accept('IF', 'EXISTS')
    return {
      op: 'drop_constraint',
      name: cursor.name(),
      ...table,
      if_exists: lenient || undefined,
      ...cascadeAt(cursor),
    }
  }
  if (cursor.accept('DROP')) {
    cursor.accept('COLUMN')
    const lenient = cursor.accept('IF', 'EXISTS')
    return {
      op: 'drop_column',
      ...table,
      column: cursor.name(),
      if_exists: lenient || undefined,
      ...cascadeAt(cursor),
    }
  }
  if (cursor.accept('VALIDATE', 'CONSTRAINT')) {
    return { op: 'validate_constraint', name: cursor.name(), ...table }
  }
  cursor.expect('ALTER')
  cursor.accept('COLUMN')
  return { op: 'alter_column', ...table, column: cursor.name(), ...columnChange(cursor) }
}

function addition(cursor: Cursor, table: Readonly<Record<string, unknown>>): Raw {
  if (!startsConstraint(cursor)) {
    cursor.accept('COLUMN')
    const lenient = cursor.accept('IF', 'NOT', 'EXISTS')
    return { op: 'add_column', ...table, column: columnAt(cursor), if_not_exists: lenient || undefined }
  }
  const { kind, spec } = constraintAt(cursor)
  const op = kind === 'unique' || kind === 'check' ? `create_${kind}_constraint` : `create_${kind}`
  return { op, ...table, ...spec }
}

function columnChange(cursor: Cursor): Record<string, unknown> {
  if (cursor.accept('SET', 'NOT', 'NULL')) return { nullable: false }
  if (cursor.accept('DROP', 'NOT', 'NULL')) return { nullable: true }
  if (cursor.accept('SET', 'DEFAULT')) return { default: defaultText(cursor.rest()) }
  if (cursor.accept('DROP', 'DEFAULT')) return { default: null }
  if (!cursor.accept('SET', 'DATA', 'TYPE')) cursor.expect('TYPE')
  const type = typeAt(cursor)
  return cursor.accept('USING') ? { type, using: cursor.rest() } : { type }
}

/** CASCADE; RESTRICT is what happens anyway. */
export function cascadeAt(cursor: Cursor): { readonly cascade?: true } {
  if (cursor.accept('CASCADE')) return { cascade: true }
  cursor.accept('RESTRICT')
  return {}
}

export function createIndex(cursor: Cursor, unique: boolean): Raw {
  const concurrently = cursor.accept('CONCURRENTLY')
  const lenient = cursor.accept('IF', 'NOT', 'EXISTS')
  const { name } = cursor.is('ON') ? notExact() : cursor.qualified()
  cursor.expect('ON')
  const table = on(cursor.qualified())
  const using = cursor.accept('USING') ? cursor.name() : undefined
  const columns = cursor.inside().parts().map(keyAt)
  const include = cursor.accept('INCLUDE') ? cursor.names() : undefined
  const nulls = cursor.accept('NULLS', 'NOT', 'DISTINCT') || undefined
  const where = cursor.accept('WHERE') ? cursor.rest() : undefined
  return {
    op: 'create_index',
    name,
    ...table,
    columns,
    unique: unique || undefined,
    where,
    using: using === 'btree' ? undefined : using,
    include,
    nulls_not_distinct: nulls,
    concurrently: concurrently || undefined,
    if_not_exists: lenient || undefined,
  }
}

const MODIFIERS = new Set(['COLLATE', 'ASC', 'DESC', 'NULLS'])

/** `name`, `lower(name)`, `(a || b)`, each with COLLATE, an operator class, ASC or DESC, NULLS FIRST or LAST. */
function keyAt(cursor: Cursor): unknown {
  const key: Record<string, unknown> = {}
  if (cursor.is('(')) key.expression = cursor.parenthesized()
  else if (cursor.peek(1)?.key === '(') key.expression = call(cursor)
  else key.column = cursor.name()
  if (cursor.accept('COLLATE')) key.collation = cursor.name()
  if (!cursor.done && !MODIFIERS.has(cursor.peek()!.key)) key.opclass = cursor.name()
  if (cursor.accept('DESC')) key.sort = 'desc'
  else cursor.accept('ASC')
  if (cursor.accept('NULLS', 'FIRST')) key.nulls = 'first'
  else if (cursor.accept('NULLS', 'LAST')) key.nulls = 'last'
  cursor.end()
  return Object.keys(key).length === 1 && key.column !== undefined ? key.column : key
}

/** `lower(name)`: the name of the function and its parentheses. */
function call(cursor: Cursor): string {
  let seen = false
  return cursor.until((one) => {
    if (seen) return true
    seen = one.is('(')
    return false
  })
}
