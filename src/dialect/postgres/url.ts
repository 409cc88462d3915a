/**
 * Where a PostgreSQL database is: a URL as libpq (manual, "Connection Strings"), SQLAlchemy and asyncpg write it, with
 * libpq's PG* variables for what it leaves out.
 */
import { homedir } from 'node:os'
import { ownValue } from '../../own-value.ts'
import { accountName } from '../../account.ts'
import { didYouMean, EXIT, fault } from '../../problem.ts'
import { maskUrl } from '../mask-url.ts'
import { readService, serviceFiles } from './service.ts'

type Environment = Readonly<Record<string, string | undefined>>

export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'
const SSL_MODES: readonly SslMode[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']

export interface Endpoint {
  /** A name or address; a path for a Unix socket's folder; undefined is libpq's default: the local socket or localhost. */
  readonly host: string | undefined
  readonly port: number
}

export interface SslOptions {
  readonly mode: SslMode
  /** Files; `system` as root certificate means the system's certificate authorities. */
  readonly rootCertificate?: string
  readonly certificate?: string
  readonly key?: string
  readonly keyPassword?: string
  readonly revocations?: string
  readonly oldestProtocol?: string
}

/** All that connecting needs. */
export interface Target {
  /** Tried in order until one answers. */
  readonly endpoints: readonly [Endpoint, ...Endpoint[]]
  readonly user: string
  readonly database: string
  /** From the URL or PGPASSWORD; absent: the password file is asked. */
  readonly password?: string
  readonly passwordFile: string
  readonly ssl: SslOptions
  /** Whether the endpoint must take writes (target_session_attrs); one that does not is passed over. */
  readonly writes: boolean
  /** Seconds for each endpoint; 0 waits for ever. */
  readonly connectTimeout: number
  readonly applicationName: string
  /** libpq's `options`: `-c search_path=app`. */
  readonly options?: string
  /** The home folder: certificates lie in its `.postgresql`. */
  readonly home: string
}

const DEFAULT_TIMEOUT = 15
const DEFAULT_PORT = '5432'

/**
 * Parameters of a URL that are understood, and those that other programs put there and that change nothing here: what
 * the driver, pooling or prepared statements need. channel_binding, which the driver lacks, is among them since it is
 * common in hosters' URLs.
 */
const KNOWN = [
  ...['host', 'hostaddr', 'port', 'dbname', 'database', 'user', 'password', 'passfile'],
  ...['service', 'connect_timeout', 'application_name', 'fallback_application_name', 'options'],
  ...['sslmode', 'ssl', 'sslrootcert', 'sslcert', 'sslkey', 'sslpassword', 'sslcrl'],
  ...[
    'target_session_attrs',
    'channel_binding',
    'gssencmode',
    'krbsrvname',
    'gsslib',
    'client_encoding',
    'sslsni',
  ],
  ...[
    'keepalives',
    'keepalives_idle',
    'keepalives_interval',
    'keepalives_count',
    'tcp_user_timeout',
    'sslcompression',
  ],
  ...['load_balance_hosts', 'ssl_min_protocol_version', 'ssl_max_protocol_version', 'sslnegotiation'],
  ...[
    'prepared_statement_cache_size',
    'statement_cache_size',
    'prepare_threshold',
    'async_fallback',
    'pgbouncer',
  ],
  ...['connection_limit', 'pool_timeout', 'pool_size', 'pool_max_conns', 'uselibpqcompat'],
]

/** How Prisma, JDBC and people name the schema. */
const SCHEMAS: readonly string[] = ['schema', 'currentSchema', 'search_path']

function bad(message: string, hint = 'write postgresql://user:password@host:5432/database'): never {
  return fault('bad-url', message, { hint, exit: EXIT.usage })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (!(error instanceof URIError)) throw error
    // The text may be a password: it is not shown.
    return bad(
      'the database URL has a "%" that begins no percent-encoded character',
      'write "%25" for a percent sign',
    )
  }
}

interface Parts {
  readonly user?: string
  readonly password?: string
  readonly hosts: string
  readonly database?: string
  readonly query: ReadonlyMap<string, string>
}

