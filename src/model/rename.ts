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
import { mapExpressions, mapPolicies } from './expressions.ts'
import { isStandardBody } from './routine.ts'
import { withBodyColumnRenamed } from './sql-body.ts'
import type { RenamedColumn } from './sql-body.ts'
import { withViewTexts } from './view-text.ts'
import { withBareItems, withNamedItems, withStarsWritten } from './sql-items.ts'
import { readsRelation, spelled, withColumnRenamed, withTableRenamed } from './sql-names.ts'
import { readsColumn } from './sql-reads.ts'

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
  const having = [table, ...heirsOf(model, table)]
  const inQuery = queryRenaming(
    { table: table.name, from, to, others: othersWith(model, table, from) },
    table,
  )
  const renamed = (one: Table) => {
    if (!having.includes(one)) return mapPolicies(one, (sql) => inCondition(sql, one, inQuery.postgres))
    const query = one === table ? inQuery : queryRenaming({ ...inQuery.renamed, table: one.name }, one)
    const inPolicy = (sql: string) => inCondition(sql, one, query.postgres)
    return mapColumnNames(mapExpressions(one, (sql) => withColumnRenamed(sql, from, to), inPolicy), rename)
  }
  const next = having.reduce<Model>(
    (now, one) =>
      mapReferences(now, one, (references) => ({ ...references, columns: references.columns.map(rename) })),
    { ...model, tables: model.tables.map(renamed) },
  )
  return {
    ...next,
    sequences: model.sequences.map((one) =>
      isOwnedBy(one, table) && one.ownedBy?.column === from
        ? { ...one, ownedBy: { ...one.ownedBy, column: to } }
        : one
    ),
    ...withTexts(model, inQuery, table),
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

/** How a query reads after a column was renamed, on each database. */
interface QueryRenaming {
  readonly renamed: RenamedColumn
  readonly postgres: (sql: string) => string
  readonly sqlite: (sql: string) => string
}

function queryRenaming(renamed: RenamedColumn, table: Table): QueryRenaming {
  const { from, to } = renamed
  const sqlite = (sql: string) => {
    if (readsColumn(sql, table.name, from)) return withColumnRenamed(sql, from, to)
    return readsRelation(sql, table.name) ? withBodyColumnRenamed(sql, renamed) : sql
  }
  const names = table.columns.map((one) => one.name)
  const postgres = (sql: string) => {
    const written = withStarsWritten(sql, table.name, names)
    return sqlite(written) === written
      ? sql
      : withBareItems(withBareItems(sqlite(withNamedItems(written, from)), to), from)
  }
  return { renamed, postgres, sqlite }
}

/** A condition over a table, as of a policy, rewritten as that of a query. */
function inCondition(sql: string, table: QualifiedName, rewrite: (query: string) => string): string {
  const head = `SELECT 1 FROM ${spelled(table.name)} WHERE (`
  // A comment may end the condition.
  const tail = '\n)'
  return rewrite(`${head}${sql}${tail}`).slice(head.length, -tail.length)
}

/** The views, triggers and functions after a column was renamed. */
function withTexts(
  model: Model,
  { renamed, postgres, sqlite }: QueryRenaming,
  table: Table,
): Pick<Model, 'views' | 'materializedViews' | 'triggers' | 'functions'> {
  const { from, to } = renamed
  return {
    ...withViewTexts(model, { postgres, sqlite }),
    triggers: model.triggers.map((one) =>
      withColumnOfBodyRenamed(isOn(one, table) ? withColumnOfTriggerRenamed(one, from, to) : one, renamed)
    ),
    functions: withStandardBodies(model, postgres),
  }
}

/** The functions with the bodies rewritten that PostgreSQL keeps as trees. */
function withStandardBodies({ functions }: Model, rewrite: (sql: string) => string): Model['functions'] {
  return functions.map((one) => {
    const body = isStandardBody(one) ? rewrite(one.body) : one.body
    return body === one.body ? one : { ...one, body }
  })
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
  const inQuery = (sql: string) => withTableRenamed(sql, table.name, to, ['FROM', 'JOIN'])
  const inRead = (sql: string) => readsRelation(sql, table.name) ? inQuery(sql) : sql
  const own = mapExpressions(table, (sql) => withTableRenamed(sql, table.name, to), inQuery)
  const other = (one: Table) => mapPolicies(inheriting(model, one, table, to), inRead)
  const next = mapReferences(
    { ...model, tables: model.tables.map((one) => one === table ? { ...own, name: to } : other(one)) },
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
    views: model.views.map((view) => inView(view, table.name, inQuery)),
    materializedViews: model.materializedViews.map((view) => inView(view, table.name, inQuery)),
    functions: withStandardBodies(model, inRead),
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

function inView<V extends View | MaterializedView>(
  view: V,
  from: string,
  rewrite: (query: string) => string,
): V {
  if (!someSql(view.query, (sql) => readsRelation(sql, from))) return view
  return { ...view, query: mapSql(view.query, rewrite) }
}
