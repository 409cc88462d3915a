/** `op.add_column`, `op.alter_column`, `op.drop_column`. */
import { isKind, notUnderstood } from '../evaluate/value.ts'
import type { Arguments, Value } from '../evaluate/value.ts'
import type { Place } from '../python/syntax.ts'
import { Bound, lastName } from './arguments.ts'
import { indexApart } from './column-index.ts'
import { columnOf, defaultOf } from './column.ts'
import { SQLALCHEMY } from './context.ts'
import type { Collection } from './context.ts'
import { impliedCheck } from './implied-check.ts'
import { collationOf, typeOf } from './types.ts'

export const COLUMN_OPERATIONS = {
  add_column(args: Arguments, at: Place, context: Collection): void {
    const bound = new Bound('add_column', args, ['table_name', 'column', 'schema'])
    const table = bound.required('table_name')
    const schema = bound.text('schema')
    const { spec: whole, checks } = columnOf(bound.take('column') ?? null, context, schema)
    const { spec, index } = indexApart(whole, { table, schema }, context)
    const lenient = bound.flag('if_not_exists') || undefined
    if (lenient && checks.length > 0) notUnderstood('a CHECK is added, though the column may be there')
    // Alembic writes no PRIMARY KEY for a column that is added, unless told to.
    const { primary_key: key, ...rest } = spec
    if (key && !bound.flag('inline_primary_key')) {
      context.note(at, `Alembic adds the column "${spec.name}" without its primary key: so does this`)
    }
    context.emit(at, {
      op: 'add_column',
      table,
      schema,
      column: key ? { ...rest, nullable: false } : spec,
      if_not_exists: lenient,
    })
    if (index !== undefined) {
      context.emit(at, { op: 'create_index', table, schema, ...index, if_not_exists: lenient })
    }
    checks.forEach((one) => context.emit(at, { op: 'create_check_constraint', table, schema, ...one }))
    bound.ignore('insert_before', 'insert_after', 'inline_references', 'inline_primary_key').end()
  },
  drop_column(args: Arguments, at: Place, context: Collection): void {
    const bound = new Bound('drop_column', args, ['table_name', 'column_name'])
    context.emit(at, {
      op: 'drop_column',
      table: bound.required('table_name'),
      schema: bound.text('schema'),
      column: bound.required('column_name'),
      if_exists: bound.flag('if_exists') || undefined,
    })
    bound.end()
  },
  alter_column: alterColumn,
}

/** False is Alembic's "not given" for comment and server_default; None takes away. */
function given(value: Value | undefined): value is Value {
  return value !== undefined && value !== false
}

function alterColumn(args: Arguments, at: Place, context: Collection): void {
  const bound = new Bound('alter_column', args, ['table_name', 'column_name'])
  const table = bound.required('table_name')
  const column = bound.required('column_name')
  const schema = bound.text('schema')
  const type = bound.some('type_')
  const existing = bound.some('existing_type')
  const server = bound.take('server_default')
  const comment = bound.take('comment')
  const change = {
    new_name: bound.text('new_column_name'),
    type: type === undefined ? undefined : typeOf(type, context),
    using: usingOf(bound, context),
    collation: type === undefined ? undefined : collationOf(type, context),
    nullable: bound.flag('nullable'),
    ...(given(server) ? defaultFields(server) : {}),
    comment: !given(comment)
      ? undefined
      : comment === null || typeof comment === 'string'
      ? comment
      : notUnderstood('a comment is no constant'),
  }
  bound.ignore('existing_server_default', 'existing_nullable', 'existing_comment')
    .ignore('existing_autoincrement', 'autoincrement', 'insert_before', 'insert_after').end()
  if (change.new_name === column) delete change.new_name
  const check = (value: Value | undefined) =>
    type === undefined || value === undefined
      ? undefined
      : impliedCheck(value, change.new_name ?? column, context)
  const [earlier, later] = [check(existing)?.name, check(type)]
  const changed = Object.entries(change).filter(([key, value]) => key !== 'using' && value !== undefined)
  if (earlier !== undefined) {
    context.emit(at, { op: 'drop_constraint', name: earlier, table, schema, type: 'check' })
  }
  // With existing_* alone Alembic does nothing.
  if (changed.length === 0) return
  if (changed.length === 1 && change.new_name !== undefined) {
    context.emit(at, { op: 'rename_column', table, schema, column, new_name: change.new_name })
  } else context.emit(at, { op: 'alter_column', table, schema, column, ...change })
  if (later !== undefined) {
    context.emit(at, { op: 'create_check_constraint', table, schema, ...later })
  }
}

/** It is SQL of PostgreSQL. */
function usingOf(bound: Bound, context: Collection): unknown {
  const using = bound.text('postgresql_using')
  const plain = context.dialect !== undefined && SQLALCHEMY[context.dialect].converts
  return using === undefined || plain ? using : { postgres: using }
}

function defaultFields(server: Value): Record<string, unknown> {
  const name = isKind(server, 'construct') ? lastName(server.path) : ''
  if (name === 'Identity' || name === 'Computed') {
    return notUnderstood(`"${name}" in alter_column is not known`)
  }
  return { default: defaultOf(server) }
}
