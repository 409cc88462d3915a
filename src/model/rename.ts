/**
 * Renaming a table or a column, everywhere a model names it. Constraints, indexes and sequences keep their names, as
 * PostgreSQL leaves them (https://www.postgresql.org/docs/current/sql-altertable.html, RENAME).
 */
import { fault } from '../problem.ts'
import type { Path } from '../problem.ts'
import { column, findColumn, isOwnedBy, refuseTaken, sameName, shown } from './edit.ts'
import { heirsOf, parentOf } from './inherited.ts'
import type {
  ForeignKey,
  MaterializedView,
  Model,
  PrimaryKey,
  QualifiedName,
  Table,
  Unique,
  View,
} from './model.ts'
import { relationNames } from './names.ts'
import { mapSql, someSql } from './sql-text.ts'
import { withColumnOfGrantsRenamed, withTableOfGrantsRenamed } from './grant.ts'
import {
  isOn,
  withColumnOfBodyRenamed,
  withColumnOfTriggerRenamed,
  withTableOfTriggerRenamed,
} from './trigger.ts'
import { mapExpressions } from './expressions.ts'
import { withBodyColumnRenamed } from './sql-body.ts'
import type { RenamedColumn } from './sql-body.ts'
import { withViewTexts } from './view-text.ts'
import { withBareItems, withNamedItems, withStarsWritten } from './sql-items.ts'
import { readsColumn, readsRelation, withColumnRenamed, withTableRenamed } from './sql-names.ts'

/** The lists of column names in a table's own keys, constraints and indexes, rewritten. */
function mapColumnNames(table: Table, rename: (name: string) => string): Table {
  const included = ({ include }: { readonly include?: readonly string[] }) =>
    include === undefined ? {} : { include: include.map(rename) }
  const list = <T extends PrimaryKey | Unique>(one: T): T => ({
    ...one,
    columns: one.columns.map(rename),
    ...(one.descending === undefined ? {} : { descending: one.descending.map(rename) }),
    ...included(one),
  })
  const keyed = <T extends { readonly column?: string }>(one: T): T =>
    one.column === undefined ? one : { ...one, column: rename(one.column) }
  return {
    ...table,
    columns: table.columns.map((one) => ({ ...one, name: rename(one.name) })),
    ...(table.primaryKey === undefined ? {} : { primaryKey: list(table.primaryKey) }),
    uniques: table.uniques.map(list),
    foreignKeys: table.foreignKeys.map((one) => ({ ...one, columns: one.columns.map(rename) })),
    excludes: table.excludes.map((one) => ({ ...one, elements: one.elements.map(keyed), ...included(one) })),
    indexes: table.indexes.map((one) => ({
      ...one,
      keys: one.keys.map(keyed),
      ...included(one),
    })),
  }
}

/** The model with the references of foreign keys to a table rewritten. */
function mapReferences(
  model: Model,
  target: QualifiedName,
  rewrite: (references: ForeignKey['references']) => ForeignKey['references'],
): Model {
  const tables = model.tables.map((table) =>
    table.foreignKeys.some((key) => sameName(key.references, target))
      ? {
        ...table,
        foreignKeys: table.foreignKeys.map((key) =>
          sameName(key.references, target) ? { ...key, references: rewrite(key.references) } : key
        ),
      }
      : table
  )
  return { ...model, tables }
}

/**
 * The model with a column renamed.
 * @param path where the operation says the new name
 * @throws `no-such-column`, `column-exists`
 */
