import assert from 'node:assert/strict'
import { EXIT, ProblemError } from '../../../src/problem.ts'
import { maskUrl, maskWithin } from '../../../src/dialect/mask-url.ts'
import { parseUrl } from '../../../src/dialect/postgres/url.ts'
import type { Target } from '../../../src/dialect/postgres/url.ts'

const ENV = { USER: 'me', HOME: '/home/me' }

interface Case {
  readonly url: string
  readonly env?: Readonly<Record<string, string>>
  readonly is: Partial<Target> & { readonly host?: string; readonly port?: number; readonly sslmode?: string }
}

const CASES: readonly Case[] = [
  { url: 'postgresql://', is: { user: 'me', database: 'me', port: 5432 } },
  { url: 'postgres://h', is: { host: 'h', database: 'me', sslmode: 'prefer', applicationName: 'limbeck' } },
  {
    url: 'postgresql+psycopg2://bob:p%40s%2Fs@h:5433/app',
    is: { user: 'bob', password: 'p@s/s', host: 'h', port: 5433, database: 'app' },
  },
  { url: 'postgresql+psycopg://u@h/a', is: { user: 'u', host: 'h', database: 'a' } },
  { url: 'postgresql+asyncpg://u@h/a?ssl=verify-full', is: { sslmode: 'verify-full' } },
  { url: 'postgresql+pg8000://u@h/a?ssl=true', is: { sslmode: 'require' } },
  { url: 'postgresql://u:p/w@h/a', is: { password: 'p/w', host: 'h', database: 'a' } },
  {
    url: 'postgresql://u:p?w#x@h/a?sslmode=require',
    is: { password: 'p?w#x', host: 'h', sslmode: 'require' },
  },
  { url: 'postgresql://h/a?user=u@x', is: { user: 'u@x', host: 'h', database: 'a' } },
  { url: 'postgresql://u@[::1]:6000/a', is: { host: '::1', port: 6000 } },
  { url: 'postgresql:///db?host=/var/run/postgresql', is: { host: '/var/run/postgresql', database: 'db' } },
  { url: 'postgresql://u@%2Ftmp/db', is: { host: '/tmp', port: 5432, user: 'u' } },
  { url: 'postgresql://%2Ftmp:77/db', is: { host: '/tmp', port: 77 } },
  { url: 'postgresql://h/a%20b', is: { database: 'a b' } },
  {
    url: 'postgresql://h/a?user=x&password=y&port=7&dbname=z',
    is: { user: 'x', password: 'y', port: 7, database: 'z' },
  },
  {
    url: 'postgresql://h/a?application_name=deploy&connect_timeout=3',
    is: { applicationName: 'deploy', connectTimeout: 3 },
  },
  { url: 'postgresql://h/a?connect_timeout=0', is: { connectTimeout: 0 } },
  { url: 'postgresql://h/a?options=-c%20search_path%3Dapp', is: { options: '-c search_path=app' } },
  { url: 'postgresql://h/a?target_session_attrs=read-write&channel_binding=require', is: { host: 'h' } },
  { url: 'postgresql://h/a?sslrootcert=system', is: { sslmode: 'verify-full' } },
  {
    url: 'postgresql://',
    env: {
      PGHOST: 'eh',
      PGPORT: '9',
      PGUSER: 'eu',
      PGPASSWORD: 'ep',
      PGDATABASE: 'ed',
      PGSSLMODE: 'disable',
    },
    is: { host: 'eh', port: 9, user: 'eu', password: 'ep', database: 'ed', sslmode: 'disable' },
  },
  {
    url: 'postgresql://u:p@h:1/d?sslmode=require',
    env: {
      PGHOST: 'eh',
      PGPORT: '9',
      PGUSER: 'eu',
      PGPASSWORD: 'ep',
      PGDATABASE: 'ed',
      PGSSLMODE: 'disable',
    },
    is: { host: 'h', port: 1, user: 'u', password: 'p', database: 'd', sslmode: 'require' },
  },
  {
    url: 'postgresql://h/d',
    env: { PGOPTIONS: '-c a=b', PGAPPNAME: 'x', PGCONNECT_TIMEOUT: '4', PGPASSFILE: '/p' },
    is: { options: '-c a=b', applicationName: 'x', connectTimeout: 4, passwordFile: '/p' },
  },
]

for (const { url, env = {}, is } of CASES) {
  Deno.test(`${url} ${Object.keys(env).join(' ')}`.trim(), () => {
    const target = parseUrl(url, { ...ENV, ...env })
    const { host, port } = target.endpoints[0]
    const found: Readonly<Record<string, unknown>> = { ...target, host, port, sslmode: target.ssl.mode }
    assert.deepEqual(Object.fromEntries(Object.keys(is).map((key) => [key, found[key]])), is)
  })
}

