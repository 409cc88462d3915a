import { changeConstraint } from '../model/change-constraint.ts'
import { changeTable, constraints, shown, tableOf } from '../model/edit.ts'
import type { AnyConstraint } from '../model/edit.ts'
import type { Model, Table } from '../model/model.ts'
import { called } from '../model/called.ts'
import { orphans, refuseOrphans, withoutKeys } from '../model/references.ts'
import type { Reference } from '../model/references.ts'
import { fault } from '../problem.ts'
import type { CompileContext, Definition, Effect, Op } from './definition.ts'
import type { Compiled } from '../dialect/dialect.ts'
import { alterTable, locks } from './parts/compile.ts'
import { changedTables, constraintNamed, KIND_WORDS, restoreKeys } from './parts/on-constraint.ts'
import { restoreConstraints } from './parts/restore-constraints.ts'
import { shownTable } from './parts/on-table.ts'
import { fields, flag, name, optional, schema, words } from '../shape.ts'

const KINDS = ['primary_key', 'unique', 'foreign_key', 'check', 'exclude'] as const

const shape = fields({
  name: name('The constraint. One without a name has the name PostgreSQL gives, on both: users_email_key.'),
  table: name('The table.'),
  schema,
  type: optional(words(KINDS, 'What it must be: a guard against dropping another one.')),
  if_exists: optional(flag('Nothing is done when the table has no such constraint.')),
  cascade: optional(flag('Foreign keys that refer to it go with it.')),
})

export type DropConstraint = Op<'drop_constraint', typeof shape>

interface Dropped {
  readonly table: Table
  readonly one: AnyConstraint
  /** The foreign keys that refer to it. */
  readonly lost: readonly Reference[]
}

/** What it drops; undefined when `if_exists` makes it do nothing. */
function dropped(op: DropConstraint, model: Model): Dropped | undefined {
  const table = tableOf(model, op)
  if (
    op.if_exists && called(constraints(table), op.name, ({ constraint }) => constraint.name) === undefined
  ) return
  const one = constraintNamed(table, op.name)
  if (op.type !== undefined && op.type !== one.kind) {
    fault(
      'wrong-kind',
      `"${one.constraint.name}" is a ${KIND_WORDS[one.kind]}, not a ${KIND_WORDS[op.type]}`,
      {
        path: ['type'],
        hint: `write \`type: ${one.kind}\`, or leave it out`,
      },
    )
  }
  return { table, one, lost: orphans(model, table, without(table, one)) }
}

function without(table: Table, { constraint }: AnyConstraint): Table {
  return changeConstraint(table, constraint.name, () => undefined)
}

/**
 * Drops a constraint of any kind from a table.
 *
 * ```yaml
 * - drop_constraint: { name: uq_users_email, table: users }
 * ```
 * PostgreSQL: `ALTER TABLE users DROP CONSTRAINT uq_users_email`
 *
 * SQLite cannot drop a constraint (https://sqlite.org/lang_altertable.html): the table is rebuilt.
 *
 * Columns of a dropped primary key stay NOT NULL, as on PostgreSQL. Refused while a foreign key needs it,
 * unless `cascade`: SQLite would leave the key pointing at nothing. `cascade` works on SQLite too: the tables
 * that refer to it are rebuilt.
 */
export const dropConstraint: Definition<DropConstraint> = {
  kind: 'drop_constraint',
  summary: 'Drop a constraint of any kind from a table.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [
        { name: 'id', type: 'uuid', primary_key: true },
        { name: 'email', type: 'varchar', unique: true },
      ],
    }],
    operation: { op: 'drop_constraint', name: 'users_email_key', table: 'users' },
  },
  apply(op, model) {
    const found = dropped(op, model)
    if (found === undefined) return model
    const { one, lost } = found
    if (!op.cascade) refuseOrphans(lost, `constraint "${one.constraint.name}"`, ['name'])
    return changeTable(withoutKeys(model, lost), op, (table) => without(table, one))
  },
  invert(op, before) {
    const found = dropped(op, before)
    if (found === undefined) return []
    const after = dropConstraint.apply(op, before)
    return [...restoreConstraints(after, tableOf(after, op), [found.one]), ...restoreKeys(after, found.lost)]
  },
  compile: {
    postgres: (op, cx) => dropSql(op, cx),
    sqlite(op, cx) {
      const table = tableOf(cx.after, op)
      if (table.withoutRowid && table.primaryKey === undefined) {
        fault('unsupported', `"${shown(table)}" is WITHOUT ROWID: SQLite needs its primary key`, {
          path: ['name'],
          hint: 'create another table without it and copy the rows',
        })
      }
      return changedTables(cx)
    },
  },
  effects(op, before) {
    const found = dropped(op, before)
    return found === undefined ? [] : readersOf(found)
  },
  describe: (op) => `drop constraint ${op.name} of ${shownTable(op)}`,
}

/** An upsert names the columns of a unique constraint or the primary key, and needs it. */
function readersOf({ table, one }: Dropped): Effect[] {
  if (one.kind !== 'unique' && one.kind !== 'primary_key') return []
  const why = `INSERT … ON CONFLICT (${one.constraint.columns.join(', ')}) on "${shown(table)}" fails`
  return [{ kind: 'breaks-readers', object: shown(table), why }]
}

/** Dropping a foreign key locks the table it refers to as well: its triggers are there. */
function dropSql(op: DropConstraint, cx: CompileContext): Compiled[] {
  const found = dropped(op, cx.before)
  const target = found?.one.kind === 'foreign_key' ? [shown(found.one.constraint.references)] : []
  const others = found?.lost.map(({ from }) => shown(from)) ?? []
  const tables = new Set([shownTable(op), ...target, ...others])
  const what = `DROP CONSTRAINT ${op.if_exists ? 'IF EXISTS ' : ''}${cx.sql.name(op.name)}`
  return [{
    sql: `${alterTable(cx.sql, op)} ${what}${op.cascade ? ' CASCADE' : ''}`,
    hazards: [...tables].map((one) => locks(one, 'ACCESS EXCLUSIVE')),
  }]
}
