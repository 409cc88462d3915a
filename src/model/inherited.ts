/** What tables have of those that they inherit from (PostgreSQL): their columns, which the model keeps with the parent. */
import type { Path } from '../problem.ts'
import { column, find, shown } from './edit.ts'
import type { Model, Table } from './model.ts'

/** The table that another names as its parent: as it is shown, or by its name alone where no other is shown so. */
export function parentOf(model: Model, named: string): Table | undefined {
  return model.tables.find((one) => shown(one) === named) ?? model.tables.find((one) => one.name === named)
}

/**
 * The table with the columns of its parents, and theirs; undefined when one of them is not in the model, or inherits from
 * the table itself.
 * @param below those whose parent it is
 */
export function withInherited(
  model: Model,
  table: Table,
  below: readonly Table[] = [],
): Table | undefined {
  if (table.inherits === undefined) return table
  if (below.includes(table)) return undefined
  const found = [...table.columns]
  for (const name of table.inherits) {
    const parent = parentOf(model, name)
    const whole = parent && withInherited(model, parent, [...below, table])
    if (whole === undefined) return undefined
    found.push(...whole.columns.filter((column) => found.every((one) => one.name !== column.name)))
  }
  return { ...table, columns: found }
}

/**
 * The table with those inherited columns that it declares, too, as it is elsewhere: PostgreSQL merges the two, and no
 * statement takes the declaration away.
 * @param model of the table
 */
export function declaring(model: Model, table: Table, elsewhere: Table): Table {
  if (table.inherits === undefined) return table
  const declared = new Set(elsewhere.columns.map((one) => one.name))
  const all = withInherited(model, table)?.columns ?? table.columns
  const columns = all.filter((one) => table.columns.includes(one) || declared.has(one.name))
  return columns.length === table.columns.length ? table : { ...table, columns }
}

/** The tables that it inherits from, and those that they inherit from. */
export function ancestorsOf(model: Model, table: Table, below: readonly Table[] = []): readonly Table[] {
  if (table.inherits === undefined || below.includes(table)) return []
  const parents = table.inherits.flatMap((name) => parentOf(model, name) ?? [])
  return parents.flatMap((one) => [one, ...ancestorsOf(model, one, [...below, table])])
}

const INHERITING = new WeakMap<readonly Table[], readonly Table[]>()

/** Those that inherit: few, and most have none. Lists of a model are never changed, so that each is gone through once. */
function inheriting(tables: readonly Table[]): readonly Table[] {
  const known = INHERITING.get(tables) ?? tables.filter((one) => one.inherits !== undefined)
  INHERITING.set(tables, known)
  return known
}

/** A schema whose tables declare what those of the other one declare: see {@link declaring}. */
export function withDeclared(model: Model, other: Model): Model {
  if (inheriting(model.tables).length === 0) return model
  const tables = model.tables.map((one) => {
    const elsewhere = one.inherits && find(other, 'tables', one)
    return elsewhere === undefined ? one : declaring(model, one, elsewhere)
  })
  return { ...model, tables }
}

/** The tables that inherit from it, and those that inherit from them. */
export function heirsOf(model: Model, table: Table): readonly Table[] {
  const heirs = inheriting(model.tables).filter((one) =>
    one.inherits!.some((parent) => parentOf(model, parent) === table)
  )
  return heirs.flatMap((one) => [one, ...heirsOf(model, one)])
}

/** @throws `no-such-column` when the table certainly lacks it */
export function checkColumn(model: Model, table: Table, name: string, path?: Path): void {
  const whole = withInherited(model, table)
  if (whole !== undefined) column(whole, name, path)
}

/** @throws `no-such-column` for the first of the names that the table certainly lacks */
export function checkColumns(
  model: Model,
  table: Table,
  names: readonly string[],
  path: Path = ['columns'],
): void {
  names.forEach((name, i) => checkColumn(model, table, name, [...path, i]))
}
