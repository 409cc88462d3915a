/** The SQL expressions in a table. */
import type { Table } from './model.ts'

type Rewrite = (sql: string) => string

/** The item with those of its fields rewritten that hold a text; the same one where that changes none. */
function mapped<T extends object>(item: T, rewrite: Rewrite, ...fields: readonly (keyof T)[]): T {
  const changed = fields.flatMap((field) => {
    const text = item[field]
    const next = typeof text === 'string' ? rewrite(text) : text
    return next === text ? [] : [[field, next] as const]
  })
  return changed.length === 0 ? item : { ...item, ...Object.fromEntries(changed) }
}

/** The table with the expressions of its policies rewritten; they alone may hold queries, over other tables too. */
export function mapPolicies(table: Table, rewrite: Rewrite): Table {
  const { policies } = table
  if (policies === undefined) return table
  const next = policies.map((one) => mapped(one, rewrite, 'using', 'check'))
  return next.every((one, i) => one === policies[i]) ? table : { ...table, policies: next }
}

/**
 * The table with every expression in it rewritten: of generated columns, checks, exclusions, indexes and policies, and by
 * what it is partitioned. Defaults are none of them: they name nothing of the table.
 * @param inPolicy rewrites those of policies otherwise
 */
export function mapExpressions(table: Table, rewrite: Rewrite, inPolicy = rewrite): Table {
  const map = <T extends object>(item: T, ...fields: readonly (keyof T)[]) => mapped(item, rewrite, ...fields)
  return map({
    ...mapPolicies(table, inPolicy),
    columns: table.columns.map((one) =>
      one.generated === undefined ? one : { ...one, generated: map(one.generated, 'expression') }
    ),
    checks: table.checks.map((one) => map(one, 'expression')),
    excludes: table.excludes.map((one) => ({
      ...map(one, 'where'),
      elements: one.elements.map((element) => map(element, 'expression')),
    })),
    indexes: table.indexes.map((one) => ({
      ...map(one, 'where'),
      keys: one.keys.map((key) => map(key, 'expression')),
    })),
  }, 'partitionBy')
}
