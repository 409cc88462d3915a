/** An open database, as the tool works with one; both dialects have it. */
import type { DialectName, Scalar } from '../model/model.ts'

/** What limbeck knows of the server it compiles for. Offline: the newest version supported. */
export interface Server {
  readonly dialect: DialectName
  /** Major and minor as one number: PostgreSQL 16.3 is 160003 (server_version_num), SQLite 3.45.1 is 3045001. */
  readonly version: number
  /** The schema that is meant where none is named (PostgreSQL). Unknown: what names a schema is another one. */
  readonly schema?: string
}

/** A row as the driver returns it. */
export type Row = Readonly<Record<string, unknown>>

export interface Connection {
  readonly server: Server
  /** The URL it was opened with, its password masked. */
  readonly url: string
  /** Runs one statement and returns its rows. `parameters` are bound, never spliced. */
  query(sql: string, parameters?: readonly Scalar[]): Promise<readonly Row[]>
  /**
   * Runs statements in order, in as few round trips as the driver can.
   * @returns the number of rows each one changed
   * @throws a problem `sql-failed` whose `sql` tells which statement failed, its text, position and code
   */
  run(statements: readonly string[]): Promise<readonly number[]>
  /**
   * Opens a write transaction (PostgreSQL BEGIN, SQLite BEGIN IMMEDIATE). `rebuild` turns SQLite's foreign keys off
   * around it and has `commit` check them, failing with the rows that violate. `first` are run right after, in the same
   * round trip where the driver can.
   */
  begin(options?: BeginOptions): Promise<void>
  /** Commits; `last` are run right before, in the same round trip where the driver can. */
  commit(last?: readonly string[]): Promise<void>
  rollback(): Promise<void>
  close(): Promise<void>
  /** Whether {@link Connection.transact} takes these statements; no transaction is open. */
  takesWhole(statements: readonly string[]): boolean
  /**
   * Runs a whole transaction in one message, from BEGIN to COMMIT. When it did not go well nothing of it is done, and
   * `rollback` has to be called before anything else.
   * @returns false when `run` has to tell why: it is not `provided`, a statement changed another number of rows than it
   *   must, or (SQLite) anything else
   * @throws a problem `sql-failed` whose `sql` tells which statement failed
   */
  transact(transaction: WholeTransaction): Promise<boolean>
  /**
   * Whether `transact` may be called before the call before it is answered: what is sent is done in order. After one that
   * failed the next may still be done, unless what it is `provided` with prevents it.
   */
  readonly pipelines: boolean
  /** Whether the connection is gone for good: its transaction and its locks went with it. */
  readonly lost?: boolean
  /** Asks the server to end the statement that runs now, which fails then. Absent where none can be ended. */
  cancel?(): Promise<void>
  /** Ends what the server still runs for a connection that was lost, and waits until it is gone. */
  bury?(lost: Connection): Promise<void>
  /**
   * Waits for the migration lock of a version table.
   * @param key the qualified name of the version table
   * @throws `locked` (exit 4) when it was not to be had in time, saying who holds it; `stopped`; `pooler` where no lock
   *   would hold
   */
  lock(key: string, options: LockOptions): Promise<Lock>
}

/** A transaction that is known from its beginning to its end. */
export interface WholeTransaction {
  /** As in {@link BeginOptions}. */
  readonly first: readonly string[]
  /** A query of one value that must be 1: else nothing of it is done. */
  readonly provided: string
  readonly statements: readonly CountedStatement[]
}

/** A statement, and how many rows it must change, if that is known. */
export interface CountedStatement {
  readonly sql: string
  readonly rows?: number | undefined
}

export interface BeginOptions {
  readonly rebuild?: boolean
  readonly first?: readonly string[]
}

export interface LockOptions {
  /** Milliseconds to wait before giving up; 0 tries once. */
  readonly patience: number
  /** Told who holds the lock: when it is not to be had at once, and when it passes to somebody else. */
  waiting(holder: string): void
  readonly signal?: AbortSignal
}

/** The migration lock of a version table, held. */
export interface Lock {
  /** Gives it back; a lock that is gone with its connection needs nothing. */
  release(): Promise<void>
  /**
   * Where the lock holds for a transaction only: keeps out everybody else who calls it, over transactions, until it is
   * given back. Waits as the lock itself does; no transaction may be open.
   */
  hold?(): Promise<void>
}
