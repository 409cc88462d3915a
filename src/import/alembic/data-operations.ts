/** `op.bulk_insert`, and SQLAlchemy's insert, update and delete. */
import { isKind, isSequence, notUnderstood, text } from '../evaluate/value.ts'
import type { Arguments, Construct, Value } from '../evaluate/value.ts'
import type { Place } from '../python/syntax.ts'
import { Bound, lastName, textOf } from './arguments.ts'
import type { Collection } from './context.ts'
import { rowValue, sqlOf } from './sql-text.ts'

interface TableName {
  readonly table: string
  readonly schema: string | undefined
}

/** The table that `sa.table`, `sa.Table`, `metadata.tables['x']` or op.create_table's result stands for. */
function tableOf(value: Value): TableName {
  if (
    isKind(value, 'construct') && value.path === '[]' && isKind(value.of, 'attribute') &&
    value.of.name === 'tables'
  ) {
    const [schema, name] = text(value.positional[0] ?? '').split('.')
    return name === undefined ? { table: schema!, schema: undefined } : { table: name, schema }
  }
  if (!isKind(value, 'construct') || !/(^|\.)(table|Table|create_table)$/.test(value.path)) {
    return notUnderstood('the table is not known')
  }
  const schema = value.named.get('schema')
  return {
    table: textOf(value.positional[0] ?? null, 'the name of a table'),
    schema: schema === undefined || schema === null ? undefined : text(schema),
  }
}

/** Rows as YAML holds them; a row without values is none. */
function rowsOf(value: Value): Record<string, unknown>[] {
  if (isKind(value, 'dict')) return [rowValue(value) as Record<string, unknown>]
  if (!isSequence(value)) return notUnderstood('the rows are no constants')
  return value.items.map((one) => {
    if (!isKind(one, 'dict')) return notUnderstood('a row is no dictionary')
    return rowValue(one) as Record<string, unknown>
  })
}

export const DATA_OPERATIONS = {
  bulk_insert(args: Arguments, at: Place, context: Collection): void {
    const bound = new Bound('bulk_insert', args, ['table', 'rows'])
    const table = tableOf(bound.take('table') ?? null)
    const rows = rowsOf(bound.take('rows') ?? null)
    bound.ignore('multiinsert').end()
    if (rows.length > 0) context.emit(at, { op: 'bulk_insert', ...table, rows })
  },
}

interface Statement {
  readonly kind: 'insert' | 'update' | 'delete'
  readonly table: TableName
  readonly where: readonly string[]
  readonly values: readonly Value[]
}

/** Reads `sa.update(t).where(…).values(…)` and `t.update()…` from the end to the beginning. */
function statementOf(value: Construct): Statement | undefined {
  const { path, of, positional, named } = value
  const name = path.replace(/^\./, '')
  if (of === undefined) {
    const kind = lastName(path)
    if (kind !== 'insert' && kind !== 'update' && kind !== 'delete') return undefined
    return { kind, table: tableOf(positional[0] ?? null), where: [], values: [] }
  }
  if (name === 'insert' || name === 'update' || name === 'delete') {
    const table = tableOf(of)
    const more: Value[] = named.has('values')
      ? [named.get('values')!]
      : positional.slice(name === 'insert' ? 0 : 1)
    const where = name === 'insert' ? [] : positional.slice(0, 1).map(sqlOf)
    return { kind: name, table, where, values: more }
  }
  if (!isKind(of, 'construct')) return undefined
  const inner = statementOf(of)
  if (inner === undefined) return undefined
  if (name === 'where' || name === 'filter') {
    return { ...inner, where: [...inner.where, ...positional.map(sqlOf)] }
  }
  if (name !== 'values') return notUnderstood(`"${name}" of ${inner.kind} is not known`)
  const assigned: Value[] = named.size === 0 ? [] : [{ kind: 'dict', entries: [...named] }]
  return { ...inner, values: [...inner.values, ...positional, ...assigned] }
}

/**
 * Emits SQLAlchemy's insert, update or delete.
 * @param rows what was given to `execute` beside it
 * @returns whether it was one of them
 */
export function emitStatement(
  value: Value,
  rows: Value | undefined,
  at: Place,
  context: Collection,
): boolean {
  const statement = isKind(value, 'construct') ? statementOf(value) : undefined
  if (statement === undefined) return false
  const { kind, table, where, values } = statement
  const condition = where.length === 0
    ? undefined
    : where.length === 1
    ? where[0]
    : where.map((one) => `(${one})`).join(' AND ')
  if (kind !== 'insert' && rows !== undefined) return notUnderstood(`parameters of ${kind} are not known`)
  if (kind === 'insert') {
    const all = [...values, ...(rows === undefined ? [] : [rows])].flatMap(rowsOf)
    if (all.length === 0) return notUnderstood('insert without rows is not known')
    context.emit(at, { op: 'bulk_insert', ...table, rows: all })
  } else if (kind === 'delete') {
    context.emit(at, { op: 'delete_rows', ...table, where: condition })
  } else {
    const set = Object.assign({}, ...values.flatMap(rowsOf)) as Record<string, unknown>
    if (Object.keys(set).length === 0) return notUnderstood('update without values is not known')
    context.emit(at, { op: 'update_rows', ...table, set, where: condition })
  }
  return true
}
