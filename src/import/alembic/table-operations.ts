/** `op.create_table` and what else is about whole tables. */
import { defined } from '../../model/defined.ts'
import { isKind, isSequence, notUnderstood, text } from '../evaluate/value.ts'
import type { Arguments, Construct, Value } from '../evaluate/value.ts'
import { Bound, lastName, textOf } from './arguments.ts'
import { indexApart } from './column-index.ts'
import { columnOf, conditionOf, deferral, keyOptions, leftOut, target } from './column.ts'
import type { Collection } from './context.ts'
import { indexFields, nonEmpty, withClass } from './index-operations.ts'
import { isInline, keptName, numbered } from './table-key.ts'
import type { KeyParts } from './table-key.ts'
import { sqlOf } from './sql-text.ts'

interface Parts extends KeyParts {
  readonly table: string
  readonly schema: string | undefined
  readonly unique: unknown[]
  readonly checks: unknown[]
  readonly exclude: unknown[]
  readonly indexes: unknown[]
}

/** Names of columns: texts, or columns themselves. */
function columnNames(values: readonly Value[]): string[] {
  return values.map((one) =>
    isKind(one, 'construct') ? textOf(one.positional[0] ?? null, 'a column') : textOf(one, 'a column')
  )
}

/** Reads what stands in a table besides its name. */
function readPart(value: Value, parts: Parts, context: Collection): void {
  if (value === null) return
  if (!isKind(value, 'construct')) return notUnderstood('a part of a table is not known')
  const name = lastName(value.path)
  switch (name) {
    case 'Column': {
      const column = columnOf(value, context, parts.schema)
      const { spec, index } = indexApart(column.spec, parts, context)
      parts.columns.push({ ...column, spec })
      if (index !== undefined) parts.indexes.push(index)
      parts.checks.push(...column.checks.map(defined))
      return
    }
    case 'PrimaryKeyConstraint':
      parts.primaryKey = keyOf(value, ['columns', 'include'])
      return
    case 'UniqueConstraint':
      parts.unique.push(keyOf(value, ['columns', 'include', 'nulls_not_distinct']))
      return
    case 'CheckConstraint':
      parts.checks.push(checkOf(value))
      return
    case 'ForeignKeyConstraint': {
      const key = foreignKeyOf(value, context)
      if (key !== undefined) parts.foreignKeys.push(key)
      return
    }
    case 'ExcludeConstraint':
      parts.exclude.push(exclusionOf(value))
      return
    case 'Index': {
      const [index = null, ...columns] = value.positional
      const bound = new Bound('Index', {
        positional: [index, { kind: 'list', items: columns }],
        named: value.named,
      }, [
        'index_name',
        'columns',
      ])
      parts.indexes.push(indexFields(bound, context))
      bound.end()
      return
    }
  }
  notUnderstood(`"${value.path}" in a table is not known`)
}

function keyOf(value: Construct, fields: readonly string[]): unknown {
  const bound = new Bound(lastName(value.path), { positional: [], named: value.named }, [])
  const all = {
    name: bound.text('name'),
    columns: columnNames(value.positional),
    include: nonEmpty(bound.texts('postgresql_include')),
    nulls_not_distinct: bound.flag('postgresql_nulls_not_distinct') || undefined,
    ...deferral(bound),
  }
  if (!fields.includes('nulls_not_distinct')) delete all.nulls_not_distinct
  bound.ignore('_column_flag').end()
  return defined(all)
}

function checkOf(value: Construct): unknown {
  const bound = new Bound('CheckConstraint', value, ['sqltext', 'name'])
  const condition = conditionOf(bound.take('sqltext') ?? null)
  const spec = defined({
    name: bound.text('name'),
    condition,
    not_valid: bound.flag('postgresql_not_valid') || undefined,
  })
  bound.end()
  return spec
}

function foreignKeyOf(value: Construct, context: Collection): unknown {
  const bound = new Bound('ForeignKeyConstraint', value, [
    'columns',
    'refcolumns',
    ...['name', 'onupdate', 'ondelete', 'deferrable', 'initially', 'use_alter', 'link_to_name', 'match'],
  ])
  const columns = bound.texts('columns') ?? []
  const targets = (bound.texts('refcolumns') ?? []).map(target)
  const [first = notUnderstood('a foreign key refers to nothing')] = targets
  const spec = defined({
    name: bound.text('name'),
    columns,
    references: defined({
      table: first.table,
      schema: first.schema,
      columns: targets.map((one) => one.column),
    }),
    ...keyOptions(bound),
    not_valid: bound.flag('postgresql_not_valid') || undefined,
  })
  const later = bound.flag('use_alter')
  bound.ignore('link_to_name').end()
  return later && leftOut(value, context) ? undefined : spec
}

