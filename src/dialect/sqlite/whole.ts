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

type Query = (sql: string) => Promise<readonly Row[]>

/** What transactions in a row keep from one to the next; it holds for this connection alone. */
export interface Kept {
  /** To be awaited before each transaction. */
  next(): Promise<void>
  /** Before what takes long, and before the driver opens the file once more. */
  letLockGo(): Promise<void>
  /** Puts all back. */
  end(): Promise<void>
}

/**
 * How long the lock of the file may be kept, in milliseconds: who wants to read waits five seconds, as most drivers do.
 */
const LONGEST_HOLD = 3000

/**
 * From the second transaction on the rollback journal is kept, in place of making and deleting a file for each, and the
 * lock with it, so that the file is not opened and looked through again each time: that takes a third of the time. It is
 * as safe (https://sqlite.org/pragma.html#pragma_journal_mode and #pragma_locking_mode); others read when the lock goes.
 */
export function keeping(query: Query, longest = LONGEST_HOLD): Kept {
  let transactions = 0
  let journal = false
  /** Since when the lock is kept, by `performance.now()`. */
  let since: number | undefined
  const letLockGo = async () => {
    if (since === undefined) return
    since = undefined
    await query('PRAGMA locking_mode = NORMAL')
    // It goes when the file is read next.
    await query('SELECT 1 FROM sqlite_schema LIMIT 1')
  }
  return {
    letLockGo,
    async next() {
      if (++transactions === 2 && await keepJournal(query)) {
        journal = true
        await query('PRAGMA locking_mode = EXCLUSIVE')
        since = performance.now()
      } else if (performance.now() - (since ?? Infinity) > longest) await letLockGo()
    },
    async end() {
      await letLockGo()
      if (journal) await query('PRAGMA journal_mode = DELETE')
    },
  }
}

/** @returns false where the database has another journal */
async function keepJournal(query: Query): Promise<boolean> {
  const [now] = await query('PRAGMA journal_mode')
  if (now?.journal_mode !== 'delete') return false
  const [then] = await query('PRAGMA journal_mode = PERSIST')
  return then?.journal_mode === 'persist'
}
