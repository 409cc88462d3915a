/**
 * What of a table its rebuild would not make again: what others did to it since its schema was read (no lock keeps them
 * from it between two transactions), and comments.
 */
import { shown } from '../../model/edit.ts'
import { scan } from '../../model/sql-tokens.ts'
import { string } from '../ansi.ts'
import type { Connection, Rebuild } from '../dialect.ts'
import { spelling } from './spelling.ts'
import { triggersOn } from './uses.ts'

/** As {@link Dialect.unseen} says. */
export async function unseen(
  connection: Connection,
  { before, model }: Rebuild,
): Promise<readonly string[]> {
  const name = string(before.name)
  const parts = await connection.query(
    `SELECT 'column' AS kind, name FROM pragma_table_xinfo(${name}) UNION ALL ` +
      `SELECT type, name FROM sqlite_schema WHERE tbl_name = ${name} COLLATE NOCASE AND sql IS NOT NULL`,
  )
  const known = new Set([
    keyOf('table', before.name),
    ...before.columns.map((one) => keyOf('column', one.name)),
    ...before.indexes.map((one) => keyOf('index', one.name)),
    ...triggersOn(before, model).map((one) => keyOf('trigger', one.name)),
  ])
  return parts.map((row) => ({ kind: String(row.kind), name: String(row.name) }))
    .filter((one) => !known.has(keyOf(one.kind, one.name)))
    .map((one) => `the ${one.kind} "${one.kind === 'column' ? `${shown(before)}.${one.name}` : one.name}"`)
}

/** As {@link Dialect.commented} says: those within an expression are repeated with it. */
export async function commented(connection: Connection, { before, model }: Rebuild): Promise<boolean> {
  const [row] = await connection.query(
    `SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ${string(before.name)} COLLATE NOCASE`,
  )
  const comments = scan(String(row?.sql), 'sqlite').filter(({ kind }) => kind === 'comment')
  if (comments.length === 0) return false
  const repeated = spelling.createTable(before, model)
  return comments.some(({ text }) => !repeated.includes(text))
}

/** SQLite looks names up in any case. */
function keyOf(kind: string, name: string): string {
  return `${kind} ${name.toLowerCase()}`
}
