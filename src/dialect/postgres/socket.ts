/**
 * The socket to a PostgreSQL server, TLS included. It is opened here rather than by the driver because libpq's six
 * sslmodes mean more than the driver knows, and to say exactly what went wrong.
 */
import { existsSync, readFileSync } from 'node:fs'
import { connect as connectSocket, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { platform } from 'node:os'
import * as tls from 'node:tls'
import { EXIT, fault } from '../../problem.ts'
import type { Endpoint, Target } from './url.ts'

/** Stops with what is wrong with reaching the server (exit 5). */
export function unreachableServer(code: string, message: string, hint: string, cause?: unknown): never {
  return fault(code, message, { hint, exit: EXIT.unreachable, cause })
}

/** libpq's default host: the folder of a local socket that exists, else localhost. */
export function hostOf({ host, port }: Endpoint): string {
  if (host !== undefined) return host
  const folders = platform() === 'win32' ? [] : ['/var/run/postgresql', '/run/postgresql', '/tmp']
  return folders.find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`)) ?? 'localhost'
}

/** How an endpoint is called in messages. */
export function endpointName({ host, port }: { readonly host: string; readonly port: number }): string {
  if (host.startsWith('/')) return `${host}/.s.PGSQL.${port}`
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/**
 * A connected socket, encrypted when `encrypt` asks for it.
 * @param encrypt `yes` must, `try` takes what the server offers, `no` must not
 * @throws `no-server`, `not-postgres`, `no-such-host`, `timeout`, `ssl-refused`, `ssl-untrusted` (exit 5)
 */
export async function openSocket(
  endpoint: { readonly host: string; readonly port: number },
  target: Target,
  encrypt: 'yes' | 'try' | 'no',
): Promise<Socket> {
  const name = endpointName(endpoint)
  const socket = await deadline(target, name, connected(endpoint, name))
  if (encrypt === 'no' || endpoint.host.startsWith('/')) return socket
  const offered = await deadline(target, name, offersSsl(socket, name))
  if (offered) return await deadline(target, name, encrypted(socket, endpoint.host, target))
  if (encrypt === 'try') return socket
  socket.destroy()
  return unreachableServer(
    'ssl-refused',
    `the server at "${name}" does not offer SSL, and sslmode is "${target.ssl.mode}"`,
    'turn SSL on in the server, or connect with sslmode=prefer if the network is trusted',
  )
}

interface Attempt<T> {
  readonly done: Promise<T>
  readonly socket: Socket
}

/** Gives up and destroys the socket after the target's connect_timeout. */
async function deadline<T>(target: Target, name: string, attempt: Attempt<T>): Promise<T> {
  if (target.connectTimeout === 0) return await attempt.done
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), target.connectTimeout * 1000)
  })
  const first = await Promise.race([attempt.done, late]).finally(() => clearTimeout(timer))
  if (first !== 'late') return first
  attempt.socket.destroy()
  return unreachableServer(
    'timeout',
    `the server at "${name}" did not answer within ${target.connectTimeout} seconds`,
    'check the host, the port and firewalls; connect_timeout in the URL sets the time',
  )
}

function connected(
  endpoint: { readonly host: string; readonly port: number },
  name: string,
): Attempt<Socket> {
  const { host, port } = endpoint
  const socket = host.startsWith('/')
    ? connectSocket({ path: name })
    : connectSocket({ host, port, noDelay: true })
  const done = new Promise<Socket>((resolve, reject) => {
    // For good: an error between here and the driver must not end the process; `close` follows and is handled.
    socket.on('error', reject)
    socket.once('connect', () => resolve(socket))
  }).catch((error: NodeJS.ErrnoException) => notConnected(error, host, name))
  return { done, socket }
}

function notConnected(error: NodeJS.ErrnoException, host: string, name: string): never {
  const code = error.code ?? ''
  if (
    ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME', 'EAI_NODATA'].includes(code) ||
    /lookup|getaddrinfo/.test(error.message)
  ) {
    return unreachableServer(
      'no-such-host',
      `the host "${host}" cannot be found`,
      'check its spelling, and whether DNS works here',
      error,
    )
  }
  if (host.startsWith('/')) {
    const why = code === 'EACCES' ? 'may not be used by this user' : 'leads to no server'
    return unreachableServer(
      'no-server',
      `the socket "${name}" ${why}`,
      'is the server running on this machine?',
      error,
    )
  }
  return unreachableServer(
    'no-server',
    `no server answers at "${name}"${code === '' || code === 'ECONNREFUSED' ? '' : ` (${code})`}`,
    'is it running, and does it listen on that host and port?',
    error,
  )
}

/** Asks for SSL (manual, "SSL Session Encryption"): the answer is one byte, S or N. */
function offersSsl(socket: Socket, name: string): Attempt<boolean> {
  const answer = new Promise<Uint8Array>((resolve) => {
    const closed = () => resolve(new Uint8Array())
    socket.once('close', closed)
    socket.once('data', (data: Uint8Array) => {
      socket.removeListener('close', closed)
      resolve(data)
    })
    socket.write(new Uint8Array([0, 0, 0, 8, 4, 210, 22, 47]))
  })
  const done = answer.then((data) => {
    // More than the one byte would be text that somebody slipped in before the encryption.
    if (data.length === 1 && (data[0] === 0x53 || data[0] === 0x4e)) return data[0] === 0x53
    socket.destroy()
    if (data.length === 0) {
      return unreachableServer('no-server', `what answers at "${name}" ended the connection`, 'see its log')
    }
    return unreachableServer(
      'not-postgres',
      `what answers at "${name}" is no PostgreSQL`,
      'check the host and the port',
    )
  })
  return { done, socket }
}

function encrypted(socket: Socket, host: string, target: Target): Attempt<Socket> {
  const secure = tls.connect({ ...tlsOptions(host, target), socket })
  const done = new Promise<Socket>((resolve, reject) => {
    secure.on('error', reject)
    secure.once('secureConnect', () => resolve(secure))
  }).catch((error: Error) => {
    socket.destroy()
    return unreachableServer(
      'ssl-untrusted',
      `the server's certificate is not trusted, or SSL failed: ${error.message}`,
      `sslmode is "${target.ssl.mode}"; sslrootcert names the certificates that are trusted`,
      error,
    )
  })
  return { done, socket: secure }
}