Deno.test('several hosts are tried in order', () => {
  const ports = (url: string) => parseUrl(url, ENV).endpoints.map(({ host, port }) => `${host} ${port}`)
  assert.deepEqual(ports('postgresql://a:1,b,[::2]:3/d'), ['a 1', 'b 5432', '::2 3'])
  assert.deepEqual(ports('postgresql:///d?host=a,b&port=1,2'), ['a 1', 'b 2'])
})

const BAD: readonly (readonly [url: string, message: RegExp])[] = [
  ['mysql://h/d', /no PostgreSQL URL/],
  ['postgresql://h:secret/d', /port that is no number/],
  ['postgresql://u:secret', /port that is no number/],
  ['postgresql://u:a@b?secret@h/d', /"@" too many/],
  ['postgresql://h:70000/d', /port "70000"/],
  ['postgresql://h/d?sslmode=maybe', /sslmode "maybe"/],
  ['postgresql://h/d?sslmode=constructor', /sslmode "constructor"/],
  ['postgresql://h/d?sslmod=require', /"sslmod"/],
  ['postgresql://h/d?connect_timeout=soon', /"soon"/],
  ['postgresql://h/d?target_session_attrs=writer', /target_session_attrs "writer"/],
  ['postgresql://u:secret@x@h/d', /"@" too many/],
  ['postgresql://u:secret%zz@h/d', /"%"/],
]

Deno.test('how a schema is named instead of Prisma’s parameter', () => {
  assert.throws(() => parseUrl('postgresql://h/d?schema=app', ENV), (error) => {
    assert(error instanceof ProblemError)
    assert.match(error.problems[0]?.hint ?? '', /options=-csearch_path%3D/)
    return true
  })
})

for (const [url, message] of BAD) {
  Deno.test(`${url} is refused, the password unsaid`, () => {
    assert.throws(() => parseUrl(url, ENV), (error) => {
      assert(error instanceof ProblemError)
      assert.equal(error.exit, EXIT.usage)
      assert.match(error.message, message)
      assert.doesNotMatch(JSON.stringify(error.problems), /secret/)
      return true
    })
  })
}

Deno.test('passwords are masked, however they are written', () => {
  assert.equal(
    maskUrl('postgresql://u:secret@h:1/d?sslmode=require'),
    'postgresql://u:***@h:1/d?sslmode=require',
  )
  assert.equal(maskUrl('postgresql+psycopg2://u:se/cr?et@h/d'), 'postgresql+psycopg2://u:***@h/d')
  assert.equal(maskUrl('postgresql://u:se@cret@h/d'), 'postgresql://u:***@h/d')
  assert.equal(
    maskUrl('postgresql:///d?user=u&password=secret&sslpassword=x'),
    'postgresql:///d?user=u&password=***&sslpassword=***',
  )
})

for (
  const url of [
    'postgresql:/me:secret@h/d',
    'postgresql:me:secret@h/d',
    'postgresql//me:secret@h/d',
    'postgresql:///me:secret@h/d',
    'postgres;//me:secret@h/d',
    '"postgresql://me:secret@h/d"',
    ' postgresql://me:secret@h/d',
    'me:secret@h/d',
    'jdbc:postgresql://h/d?user=me&password=secret',
    'postgresql://me:secret/d',
    'postgresql://me:secret',
    'postgresql://h/d?pasword=secret&PASSWORD=secret',
    'postgresql://h/d?SSLPassword=secret',
    "host=h password='se secret'",
    "host=h password = 'secret' dbname=d",
    'Server=h;User Id=me;Password=secret;Database=d',
    'libsql://h?auth=secret',
    'libsql://h?token=secret',
    'libsql://h?access_token=secret',
  ]
) Deno.test(`no secret of ${url.trim()} is shown`, () => assert.doesNotMatch(maskUrl(url), /secret/))

for (
  const url of [
    'postgresql://u@h/d',
    'postgresql://h1:5432,h2:5433/d?sslmode=verify-full&sslkey=/k.pem',
    'postgresql://[::1]:5432/d',
    'postgresql:///d?host=/tmp',
    'sqlite:////home/me@work/x.db',
    'sqlite:///C:/x.db',
    'libsql://h:8080?tls=0',
    'file:x.db?mode=ro',
    './x.db',
  ]
) Deno.test(`${url} has no secret`, () => assert.equal(maskUrl(url), url))

Deno.test('secrets are found in long data as quickly as in short', () => {
  const data = 'a1'.repeat(20_000)
  const began = performance.now()
  assert.equal(maskWithin(`${data} -postgresql://u:secret@h/d`), `${data} -postgresql:***@h/d`)
  assert.ok(performance.now() - began < 1000)
})
