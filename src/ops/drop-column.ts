import type { Model, Table } from '../model/model.ts'
import { column as columnOf, constraints, find, findColumn, shown, tableOf } from '../model/edit.ts'
import { usesColumn } from '../model/used-columns.ts'
import { columnDependents, dropColumnFrom, indexesOf, withoutColumn } from '../model/drop-column.ts'
import { withoutReaders } from '../model/readers.ts'
import { fault } from '../problem.ts'
import type { Compiled, Statement } from '../dialect/dialect.ts'
import { unsupportedField } from './definition.ts'
import type { CompileContext, Definition, Effect, Op } from './definition.ts'
import { fields, flag, name, optional, schema } from '../shape.ts'
import { alterTable, locks, tableChange } from './parts/compile.ts'
import { restoreColumn } from './parts/restore-column.ts'
import { shownTable, tableName } from './parts/on-table.ts'

const shape = fields({
  table: name('The table.'),
  schema,
  column: name('The column.'),
  if_exists: optional(flag('Nothing is done when the table has no such column.')),
  cascade: optional(
    flag(
      'What depends on it goes with it: foreign keys, generated columns, views, policies, functions (PostgreSQL).',
    ),
  ),
})

export type DropColumn = Op<'drop_column', typeof shape>

function skipped(op: DropColumn, model: Model): boolean {
  return op.if_exists === true && findColumn(tableOf(model, op), op.column) === undefined
}

/** The model without the column and what goes with it. */
function without(op: DropColumn, model: Model, table: Table): Model {
  const left = dropColumnFrom(model, table, op.column)
  return op.cascade ? withoutReaders(model, left, table, op.column) : left
}

/**
 * Drops a column, and the indexes and constraints of its table that involve it, those of several columns too: as
 * PostgreSQL does (https://www.postgresql.org/docs/current/sql-altertable.html, DROP COLUMN).
 *
 * ```yaml
 * - drop_column: { table: users, column: seen }
 * ```
 * PostgreSQL and SQLite: `ALTER TABLE users DROP COLUMN seen`. On SQLite its indexes are dropped before, and the table is
 * rebuilt when a key, a constraint or a generated column involves it (https://www.sqlite.org/lang_altertable.html,
 * "ALTER TABLE DROP COLUMN").
 *
 * Refused while something else depends on it (foreign keys that refer to it, generated columns, views, triggers, the
 * expressions of exclusion constraints), unless `cascade`.
 */
export const dropColumn: Definition<DropColumn> = {
  kind: 'drop_column',
  summary: 'Drop a column, with its values, and the indexes and constraints that involve it.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [{ name: 'id', type: 'uuid', primary_key: true }, { name: 'seen', type: 'timestamptz' }],
    }],
    operation: { op: 'drop_column', table: 'users', column: 'seen' },
  },
  apply(op, model) {
    if (skipped(op, model)) return model
    const table = tableOf(model, op)
    columnOf(table, op.column)
    if (usesColumn(table.partitionBy, op.column)) {
      fault('partition-key', `"${shown(table)}" is partitioned by column "${op.column}"`, {
        path: ['column'],
      })
    }
    if (!op.cascade) checkUnused(op, model, table)
    return without(op, model, table)
  },
  invert(op, before) {
    if (skipped(op, before)) return []
    return restoreColumn(before, without(op, before, tableOf(before, op)), op)
  },
  compile: {
    postgres(op, { sql, before }) {
      const table = find(before, 'tables', tableName(op))
      const referred = table?.foreignKeys.filter((key) => key.columns.includes(op.column)) ?? []
      const tail = `${op.if_exists ? 'IF EXISTS ' : ''}${sql.name(op.column)}${op.cascade ? ' CASCADE' : ''}`
      return [{
        sql: `${alterTable(sql, op)} DROP COLUMN ${tail}`,
        hazards: [
          locks(shownTable(op), 'ACCESS EXCLUSIVE'),
          ...referred.map((key) => locks(shown(key.references), 'ACCESS EXCLUSIVE')),
        ],
      }]
    },
    sqlite,
  },
  effects,
  describe: (op) => `drop column ${op.table}.${op.column}`,
}

/** The values of a generated column come again with it. */
function effects(op: DropColumn, before: Model): Effect[] {
  const column = findColumn(tableOf(before, op), op.column)
  if (column === undefined) return []
  const at = { object: op.table, column: op.column }
  const fails: Effect = {
    kind: 'breaks-readers',
    ...at,
    why: `what reads "${op.table}"."${op.column}" fails`,
  }
  if (column.generated !== undefined) return [fails]
  return [{ kind: 'destroys-data', ...at, why: `the values of "${op.table}"."${op.column}" are gone` }, fails]
}

function checkUnused(op: DropColumn, model: Model, table: Table): void {
  const { columns, foreignKeys, views, materializedViews, triggers, policies, excludes } = columnDependents(
    model,
    table,
    op.column,
  )
  const users = [
    ...columns.map((one) => `the generated column "${one.name}"`),
    ...foreignKeys.map(({ from, key }) => `the foreign key "${key.name}" of "${shown(from)}"`),
    ...views.map((one) => `the view "${shown(one)}"`),
    ...materializedViews.map((one) => `the materialized view "${shown(one)}"`),
    ...triggers.map((one) => `the trigger "${one.name}"`),
    ...policies.map((one) => `the policy "${one.name}"`),
    ...excludes.map((one) => `the exclusion constraint "${one.name}"`),
  ]
  if (users.length === 0) return
  fault('still-used', `column "${shown(table)}.${op.column}" is used by ${users.join(', ')}`, {
    path: ['column'],
    hint: 'drop that first, or write `cascade: true` (PostgreSQL)',
  })
}

function sqlite(op: DropColumn, cx: CompileContext): Compiled[] {
  if (op.cascade) unsupportedField('SQLite has no DROP COLUMN … CASCADE', ['cascade'])
  if (skipped(op, cx.before)) return []
  const table = tableOf(cx.before, op)
  if (table.columns.length === 1) {
    fault(
      'unsupported',
      `SQLite has no tables without columns: "${op.column}" is the last of "${shown(table)}"`,
      {
        path: ['column'],
        hint: 'drop the table, or add another column first',
      },
    )
  }
  return [tableChange(op, cx, inPlace(op, cx, table))]
}

/** DROP COLUMN, if SQLite can do it: nothing but indexes may involve the column, and those are dropped before. */
function inPlace(op: DropColumn, { sql, before }: CompileContext, table: Table): Statement[] | undefined {
  if (!sql.dropsColumns(before) && table.unmanaged === undefined) return undefined
  if (constraints(withoutColumn(table, op.column)).length < constraints(table).length) return undefined
  const indexes = indexesOf(table, op.column)
  return [
    ...indexes.map((index) => ({ sql: `DROP INDEX ${sql.name(index.name)}` })),
    { sql: `${alterTable(sql, op)} DROP COLUMN ${sql.name(op.column)}` },
  ]
}
