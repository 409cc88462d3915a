import { get, shown } from '../model/edit.ts'
import { renameTable as renamed } from '../model/rename.ts'
import { defined } from '../model/defined.ts'
import type { Statement } from '../dialect/dialect.ts'
import { findTrigger, isOn, upsertsInto } from '../model/trigger.ts'
import type { CompileContext, Definition, Op } from './definition.ts'
import { fault } from '../problem.ts'
import { fields, name, schema } from '../shape.ts'
import { locks } from './parts/compile.ts'
import { bodiesNaming } from './parts/text-bodies.ts'

const shape = fields({
  name: name('The table.'),
  schema,
  new_name: name('Its new name.'),
})

export type RenameTable = Op<'rename_table', typeof shape>

/**
 * Renames a table. Its indexes, constraints and sequences keep their names, on both databases.
 *
 * ```yaml
 * - rename_table: { name: users, new_name: accounts }
 * ```
 * PostgreSQL and SQLite: `ALTER TABLE users RENAME TO accounts`
 *
 * Both databases also rewrite the foreign keys, views and triggers that name the table
 * (https://www.sqlite.org/lang_altertable.html, "ALTER TABLE RENAME"); so does the model. SQLite writes the new name in the
 * place of EXCLUDED, too, which makes another sense of an upsert: triggers that have one are dropped before and made anew.
 */
export const renameTable: Definition<RenameTable> = {
  kind: 'rename_table',
  summary: 'Rename a table.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [{ name: 'id', type: 'uuid', primary_key: true }],
    }],
    operation: { op: 'rename_table', name: 'users', new_name: 'accounts' },
  },
  apply: (op, model) => renamed(model, get(model, 'tables', op), op.new_name),
  invert: (op) => [defined({ op: 'rename_table', name: op.new_name, schema: op.schema, new_name: op.name })],
  compile: { postgres: (op, cx) => [statement(op, cx)], sqlite },
  effects: (op, before) => [
    { kind: 'breaks-readers', object: op.name, why: `what reads "${op.name}" under its old name fails` },
    ...bodiesNaming(before, op.name),
  ],
  renames: (op) => [defined({ name: op.name, schema: op.schema, to: op.new_name })],
  describe: (op) => `rename table ${op.name} to ${op.new_name}`,
}

function statement(op: RenameTable, { sql }: CompileContext): Statement {
  return {
    sql: `ALTER TABLE ${sql.qualified(op)} RENAME TO ${sql.newName(op.new_name)}`,
    hazards: [locks(shown(op), 'ACCESS EXCLUSIVE')],
  }
}

function sqlite(op: RenameTable, cx: CompileContext): Statement[] {
  const renaming = statement(op, cx)
  const before = cx.before.triggers.filter((one) => upsertsInto(one, op))
  const after = before.flatMap((one) => {
    const table = isOn(one, op) ? op.new_name : one.table
    return findTrigger(cx.after, { ...one, table }) ?? []
  })
  const left = after.find((one) => upsertsInto(one, op))
  if (left !== undefined && op.new_name.toLowerCase() !== op.name.toLowerCase()) faultLeft(op, left.name)
  return [
    ...before.map(({ name }) => ({ sql: `DROP TRIGGER ${cx.sql.name(name)}` })),
    renaming,
    ...after.map((one) => ({ sql: cx.sql.createTrigger(one) })),
  ]
}

/** Names in brackets, or in quotes with letters of another case, are not followed. */
function faultLeft(op: RenameTable, trigger: string): never {
  return fault('unsupported', `SQLite would take EXCLUDED in the trigger "${trigger}" for "${op.new_name}"`, {
    path: ['new_name'],
    hint:
      'drop it before and create it anew after, or let it name the table as it is called, without brackets',
  })
}
