/** Which dialect a URL is of. The two are loaded when they are asked for. */
import { ownValue } from '../own-value.ts'
import { didYouMean, EXIT, fault } from '../problem.ts'
import type { Dialect, DialectName } from './dialect.ts'
import { maskUrl } from './mask-url.ts'

const SCHEMES: Readonly<Record<string, DialectName>> = {
  postgresql: 'postgres',
  postgres: 'postgres',
  sqlite: 'sqlite',
  file: 'sqlite',
  libsql: 'sqlite',
  http: 'sqlite',
  https: 'sqlite',
  ws: 'sqlite',
  wss: 'sqlite',
}

/** The schemes that name a dialect by themselves. */
const NAMED: ReadonlySet<string> = new Set(['postgresql', 'postgres', 'sqlite', 'libsql'])

/** Loads a dialect by its name. */
export async function loadDialect(name: DialectName): Promise<Dialect> {
  switch (name) {
    case 'postgres':
      return (await import('./postgres/index.ts')).postgres
    case 'sqlite':
      return (await import('./sqlite/index.ts')).sqlite
  }
}

/** The dialect that a person names, also as SQLAlchemy does: `postgresql`. @throws `unknown-dialect` (exit code 2) */
export async function dialectNamed(name: string): Promise<Dialect> {
  const known = NAMED.has(name) ? SCHEMES[name] : undefined
  return known === undefined
    ? fault('unknown-dialect', `a dialect is postgres or sqlite, not "${name}"`, { exit: EXIT.usage })
    : await loadDialect(known)
}

/**
 * The dialect of a database URL, by its scheme: `postgresql+psycopg2://…` is PostgreSQL, `sqlite:///x.db` SQLite.
 * @throws `unknown-database` (exit code 2)
 */
export async function dialectOf(url: string): Promise<Dialect> {
  // One letter is a drive of Windows.
  const scheme = /^([a-z][a-z0-9]+)(?:\+[a-z0-9_]+)?:/i.exec(url)?.[1]?.toLowerCase() ?? ''
  const name = ownValue(SCHEMES, scheme)
  if (name !== undefined) return await loadDialect(name)
  const near = didYouMean(scheme, Object.keys(SCHEMES))
  return fault(
    'unknown-database',
    `"${scheme === '' ? maskUrl(url) : scheme}" is no kind of database that limbeck knows`,
    {
      hint: /^["']/.test(url)
        ? 'write it without the quotes around it: env files of Docker keep them'
        : scheme === '' && /\.(?:db|sqlite3?)$/.test(url)
        ? `a SQLite file is named sqlite:///${maskUrl(url)}`
        : near === undefined
        ? 'a database is named postgresql://user@host/name, sqlite:///file.db or libsql://host'
        : `did you mean "${near}"?`,
      exit: EXIT.usage,
    },
  )
}
