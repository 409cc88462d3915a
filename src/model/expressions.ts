/** The SQL expressions in a table. */
import type { Table } from './model.ts'

/**
 * The table with every expression in it rewritten: of generated columns, checks, exclusions, indexes and policies, and by
 * what it is partitioned. Defaults are none of them: they name nothing of the table.
 */
export function mapExpressions(table: Table, rewrite: (sql: string) => string): Table {
  const mapped = <T extends object>(item: T, ...fields: readonly (keyof T)[]): T => {
    const changed = fields.flatMap((field) => {
      const text = item[field]
      return typeof text === 'string' ? [[field, rewrite(text)] as const] : []
    })
    return changed.length === 0 ? item : { ...item, ...Object.fromEntries(changed) }
  }
  return mapped({
    ...table,
    columns: table.columns.map((one) =>
      one.generated === undefined ? one : { ...one, generated: mapped(one.generated, 'expression') }
    ),
    checks: table.checks.map((one) => mapped(one, 'expression')),
    excludes: table.excludes.map((one) => ({
      ...mapped(one, 'where'),
      elements: one.elements.map((element) => mapped(element, 'expression')),
    })),
    indexes: table.indexes.map((one) => ({
      ...mapped(one, 'where'),
      keys: one.keys.map((key) => mapped(key, 'expression')),
    })),
    ...(table.policies === undefined
      ? {}
      : { policies: table.policies.map((one) => mapped(one, 'using', 'check')) }),
  }, 'partitionBy')
}
