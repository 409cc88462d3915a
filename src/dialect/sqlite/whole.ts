/** Transactions as scripts, one after the other. */
import { isPlain } from '../plain.ts'
import { makesCode } from './made-code.ts'
import type { Row, WholeTransaction } from '../dialect.ts'
import { beginLog, endLog } from './new-file.ts'

/**
 * Whether a statement may be in a script. No signal is seen while it runs, and when it fails all is done again, to see
 * where: rows are changed otherwise. What is looked at when it is made is in none.
 */
export function isQuick(sql: string): boolean {
  return /^\s*(?:create|alter|drop)\b/i.test(sql) && isPlain(sql) && !makesCode(sql)
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

/** A table's name as SQL has it. */
const NAME = String.raw`("(?:[^"]|"")+"|\w+)`
const NEW_TABLE = new RegExp(`^CREATE TABLE ${NAME} \\(`)
const NEW_INDEX = new RegExp(`^CREATE (?:UNIQUE )?INDEX ${NAME} ON ${NAME} \\(`)
/** What limbeck writes into its own tables: nothing else of the kind is in a script. */
const OWN_ROW = /^(?:INSERT INTO|UPDATE|DELETE FROM) /

/** Whether statements make tables, and indexes on these, and nothing else: they look at no rows, and take no time. */
function areRowless(statements: readonly string[]): boolean {
  const made = new Set<string>()
  return statements.every((sql) => {
    const table = NEW_TABLE.exec(sql)?.[1]
    if (table !== undefined) made.add(table)
    return table !== undefined || OWN_ROW.test(sql) || made.has(NEW_INDEX.exec(sql)?.[2] ?? '')
  })
}

/** What transactions in a row keep from one to the next; it holds for this connection alone. */
export interface Kept {
  /** Whether nothing is in the database yet. */
  isNew: boolean
  /** To be awaited before each transaction, with its statements. */
  next(statements: readonly string[]): Promise<void>
  /** Before what takes long, and before the driver opens the file once more. */
  letLockGo(): Promise<void>
  /** Puts all back. */
  end(): Promise<void>
}

/**
 * How long the lock of the file may be kept in all, in milliseconds: who wants to read waits five seconds, as most drivers
 * do.
 */
export const LONGEST_HOLD = 3000

/** The same of a file that is filled for the first time: who wants to read waits for what is not there yet. */
const LONGEST_LOG = 30_000

/** To begin a log and to end it takes as many waits for the disk as some transactions: it is begun after as many. */
export const BEFORE_LOG = 8

/**
 * From the second transaction on the rollback journal is kept, in place of making and deleting a file for each; and the
 * lock with it where transactions are short, so that the file is not opened and looked through again each time. That takes
 * a third of the time. It is as safe (https://sqlite.org/pragma.html#pragma_journal_mode and #pragma_locking_mode); others
 * read when the lock goes. A new file has a log for as long as the lock is kept, see `new-file.ts`.
 */
export function keeping(query: Query, longest: number): Kept {
  let transactions = 0
  let journal = false
  /** How many transactions the lock was kept for. */
  let held = 0
  let log = false
  /** How long the lock may still be kept; and since when it is, by `performance.now()`. */
  let left = longest
  let since: number | undefined
  const kept: Kept = {
    isNew: false,
    async letLockGo() {
      if (since === undefined) return
      if (log) {
        await endLog(query)
        log = kept.isNew = false
        journal = await keepJournal(query)
      }
      left -= performance.now() - since
      since = undefined
      held = 0
      await query('PRAGMA locking_mode = NORMAL')
      // It goes when the file is read next.
      await query('SELECT 1 FROM sqlite_schema LIMIT 1')
    },
    async next(statements) {
      if (++transactions === 2) journal = await keepJournal(query)
      const isShort = areRowless(statements)
      if (!isShort || performance.now() - (since ?? Infinity) > (log ? LONGEST_LOG : left)) {
        await kept.letLockGo()
      }
      if (!journal || !isShort || left <= 0) return
      if (since === undefined) {
        if (!await isKept(query)) return
        await query('PRAGMA locking_mode = EXCLUSIVE')
        since = performance.now()
      }
      if (++held === BEFORE_LOG && kept.isNew) log = await beginLog(query)
    },
    async end() {
      await kept.letLockGo()
      if (journal && await isKept(query)) await query('PRAGMA journal_mode = DELETE')
    },
  }
  return kept
}

/** Whether no revision chose another journal since: the lock of a write-ahead log would not go when it is let go. */
async function isKept(query: Query): Promise<boolean> {
  const [row] = await query('PRAGMA journal_mode')
  return row?.journal_mode === 'persist'
}

/** @returns false where the database has another journal */
async function keepJournal(query: Query): Promise<boolean> {
  const [now] = await query('PRAGMA journal_mode')
  if (now?.journal_mode !== 'delete') return false
  const [then] = await query('PRAGMA journal_mode = PERSIST')
  return then?.journal_mode === 'persist'
}
