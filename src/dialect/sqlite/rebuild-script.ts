/**
 * What a script says around a transaction. Run it with `sqlite3 -bail`: without it the shell goes on after an error.
 */

/** The columns of `PRAGMA foreign_key_check`, but for the number of the constraint, which a rebuild may change. */
function violations(source: string): string {
  return `SELECT ${lasting('"table"')}, "rowid", ${lasting('parent')} FROM ${source}`
}

/** A table under the name that it had before and has now; NULL for one that is renamed on the way. */
function lasting(table: string): string {
  return `(SELECT name FROM temp._limbeck_tables WHERE name = ${table} COLLATE NOCASE)`
}

/**
 * Around rebuilds foreign keys are off, which the pragma does outside a transaction only
 * (https://sqlite.org/pragma.html#pragma_foreign_keys). The rows that violate them already are remembered, so that they
 * are not blamed.
 */
const rebuildPreamble: readonly string[] = [
  'PRAGMA foreign_keys = OFF',
  'BEGIN IMMEDIATE',
  `CREATE TEMP TABLE _limbeck_tables AS SELECT name FROM sqlite_master WHERE type = 'table'`,
  'CREATE TEMP TABLE _limbeck_violations AS SELECT "table", "rowid", parent FROM pragma_foreign_key_check',
]

/** Rolls everything back when a row violates a foreign key that did not before; else commits. */
const rebuildEpilogue: readonly string[] = [
  'DELETE FROM temp._limbeck_tables WHERE name NOT IN (SELECT name FROM sqlite_master)',
  'CREATE TEMP TABLE _limbeck_check (violations INTEGER CONSTRAINT foreign_keys_violated CHECK (violations = 0))',
  `INSERT OR ROLLBACK INTO temp._limbeck_check SELECT count(*) FROM (\n` +
  `${violations('pragma_foreign_key_check')}\nEXCEPT\n${violations('temp._limbeck_violations')})`,
  'DROP TABLE temp._limbeck_check',
  'DROP TABLE temp._limbeck_violations',
  'DROP TABLE temp._limbeck_tables',
  'COMMIT',
  'PRAGMA foreign_keys = ON',
]

/** The statements before and after those of a transaction; `rebuild`: tables are rebuilt in it. */
export function scriptFrame(
  rebuild: boolean,
): { readonly before: readonly string[]; readonly after: readonly string[] } {
  return rebuild
    ? { before: rebuildPreamble, after: rebuildEpilogue }
    : { before: ['BEGIN IMMEDIATE'], after: ['COMMIT'] }
}
