/** SIGTERM and SIGINT stop a run at once, wherever it is, and leave nothing half done. */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from '../../src/dialect/dialect.ts'
import { upgrade } from '../../src/mod.ts'
import { ProblemError } from '../../src/problem.ts'
import { onConnection } from '../support/on-connection.ts'
import { start } from '../support/program.ts'
import type { Ended, Program } from '../support/program.ts'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const TABLE = 'upgrade: [{ create_table: { name: t, columns: [{ name: x, type: integer }] } }]\n'

/** A statement that takes a minute, behind one that is done quickly. */
const slow = (header: string) =>
  `${header}upgrade:
  - execute: { sql: INSERT INTO t VALUES (1) }
  - execute: { sql: SELECT pg_sleep(60) }
downgrade: []
`

/** Waits until a statement of that text runs. */
async function runs(connection: Connection, text: string): Promise<void> {
  const seen = `SELECT 1 FROM pg_stat_activity WHERE query LIKE '%${text}%' AND state = 'active' ` +
    'AND pid <> pg_backend_pid()'
  while ((await connection.query(seen)).length === 0) await sleep(20)
}

/** Sends the signal and waits for the end, which comes long before the statement would be done. */
async function stopped(program: Program, signal: 'SIGTERM' | 'SIGINT', within = 30_000): Promise<Ended> {
  const began = performance.now()
  program.kill(signal)
  const ended = await program.ended
  const took = performance.now() - began
  assert(took < within, `${took} ms: ${ended.stderr}`)
  assert.equal(ended.code, signal === 'SIGTERM' ? 143 : 130, ended.stderr)
  return ended
}

const upgradeOf = ({ cwd, url }: Ground, ...options: string[]) =>
  start(['upgrade', 'head', '--url', url, ...options], { cwd })

Deno.test('SIGTERM while a statement of a transaction runs', () =>
  onPostgres({ r1: TABLE, r2: slow('') }, async (ground) => {
    const { url, sql } = ground
    await onConnection(url, async (connection) => {
      const program = upgradeOf(ground)
      await runs(connection, 'SELECT pg_sleep')
      const { stderr } = await stopped(program, 'SIGTERM')
      assert.match(stderr, /error\[stopped\]: stopped by SIGTERM/)
      assert.match(stderr, /applied: r1\n.*not applied: r2/)
    })
    assert.deepEqual(await sql('SELECT * FROM t'), [])
    assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), ['r1'])
    assert.deepEqual(await sql('SELECT revision, status FROM limbeck_journal ORDER BY 1'), [
      'r1 done',
      'r2 stopped',
    ])
  }))

Deno.test('SIGINT while a statement runs outside any transaction; the next run goes on there', () =>
  onPostgres({ r1: TABLE, r2: slow('transaction: none\n') }, async (ground) => {
    const { url, sql, write, done } = ground
    await onConnection(url, async (connection) => {
      const program = upgradeOf(ground)
      await runs(connection, 'SELECT pg_sleep')
      await stopped(program, 'SIGINT')
    })
    const journal = 'SELECT revision, status, statements FROM limbeck_journal ORDER BY 1'
    assert.deepEqual(await sql(journal), ['r1 done 1', 'r2 stopped 1'])
    write({
      'revisions/r2.yaml': `id: r2\ndown_revision: r1\n${slow('transaction: none\n')}`.replace('60', '0'),
    })
    await done('upgrade', 'head')
    assert.deepEqual(await sql('SELECT * FROM t'), ['1'])
    assert.deepEqual(await sql(journal), ['r1 done 1', 'r2 done 2'])
  }))

Deno.test('SIGTERM while it waits for the migration lock, and for a lock of a table', () =>
  onPostgres({ r1: TABLE, r2: slow('') }, async (ground) => {
    await onConnection(ground.url, async (connection) => {
      await ground.done('upgrade', 'r1')
      const first = upgradeOf(ground)
      await runs(connection, 'SELECT pg_sleep')
      const second = upgradeOf(ground)
      await second.says(/waiting for the migration lock: process \d+: application limbeck/)
      await stopped(second, 'SIGTERM')
      await stopped(first, 'SIGINT')
      await onConnection(ground.url, async (holder) => {
        await holder.begin()
        await holder.run(['LOCK TABLE t'])
        const third = upgradeOf(ground)
        await runs(connection, 'INSERT INTO t')
        await stopped(third, 'SIGTERM')
        ground.write({ 'limbeck.yaml': 'settings: { lock_timeout: 100ms }\n' })
        const fourth = upgradeOf(ground)
        await fourth.says(/trying again in/)
        await stopped(fourth, 'SIGTERM')
        await holder.rollback()
      })
    })
  }))

Deno.test('SIGTERM while it waits for a database that does not answer', () =>
  onSqlite({ r1: TABLE }, async ({ cwd }) => {
    const program = start(
      ['upgrade', 'head', '--url', 'postgres://u@127.0.0.1:1/d', '--wait', '1m'],
      { cwd },
    )
    await program.says(/waiting for the database: no server answers at "127.0.0.1:1"/)
    await stopped(program, 'SIGTERM')
  }))

const COUNTING =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000000) SELECT count(*) FROM n'

Deno.test('SIGTERM while SQLite is at a statement: after it, rolled back', () =>
  onSqlite({
    r1: TABLE,
    r2: `upgrade:
  - execute: { sql: INSERT INTO t VALUES (1) }
  - execute: { sql: "INSERT INTO t ${COUNTING}" }
  - execute: { sql: INSERT INTO t VALUES (2) }
downgrade: []
`,
  }, async (ground) => {
    const program = upgradeOf(ground)
    await program.says(/✓ Running upgrade {2}-> r1/)
    await sleep(300)
    await stopped(program, 'SIGTERM', 20_000)
    assert.deepEqual(await ground.sql('SELECT x FROM t'), [])
    assert.deepEqual(await ground.sql('SELECT version_num FROM alembic_version'), ['r1'])
  }))

Deno.test('a second signal ends it, whatever it is at', () =>
  onSqlite({ r1: TABLE }, async ({ cwd }) => {
    // It takes the connection and never says a word, so that there is nothing to cancel.
    const listener = Deno.listen({ port: 0, hostname: '127.0.0.1' })
    const { port } = listener.addr as Deno.NetAddr
    const taken = listener.accept()
    const program = start(
      ['upgrade', 'head', '--url', `postgres://u@127.0.0.1:${port}/d?sslmode=disable&connect_timeout=60`],
      { cwd },
    )
    const socket = await taken
    await sleep(100)
    program.kill('SIGTERM')
    await sleep(300)
    program.kill('SIGTERM')
    const { signal, code } = await program.ended
    socket.close()
    listener.close()
    assert(signal === 'SIGTERM' || code === 143, `${signal} ${code}`)
  }))

Deno.test('a program stops a run by its AbortSignal', () =>
  onPostgres({ r1: TABLE, r2: slow('') }, async ({ cwd, url, sql }) => {
    await onConnection(url, async (connection) => {
      const controller = new AbortController()
      const running = upgrade('head', { cwd, url, signal: controller.signal, env: {} })
      const refused = assert.rejects(running, (error) => error instanceof ProblemError && error.exit === 130)
      await runs(connection, 'SELECT pg_sleep')
      controller.abort()
      await refused
    })
    assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), ['r1'])
  }))
