/** The tool's own tables in a database. */
import type { Session } from '../session/session.ts'
import { ownLimits } from '../session/settings.ts'
import { addJournalColumn, createJournal } from './journal.ts'
import { readOwn } from './read-own.ts'
import { beginPatiently, orRollback } from './transaction.ts'
import { createVersionTable } from './version-table.ts'

/** Creates the version table and the journal where they are missing. @returns the names of those it created */
export async function ensureTables(session: Session): Promise<readonly string[]> {
  const { connection, dialect, versionTable, journal } = session
  const sql = dialect.spelling
  const missing: { name: string; sql: string }[] = []
  if (!await dialect.hasTable(connection, versionTable)) {
    missing.push({
      name: versionTable.name,
      sql: createVersionTable(sql, versionTable, { ifNotExists: true }),
    })
  }
  if (!await dialect.hasTable(connection, journal)) {
    missing.push({ name: journal.name, sql: createJournal(sql, journal) })
  }
  if (missing.length === 0) return []
  await beginPatiently(session, { first: ownLimits(session) })
  const hint = 'the version table and the journal must be made first; `version_table_schema:` says where'
  await orRollback(session, () => connection.run(missing.map((one) => one.sql)), [], 0, { hint })
  await connection.commit()
  return missing.map((one) => one.name)
}

/**
 * The session with the two tables named by the schemas they are in: SQL of a revision may leave another search_path
 * behind, as the dumps of pg_dump do (`set_config('search_path', '', false)`).
 */
export async function atHome(session: Session): Promise<Session> {
  const { connection, dialect, versionTable, journal } = session
  const [version, log] = await dialect.home?.(connection, [versionTable, journal]) ?? []
  if (version === undefined || log === undefined) return session
  return { ...session, versionTable: version, journal: log, alias: [versionTable, journal] }
}

/** Makes a journal able to hold how far a revision is, if an older limbeck made it. */
export async function ensureProgress({ connection, dialect, journal, options }: Session): Promise<void> {
  const query = `SELECT * FROM ${dialect.spelling.qualified(journal)} LIMIT 1`
  const [row] = await readOwn(connection, dialect, query, options.settings)
  if (row !== undefined && !('progress' in row)) {
    await connection.run([addJournalColumn(dialect.spelling, journal, 'progress')])
  }
}
