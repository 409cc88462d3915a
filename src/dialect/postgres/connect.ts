/** Opening a PostgreSQL database: endpoints and encryption in libpq's order, then the driver over the open socket. */
import type { Socket } from 'node:net'
import type postgres from 'postgres'
import { EXIT, fault, ProblemError } from '../../problem.ts'
import type { ConnectOptions } from '../dialect.ts'
import { greet, sendCancel } from './backend.ts'
import { notAdmitted } from './failure.ts'
import type { Greeting } from './backend.ts'
import { passwordFromFile } from './pgpass.ts'
import { session } from './session.ts'
import type { Origin, PostgresConnection } from './session.ts'
import { endpointName, hostOf, openSocket, unreachableServer } from './socket.ts'
import { maskUrl } from '../mask-url.ts'
import { parseUrl } from './url.ts'
import type { SslMode, Target } from './url.ts'
import type { Link } from './wire.ts'

/** In which order encryption is tried (manual, "SSL Support", table "SSL Mode Descriptions"). */
const ATTEMPTS: Readonly<Record<SslMode, readonly ('yes' | 'try' | 'no')[]>> = {
  disable: ['no'],
  allow: ['no', 'yes'],
  prefer: ['try', 'no'],
  require: ['yes'],
  'verify-ca': ['yes'],
  'verify-full': ['yes'],
}

/**
 * One dedicated connection, for DDL, locks and transactions.
 * @throws with exit 5 when the database cannot be reached, whatever the reason; `bad-url` with exit 2. No message holds
 * the password.
 */
export async function connect(
  url: string,
  options: Pick<ConnectOptions, 'env' | 'timeout'>,
): Promise<PostgresConnection> {
  const target = limited(parseUrl(url, options.env), options.timeout)
  const another = () => connect(url, options)
  let problem: unknown
  for (const { host, port } of target.endpoints.map((one) => ({ host: hostOf(one), port: one.port }))) {
    for (const encrypt of host.startsWith('/') ? ['no' as const] : ATTEMPTS[target.ssl.mode]) {
      try {
        return await admitted({ host, port }, target, encrypt, { url: maskUrl(url), another })
      } catch (error) {
        if (!(error instanceof ProblemError) || error.exit !== EXIT.unreachable) throw error
        // The first reason is the one that the preferred way failed for.
        problem ??= error
        if (!worthAnother(error, encrypt)) break
      }
    }
  }
  throw problem
}

function limited(target: Target, timeout: number | undefined): Target {
  if (timeout === undefined) return target
  const seconds = Math.max(1, timeout / 1000)
  const { connectTimeout } = target
  return { ...target, connectTimeout: connectTimeout === 0 ? seconds : Math.min(connectTimeout, seconds) }
}

/** Only a refusal of this kind of connection is tried in the other way; a wrong password is wrong in both. */
function worthAnother(error: ProblemError, encrypt: 'yes' | 'try' | 'no'): boolean {
  const code = error.problems[0]?.code
  return code === 'refused' || (code === 'ssl-untrusted' && encrypt === 'try')
}

type Place = { readonly host: string; readonly port: number }

async function admitted(
  place: Place,
  target: Target,
  encrypt: 'yes' | 'try' | 'no',
  rest: Pick<Origin, 'url' | 'another'>,
): Promise<PostgresConnection> {
  const name = endpointName(place)
  const login = { ...place, database: target.database, user: target.user }
  const kept = target.password === undefined ? passwordFromFile(target.passwordFile, login) : {}
  const known = { ...target, ...(kept.password === undefined ? {} : { password: kept.password }) }
  const socket = await openSocket(place, target, encrypt)
  try {
    const { link, ...origin } = await linked(socket, place, known)
    const cancel = async () => await sendCancel(await openSocket(place, target, encrypt), origin.backend.key)
    return session(link, { ...origin, ...rest, cancel })
  } catch (error) {
    socket.destroy()
    if (error instanceof ProblemError) throw error
    return notAdmitted(error, name, known, kept.ignored)
  }
}

function refuseReader(name: string): never {
  return unreachableServer(
    'read-only',
    `the server at "${name}" takes no writes, as target_session_attrs demands`,
    'is it a standby? name the primary, too: postgresql://a,b/database',
  )
}

/** The driver's pool of one connection over the socket, and that connection reserved. */
async function linked(
  socket: Socket,
  place: Place,
  target: Target,
): Promise<{ link: Link } & Omit<Greeting, 'readOnly'>> {
  const { default: driver } = await import('postgres')
  let gone = false
  let reject: (error: unknown) => void = () => {}
  const loss = new Promise<never>((_, rejecting) => reject = rejecting)
  loss.catch(() => {})
  const lose = (error: unknown) => {
    gone = true
    reject(error)
  }
  const pool = driver(driverOptions(socket, place, target, () => lose({ code: 'CONNECTION_CLOSED' })))
  try {
    // A query comes first: as the very first thing, and without fetch_types, reserve() would wait for ever.
    const { readOnly, ...origin } = await greet(pool)
    if (readOnly && target.writes) refuseReader(endpointName(place))
    const sql = await pool.reserve()
    const end = async () => {
      sql.release()
      await pool.end({ timeout: gone ? 0 : 2 })
    }
    return { link: { sql, end, gone: loss, isGone: () => gone, lose }, ...origin }
  } catch (error) {
    await pool.end({ timeout: 0 })
    throw error
  }
}

/** Values are bound as their text and dates read as theirs: nothing is rounded, shifted or turned into an object. */
const TYPES = {
  json: { to: 114, from: [114, 3802], serialize: String, parse: (text: string): unknown => JSON.parse(text) },
  boolean: { to: 16, from: [16], serialize: String, parse: (text: string) => text === 't' },
  date: { to: 1184, from: [1082, 1114, 1184], serialize: String, parse: (text: string) => text },
  bytea: { to: 17, from: [17], serialize: String, parse: (text: string) => text },
  bigint: { to: 20, from: [20], serialize: String, parse: integer },
}

/** An int8: a number, or a bigint where a number would round. */
function integer(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

type DriverOptions = postgres.Options<Record<string, postgres.PostgresType>>

/** Every option that the driver would otherwise take from PG* variables is given. */
function driverOptions(socket: Socket, place: Place, target: Target, onclose: () => void): DriverOptions {
  const sockets = [socket]
  const options: DriverOptions & { readonly socket: () => Socket; readonly max_pipeline: number } = {
    host: place.host,
    port: place.port,
    user: target.user,
    pass: () => target.password ?? '',
    database: target.database,
    ssl: false,
    // The driver asks again to reconnect; a new connection would have neither the lock nor the transaction.
    socket: () =>
      sockets.pop() ??
        fault('connection-lost', 'the server closed the connection', { exit: EXIT.unreachable }),
    max: 1,
    max_pipeline: Number.MAX_SAFE_INTEGER,
    prepare: false,
    fetch_types: false,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: target.connectTimeout,
    keep_alive: 60,
    backoff: false,
    debug: false,
    types: TYPES,
    onnotice: () => {},
    onclose,
    connection: {
      application_name: target.applicationName,
      // Texts that the server writes, and that are read here, have plain backslashes.
      standard_conforming_strings: 'on',
      ...(target.options === undefined ? {} : { options: target.options }),
    },
  }
  return options
}
