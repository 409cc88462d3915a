/**
 * The spellings of SQLite and libSQL databases: SQLAlchemy's (`sqlite:///rel.db`, `sqlite:////abs.db`, `sqlite://`,
 * with drivers after a plus), SQLite's own (`file:rel.db?mode=ro`) and libSQL's (`libsql://host?authToken=…`).
 */
import { isAbsolute, join } from 'node:path'
import { EXIT, fault } from '../../problem.ts'
import { maskUrl } from '../mask-url.ts'

/** Where a database is. */
export type Target =
  | { readonly kind: 'memory'; readonly shown: string; readonly timeout?: number }
  | {
    readonly kind: 'file'
    /** Absolute. */
    readonly path: string
    readonly readonly: boolean
    /** Whether the URL says that the file is there: it is never created. */
    readonly existing: boolean
    readonly shown: string
    /** Milliseconds to wait for a lock, when the URL says so. */
    readonly timeout?: number
  }
  | {
    readonly kind: 'remote'
    /** `https://host/…`, without a query and without secrets. */
    readonly url: string
    readonly authToken?: string
    readonly shown: string
    readonly timeout?: number
  }

const SCHEME = /^([a-zA-Z][\w+.-]*):(.*)$/s

/**
 * Where the URL leads.
 * @param cwd where relative paths start
 * @param env LIBSQL_AUTH_TOKEN and TURSO_AUTH_TOKEN are used when the URL has no token
 * @throws `invalid-url` with the right spelling as a hint; exit code usage
 */
export function parseUrl(
  url: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>> = {},
): Target {
  const shown = maskUrl(url)
  const [, scheme = '', rest = ''] = SCHEME.exec(url.trim()) ?? []
  const [body, query] = splitQuery(rest)
  const family = scheme.toLowerCase().split('+')[0]
  if (family === 'file') return local(decode(withoutHost(body), shown), query, cwd, shown)
  if (family === 'sqlite' || family === 'sqlite3') {
    if (!body.startsWith('//')) return local(decode(body, shown), query, cwd, shown)
    const afterHost = body.slice(2)
    const slash = afterHost.indexOf('/')
    const host = slash < 0 ? afterHost : afterHost.slice(0, slash)
    if (host === '') return local(decode(afterHost.slice(slash + 1), shown), query, cwd, shown)
    if (!scheme.toLowerCase().includes('libsql')) {
      return invalid(
        shown,
        `a path begins with three slashes: sqlite:///${host.replace(/^.*@/, '')}, an absolute one with four`,
      )
    }
    return remote(query.get('secure') === 'false' ? 'http' : 'https', body, query, shown, env)
  }
  if (family === 'libsql') return remote(query.get('tls') === '0' ? 'http' : 'https', body, query, shown, env)
  if (family === 'http' || family === 'ws') return remote('http', body, query, shown, env)
  if (family === 'https' || family === 'wss') return remote('https', body, query, shown, env)
  return invalid(shown, 'write sqlite:///file.db, file:file.db, libsql://host or https://host')
}

function invalid(shown: string, hint: string): never {
  return fault('invalid-url', `"${shown}" is not the URL of a SQLite or libSQL database`, {
    hint,
    exit: EXIT.usage,
  })
}

function splitQuery(rest: string): [string, URLSearchParams] {
  const [address = ''] = rest.split('#')
  const mark = address.indexOf('?')
  if (mark < 0) return [address, new URLSearchParams()]
  return [address.slice(0, mark), new URLSearchParams(address.slice(mark + 1))]
}

/** `file:///abs`, `file://localhost/abs` and `file:/abs` are the same. */
function withoutHost(body: string): string {
  return body.replace(/^\/\/(?:localhost)?(?=\/)/, '').replace(/^\/\//, '')
}

function decode(text: string, shown: string): string {
  // A lone % is taken as it is: it may stand in a file's name, and SQLAlchemy does not decode paths at all.
  if (!/%(?![0-9a-fA-F]{2})/.test(text)) {
    try {
      return decodeURIComponent(text)
    } catch (cause) {
      return fault('invalid-url', `"${shown}" has an escape that is not UTF-8`, { cause, exit: EXIT.usage })
    }
  }
  return text
}

/** SQLAlchemy's `timeout` is in seconds (sqlite3.connect); other parameters concern Python only. */
function local(path: string, query: URLSearchParams, cwd: string, shown: string): Target {
  const seconds = Number(query.get('timeout') ?? Number.NaN)
  const timeout = Number.isFinite(seconds) && seconds >= 0 ? { timeout: seconds * 1000 } : {}
  const name = path.startsWith('file:') ? withoutHost(path.slice(5)) : path
  if (name === '' || name === ':memory:' || query.get('mode') === 'memory') {
    return { kind: 'memory', shown, ...timeout }
  }
  const readonly = query.get('mode') === 'ro' || query.get('immutable') === '1'
  const existing = readonly || query.get('mode') === 'rw'
  return {
    kind: 'file',
    path: isAbsolute(name) ? name : join(cwd, name),
    readonly,
    existing,
    shown,
    ...timeout,
  }
}

function remote(
  scheme: 'http' | 'https',
  body: string,
  query: URLSearchParams,
  shown: string,
  env: Readonly<Record<string, string | undefined>>,
): Target {
  const address = `${scheme}:${body}`
  if (!/^\/\/[^/]/.test(body) || !URL.canParse(address)) {
    return invalid(shown, 'write libsql://host?authToken=…')
  }
  const parsed = new URL(address)
  const token = query.get('authToken') ?? query.get('auth_token') ?? query.get('jwt')
  const authToken = token ?? (parsed.password === '' ? undefined : decodeURIComponent(parsed.password)) ??
    env.LIBSQL_AUTH_TOKEN ?? env.TURSO_AUTH_TOKEN
  parsed.username = ''
  parsed.password = ''
  return { kind: 'remote', url: parsed.href, ...(authToken ? { authToken } : {}), shown }
}
