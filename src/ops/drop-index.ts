import { findIndex } from '../model/called.ts'
import { shown } from '../model/edit.ts'
import type { Index, Model, Table } from '../model/model.ts'
import { orphans, refuseOrphans, withoutKeys } from '../model/references.ts'
import type { Reference } from '../model/references.ts'
import { fault } from '../problem.ts'
import type { CompileContext, Definition, Op } from './definition.ts'
import type { Operation } from './index.ts'
import { locks, tableChange } from './parts/compile.ts'
import { fromIndex } from './parts/index-spec.ts'
import { changedTables, restoreKeys } from './parts/on-constraint.ts'
import { changeIndexed, indexNamed } from './parts/on-index.ts'
import { onTable } from './parts/on-table.ts'
import { fields, flag, name, optional, schema } from '../shape.ts'

const shape = fields({
  name: name('The index.'),
  table: optional(name('Its table: a guard against dropping another one.')),
  schema,
  if_exists: optional(flag('Nothing is done when there is no such index.')),
  concurrently: optional(flag('Reading and writing go on meanwhile (PostgreSQL); outside a transaction.')),
  cascade: optional(flag('Foreign keys that refer to a unique index go with it.')),
})

export type DropIndex = Op<'drop_index', typeof shape>

interface Dropped {
  readonly table: Table
  readonly index: Index
  /** The foreign keys that refer to it. */
  readonly lost: readonly Reference[]
}

/** What it drops; undefined when `if_exists` makes it do nothing. */
function dropped(op: DropIndex, model: Model): Dropped | undefined {
  if (op.if_exists && findIndex(model, op.name, op.schema) === undefined) return
  const { table, index } = indexNamed(model, op)
  return { table, index, lost: orphans(model, table, without(table, index)) }
}

function without(table: Table, index: Index): Table {
  return { ...table, indexes: table.indexes.filter((one) => one.name !== index.name) }
}

/**
 * Drops an index.
 *
 * ```yaml
 * - drop_index: { name: ix_users_email, table: users }
 * ```
 * PostgreSQL and SQLite: `DROP INDEX ix_users_email`
 *
 * The index of a constraint goes with drop_constraint. Refused while a foreign key refers to its columns,
 * unless `cascade`. `concurrently` cannot run in a transaction and not with `cascade`
 * (https://www.postgresql.org/docs/current/sql-dropindex.html); on SQLite it says nothing.
 */
export const dropIndex: Definition<DropIndex> = {
  kind: 'drop_index',
  summary: 'Drop an index.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [
        { name: 'id', type: 'uuid', primary_key: true },
        { name: 'email', type: 'varchar', index: true },
      ],
    }],
    operation: { op: 'drop_index', name: 'ix_users_email', table: 'users' },
  },
  apply(op, model) {
    if (op.concurrently && op.cascade) {
      fault('contradiction', 'an index cannot be dropped concurrently with cascade', {
        path: ['concurrently'],
        hint: 'drop the foreign keys first',
      })
    }
    const found = dropped(op, model)
    if (found === undefined) return model
    const { table, index, lost } = found
    if (!op.cascade) refuseOrphans(lost, `index "${index.name}"`, ['name'])
    return changeIndexed(withoutKeys(model, lost), table, (one) => without(one, index))
  },
  invert(op, before) {
    const found = dropped(op, before)
    if (found === undefined) return []
    const { table, index, lost } = found
    const how = op.concurrently ? { concurrently: true } : {}
    const create: Operation = { op: 'create_index', ...onTable(table), ...fromIndex(index), ...how }
    return [create, ...restoreKeys(dropIndex.apply(op, before), lost)]
  },
  compile: {
    postgres(op, cx) {
      const found = dropped(op, cx.before)
      const lock = op.concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE'
      const tables = found === undefined ? [] : [found.table, ...found.lost.map(({ from }) => from)]
      const hazards = [...new Set(tables.map(shown))].map((one) => locks(one, lock))
      return [{ sql: dropSql(op, cx, op), ...(op.concurrently ? { transaction: 'forbidden' } : {}), hazards }]
    },
    /** The table takes part in a rebuild before or after it; the tables whose foreign keys go are rebuilt. */
    sqlite(op, cx) {
      const found = dropped(op, cx.before)
      if (found === undefined) return [{ sql: dropSql(op, cx) }]
      const own = onTable(found.table)
      const others = changedTables(cx).filter((one) => one.before !== found.table)
      const inPlace = found.lost.some(({ from }) => from === found.table)
        ? undefined
        : [{ sql: dropSql(op, cx) }]
      return [...others, tableChange(own, cx, inPlace)]
    },
  },
  effects(op, before) {
    const found = dropped(op, before)
    if (!found?.index.unique) return []
    const object = shown(found.table)
    const keys = found.index.keys.map((one) => one.column ?? one.expression).join(', ')
    return [{ kind: 'breaks-readers', object, why: `INSERT … ON CONFLICT (${keys}) on "${object}" fails` }]
  },
  describe: (op) => `drop index ${shown({ schema: op.schema, name: op.name })}`,
}

/** @param how words of PostgreSQL's own, after INDEX and at the end */
function dropSql(
  op: DropIndex,
  cx: CompileContext,
  how: { concurrently?: boolean; cascade?: boolean } = {},
): string {
  const name = cx.sql.qualified({
    schema: op.schema,
    name: findIndex(cx.before, op.name, op.schema)?.index.name ?? op.name,
  })
  const head = `DROP INDEX${how.concurrently ? ' CONCURRENTLY' : ''}${op.if_exists ? ' IF EXISTS' : ''}`
  return `${head} ${name}${how.cascade ? ' CASCADE' : ''}`
}
