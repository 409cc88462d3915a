/**
 * The version table, exactly Alembic's: one row a head. Both tools can use a database in turn.
 */
import { EXIT, fault, ProblemError } from '../../problem.ts'
import type { Model, QualifiedName, Table } from '../../model/model.ts'
import { EMPTY } from '../../model/model.ts'
import type { Connection, Dialect, SessionSettings, Spelling } from '../../dialect/dialect.ts'
import type { RowChange } from '../../revision/graph/rows.ts'
import { readOwn } from './read-own.ts'

const COLUMN = 'version_num'

/** The table as Alembic creates it: `version_num VARCHAR(32)`, its primary key named `<table>_pkc`. */
function versionTable(name: QualifiedName): Table {
  return {
    ...name,
    columns: [{ name: COLUMN, type: { kind: 'varchar', length: 32 }, nullable: false }],
    primaryKey: { name: `${name.name}_pkc`, columns: [COLUMN] },
    uniques: [],
    checks: [],
    foreignKeys: [],
    excludes: [],
    indexes: [],
  }
}

/** CREATE TABLE for it. */
export function createVersionTable(
  sql: Spelling,
  name: QualifiedName,
  options: { readonly ifNotExists?: boolean } = {},
): string {
  return sql.createTable(versionTable(name), EMPTY as Model, options)
}

/**
 * The rows, in the order in which the database returns them; undefined when there is no such table.
 * @param configured the limits of the configuration
 * @throws `not-a-version-table` when it has other columns, or may not be read; `sql-failed` when somebody has locked it
 *   for longer than is waited for
 */
export async function readRows(
  connection: Connection,
  dialect: Dialect,
  name: QualifiedName,
  configured: SessionSettings = {},
): Promise<readonly string[] | undefined> {
  if (!await dialect.hasTable(connection, name)) return undefined
  return await selectRows(connection, dialect, name, configured)
}

/** As {@link readRows}, of a version table that is there. */
export async function selectRows(
  connection: Connection,
  dialect: Dialect,
  name: QualifiedName,
  configured: SessionSettings = {},
): Promise<readonly string[]> {
  const sql = dialect.spelling
  const select = `SELECT ${sql.name(COLUMN)} FROM ${sql.qualified(name)}`
  try {
    const rows = await readOwn(connection, dialect, select, configured)
    return rows.map((row) => String(row[COLUMN]))
  } catch (error) {
    if (!(error instanceof ProblemError) || error.exit !== EXIT.failed) throw error
    if (dialect.transience(error) !== undefined) throw error
    return fault('not-a-version-table', `the version table "${name.name}" cannot be read: ${error.message}`, {
      hint: error.problems[0]?.hint ??
        "if it is not Alembic's or limbeck's, name another with `version_table:` in limbeck.yaml",
      cause: error,
    })
  }
}

/** Whether it is one of the rows: 1 or 0. */
export function headQuery(sql: Spelling, name: QualifiedName, id: string): string {
  return `SELECT count(*) FROM ${sql.qualified(name)} WHERE ${sql.name(COLUMN)} = ${sql.literal(id)}`
}

/** The statement that makes one change, and how many rows it must change. */
export interface RowStatement {
  readonly sql: string
  /** Undefined for a change that may touch any number of rows. */
  readonly rows: number | undefined
  readonly change: RowChange
}

export function rowStatement(sql: Spelling, name: QualifiedName, change: RowChange): RowStatement {
  const table = sql.qualified(name)
  const at = (id: string) => `${table}.${sql.name(COLUMN)} = ${sql.literal(id)}`
  switch (change.change) {
    case 'insert':
      return {
        sql: `INSERT INTO ${table} (${sql.name(COLUMN)}) VALUES (${sql.literal(change.id)})`,
        rows: 1,
        change,
      }
    case 'delete':
      return { sql: `DELETE FROM ${table} WHERE ${at(change.id)}`, rows: 1, change }
    case 'update':
      return {
        sql: `UPDATE ${table} SET ${sql.name(COLUMN)}=${sql.literal(change.to)} WHERE ${at(change.from)}`,
        rows: 1,
        change,
      }
    case 'clear':
      return { sql: `DELETE FROM ${table}`, rows: undefined, change }
  }
}

/**
 * Checks that the statements changed as many rows as they must: another process, or a table without its primary key,
 * shows here.
 * @throws `version-table-changed`
 */
export function checkCounts(
  statements: readonly RowStatement[],
  counts: readonly number[],
  name: QualifiedName,
): void {
  statements.forEach(({ rows, change }, i) => {
    if (rows === undefined || counts[i] === rows) return
    const what = change.change === 'update'
      ? `updating '${change.from}' to '${change.to}'`
      : `${change.change === 'insert' ? 'inserting' : 'deleting'} '${'id' in change ? change.id : ''}'`
    fault(
      'version-table-changed',
      `one row of "${name.name}" was to change when ${what}; ${counts[i]} did`,
      { hint: 'another process may have moved the database; look at `limbeck current`' },
    )
  })
}
