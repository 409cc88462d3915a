/** Changing one constraint of a table, whatever its kind. */
import type { Check, Exclusion, ForeignKey, PrimaryKey, Table, Unique } from './model.ts'

type Constraint = PrimaryKey | Unique | ForeignKey | Check | Exclusion

/**
 * The table with the constraint of that name changed, or without it when `edit` returns undefined. A table
 * without such a constraint stays as it is.
 */
export function changeConstraint(
  table: Table,
  name: string,
  edit: <C extends Constraint>(constraint: C) => C | undefined,
): Table {
  const each = <C extends Constraint>(list: readonly C[]) =>
    list.flatMap((one) => one.name === name ? edit(one) ?? [] : one)
  const { primaryKey, ...rest } = table
  const [key] = each(primaryKey === undefined ? [] : [primaryKey])
  return {
    ...rest,
    ...(key === undefined ? {} : { primaryKey: key }),
    uniques: each(table.uniques),
    checks: each(table.checks),
    foreignKeys: each(table.foreignKeys),
    excludes: each(table.excludes),
  }
}