const SCHEME = /^postgres(?:ql)?(?:\+\w+)?:\/\//i

function split(url: string): Parts {
  const whole = url.replace(SCHEME, '')
  // The password ends at the first @, and may hold a slash, as SQLAlchemy has it, or a question mark, as libpq has it.
  const [login = '', user, password] = /^([^:/?@]*)(?::([^@/]*|[^@?]*))?@/.exec(whole) ?? []
  const rest = whole.slice(login.length)
  const query = rest.indexOf('?')
  const head = query < 0 ? rest : rest.slice(0, query)
  const parts = /^([^/@]*)(?:\/(.*))?$/s.exec(head)
  if (parts === null) return tooMany()
  const [, hosts, database] = parts
  return {
    ...(user ? { user: decoded(user) } : {}),
    ...(password ? { password: decoded(password) } : {}),
    hosts: hosts ?? '',
    ...(database ? { database: decoded(database) } : {}),
    query: parameters(query < 0 ? '' : rest.slice(query + 1)),
  }
}

function tooMany(): never {
  return bad(
    'the database URL cannot be read: it has an "@" too many',
    'write "%40" for an "@" in the password',
  )
}

function parameters(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const pair of text.split('&').filter((one) => one !== '')) {
    const equals = pair.indexOf('=')
    const key = decoded(equals < 0 ? pair : pair.slice(0, equals))
    if (!KNOWN.includes(key)) {
      // What stands before an @ may be of a password.
      if (key.includes('@')) tooMany()
      const near = didYouMean(key, KNOWN)
      const hint = SCHEMAS.includes(key)
        ? 'write options=-csearch_path%3D and the schema'
        : near && `did you mean "${near}"?`
      bad(`the database URL has a parameter "${key}" that is not known`, hint)
    }
    found.set(key, equals < 0 ? '' : decoded(pair.slice(equals + 1)))
  }
  return found
}

/** `a:1,b,[::1]:2` */
function endpoints(hosts: string, ports: string): [Endpoint, ...Endpoint[]] {
  const given = ports.split(',')
  const list = hosts.split(',').map((one, i): Endpoint => {
    const match = /^(?:\[([^\]]+)\]|([^:]*|\/.*|[0-9a-f:]*::?[0-9a-f:.]*))(?::([^:]*))?$/i.exec(one)
    if (match === null) return bad(`the database URL has a host "${decoded(one)}" that cannot be read`)
    const text = match[3] || given[i] || given[0] || DEFAULT_PORT
    const port = Number(text)
    // What is no number may be a password, where the host is missing.
    if (!/^\d+$/.test(text)) bad('the database URL has a port that is no number')
    if (port < 1 || port > 65535) bad(`the database URL has a port "${text}" that is none`)
    return { host: decoded(match[1] ?? match[2] ?? '') || undefined, port }
  })
  return [list[0] ?? { host: undefined, port: Number(DEFAULT_PORT) }, ...list.slice(1)]
}

/** What drivers write for a mode. */
const SSL_WORDS: Readonly<Record<string, SslMode>> = {
  true: 'require',
  '1': 'require',
  on: 'require',
  false: 'disable',
  '0': 'disable',
  off: 'disable',
}

function sslMode(parameters: ReadonlyMap<string, string>, env: Environment): SslMode {
  const rootCertificate = parameters.get('sslrootcert') ?? env['PGSSLROOTCERT']
  const fallback = rootCertificate === 'system' ? 'verify-full' : 'prefer'
  const text = parameters.get('sslmode') || parameters.get('ssl') || env['PGSSLMODE'] || fallback
  const mode = ownValue(SSL_WORDS, text) ?? SSL_MODES.find((one) => one === text)
  return mode ?? bad(`there is no sslmode "${text}"`, `the modes are ${SSL_MODES.join(', ')}`)
}

function seconds(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_TIMEOUT
  const value = Number(text)
  if (!Number.isFinite(value)) {
    bad(`connect_timeout "${text}" is no number of seconds`, 'write connect_timeout=10')
  }
  return Math.max(0, value)
}

