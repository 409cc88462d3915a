/** The process that serves a connection: which one it is, how its statement is ended, and how it is itself. */
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { EXIT, fault } from '../../problem.ts'
import type { Connection, Row, Server } from '../dialect.ts'
import type { Driver } from './driver.ts'

/** The oldest server whose catalogs are read here. */
const OLDEST = 130000

/** The code that stands in the place of a protocol version (manual, "Message Formats", CancelRequest). */
const CANCEL_REQUEST = 80877102

/** What the server, or a pooler in its place, gave to cancel by (manual, "Message Formats", BackendKeyData). */
export interface CancelKey {
  readonly pid: number
  readonly secret: number
}

export interface Backend {
  readonly key: CancelKey
  /** The process's own number. */
  readonly pid: number
  /** Since when it is there, as PostgreSQL writes it: numbers are used again. */
  readonly since: string
  /** Whether the number is not that of the key: something between here and the server made one up. */
  readonly pooled: boolean
}

export interface Greeting {
  readonly server: Server
  readonly backend: Backend
  /** Whether it is a standby, or takes no writes of this user or database by itself. */
  readonly readOnly: boolean
}

/**
 * What the server is, from its server_version_num, and its default schema, and which process serves the connection.
 * @throws `old-server` below PostgreSQL 13
 */
export async function greet(sql: Driver): Promise<Greeting> {
  const rows = await sql.unsafe(
    `SELECT current_setting('server_version_num')::int AS version, pg_backend_pid() AS pid, current_schema() AS schema, ` +
      `current_setting('transaction_read_only') AS read_only, ` +
      `(SELECT backend_start::text FROM pg_catalog.pg_stat_get_activity(pg_backend_pid())) AS since`,
  ) as readonly Row[] & { readonly state: CancelKey }
  const version = Number(rows[0]?.['version'])
  if (version < OLDEST) {
    fault(
      'old-server',
      `the server is PostgreSQL ${Math.floor(version / 10000)}; limbeck needs 13 or newer`,
      { hint: 'upgrade the server', exit: EXIT.unreachable },
    )
  }
  const pid = Number(rows[0]?.['pid'])
  const key = { pid: rows.state.pid, secret: rows.state.secret }
  const backend = { key, pid, since: String(rows[0]?.['since']), pooled: key.pid !== pid }
  const schema = rows[0]?.['schema']
  return {
    server: { dialect: 'postgres', version, ...(typeof schema === 'string' ? { schema } : {}) },
    backend,
    readOnly: rows[0]?.['read_only'] === 'on',
  }
}

/** Sends the request over a socket of its own; the server answers by closing it (manual, "Canceling Requests"). */
export async function sendCancel(socket: Socket, { pid, secret }: CancelKey): Promise<void> {
  const message = new DataView(new ArrayBuffer(16))
  message.setInt32(0, 16)
  message.setInt32(4, CANCEL_REQUEST)
  message.setUint32(8, pid)
  message.setUint32(12, secret)
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve())
    socket.end(new Uint8Array(message.buffer))
    socket.resume()
  })
}

/** How long the process of a lost connection may take to end, in milliseconds, and how often it is looked for. */
const BURIAL = { patience: 10_000, pause: 50 }

/**
 * Ends the process that served a connection that was lost: it may hold the migration lock, and end a statement or a
 * COMMIT yet that nobody waits for. A server notices by itself that a client is gone when it next writes to it, or when
 * TCP gives up.
 */
export async function bury(connection: Connection, lost: Connection): Promise<void> {
  if (!('backend' in lost)) return
  const { pid, since } = lost.backend as Backend
  const which = `pid = ${pid} AND backend_start = '${since}'::timestamptz AND pid <> pg_backend_pid()`
  const deadline = performance.now() + BURIAL.patience
  for (;;) {
    const left = await connection.query(
      `SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE ${which}`,
    )
    if (left.length === 0 || performance.now() > deadline) return
    await sleep(BURIAL.pause)
  }
}

/** How long another connection may take to answer, in milliseconds. */
const OTHER_ANSWERS = 3000

/**
 * Refuses a pooler that hands out a server connection for each transaction, as PgBouncer's transaction mode does: what
 * is set, and locks that are taken, in one statement are another client's in the next. While this connection is idle such
 * a pooler gives its process to another connection, or another process to this one. One that keeps a process for each
 * client (session mode) never does.
 * @throws `pooler`
 */
export async function refusePooler(
  connection: Connection & { another(): Promise<Connection>; readonly backend: Backend },
): Promise<void> {
  if (!connection.backend.pooled) return
  const pid = async (of: Connection) => Number((await of.query('SELECT pg_backend_pid() AS pid'))[0]?.['pid'])
  const first = await pid(connection)
  const other = await within(connection.another(), async (one) => await pid(one))
  const second = await pid(connection)
  if (first === second && other !== first) return
  fault('pooler', 'the connection leads through a pooler that shares the server between transactions', {
    notes: [
      'PgBouncer does so with pool_mode = transaction: neither the migration lock nor settings hold there',
    ],
    hint: 'connect to the server itself, or to a pool with pool_mode = session',
  })
}

/** @returns undefined when it takes too long: a pool that keeps its processes may have none left */
async function within<T>(
  opening: Promise<Connection>,
  ask: (other: Connection) => Promise<T>,
): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), OTHER_ANSWERS)
  })
  const asked = opening.then(async (other) => {
    try {
      return await ask(other)
    } finally {
      await other.close()
    }
  })
  asked.catch(() => {})
  return await Promise.race([asked, late]).finally(() => clearTimeout(timer))
}
