/** How a write transaction begins, and how rows are changed without one. */
import type { Client, Transaction } from './driver.ts'
import { faultLeaseLost } from './lease.ts'

export interface WriteOptions {
  readonly remote: boolean
  /** What must stand before BEGIN, on a remote database. */
  readonly pragma?: string | undefined
  /** What proves the lease. */
  readonly fence?: string | undefined
}

/**
 * Opens a write transaction. Remote: the driver sends BEGIN with the first statement only, so one is sent at once.
 * A pragma that must stand before BEGIN has to run on the same stream, which only a transaction of the driver keeps:
 * the empty transaction is ended and another one begun in its place.
 *
 * Local: the same, because a BEGIN IMMEDIATE that found the database locked stays an active statement of the driver
 * until it is garbage, and SQLite refuses COMMIT for so long ("SQL statements in progress"). One that is part of a
 * script is finalized at once.
 */
export async function openWrite(
  client: Client,
  { remote, pragma, fence }: WriteOptions,
): Promise<Transaction> {
  const plain = remote && pragma === undefined
  const transaction = await client.transaction(plain ? 'write' : 'deferred')
  try {
    if (!plain) await transaction.executeMultiple(`COMMIT; ${remote ? `${pragma}; ` : ''}BEGIN IMMEDIATE`)
    if (fence !== undefined) {
      if ((await transaction.execute(fence)).rowsAffected !== 1) faultLeaseLost()
    } else if (plain) await transaction.execute('SELECT 1')
  } catch (error) {
    transaction.close()
    throw error
  }
  return transaction
}

/**
 * Runs a statement that changes rows in a local database, outside any transaction. By itself one that found the database
 * locked would stay active, as a BEGIN does: SQLite then commits nothing that comes behind it, however well it goes, and
 * rolls all of that back when the driver lets the statement go. As a script it is finalized at once.
 * @returns how many rows it changed
 */
export async function changeAlone(client: Client, sql: string): Promise<number> {
  await client.executeMultiple(sql)
  const { rows: [row] } = await client.execute('SELECT changes()')
  return Number(row?.[0])
}
