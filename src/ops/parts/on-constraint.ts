/** What the operations that add, drop and change constraints have in common. */
import { attach, checkRelationName } from '../../model/attach.ts'
import type { Addition } from '../../model/attach.ts'
import { changeTable, constraints, find, shown, tableOf } from '../../model/edit.ts'
import type { AnyConstraint, ConstraintKind } from '../../model/edit.ts'
import type { Model, Table } from '../../model/model.ts'
import { called } from '../../model/called.ts'
import type { Reference } from '../../model/references.ts'
import type { Hazard, Spelling, Statement, TableChange } from '../../dialect/dialect.ts'
import { didYouMean, fault } from '../../problem.ts'
import type { CompileContext } from '../definition.ts'
import type { Operation } from '../index.ts'
import { alterTable, constraintComment, tableChange } from './compile.ts'
import { restoreConstraints } from './restore-constraints.ts'
import { onTable, tableName } from './on-table.ts'
import type { OnTable } from './on-table.ts'

/** How people call the kinds. */
export const KIND_WORDS: Readonly<Record<ConstraintKind, string>> = {
  primary_key: 'primary key',
  unique: 'unique constraint',
  foreign_key: 'foreign key',
  check: 'check constraint',
  exclude: 'exclusion constraint',
}

/** The model with one constraint more on the table that an operation names. @throws as `attach` */
export function withConstraint(model: Model, op: OnTable, addition: Addition): Model {
  return changeTable(model, op, (table) => attach(model, table, addition))
}

/** The constraint that `after` has and `before` has not. */
export function addedConstraint(op: OnTable, before: Model, after: Model): AnyConstraint {
  const old = new Set<object>(constraints(tableOf(before, op)).map((one) => one.constraint))
  return constraints(tableOf(after, op)).find((one) => !old.has(one.constraint))!
}

/** The operation that drops the constraint that `after` has and `before` has not. */
export function dropAdded(op: OnTable, before: Model, after: Model): Operation {
  const { kind, constraint } = addedConstraint(op, before, after)
  return { op: 'drop_constraint', name: constraint.name, ...onTable(tableName(op)), type: kind }
}

/**
 * The constraint of that name.
 * @throws `no-such-constraint`, naming those there are
 */
export function constraintNamed(table: Table, name: string): AnyConstraint {
  const all = constraints(table)
  const found = called(all, name, ({ constraint }) => constraint.name)
  if (found !== undefined) return found
  return fault('no-such-constraint', `table "${shown(table)}" has no constraint "${name}"`, {
    path: ['name'],
    hint: missingHint(table, name, all.map(({ constraint }) => constraint.name)),
  })
}

function missingHint(table: Table, name: string, known: readonly string[]): string {
  if (called(table.indexes, name, (one) => one.name) !== undefined) {
    return `"${name}" is an index: use drop_index`
  }
  if (name.endsWith('_not_null')) return 'NOT NULL is taken away with alter_column, `nullable: true`'
  const near = didYouMean(name, known)
  if (near !== undefined) return `did you mean "${near}"?`
  return known.length === 0 ? 'it has none' : `its constraints are ${known.join(', ')}`
}

/** Whether PostgreSQL keeps an index for constraints of this kind, which bears their name. */
export function hasIndex(kind: ConstraintKind): boolean {
  return kind === 'primary_key' || kind === 'unique' || kind === 'exclude'
}

/** The constraint as CREATE TABLE and ADD CONSTRAINT have it. */
export function constraintSql(sql: Spelling, one: AnyConstraint, table: Table): string {
  switch (one.kind) {
    case 'primary_key':
      return sql.primaryKey(one.constraint)
    case 'unique':
      return sql.unique(one.constraint)
    case 'foreign_key':
      return sql.foreignKey(one.constraint, table)
    case 'check':
      return sql.check(one.constraint)
    case 'exclude':
      return sql.exclusion(one.constraint)
  }
}

/** ALTER TABLE … ADD the constraint that the operation added, and its comment. PostgreSQL. */
export function addConstraint(op: OnTable, cx: CompileContext, hazards: readonly Hazard[]): Statement[] {
  const one = addedConstraint(op, cx.before, cx.after)
  if (hasIndex(one.kind)) checkRelationName(cx.before, tableOf(cx.before, op), one.constraint.name)
  const sql = `${alterTable(cx.sql, op)} ADD ${constraintSql(cx.sql, one, tableOf(cx.after, op))}`
  return [{ sql, hazards }, ...constraintComment(cx.sql, tableName(op), one.constraint)]
}

/** The changes of all tables that differ between before and after; SQLite rebuilds them. */
export function changedTables(cx: CompileContext): TableChange[] {
  return cx.after.tables
    .filter((table) => find(cx.before, 'tables', table) !== table)
    .map((table) => tableChange(onTable(table), cx))
}

/**
 * The operations that bring back foreign keys of several tables.
 * @param after the schema without them
 */
export function restoreKeys(after: Model, lost: readonly Reference[]): Operation[] {
  return lost.flatMap(({ from, key }) =>
    restoreConstraints(after, find(after, 'tables', from) ?? from, [{ kind: 'foreign_key', constraint: key }])
  )
}