/** The file of the URL, or libpq's default in ~/.postgresql if there is one. */
function file(given: string | undefined, target: Target, fallback: string): string | undefined {
  const path = given ?? `${target.home}/.postgresql/${fallback}`
  if (given !== undefined && !existsSync(path)) {
    unreachableServer(
      'no-such-file',
      `there is no file "${path}"`,
      'sslrootcert, sslcert, sslkey and sslcrl name files',
    )
  }
  return existsSync(path) ? path : undefined
}

/**
 * What the mode wants checked. As in libpq, `require` with a root certificate at hand checks like `verify-ca`, and the
 * verifying modes insist on one.
 */
function tlsOptions(host: string, target: Target): tls.ConnectionOptions {
  const { ssl } = target
  const system = ssl.rootCertificate === 'system'
  const root = system ? undefined : file(ssl.rootCertificate, target, 'root.crt')
  const verifying = ssl.mode === 'verify-ca' || ssl.mode === 'verify-full'
  if (verifying && root === undefined && !system) {
    unreachableServer(
      'no-such-file',
      `sslmode "${ssl.mode}" needs the certificates that are trusted, and there is no "${target.home}/.postgresql/root.crt"`,
      'name a file with sslrootcert=…, or use sslrootcert=system',
    )
  }
  const certificate = file(ssl.certificate, target, 'postgresql.crt')
  const key = file(ssl.key, target, 'postgresql.key')
  const revocations = file(ssl.revocations, target, 'root.crl')
  return {
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    rejectUnauthorized: verifying || (ssl.mode === 'require' && (root !== undefined || system)),
    ...(ssl.mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...(root === undefined ? {} : { ca: readFileSync(root) }),
    ...(certificate === undefined ? {} : { cert: readFileSync(certificate) }),
    ...(certificate === undefined || key === undefined ? {} : { key: readFileSync(key) }),
    ...(ssl.keyPassword === undefined ? {} : { passphrase: ssl.keyPassword }),
    ...(revocations === undefined ? {} : { crl: readFileSync(revocations) }),
    ...(ssl.oldestProtocol === undefined ? {} : { minVersion: ssl.oldestProtocol as tls.SecureVersion }),
  }
}
