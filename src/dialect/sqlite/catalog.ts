/** The query that reads a schema from SQLite's catalog (https://sqlite.org/schematab.html), and the shape of its rows. */
import type { Row } from '../dialect.ts'

/** All of the schema that has a text. */
export const SCHEMA =
  `SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid`

export interface SchemaRow {
  readonly type: string
  readonly name: string
  readonly table: string
  readonly sql: string
}

/** A row of {@link SCHEMA}. */
export function schemaRow(row: Row): SchemaRow {
  return { type: String(row.type), name: String(row.name), table: String(row.tbl_name), sql: String(row.sql) }
}

/** Whether a document can say it: an index without a name is its table's matter. */
export function isNameable({ type, name, table }: SchemaRow): boolean {
  return table !== '' && (name !== '' || type === 'index')
}
