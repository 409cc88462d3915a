/**
 * What ANALYZE found out about a table (https://sqlite.org/fileformat2.html#stat1tab): SQLite deletes it with the old
 * table when that is rebuilt, and plans the queries of the new one as if it had no statistics.
 */
import { sameValue } from '../../model/difference.ts'
import type { Table } from '../../model/model.ts'
import { string } from '../ansi.ts'
import type { Connection, Rebuild } from '../dialect.ts'

/** The tables of statistics, as far as this library writes them, with their columns. */
const STATISTICS: Readonly<Record<string, readonly string[]>> = {
  sqlite_stat1: ['tbl', 'idx', 'stat'],
  sqlite_stat4: ['tbl', 'idx', 'neq', 'nlt', 'ndlt', 'sample'],
}

/** As {@link Dialect.statistics} says. */
export async function statistics(
  connection: Connection,
  { before, after }: Rebuild,
): Promise<readonly string[]> {
  const names = Object.keys(STATISTICS).map(string).join(', ')
  const there = await connection.query(`SELECT name FROM sqlite_schema WHERE name IN (${names})`)
  const statements: string[] = []
  for (const { name } of there) {
    const columns = STATISTICS[String(name)]!
    const values = columns.map((column) => `quote(${column})`).join(` || ', ' || `)
    const rows = await connection.query(
      `SELECT idx, ${values} AS "values" FROM ${name} WHERE tbl = ${string(before.name)} COLLATE NOCASE`,
    )
    statements.push(
      ...rows.filter(({ idx }) => idx === null || stays(String(idx), before, after))
        .map((row) => `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${row.values})`),
    )
  }
  return statements
}

/**
 * Whether an index is the same after the rebuild. Those of constraints are numbered, so that they are when all
 * constraints are; the key of a table WITHOUT ROWID bears the name of the table.
 */
function stays(index: string, before: Table, after: Table): boolean {
  const named = (table: Table) => table.indexes.find(({ name }) => name.toLowerCase() === index.toLowerCase())
  const old = named(before)
  return old === undefined ? sameValue(keysOf(before), keysOf(after)) : sameValue(old, named(after))
}

function keysOf({ primaryKey, uniques, withoutRowid }: Table): unknown {
  return { primaryKey, uniques, withoutRowid }
}
