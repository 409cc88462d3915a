/**
 * The migration lock: a session-level advisory lock (manual, "Advisory Locks") on the connection that runs the DDL. The
 * server gives it back when the connection ends, however it ends. It does not work through a pooler that hands out a
 * server connection for each transaction (PgBouncer's transaction mode): that is refused.
 */
import { createHash } from 'node:crypto'
import { EXIT, fault } from '../../problem.ts'
import type { Connection, Lock, LockOptions, Row } from '../dialect.ts'
import { taking } from '../taking.ts'
import { refusePooler } from './backend.ts'
import type { Backend } from './backend.ts'

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

/** A connection that can take it. */
export type Locking = Connection & { another(): Promise<Connection>; readonly backend: Backend }

/**
 * Waits for the lock of this version table. It asks again and again: a statement that waits inside the server keeps a
 * snapshot, and CREATE INDEX CONCURRENTLY of the migration that holds the lock would wait for its end.
 * @throws `locked` (exit 4) after the time is up, saying who holds it; `pooler`; `stopped`
 */
export async function lock(connection: Locking, key: string, options: LockOptions): Promise<Lock> {
  await refusePooler(connection)
  const [space, object] = lockKey(key)
  const wanted = {
    async take() {
      const [row] = await connection.query(`SELECT pg_try_advisory_lock(${space}, ${object}) AS got`)
      return row?.['got'] === true ? true : undefined
    },
    holders: () => heldBy(connection, space, object),
    inWords: ([holder]: readonly Row[]) => holder === undefined ? undefined : inWords(holder),
    giveUp: (holders: readonly Row[]) => locked(holders, options.patience),
  }
  await taking(wanted, options)
  return {
    async release() {
      if (connection.lost) return
      await connection.query(`SELECT pg_advisory_unlock(${space}, ${object})`)
    },
  }
}

async function heldBy(connection: Connection, space: number, object: number): Promise<readonly Row[]> {
  return await connection.query(`
    SELECT l.pid, a.application_name, a.usename, host(a.client_addr) AS address,
      to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ') AS since
    FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
      AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
      AND l.classid::bigint = ${space >>> 0} AND l.objid::bigint = ${object >>> 0}`)
}

function locked(holders: readonly Row[], patience: number): never {
  const pid = holders[0]?.['pid']
  return fault(
    'locked',
    `another migration holds the lock of this database, and did not end within ${patience / 1000} seconds`,
    {
      exit: EXIT.locked,
      hint: pid === undefined
        ? 'it has just ended: run the command again'
        : `wait for it, longer with --lock-wait; one that hangs ends with SELECT pg_terminate_backend(${
          String(pid)
        })`,
      notes: holders.map((one) => `held by ${inWords(one)}`),
    },
  )
}

function inWords(row: Row): string {
  const part = (label: string, value: unknown) =>
    value === null || value === undefined || value === '' ? '' : `${label}${String(value)}`
  const who = `${part(' application ', row['application_name'])}${part(', user ', row['usename'])}`
  return `process ${String(row['pid'])}:${who}${part(', from ', row['address'])}${
    part(', since ', row['since'])
  }`
}
