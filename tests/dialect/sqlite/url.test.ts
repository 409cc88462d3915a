import assert from 'node:assert/strict'
import { maskUrl } from '../../../src/dialect/mask-url.ts'
import { parseUrl } from '../../../src/dialect/sqlite/url.ts'
import { EXIT, ProblemError } from '../../../src/problem.ts'

/** What a URL is taken for: the path of a file, `memory`, or the address of a server and its token. */
function target(url: string): string {
  const found = parseUrl(url, '/cwd', { TURSO_AUTH_TOKEN: 'from-env' })
  if (found.kind === 'memory') return 'memory'
  if (found.kind === 'file') return `${found.path}${found.readonly ? ' (ro)' : ''}`
  return `${found.url} ${found.authToken}`
}

const SPELLINGS: Readonly<Record<string, string>> = {
  'sqlite:///rel.db': '/cwd/rel.db',
  'sqlite:///./sub/rel.db': '/cwd/sub/rel.db',
  'sqlite:////abs.db': '/abs.db',
  'sqlite://': 'memory',
  'sqlite:///': 'memory',
  'sqlite:///:memory:': 'memory',
  'sqlite:rel.db': '/cwd/rel.db',
  'sqlite+pysqlite:///rel.db': '/cwd/rel.db',
  'sqlite+aiosqlite:////abs/x.sqlite3?check_same_thread=false': '/abs/x.sqlite3',
  'SQLite:///rel.db?mode=ro': '/cwd/rel.db (ro)',
  'sqlite:///file:rel.db?mode=ro&uri=true': '/cwd/rel.db (ro)',
  'sqlite:///file:shared?mode=memory&cache=shared&uri=true': 'memory',
  'sqlite:///my%20data/with space%3F.db': '/cwd/my data/with space?.db',
  'sqlite:///100%.db': '/cwd/100%.db',
  'file:rel.db': '/cwd/rel.db',
  'file:/abs.db?mode=ro': '/abs.db (ro)',
  'file:///abs.db': '/abs.db',
  'file://localhost/abs.db': '/abs.db',
  'file::memory:?cache=shared': 'memory',
  'libsql://db.example.org?authToken=t%2Bk': 'https://db.example.org/ t+k',
  'libsql://127.0.0.1:8080?tls=0': 'http://127.0.0.1:8080/ from-env',
  'sqlite+libsql://db.example.org/?authToken=abc&secure=true': 'https://db.example.org/ abc',
  'sqlite+libsql:///rel.db': '/cwd/rel.db',
  'https://:pass@db.example.org/v1': 'https://db.example.org/v1 pass',
  'ws://localhost:8080': 'http://localhost:8080/ from-env',
}

for (const [url, expected] of Object.entries(SPELLINGS)) {
  Deno.test(`url: ${url}`, () => {
    assert.equal(target(url), expected)
  })
}

Deno.test('urls of other databases and mistyped ones are refused with the right spelling', () => {
  const hints: Readonly<Record<string, RegExp>> = {
    'sqlite://local.db': /three slashes: sqlite:\/\/\/local\.db/,
    'libsql:///path': /libsql:\/\/host/,
    'local.db': /sqlite:\/\/\/file\.db/,
  }
  for (const [url, hint] of Object.entries(hints)) {
    assert.throws(() => parseUrl(url, '/cwd'), (error) => {
      assert.ok(error instanceof ProblemError)
      assert.match(error.problems[0]!.hint!, hint)
      return error.exit === EXIT.usage
    })
  }
})

Deno.test('tokens and passwords are masked', () => {
  assert.equal(maskUrl('libsql://h?tls=1&authToken=abc&x=1'), 'libsql://h?tls=1&authToken=***&x=1')
  assert.equal(maskUrl('https://user:pass@h/x'), 'https://user:***@h/x')
  assert.equal(maskUrl('sqlite:///a:b@c.db'), 'sqlite:///a:b@c.db')
})

Deno.test('the timeout is in seconds, as SQLAlchemy has it', () => {
  assert.equal(parseUrl('sqlite:///x.db?timeout=0.5', '/cwd').timeout, 500)
  assert.equal(parseUrl('sqlite:///x.db', '/cwd').timeout, undefined)
})
