/** Going on behind what the database refused, and what somebody says of a statement: neither is taken for more than it is. */
import assert from 'node:assert/strict'
import { onConnection } from '../support/on-connection.ts'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const TAKEN = {
  r1: `transaction: none
upgrade:
  - execute: { sql: "CREATE TABLE t (id integer)" }
  - execute: { sql: "INSERT INTO u VALUES (1)" }
downgrade: []
`,
}

async function assertRefusedAgain({ run, done, sql }: Ground): Promise<void> {
  await sql('CREATE TABLE t (other text)', 'CREATE TABLE u (x integer)')
  for (const _ of ['once', 'again']) {
    const { code, stderr } = await run('upgrade', 'head')
    assert.equal(code, 1, stderr)
    assert.match(stderr, /r1\.yaml:5:5: error\[sql-failed\][^\n]* already exists/)
  }
  await done('upgrade', 'head', '--resume=skip')
  assert.deepEqual(await sql('SELECT x FROM u'), ['1'])
}

for (const [name, on] of [['SQLite', onSqlite], ['PostgreSQL', onPostgres]] as const) {
  Deno.test(`what is there is not what the database refused to make on ${name}`, () =>
    on(TAKEN, assertRefusedAgain))
}

Deno.test('rows that are computed anew under the same type are so when the table can be had', () =>
  onPostgres({
    r1: `upgrade:
  - create_table: { name: t, columns: [{ name: x, type: integer }] }
  - bulk_insert: { table: t, rows: [{ x: 5 }] }
`,
    r2: `transaction: none
settings: { lock_timeout: 50ms }
upgrade:
  - alter_column: { table: t, column: x, type: integer, using: x * 100 }
downgrade: []
`,
  }, async ({ url, run, done, sql }) => {
    await done('upgrade', 'r1')
    await onConnection(url, async (other) => {
      await other.begin()
      await other.run(['LOCK TABLE t'])
      assert.equal((await run('upgrade', 'head', '--retry-for=0s')).code, 1)
      await other.rollback()
    })
    await done('upgrade', 'head')
    assert.deepEqual(await sql('SELECT x FROM t'), ['500'])
  }))

Deno.test('--resume=skip is said of one statement, not of a later one that the connection is lost at', () =>
  onPostgres({
    r1: `transaction: none
upgrade:
  - execute: { sql: SELECT 1 / 0 }
  - execute: { sql: SELECT pg_terminate_backend(pg_backend_pid()) }
downgrade: []
`,
  }, async ({ run, sql }) => {
    assert.equal((await run('upgrade', 'head')).code, 1)
    await sql(`UPDATE limbeck_journal SET status = 'started'`)
    const { code, stderr } = await run('upgrade', 'head', '--resume=skip')
    assert.equal(code, 1, stderr)
    assert.match(stderr, /r1\.yaml:6:5: error\[unknown-outcome\]/)
  }))

for (const said of ['SET search_path TO tenant', "SELECT set_config('search_path', 'tenant', false)"]) {
  Deno.test(`what the session was told is told again where another one goes on: ${said}`, () =>
    onPostgres({
      r1: `transaction: none
upgrade:
  - execute: { sql: "${said}; CREATE TABLE a (x integer)" }
  - execute: { sql: SELECT 1 / count(*) FROM public.mended }
  - execute: { sql: CREATE TABLE b (x integer) }
downgrade: []
`,
    }, async ({ run, done, sql }) => {
      await sql('CREATE SCHEMA tenant', 'CREATE TABLE mended (x integer)')
      assert.equal((await run('upgrade', 'head')).code, 1)
      await sql('INSERT INTO mended VALUES (1)')
      await done('upgrade', 'head')
      const where = `SELECT relnamespace::regnamespace FROM pg_class WHERE relname IN ('a', 'b')`
      assert.deepEqual(await sql(where), ['tenant', 'tenant'])
    }))
}
