/**
 * A new database file is filled through a write-ahead log: a commit then waits for the disk once, and four times with a
 * rollback journal (https://sqlite.org/wal.html). Nobody else sees the database so: the lock of the file is held meanwhile,
 * and before it goes the file has a rollback journal again, which is what SQLite gives a new database. A table says that
 * this is under way; who finds it found a file whose process was killed, and puts the mode back.
 */
import type { Row } from '../dialect.ts'
import { isBusy } from './failure.ts'

type Query = (sql: string) => Promise<readonly Row[]>

/** Its table: introspection does not show it. */
export const MARK = 'limbeck_wal'

/** What is asked of `sqlite_schema` when a database is opened. */
export const AT_OPENING = `count(*) = 0 AS is_new, total(name = '${MARK}') AS was_killed`

/** While the lock of the file is held. @returns false where the file cannot have such a log: it is as before */
export async function beginLog(query: Query): Promise<boolean> {
  // Another run, killed since this one opened the file, may have left it.
  await query(`CREATE TABLE IF NOT EXISTS ${MARK} (mode TEXT)`)
  const [row] = await query('PRAGMA journal_mode = WAL')
  if (row?.journal_mode === 'wal') return true
  await query(`DROP TABLE ${MARK}`)
  return false
}

/** The rest of the log goes into the file. The lock must still be held. */
export async function endLog(query: Query): Promise<void> {
  await query('PRAGMA journal_mode = DELETE')
  await query(`DROP TABLE ${MARK}`)
}

/**
 * After a process that was killed. Who has the file open now keeps its mode: then it is for a later run.
 * @param run tries once; its errors are the driver's
 */
export async function endLeftLog(run: (sql: string) => Promise<unknown>): Promise<void> {
  try {
    await run(`PRAGMA journal_mode = DELETE; DROP TABLE IF EXISTS ${MARK}`)
  } catch (error) {
    if (!isBusy(error)) throw error
  }
}
