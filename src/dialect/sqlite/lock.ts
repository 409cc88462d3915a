/** Locking on SQLite. */
import type { Connection } from '../dialect.ts'

/**
 * The migration lock of a version table. SQLite has one writer per database and no advisory locks, so there is nothing
 * to take in advance: a run reads the heads and applies each revision inside BEGIN IMMEDIATE ({@link Connection.begin}),
 * which waits for the other run and then sees what it did (https://sqlite.org/lang_transaction.html). A lock table would
 * outlive a process that dies; SQLite's lock does not.
 * @returns the function that gives the lock back: here it does nothing
 */
export function lock(_connection: Connection, _key: string): Promise<() => Promise<void>> {
  return Promise.resolve(() => Promise.resolve())
}
