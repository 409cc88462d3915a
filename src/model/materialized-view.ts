/** A materialized view as a table, for what tables and materialized views have alike: indexes. */
import type { Column, MaterializedView, Table } from './model.ts'

/**
 * Nobody knows the columns of a query without asking the server, so it has those that are named.
 * @param columns those that an index names
 */
export function asTable(
  { schema, name, indexes }: Pick<MaterializedView, 'schema' | 'name' | 'indexes'>,
  columns: readonly string[] = [],
): Table {
  const column = (own: string): Column => ({ name: own, type: { kind: 'text' }, nullable: true })
  return {
    ...(schema === undefined ? { name } : { schema, name }),
    columns: [...new Set(columns)].map(column),
    uniques: [],
    checks: [],
    foreignKeys: [],
    excludes: [],
    indexes,
  }
}
