/** What others did to a table since its schema was read: no lock keeps them from it between two transactions. */
import { shown } from '../../model/edit.ts'
import { string } from '../ansi.ts'
import type { Connection, Rebuild } from '../dialect.ts'
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

/** SQLite looks names up in any case. */
function keyOf(kind: string, name: string): string {
  return `${kind} ${name.toLowerCase()}`
}
