import { constraints, find, get, isOwnedBy, remove, shown } from '../model/edit.ts'
import { fault } from '../problem.ts'
import { parentOf } from '../model/inherited.ts'
import { references, withoutKeys } from '../model/references.ts'
import { asGranted, grantedWith, withoutGrants } from '../model/grant.ts'
import { isOn } from '../model/trigger.ts'
import type { Model, Table } from '../model/model.ts'
import { withoutReaders } from '../model/readers.ts'
import { viewsReading, withoutViews, withViewsOver } from '../model/views.ts'
import { unsupportedField } from './definition.ts'
import type { CompileContext, Definition, Op } from './definition.ts'
import { fields, flag, name, optional, schema } from '../shape.ts'
import { fromTable } from './parts/from-table.ts'
import { repeatedKeys } from './parts/repeated-keys.ts'
import { restoreConstraints } from './parts/restore-constraints.ts'
import { restoreOwned } from './parts/sequence.ts'
import { restoreLostGrants } from './parts/grant.ts'
import { restoreReaders } from './parts/restore-readers.ts'
import { restoreRowSecurity } from './parts/policy.ts'
import { restoreLostTriggers } from './parts/trigger.ts'
import { restoreKeys } from './parts/on-constraint.ts'
import { locks } from './parts/compile.ts'

const shape = fields({
  name: name('The table.'),
  schema,
  if_exists: optional(flag('Nothing is done when there is no such table.')),
  cascade: optional(
    flag('Foreign keys, views, policies and functions that depend on it go with it (PostgreSQL).'),
  ),
})

export type DropTable = Op<'drop_table', typeof shape>

function skipped(op: DropTable, model: Model): boolean {
  return op.if_exists === true && find(model, 'tables', op) === undefined
}

/**
 * The table as CREATE TABLE can make it, and what must be added to it: constraints that PostgreSQL has not validated, and
 * keys that repeat one another.
 */
function creatable(table: Table) {
  const isValid = (one: { readonly valid?: false }) => one.valid !== false
  const repeated: readonly object[] = repeatedKeys(table)
  const { checks, foreignKeys, uniques } = table
  return {
    bare: {
      ...table,
      uniques: uniques.filter((one) => !repeated.includes(one)),
      checks: checks.filter(isValid),
      foreignKeys: foreignKeys.filter(isValid),
    },
    more: constraints(table).filter(({ constraint }) =>
      repeated.includes(constraint) || 'valid' in constraint && !isValid(constraint)
    ),
  }
}

/** What depends on the table and does not go with it by itself. */
function dependents(model: Model, table: Table) {
  return {
    keys: references(model, table).filter(({ from }) => from !== table),
    views: withViewsOver(model, viewsReading(model, table)),
    heirs: model.tables.filter((one) => one.inherits?.some((parent) => parentOf(model, parent) === table)),
  }
}

function checkUnused(model: Model, table: Table): void {
  const { keys, views: { views, materializedViews }, heirs } = dependents(model, table)
  const users = [
    ...keys.map(({ from, key }) => `the foreign key "${key.name}" of "${shown(from)}"`),
    ...views.map((one) => `the view "${shown(one)}"`),
    ...materializedViews.map((one) => `the materialized view "${shown(one)}"`),
    ...heirs.map((one) => `the table "${shown(one)}", which inherits from it`),
  ]
  if (users.length === 0) return
  fault('still-used', `table "${shown(table)}" is used by ${users.join(', ')}`, {
    path: ['name'],
    hint: heirs.length > 0 ? 'drop that first' : 'drop that first, or write `cascade: true` (PostgreSQL)',
  })
}

/**
 * Drops a table, with its indexes, constraints and triggers. The enum types its columns used stay.
 *
 * ```yaml
 * - drop_table: { name: users }
 * ```
 * PostgreSQL and SQLite: `DROP TABLE users`
 *
 * Refused while another table's foreign key refers to it or a view reads it, unless `cascade`: SQLite would leave them
 * dangling. Sequences that a column of it owns go with it.
 */
export const dropTable: Definition<DropTable> = {
  kind: 'drop_table',
  summary: 'Drop a table, with its rows, indexes and constraints.',
  shape,
  example: {
    given: [{
      op: 'create_table',
      name: 'users',
      columns: [{ name: 'id', type: 'uuid', primary_key: true }],
    }],
    operation: { op: 'drop_table', name: 'users' },
  },
  apply(op, model) {
    if (skipped(op, model)) return model
    const table = get(model, 'tables', op)
    const { keys, views, heirs } = dependents(model, table)
    if (!op.cascade || heirs.length > 0) checkUnused(model, table)
    const without = remove(withoutViews(withoutKeys(model, keys), views), 'tables', op)
    const owned = without.sequences.filter((one) => isOwnedBy(one, table))
    const left = op.cascade ? withoutReaders(model, without, op) : without
    return {
      ...left,
      sequences: without.sequences.filter((one) => !owned.includes(one)),
      triggers: without.triggers.filter((one) => !isOn(one, table)),
      grants: withoutGrants(left.grants, [...grantedWith(table), ...owned.map(asGranted)]),
    }
  },
  invert(op, before) {
    if (skipped(op, before)) return []
    const table = get(before, 'tables', op)
    const after = dropTable.apply(op, before)
    const { keys } = dependents(before, table)
    const sequences = restoreOwned(before.sequences.filter((one) => isOwnedBy(one, table)))
    const { bare, more } = creatable(table)
    return [
      ...sequences.before,
      { op: 'create_table', ...fromTable(bare, before) },
      ...restoreConstraints(after, bare, more),
      ...sequences.after,
      ...restoreKeys(after, keys),
      ...restoreRowSecurity(table),
      ...restoreReaders(before, after),
      ...restoreLostTriggers(before, after),
      ...restoreLostGrants(before, after),
    ]
  },
  compile: {
    postgres(op, cx) {
      const others = cx.before.tables.filter((one) => op.cascade && find(cx.after, 'tables', one) !== one)
      const table = find(cx.before, 'tables', op)
      const targets = table?.foreignKeys.map((key) => shown(key.references))
      const names = new Set([shown(op), ...(targets ?? []), ...others.map(shown)])
      const hazards = [...names].map((name) => locks(name, 'ACCESS EXCLUSIVE'))
      return [{ sql: dropTableSql(op, cx) + (op.cascade ? ' CASCADE' : ''), hazards }]
    },
    sqlite(op, cx) {
      if (op.cascade) unsupportedField('SQLite has no DROP TABLE … CASCADE', ['cascade'])
      return [{ sql: dropTableSql(op, cx) }]
    },
  },
  effects: (op, before) =>
    skipped(op, before) ? [] : [
      { kind: 'destroys-data', object: op.name, why: `the rows of "${op.name}" are gone` },
      { kind: 'breaks-readers', object: op.name, why: `what reads "${op.name}" fails` },
    ],
  describe: (op) => `drop table ${op.name}`,
}

function dropTableSql(op: DropTable, { sql }: CompileContext): string {
  return `DROP TABLE${op.if_exists ? ' IF EXISTS' : ''} ${sql.qualified(op)}`
}
