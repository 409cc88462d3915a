/**
 * The migration lock of a remote libSQL database: a row that says who migrates, and until when unless it says so again
 * before. The server has no lock that ends with a process that dies; a lease ends by itself. A process that comes back
 * after its lease was given to another (it was stopped, its machine slept) must not write: every transaction begins with
 * the statement that makes the lease last longer, and goes on only if it is still there. Times are the server's.
 *
 * What a transaction says of its lease nobody sees before it ends, and libSQL's server gives up a transaction of more than
 * five seconds as soon as anybody else wants to write (TXN_TIMEOUT in sqld's connection manager). So who does not have the
 * lease only reads; and who takes one that was not given back has it for long, so that two whose transactions take longer
 * than a lease do not end each other's again and again.
 */
import { randomBytes } from 'node:crypto'
import os from 'node:os'
import process from 'node:process'
import { EXIT, fault } from '../../problem.ts'
import type { Lock, LockOptions, Row } from '../dialect.ts'
import { string } from '../ansi.ts'
import { taking } from '../taking.ts'

/** Its table: introspection does not show it. */
const TABLE = 'limbeck_lease'

/**
 * How long a lease lasts, in seconds, and one that another did not give back; and after how many milliseconds it is made to
 * last longer.
 */
const LEASE = { seconds: 15, long: 60, heartbeat: 5000 }

const NOW = `CAST(strftime('%s', 'now') AS INTEGER)`

/** What taking it needs of a session. */
export interface Leasing {
  /** Asks outside any transaction. */
  query(sql: string): Promise<readonly Row[]>
  /** Runs a statement outside any transaction. @returns the number of rows it changed */
  change(sql: string): Promise<number>
  /** Makes every transaction begin with this statement, which must change one row; undefined: none. */
  fence(statement: string | undefined): void
  /** Whether a transaction is open: it made the lease last longer. */
  isBusy(): boolean
}

/** Waits for the lease. @throws `locked` (exit 4), saying who has it; `stopped` */
export async function takeLease(session: Leasing, key: string, options: LockOptions): Promise<Lock> {
  const token = randomBytes(12).toString('hex')
  const which = `name = ${string(key)} AND token = ${string(token)}`
  const renew = `UPDATE ${TABLE} SET expires = max(expires, ${NOW} + ${LEASE.seconds}) WHERE ${which}`
  await session.change(
    `CREATE TABLE IF NOT EXISTS ${TABLE} (name TEXT NOT NULL PRIMARY KEY, token TEXT NOT NULL, ` +
      'holder TEXT NOT NULL, since TEXT NOT NULL, expires INTEGER NOT NULL)',
  )
  const wanted = {
    async take() {
      const [held] = await session.query(
        `SELECT 1 FROM ${TABLE} WHERE name = ${string(key)} AND expires >= ${NOW}`,
      )
      return held === undefined && await session.change(take(key, token)) === 1 ? true : undefined
    },
    async holders() {
      const [row] = await session.query(`SELECT holder, since FROM ${TABLE} WHERE name = ${string(key)}`)
      return row === undefined ? undefined : `${String(row['holder'])}, since ${String(row['since'])} UTC`
    },
    inWords: (holder: string | undefined) => holder,
    giveUp: (holder: string | undefined) => locked(holder, options.patience),
  }
  await taking(wanted, options)
  session.fence(renew)
  const heartbeat = setInterval(() => {
    // What fails shows when the next transaction begins.
    if (!session.isBusy()) session.change(renew).catch(() => {})
  }, LEASE.heartbeat)
  heartbeat.unref()
  return {
    async release() {
      clearInterval(heartbeat)
      session.fence(undefined)
      // Where that cannot be told it is given back: others wait for it.
      const [ours] = await session.query(`SELECT 1 FROM ${TABLE} WHERE ${which}`).catch(() => [{}])
      if (ours !== undefined) await session.change(`DELETE FROM ${TABLE} WHERE ${which}`)
    },
  }
}

/** Takes it when nobody has it, or who has it let it expire. */
function take(key: string, token: string): string {
  const holder = string(`process ${process.pid} on ${os.hostname()}`)
  return `INSERT INTO ${TABLE} (name, token, holder, since, expires) ` +
    `VALUES (${string(key)}, ${string(token)}, ${holder}, datetime('now'), ${NOW} + ${LEASE.seconds}) ` +
    `ON CONFLICT (name) DO UPDATE SET token = excluded.token, holder = excluded.holder, ` +
    `since = excluded.since, expires = ${NOW} + ${LEASE.long} ` +
    `WHERE ${TABLE}.expires < ${NOW}`
}

function locked(holder: string | undefined, patience: number): never {
  return fault(
    'locked',
    `another migration holds the lease of this database, and did not end within ${patience / 1000} seconds`,
    {
      exit: EXIT.locked,
      hint: 'wait for it, or end it',
      notes: holder === undefined ? [] : [`held by ${holder}`],
    },
  )
}

/** @throws `lease-lost` */
export function faultLeaseLost(): never {
  return fault('lease-lost', 'the lease of this database expired, and another migration may have it now', {
    exit: EXIT.locked,
    hint: 'run the command again',
  })
}
