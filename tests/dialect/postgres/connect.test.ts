import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { EXIT, ProblemError } from '../../../src/problem.ts'
import { connect } from '../../../src/dialect/postgres/connect.ts'
import { postgresServer, versionNumber, withDatabase, withPostgres } from '../../support/postgres.ts'
import { withConnection } from '../../support/postgres-connection.ts'

const ENV = { HOME: '/nowhere', USER: 'somebody' }

/** What connecting stops with. */
async function refusal(url: string, env: Readonly<Record<string, string>> = ENV) {
  const error = await connect(url, { env }).then(
    () => assert.fail(`connected to ${url}`),
    (error: unknown) => error,
  )
  assert(error instanceof ProblemError, String(error))
  assert.equal(error.exit, EXIT.unreachable)
  const [problem] = error.problems
  assert(problem !== undefined && problem.hint !== undefined)
  assert.doesNotMatch(problem.message, /\n/)
  assert.doesNotMatch(JSON.stringify(error.problems), /sesame/)
  return problem
}

async function changed(edit: (url: URL) => void): Promise<string> {
  const url = new URL((await postgresServer()).url)
  edit(url)
  return url.href
}

Deno.test('a wrong password', async () => {
  const problem = await refusal(await changed((url) => url.password = 'sesame'))
  assert.equal(problem.code, 'wrong-password')
  assert.match(problem.message, /password of user "postgres"/)
})

Deno.test('no password', async () => {
  const problem = await refusal(await changed((url) => url.password = ''))
  assert.equal(problem.code, 'wrong-password')
  assert.match(problem.hint ?? '', /PGPASSWORD/)
})

Deno.test('an unknown database', async () => {
  const problem = await refusal(withDatabase((await postgresServer()).url, 'nodb'))
  assert.equal(problem.code, 'no-such-database')
  assert.match(problem.message, /no database "nodb"/)
})

Deno.test('no server at the port', async () => {
  const problem = await refusal('postgresql://u:sesame@127.0.0.1:1/d')
  assert.equal(problem.message, 'no server answers at "127.0.0.1:1"')
})

Deno.test('no such host', async () => {
  const problem = await refusal('postgresql://u:sesame@no.such.host.invalid/d')
  assert.equal(problem.message, 'the host "no.such.host.invalid" cannot be found')
})

Deno.test('no such socket', async () => {
  assert.match((await refusal('postgresql://u@%2Fnowhere/d')).message, /socket "\/nowhere\/.s.PGSQL.5432"/)
})

/** A server that answers SSLRequest with `answer`, and says nothing more. */
async function withFakeServer(
  answer: string | undefined,
  work: (port: number) => Promise<void>,
): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', () => answer === undefined ? undefined : socket.write(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert(typeof address === 'object' && address !== null)
  try {
    await work(address.port)
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}

Deno.test('a server that does not answer in time', () =>
  withFakeServer(undefined, async (port) => {
    const problem = await refusal(`postgresql://u:sesame@127.0.0.1:${port}/d?connect_timeout=0.2`)
    assert.equal(problem.code, 'timeout')
    assert.match(problem.message, /within 0.2 seconds/)
  }))

Deno.test('SSL that the server does not offer', () =>
  withFakeServer('N', async (port) => {
    const problem = await refusal(`postgresql://u:sesame@127.0.0.1:${port}/d?sslmode=require`)
    assert.equal(problem.code, 'ssl-refused')
    assert.match(problem.message, /sslmode is "require"/)
  }))

Deno.test('something that is no PostgreSQL', () =>
  withFakeServer('HTTP/1.1 400 Bad Request\r\n\r\n', async (port) => {
    const problem = await refusal(`postgresql://u:sesame@127.0.0.1:${port}/d?sslmode=require`)
    assert.match(problem.message, /is no PostgreSQL/)
  }))

Deno.test('the server is asked who it is, and knows who asks', () =>
  withPostgres((url) =>
    withConnection(url, async (connection) => {
      assert.equal(Math.floor(connection.server.version / 10000) * 10000, versionNumber(18))
      assert.match(connection.url, /postgres:\*\*\*@/)
      const [row] = await connection.query(`SELECT current_setting('application_name') AS name`)
      assert.equal(row?.['name'], 'limbeck')
    })
  ))

Deno.test('PG* variables, options and a Unix socket', async () => {
  const { url } = await postgresServer()
  const { port, password, username } = new URL(url)
  const connection = await connect(url, { env: ENV })
  const [row] = await connection.query('SHOW unix_socket_directories')
  await connection.close()
  const env = {
    ...{
      PGHOST: String(row?.['unix_socket_directories']),
      PGPORT: port,
      PGUSER: username,
      PGPASSWORD: password,
    },
    ...{ PGDATABASE: 'postgres', PGOPTIONS: '-c search_path=pg_catalog', PGSSLMODE: 'verify-full' },
  }
  const local = await connect('postgresql://', { env: { ...ENV, ...env } })
  const [found] = await local.query(`SELECT current_database() AS db, current_setting('search_path') AS path`)
  await local.close()
  assert.deepEqual({ ...found }, { db: 'postgres', path: 'pg_catalog' })
})

Deno.test('the next host is tried when one is down', async () => {
  const { url } = await postgresServer()
  const { host } = new URL(url)
  const connection = await connect(url.replace(host, `127.0.0.1:1,${host}`), { env: ENV })
  await connection.close()
})

Deno.test('target_session_attrs passes over a server that takes no writes', () =>
  withPostgres(async (url) => {
    const reader = `${url}${url.includes('?') ? '&' : '?'}options=-cdefault_transaction_read_only%3Don`
    const problem = await refusal(`${reader}&target_session_attrs=read-write`)
    assert.equal(problem.code, 'read-only')
    assert.equal((await refusal(reader, { ...ENV, PGTARGETSESSIONATTRS: 'primary' })).code, 'read-only')
    const any = await connect(`${reader}&target_session_attrs=any`, { env: ENV })
    await assert.rejects(any.run(['CREATE TABLE t (x int)']), (error) => {
      assert(error instanceof ProblemError)
      assert.match(error.problems[0]?.hint ?? '', /connect to the primary/)
      return true
    })
    await any.close()
  }))

Deno.test('a search_path that leads nowhere', () =>
  withPostgres(async (url) => {
    const lost = await connect(`${url}${url.includes('?') ? '&' : '?'}options=-csearch_path%3Dnosuch`, {
      env: ENV,
    })
    await assert.rejects(lost.run(['CREATE TABLE t (x int)']), (error) => {
      assert(error instanceof ProblemError)
      assert.match(error.problems[0]?.hint ?? '', /no schema of the search_path is there/)
      return true
    })
    await lost.close()
  }))
