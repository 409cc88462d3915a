/** SQL that may differ between the dialects: taking the one that is for a dialect. */
import { fault } from '../problem.ts'
import type { Path } from '../problem.ts'
import type { DialectName, SqlText } from './model.ts'

/** The text for a dialect; undefined when it has none. */
export function sqlFor(text: SqlText, dialect: DialectName): string | undefined {
  return typeof text === 'string' ? text : text[dialect]
}

const OTHER: Readonly<Record<DialectName, DialectName>> = { postgres: 'sqlite', sqlite: 'postgres' }
const SHOWN: Readonly<Record<DialectName, string>> = { postgres: 'PostgreSQL', sqlite: 'SQLite' }

/**
 * The text for a dialect.
 * @param what what it is the SQL of, for the message: `view "recent"`
 * @throws `no-sql` when the dialect has none
 */
export function neededSql(text: SqlText, dialect: DialectName, what: string, path: Path = []): string {
  const found = sqlFor(text, dialect)
  if (found !== undefined) return found
  const only = OTHER[dialect]
  return fault('no-sql', `${what} has no SQL for ${SHOWN[dialect]}`, {
    path,
    hint: `add one beside "${only}", or write \`only: ${only}\` beside the operation`,
  })
}

/** A text without the blanks around it and without a last semicolon. */
export function bare(text: string): string {
  return text.trim().replace(/\s*;$/, '')
}

/** The texts of both dialects changed alike. */
export function mapSql(text: SqlText, edit: (sql: string) => string): SqlText {
  if (typeof text === 'string') return edit(text)
  return Object.fromEntries(Object.entries(text).map(([dialect, sql]) => [dialect, edit(sql)]))
}

/** Whether one of the texts is such. */
export function someSql(text: SqlText, test: (sql: string) => boolean): boolean {
  return typeof text === 'string' ? test(text) : Object.values(text).some(test)
}
