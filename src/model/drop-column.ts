/**
 * Dropping a column as PostgreSQL does (https://www.postgresql.org/docs/current/sql-altertable.html, DROP COLUMN):
 * indexes and constraints of the table that involve it go with it, those of several columns too; what else depends on
 * it goes only with CASCADE, and so does an exclusion constraint that has it in expressions alone.
 */
import { usesColumn } from './used-columns.ts'
import { find, findColumn, isOwnedBy } from './edit.ts'
import { heirsOf, withInherited } from './inherited.ts'
import { withoutPolicies } from './readers.ts'
import { readsColumnOf } from './sql-reads.ts'
import { asGranted, isNumbered, sequenceOfColumn, withoutColumnGrants, withoutGrants } from './grant.ts'
import { orphans, references } from './references.ts'
import type { Reference } from './references.ts'
import { someSql } from './sql-text.ts'
import type {
  Column,
  Exclusion,
  Index,
  MaterializedView,
  Model,
  Policy,
  Table,
  Trigger,
  View,
} from './model.ts'
import { isOn, triggerUses } from './trigger.ts'
import { withoutViews, withViewsOver } from './views.ts'

/** What depends on a column and does not go with it by itself. */
export interface ColumnDependents {
  /** Generated columns computed from it. */
  readonly columns: readonly Column[]
  /** Foreign keys that refer to it, of other tables and of its own. */
  readonly foreignKeys: readonly Reference[]
  /** Views that certainly read it; others may. */
  readonly views: readonly View[]
  readonly materializedViews: readonly MaterializedView[]
  readonly triggers: readonly Trigger[]
  readonly policies: readonly Policy[]
  /** Exclusion constraints that have it in an expression or in WHERE, and not as an element. */
  readonly excludes: readonly Exclusion[]
}

function indexUses(index: Index, column: string): boolean {
  const texts = [index.where, ...index.keys.map((key) => key.expression)]
  return index.keys.some((key) => key.column === column) || index.include?.includes(column) ||
    texts.some((text) => usesColumn(text, column))
}

function hasElement({ elements, include }: Exclusion, column: string): boolean {
  return include?.includes(column) || elements.some((one) => one.column === column)
}

function computesWith({ elements, where }: Exclusion, column: string): boolean {
  const texts = [where, ...elements.map((one) => one.expression)]
  return texts.some((text) => usesColumn(text, column))
}

/** The indexes of the table that involve the column. */
export function indexesOf(table: Table, column: string): Index[] {
  return table.indexes.filter((index) => indexUses(index, column))
}

/** The table without the column, and without the indexes and constraints that involve it. */
export function withoutColumn(table: Table, column: string): Table {
  const { primaryKey, ...rest } = table
  const lists = (one: { readonly columns: readonly string[]; readonly include?: readonly string[] }) =>
    one.columns.includes(column) || one.include?.includes(column)
  return {
    ...rest,
    columns: table.columns.filter((one) => one.name !== column),
    ...(primaryKey === undefined || lists(primaryKey) ? {} : { primaryKey }),
    uniques: table.uniques.filter((one) => !lists(one)),
    checks: table.checks.filter((one) => !usesColumn(one.expression, column)),
    foreignKeys: table.foreignKeys.filter((one) => !one.columns.includes(column)),
    excludes: table.excludes.filter((one) => !hasElement(one, column) && !computesWith(one, column)),
    indexes: table.indexes.filter((one) => !indexUses(one, column)),
  }
}

/** The tables that have the column from this one alone: neither by themselves nor from another parent. */
function losingHeirs(model: Model, table: Table, column: string): Table[] {
  const tables = model.tables.map((one) => one === table ? withoutColumn(one, column) : one)
  return heirsOf(model, table).filter((one) => {
    const whole = withInherited({ ...model, tables }, one)
    return whole !== undefined && findColumn(whole, column) === undefined
  })
}

/** A table that inherits the column, without it. */
function withoutInherited(model: Model, heir: Table, column: string): Table {
  const whole = withInherited(model, heir)
  return whole === undefined ? heir : { ...withoutColumn(whole, column), columns: heir.columns }
}

/** The generated columns of the table that are computed from a column. */
export function computedFrom(table: Table, column: string): Column[] {
  return table.columns.filter((one) => one.name !== column && usesColumn(one.generated?.expression, column))
}

/** What depends on the column of the table and does not go with it by itself. */
export function columnDependents(model: Model, table: Table, column: string): ColumnDependents {
  const without = withoutColumn(table, column)
  const referring = references(model, table).filter(({ key }) => key.references.columns.includes(column))
  const orphaned = orphans(model, table, without).filter(({ key }) =>
    !referring.some((one) => one.key === key)
  )
  return {
    columns: computedFrom(table, column),
    foreignKeys: [...referring, ...orphaned].filter(({ from, key }) =>
      from !== table || !key.columns.includes(column)
    ),
    views: model.views.filter((view) => someSql(view.query, (sql) => readsColumnOf(sql, table.name, column))),
    materializedViews: model.materializedViews.filter((view) =>
      readsColumnOf(view.query, table.name, column)
    ),
    triggers: model.triggers.filter((one) => isOn(one, table) && triggerUses(one, column)),
    policies: (table.policies ?? []).filter((one) =>
      [one.using, one.check].some((sql) => usesColumn(sql, column))
    ),
    excludes: table.excludes.filter((one) => !hasElement(one, column) && computesWith(one, column)),
  }
}

/** The model without the column and all that depends on it. */
export function dropColumnFrom(model: Model, table: Table, column: string): Model {
  const { columns, foreignKeys, views, materializedViews, triggers } = columnDependents(model, table, column)
  const gone = new Set(foreignKeys.map((one) => one.key))
  const heirs = losingHeirs(model, table, column)
  const sequences = model.sequences.filter((one) => isOwnedBy(one, table) && one.ownedBy?.column === column)
  const next: Model = {
    ...model,
    tables: model.tables.map((one) => {
      const kept = one === table
        ? withoutPolicies(withoutColumn(one, column), (sql) => usesColumn(sql, column))
        : heirs.includes(one)
        ? withoutInherited(model, one, column)
        : one
      if (!kept.foreignKeys.some((key) => gone.has(key))) return kept
      return { ...kept, foreignKeys: kept.foreignKeys.filter((key) => !gone.has(key)) }
    }),
    sequences: model.sequences.filter((one) => !sequences.includes(one)),
    triggers: model.triggers.filter((one) => !triggers.includes(one)),
    grants: [table, ...heirs].reduce(
      (grants, one) => withoutColumnGrants(grants, one, column),
      withoutGrants(model.grants, [
        ...sequences.map(asGranted),
        ...table.columns.filter((one) => one.name === column && isNumbered(one))
          .map(() => sequenceOfColumn(table, column)),
      ]),
    ),
  }
  const without = withoutViews(next, withViewsOver(model, { views, materializedViews }))
  return columns.reduce((sofar, { name }) => {
    const now = find(sofar, 'tables', table)
    return now === undefined || findColumn(now, name) === undefined ? sofar : dropColumnFrom(sofar, now, name)
  }, without)
}
