/** Transactions as scripts, one after the other. */
import { isPlain } from '../plain.ts'
import type { Row, WholeTransaction } from '../dialect.ts'

/**
 * Whether a statement may be in a script. No signal is seen while it runs, and when it fails all is done again, to see
 * where: rows are changed otherwise.
 */
export function isQuick(sql: string): boolean {
  return /^\s*(?:create|alter|drop)\b/i.test(sql) && isPlain(sql)
}

/** From BEGIN to COMMIT. */
export function script({ first, provided, statements }: WholeTransaction): string {
  const counted = statements.flatMap(({ sql, rows }) =>
    rows === undefined ? [sql] : [sql, requireThat('changes()', rows)]
  )
  return ['BEGIN IMMEDIATE', ...first, requireThat(`(${provided})`, 1), ...counted, 'COMMIT'].join(';\n')
}

/** Fails when it is anything else: there is no such integer. */
function requireThat(value: string, is: number): string {
  return `SELECT abs(CASE ${value} WHEN ${is} THEN 0 ELSE -9223372036854775808 END)`
}

/**
 * Keeps the rollback journal from one transaction to the next, in place of making and deleting a file for each: that takes
 * a third of the time. It is as safe, and holds for this connection alone
 * (https://sqlite.org/pragma.html#pragma_journal_mode). `PRAGMA journal_mode = DELETE` puts it back.
 * @returns false where the database has another journal
 */
export async function keepJournal(query: (sql: string) => Promise<readonly Row[]>): Promise<boolean> {
  const [now] = await query('PRAGMA journal_mode')
  if (now?.journal_mode !== 'delete') return false
  const [then] = await query('PRAGMA journal_mode = PERSIST')
  return then?.journal_mode === 'persist'
}
