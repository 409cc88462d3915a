import { tableOf } from '../model/edit.ts'
import type { Model } from '../model/model.ts'
import { renameColumn as renamed } from '../model/rename.ts'
import { defined } from '../model/defined.ts'
import type { CompileContext, Definition, Effect, Op, Renamed } from './definition.ts'
import type { Statement } from '../dialect/dialect.ts'
import { fields, name, schema } from '../shape.ts'
import { alterTable, locks, tableChange } from './parts/compile.ts'
import { shownTable } from './parts/on-table.ts'
import { bodiesNamingColumn } from './parts/text-bodies.ts'

const shape = fields({
  table: name('The table.'),
  schema,
  column: name('The column.'),
  new_name: name('Its new name.'),
})

export type RenameColumn = Op<'rename_column', typeof shape>

/**
 * Renames a column. Constraints and indexes keep their names (`users_email_key`), as on PostgreSQL.
 *
 * ```yaml
 * - rename_column: { table: users, column: email, new_name: mail }
 * ```
 * PostgreSQL and SQLite: `ALTER TABLE users RENAME COLUMN email TO mail`
 *
 * Both databases rewrite what names the column: keys, foreign keys of other tables, checks, generated columns, indexes.
 * Views go on to show it under its old name on PostgreSQL, as if they had said `SELECT mail AS email`, and show it under
 * the new one on SQLite.
 */
export const renameColumn: Definition<RenameColumn> = {
  kind: 'rename_column',
  summary: 'Rename a column.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [
        { name: 'id', type: 'uuid', primary_key: true },
        { name: 'email', type: 'varchar', nullable: false, unique: true },
      ],
    }],
    operation: { op: 'rename_column', table: 'users', column: 'email', new_name: 'mail' },
  },
  apply: (op, model) => renamed(model, tableOf(model, op), op.column, op.new_name),
  invert: (op) => [
    defined({
      op: 'rename_column',
      table: op.table,
      schema: op.schema,
      column: op.new_name,
      new_name: op.column,
    }),
  ],
  compile: {
    postgres: (op, cx) => [renameStatement(op, cx)],
    sqlite: (op, cx) => [
      tableChange(op, cx, [renameStatement(op, cx)], { renamed: { from: op.column, to: op.new_name } }),
    ],
  },
  effects: renameEffects,
  renames: (op) => [renamedColumn(op)],
  describe: (op) => `rename column ${op.table}.${op.column} to ${op.new_name}`,
}

type Renaming = Omit<RenameColumn, 'op'>

export function renamedColumn({ table, schema, column, new_name }: Renaming): Renamed {
  return defined({ name: table, schema, column, to: new_name })
}

/** `ALTER TABLE … RENAME COLUMN …` */
export function renameStatement(op: Renaming, { sql }: CompileContext): Statement {
  return {
    sql: `${alterTable(sql, op)} RENAME COLUMN ${sql.name(op.column)} TO ${sql.newName(op.new_name)}`,
    hazards: [locks(shownTable(op), 'ACCESS EXCLUSIVE')],
  }
}

export function renameEffects(op: Renaming, before: Model): Effect[] {
  return [
    {
      kind: 'breaks-readers',
      object: op.table,
      column: op.column,
      why: `what reads "${op.table}"."${op.column}" under its old name fails`,
    },
    ...bodiesNamingColumn(before, op.table, op.column),
  ]
}
