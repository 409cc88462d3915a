/**
 * The migration lock: a session-level advisory lock (manual, "Advisory Locks") on the connection that runs the DDL. The
 * server gives it back when the connection ends, however it ends. It does not work through a pooler that hands out a
 * server connection for each transaction (PgBouncer's transaction mode): migrations connect directly.
 */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { EXIT, fault } from '../../problem.ts'
import type { Connection, Row } from '../dialect.ts'

export interface LockOptions {
  /** Seconds to wait before giving up; 60 unless told. 0 tries once. */
  readonly seconds?: number
}

const DEFAULT_SECONDS = 60
const FIRST_PAUSE_MS = 25
const LONGEST_PAUSE_MS = 1000

/** A 32-bit signed integer that stays the same for a text. */
function hash(text: string): number {
  return createHash('sha256').update(text).digest().readInt32BE(0)
}

/**
 * The two keys of the advisory lock: limbeck's own, and that of the version table. PostgreSQL keeps advisory locks apart
 * by database, so that the database is no part of them.
 * @param key the qualified name of the version table
 */
export function lockKey(key: string): readonly [number, number] {
  return [hash('limbeck'), hash(`limbeck:${key}`)]
}

/**
 * Waits for the lock of this version table.
 * @returns what gives it back
 * @throws `locked` (exit 4) after the time is up, saying who holds it
 */
export async function lock(
  connection: Connection,
  key: string,
  { seconds = DEFAULT_SECONDS }: LockOptions = {},
): Promise<() => Promise<void>> {
  const [space, object] = lockKey(key)
  const deadline = performance.now() + seconds * 1000
  for (let pause = FIRST_PAUSE_MS;; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const [row] = await connection.query(`SELECT pg_try_advisory_lock(${space}, ${object}) AS got`)
    if (row?.['got'] === true) break
    const left = deadline - performance.now()
    if (left <= 0) await locked(connection, space, object, seconds)
    // Jitter keeps several waiters from asking at the same moment.
    await sleep(Math.min(left, pause * (0.5 + Math.random() / 2)))
  }
  return async () => {
    if ('lost' in connection && connection.lost === true) return
    await connection.query(`SELECT pg_advisory_unlock(${space}, ${object})`)
  }
}

async function locked(
  connection: Connection,
  space: number,
  object: number,
  seconds: number,
): Promise<never> {
  const holders = await connection.query(`
    SELECT l.pid, a.application_name, a.usename, host(a.client_addr) AS address, a.state,
      to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ') AS since
    FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
      AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
      AND l.classid::bigint = ${space >>> 0} AND l.objid::bigint = ${object >>> 0}`)
  const pid = holders[0]?.['pid']
  return fault(
    'locked',
    `another migration holds the lock of this database, and did not end within ${seconds} seconds`,
    {
      exit: EXIT.locked,
      hint: pid === undefined
        ? 'it has just ended: run the command again'
        : `wait for it, or end it with SELECT pg_terminate_backend(${String(pid)})`,
      notes: holders.map(holder),
    },
  )
}

function holder(row: Row): string {
  const part = (label: string, value: unknown) =>
    value === null || value === undefined || value === '' ? '' : `${label}${String(value)}`
  const who = `${part(' application ', row['application_name'])}${part(', user ', row['usename'])}`
  return `held by process ${String(row['pid'])}:${who}${part(', from ', row['address'])}${
    part(', since ', row['since'])
  }`
}