/** `ExcludeConstraint((expression, operator), …)`, and the arguments of op.create_exclude_constraint. */
export function exclusionOf(value: Arguments): Record<string, unknown> {
  const bound = new Bound('ExcludeConstraint', { positional: [], named: value.named }, [])
  const classes = bound.some('ops')
  const elements = value.positional.map((one) => {
    if (!isSequence(one) || one.items.length < 2) {
      return notUnderstood('a part of an exclusion is not known')
    }
    const [what = null, operator = null] = one.items
    const spelled = typeof what === 'string' ? { column: what } : elementOf(what)
    return withClass({ ...spelled, with: textOf(operator, 'an operator') }, classes)
  })
  const where = bound.take('where')
  const spec = defined({
    name: bound.text('name'),
    using: bound.text('using'),
    elements,
    where: where === undefined || where === null ? undefined : conditionOf(where),
    ...deferral(bound),
  })
  bound.end()
  return spec
}

function elementOf(value: Value): { column: string } | { expression: string } {
  const column = isKind(value, 'construct') && /(^|\.)(column|Column)$/.test(value.path) &&
    value.of === undefined
  return column ? { column: text(value.positional[0] ?? '') } : { expression: sqlOf(value) }
}

/** `op.create_table(name, *columns and constraints, …)`. */
export function createTable(args: Arguments, at: Construct['at'], context: Collection): void {
  const bound = new Bound('create_table', args, ['table_name'])
  const [table, schema] = [bound.required('table_name'), bound.text('schema')]
  const lists = { columns: [], unique: [], checks: [], foreignKeys: [], exclude: [], indexes: [] }
  const parts: Parts = { table, schema, ...lists }
  bound.others().forEach((one) => readPart(one, parts, context))
  const never = bound.flag('sqlite_autoincrement') === true
  if (never) parts.primaryKey = keptName(parts.primaryKey, context)
  const some = <T>(items: readonly T[]): readonly T[] | undefined => items.length === 0 ? undefined : items
  context.emit(at, {
    op: 'create_table',
    name: table,
    schema,
    if_not_exists: bound.flag('if_not_exists') || undefined,
    columns: numbered(parts, never),
    primary_key: isInline(parts) ? undefined : parts.primaryKey,
    unique: some(distinct(parts.unique)),
    foreign_keys: some(parts.foreignKeys),
    checks: some(parts.checks),
    exclude: some(parts.exclude),
    indexes: some(parts.indexes),
    comment: bound.text('comment'),
    ...tableOptions(bound),
  })
  bound.end()
}

/** PostgreSQL makes one constraint of two that say the same. */
function distinct(constraints: readonly unknown[]): readonly unknown[] {
  const texts = constraints.map((one) => JSON.stringify(one))
  return constraints.filter((_, i) => texts.indexOf(texts[i]!) === i)
}

function tableOptions(bound: Bound): Record<string, unknown> {
  const prefixes = bound.texts('prefixes')
  const rowid = bound.flag('sqlite_with_rowid')
  const storage = bound.some('postgresql_with')
  return {
    strict: bound.flag('sqlite_strict') || undefined,
    without_rowid: rowid === false ? true : undefined,
    unlogged: prefixes?.includes('UNLOGGED') || undefined,
    with: storage !== undefined && isKind(storage, 'dict')
      ? Object.fromEntries(
        storage.entries.map(([key, value]) => [text(key), value as string | number | boolean]),
      )
      : undefined,
    tablespace: bound.text('postgresql_tablespace'),
    partition_by: bound.text('postgresql_partition_by'),
    inherits: bound.texts('postgresql_inherits'),
  }
}

/** `op.drop_table`, `op.rename_table`, table comments. */
export const TABLE_OPERATIONS = {
  drop_table(args: Arguments, at: Construct['at'], context: Collection): void {
    const bound = new Bound('drop_table', args, ['table_name', 'schema'])
    context.emit(at, {
      op: 'drop_table',
      name: bound.required('table_name'),
      schema: bound.text('schema'),
      if_exists: bound.flag('if_exists') || undefined,
    })
    bound.end()
  },
  rename_table(args: Arguments, at: Construct['at'], context: Collection): void {
    const bound = new Bound('rename_table', args, ['old_table_name', 'new_table_name', 'schema'])
    context.emit(at, {
      op: 'rename_table',
      name: bound.required('old_table_name'),
      schema: bound.text('schema'),
      new_name: bound.required('new_table_name'),
    })
    bound.end()
  },
  create_table_comment(args: Arguments, at: Construct['at'], context: Collection): void {
    const bound = new Bound('create_table_comment', args, [
      'table_name',
      'comment',
      'existing_comment',
      'schema',
    ])
    const comment = bound.text('comment')
    context.emit(at, {
      op: comment === undefined ? 'drop_table_comment' : 'create_table_comment',
      table: bound.required('table_name'),
      schema: bound.text('schema'),
      comment,
    })
    bound.ignore('existing_comment').end()
  },
  drop_table_comment(args: Arguments, at: Construct['at'], context: Collection): void {
    const bound = new Bound('drop_table_comment', args, ['table_name', 'existing_comment', 'schema'])
    context.emit(at, {
      op: 'drop_table_comment',
      table: bound.required('table_name'),
      schema: bound.text('schema'),
    })
    bound.ignore('existing_comment').end()
  },
}
