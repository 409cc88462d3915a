/**
 * What a database forgets, taken from the history. SQLite holds an enum as a VARCHAR, no comments, and no names of
 * unnamed constraints; where its schema agrees with the replayed one, the replayed one says more.
 */
import { find, findColumn } from '../model/edit.ts'
import type { Column, ForeignKey, Model, Table } from '../model/model.ts'
import type { Dialect } from '../dialect/dialect.ts'

/**
 * The live schema with what the history knows better.
 * @param live as introspected
 * @param replayed the model at the database's revisions
 */
export function recall(live: Model, replayed: Model, dialect: Dialect): Model {
  const projected = dialect.project(replayed)
  const tables = live.tables.map((table) => {
    const known = find(replayed, 'tables', table)
    const shadow = find(projected, 'tables', table)
    return known === undefined || shadow === undefined ? table : recallTable(table, known, shadow, dialect)
  })
  return {
    ...live,
    tables,
    schemas: replayed.schemas,
    extensions: replayed.extensions,
    enums: replayed.enums,
    domains: replayed.domains,
    sequences: replayed.sequences,
    views: live.views.map((view) => ({ ...view, comment: find(replayed, 'views', view)?.comment })),
  }
}

function recallTable(live: Table, known: Table, shadow: Table, dialect: Dialect): Table {
  const columns = live.columns.map((column) => {
    const there = findColumn(known, column.name)
    const held = findColumn(shadow, column.name)
    return there !== undefined && held !== undefined && sameColumn(column, held, dialect) ? there : column
  })
  const byColumns = (one: { readonly columns: readonly string[] }) => one.columns.join('\0')
  const ways = (one: ForeignKey) =>
    `${byColumns(one)}\n${one.references.name}\n${one.references.columns.join('\0')}`
  const key =
    live.primaryKey && known.primaryKey && byColumns(live.primaryKey) === byColumns(known.primaryKey)
      ? named(live.primaryKey, known.primaryKey)
      : live.primaryKey
  return {
    ...live,
    columns,
    ...(key === undefined ? {} : { primaryKey: key }),
    uniques: recallNames(live.uniques, known.uniques, (one, other) => byColumns(one) === byColumns(other)),
    foreignKeys: recallNames(live.foreignKeys, known.foreignKeys, (one, other) => ways(one) === ways(other)),
    checks: recallNames(
      live.checks,
      known.checks,
      (one, other) => dialect.sameExpression(other.expression, one.expression),
    ),
    ...(known.comment === undefined ? {} : { comment: known.comment }),
  }
}

function sameColumn(a: Column, b: Column, dialect: Dialect): boolean {
  return dialect.sameType(a.type, b.type) && a.nullable === b.nullable &&
    dialect.sameDefault(a.default, b.default, a.type) &&
    (a.generated === undefined) === (b.generated === undefined)
}

interface Nameable {
  readonly name: string
  readonly implicit?: true
  readonly comment?: string
}

/** An unnamed constraint bears the name that the history gave it. */
function named<C extends Nameable>(live: C, known: C): C {
  return live.implicit
    ? { ...live, name: known.name, ...(known.comment ? { comment: known.comment } : {}) }
    : live
}

/** Each with the name of the first known one that is the same and was not given away yet. */
function recallNames<C extends Nameable>(
  live: readonly C[],
  known: readonly C[],
  same: (one: C, other: C) => boolean,
): C[] {
  const left = [...known]
  return live.map((one) => {
    const at = left.findIndex((other) => same(one, other))
    return at < 0 ? one : named(one, left.splice(at, 1)[0]!)
  })
}
