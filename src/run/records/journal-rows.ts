/** The journal as it is read. */
import type { Row } from '../../dialect/dialect.ts'
import type { JournalEntry } from './journal.ts'
import { readOwn } from './read-own.ts'
import type { JournalPlace } from './read-own.ts'

/** A row of the journal. */
export interface JournalRow {
  /** Rows are numbered as they are written. */
  readonly entry: number
  /** The revisions that it is about; none for a stamp to the base. */
  readonly revisions: readonly string[]
  readonly direction: JournalEntry['direction']
  readonly status: JournalEntry['status']
  readonly startedAt: Date
  readonly milliseconds?: number
  readonly hash?: string
  readonly statements: number
  /** `user@host`. */
  readonly by: string
  /** The version of limbeck. */
  readonly version: string
  readonly tag?: string
}

/** Its rows, oldest first; undefined when there is no journal. */
export async function journalRows(
  { connection, dialect, journal, options }: JournalPlace,
): Promise<readonly JournalRow[] | undefined> {
  if (!await dialect.hasTable(connection, journal)) return undefined
  const sql = dialect.spelling
  const query = `SELECT * FROM ${sql.qualified(journal)} ORDER BY ${sql.name('entry')}`
  const rows = await readOwn(connection, dialect, query, options?.settings)
  return rows.map(journalRow)
}

function journalRow(row: Row): JournalRow {
  const text = (key: string) => String(row[key])
  const there = <T>(key: string, read: (value: unknown) => T) =>
    row[key] === null || row[key] === undefined ? undefined : read(row[key])
  const milliseconds = there('duration_ms', Number)
  const hash = there('hash', String)
  const tag = there('tag', String)
  return {
    entry: Number(row['entry']),
    revisions: text('revision').split(',').filter((id) => id !== 'base'),
    direction: text('direction') as JournalRow['direction'],
    status: text('status') as JournalRow['status'],
    startedAt: time(row['started_at']),
    statements: Number(row['statements']),
    by: text('executed_by'),
    version: text('limbeck_version'),
    ...(milliseconds === undefined ? {} : { milliseconds }),
    ...(hash === undefined ? {} : { hash }),
    ...(tag === undefined ? {} : { tag }),
  }
}

/** A driver gives a time as a Date or as text; SQLite's text is UTC and says no zone, PostgreSQL's zone has no minutes. */
export function time(value: unknown): Date {
  if (value instanceof Date) return value
  const text = String(value).replace(' ', 'T')
  if (/[+-]\d\d$/.test(text)) return new Date(`${text}:00`)
  return new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`)
}