/** What a session may be asked to be (manual, target_session_attrs), and whether it takes writes. */
const SESSIONS: Readonly<Record<string, boolean>> = {
  any: false,
  'read-write': true,
  'read-only': false,
  primary: true,
  standby: false,
  'prefer-standby': false,
}

function takesWrites(text = 'any'): boolean {
  return ownValue(SESSIONS, text) ??
    bad(`there are no target_session_attrs "${text}"`, `they are ${Object.keys(SESSIONS).join(', ')}`)
}

const PROTOCOLS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']

function protocol(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  return PROTOCOLS.find((one) => one.toLowerCase() === text.toLowerCase()) ??
    bad(`there is no ssl_min_protocol_version "${text}"`, `the versions are ${PROTOCOLS.join(', ')}`)
}

/** Of a user that is a number without a name PostgreSQL's own name for its first user is left. */
function account(env: Environment): string {
  return env['PGUSER'] || env['USER'] || env['USERNAME'] || accountName() || 'postgres'
}

/** A user that is a number in a container has no home, either; container engines say `/`. */
function systemHome(): string {
  try {
    return homedir()
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    return '/'
  }
}

/** The variables under those of the service that is named: a service comes before the environment, behind the URL. */
function withService(name: string | undefined, env: Environment, home: string): Environment {
  if (name === undefined || name === '') return env
  const files = serviceFiles(env, home)
  const service = readService(name, files) ??
    bad(`there is no definition of the service "${name}"`, `it is looked for in ${files.join(', ')}`)
  return { ...env, ...service }
}

/**
 * What a URL, its service and the environment say of the database.
 * @throws `bad-url` (exit 2), never showing a password
 */
export function parseUrl(url: string, given: Environment): Target {
  if (!SCHEME.test(url)) bad(`"${maskUrl(url)}" is no PostgreSQL URL`)
  const parts = split(url)
  const { query } = parts
  const home = given['HOME'] || systemHome()
  const env = withService(query.get('service') || given['PGSERVICE'], given, home)
  const first = (names: readonly string[], variable: string): string | undefined =>
    names.map((name) => query.get(name)).find((value) => value !== undefined && value !== '') ||
    env[variable] || undefined
  const user = query.get('user') || parts.user || account(env)
  const password = query.get('password') || parts.password || env['PGPASSWORD']
  const options = first(['options'], 'PGOPTIONS')
  const optional = {
    rootCertificate: first(['sslrootcert'], 'PGSSLROOTCERT'),
    certificate: first(['sslcert'], 'PGSSLCERT'),
    key: first(['sslkey'], 'PGSSLKEY'),
    keyPassword: query.get('sslpassword'),
    revocations: first(['sslcrl'], 'PGSSLCRL'),
    oldestProtocol: protocol(first(['ssl_min_protocol_version'], 'PGSSLMINPROTOCOLVERSION')),
  }
  const said = Object.entries(optional).filter(([, value]) => value !== undefined)
  const hosts = first(['hostaddr', 'host'], '') || parts.hosts || env['PGHOSTADDR'] || env['PGHOST'] || ''
  return {
    endpoints: endpoints(hosts, query.get('port') || env['PGPORT'] || DEFAULT_PORT),
    user,
    database: query.get('dbname') || query.get('database') || parts.database || env['PGDATABASE'] || user,
    ...(password === undefined || password === '' ? {} : { password }),
    passwordFile: first(['passfile'], 'PGPASSFILE') ?? `${home}/.pgpass`,
    ssl: { mode: sslMode(query, env), ...Object.fromEntries(said) },
    writes: takesWrites(first(['target_session_attrs'], 'PGTARGETSESSIONATTRS')),
    connectTimeout: seconds(first(['connect_timeout'], 'PGCONNECT_TIMEOUT')),
    applicationName: first(['application_name'], 'PGAPPNAME') ?? query.get('fallback_application_name') ??
      'limbeck',
    ...(options === undefined ? {} : { options }),
    home,
  }
}