export function renameColumn(
  model: Model,
  table: Table,
  from: string,
  to: string,
  path: Path = ['new_name'],
): Model {
  column(table, from)
  if (findColumn(table, to) !== undefined) {
    fault('column-exists', `table "${shown(table)}" has a column "${to}" already`, { path })
  }
  const rename = (name: string) => name === from ? to : name
  const renamed = (one: Table) =>
    mapColumnNames(mapExpressions(one, (sql) => withColumnRenamed(sql, from, to)), rename)
  const having = [table, ...heirsOf(model, table)]
  const next = having.reduce<Model>(
    (now, one) =>
      mapReferences(now, one, (references) => ({ ...references, columns: references.columns.map(rename) })),
    { ...model, tables: model.tables.map((one) => having.includes(one) ? renamed(one) : one) },
  )
  return {
    ...next,
    sequences: model.sequences.map((one) =>
      isOwnedBy(one, table) && one.ownedBy?.column === from
        ? { ...one, ownedBy: { ...one.ownedBy, column: to } }
        : one
    ),
    ...withTexts(model, { table: table.name, from, to, others: othersWith(model, table, from) }, table),
    grants: having.reduce(
      (grants, one) => withColumnOfGrantsRenamed(grants, one, from, to),
      model.grants,
    ),
  }
}

/** Whether another table, by its name, has a column that is named so. */
function othersWith(model: Model, table: Table, column: string): (name: string) => boolean {
  const others = model.tables.filter((one) => one !== table && findColumn(one, column) !== undefined)
  return (name) => others.some((one) => one.name.toLowerCase() === name.toLowerCase())
}

/** The views and triggers after a column was renamed. */
function withTexts(
  model: Model,
  renamed: RenamedColumn,
  table: Table,
): Pick<Model, 'views' | 'materializedViews' | 'triggers'> {
  const { from, to } = renamed
  const query = (sql: string) => {
    if (readsColumn(sql, table.name, from)) return withColumnRenamed(sql, from, to)
    return readsRelation(sql, table.name) ? withBodyColumnRenamed(sql, renamed) : sql
  }
  const names = table.columns.map((one) => one.name)
  const onPostgres = (sql: string) => {
    const written = withStarsWritten(sql, table.name, names)
    return query(written) === written
      ? sql
      : withBareItems(withBareItems(query(withNamedItems(written, from)), to), from)
  }
  return {
    ...withViewTexts(model, { postgres: onPostgres, sqlite: query }),
    triggers: model.triggers.map((one) =>
      withColumnOfBodyRenamed(isOn(one, table) ? withColumnOfTriggerRenamed(one, from, to) : one, renamed)
    ),
  }
}

/**
 * The model with a table renamed.
 * @param path where the operation says the new name
 * @throws `table-exists` (view-exists, enum-exists…) as a table that is created, `name-taken` when an index has the name
 */
export function renameTable(model: Model, table: Table, to: string, path: Path = ['new_name']): Model {
  const wanted = { schema: table.schema, name: to }
  refuseTaken(model, 'tables', wanted, path)
  if (relationNames(model, table).has(to)) {
    fault('name-taken', `"${to}" is the name of an index already`, { path })
  }
  const renamed = { ...mapExpressions(table, (sql) => withTableRenamed(sql, table.name, to)), name: to }
  const next = mapReferences(
    {
      ...model,
      tables: model.tables.map((one) => one === table ? renamed : inheriting(model, one, table, to)),
    },
    table,
    (references) => ({ ...references, name: to }),
  )
  return {
    ...next,
    sequences: model.sequences.map((one) =>
      one.ownedBy !== undefined && isOwnedBy(one, table)
        ? { ...one, ownedBy: { ...one.ownedBy, table: to } }
        : one
    ),
    views: model.views.map((view) => inView(view, table.name, to)),
    materializedViews: model.materializedViews.map((view) => inView(view, table.name, to)),
    triggers: model.triggers.map((one) => withTableOfTriggerRenamed(one, table, to)),
    grants: withTableOfGrantsRenamed(model.grants, table, to),
  }
}

function inheriting(model: Model, one: Table, table: Table, to: string): Table {
  const isIt = (parent: string) => parentOf(model, parent) === table
  if (!one.inherits?.some(isIt)) return one
  const renamed = shown({ ...table, name: to })
  return { ...one, inherits: one.inherits.map((parent) => isIt(parent) ? renamed : parent) }
}

function inView<V extends View | MaterializedView>(view: V, from: string, to: string): V {
  if (!someSql(view.query, (sql) => readsRelation(sql, from))) return view
  return { ...view, query: mapSql(view.query, (sql) => withTableRenamed(sql, from, to, ['FROM', 'JOIN'])) }
}
