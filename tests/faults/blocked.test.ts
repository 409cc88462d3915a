/** Somebody else has what a revision needs: it gives way, tries again, and gets there; others are not held up by it. */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { onConnection } from '../support/on-connection.ts'
import { onPostgres } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const TABLES = {
  r1: `upgrade:
  - create_table: { name: t, columns: [{ name: x, type: integer }] }
  - create_table: { name: u, columns: [{ name: x, type: integer }] }
`,
  r2: 'upgrade: [{ add_column: { table: t, column: { name: y, type: integer } } }]\n',
}
const QUICK = { 'limbeck.yaml': 'settings: { lock_timeout: 200ms }\n' }

/** Waits until another session of the database is so. @throws TimedOut after a minute */
async function until(sql: Ground['sql'], what: string): Promise<void> {
  const seen =
    'SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND '
  const end = performance.now() + 60_000
  while ((await sql(seen + what)).length === 0) {
    if (performance.now() > end) throw new Deno.errors.TimedOut(what)
    await sleep(20)
  }
}

Deno.test('a table that another transaction has: writers wait no longer than lock_timeout', () =>
  onPostgres(TABLES, async ({ url, run, done, write, sql }) => {
    write(QUICK)
    await done('upgrade', 'r1')
    await onConnection(url, (reader) =>
      onConnection(url, async (writer) => {
        await reader.begin()
        await reader.query('SELECT count(*) FROM t')
        let over = false
        let longest = 0
        const writing = (async () => {
          while (!over) {
            const began = performance.now()
            await writer.run(['INSERT INTO t (x) VALUES (1)'])
            longest = Math.max(longest, performance.now() - began)
            await sleep(5)
          }
        })()
        const upgrading = run('upgrade', 'head')
        await until(sql, "wait_event_type = 'Lock' AND query LIKE '%ADD COLUMN y%'")
        await sleep(700)
        await reader.rollback()
        const { code, stderr } = await upgrading
        over = true
        await writing
        assert.equal(code, 0, stderr)
        assert.match(
          stderr,
          /another transaction was in the way: canceling statement due to lock timeout \(revisions\/r2\.yaml:3:13\): trying again/,
        )
        // The second half is for a machine that is busy.
        assert(longest > 100 && longest < 200 + 400, `a write took ${longest} ms`)
      }))
    assert.deepEqual(await sql('SELECT revision, status FROM limbeck_journal'), ['r1 done', 'r2 done'])
  }))

Deno.test('a table that is never given back: --retry-for', () =>
  onPostgres(TABLES, async ({ url, run, done, write }) => {
    write(QUICK)
    await done('upgrade', 'r1')
    await onConnection(url, async (reader) => {
      await reader.begin()
      await reader.query('SELECT count(*) FROM t')
      const { code, stderr } = await run('upgrade', 'head', '--retry-for', '1s')
      assert.equal(code, 1, stderr)
      assert.match(stderr, /r2\.yaml:3:13: error\[sql-failed\]: canceling statement due to lock timeout/)
      assert.match(stderr, /note: t: locked by process \d+, application .*, idle in transaction, .* since \d/)
      assert.match(stderr, /note: tried \d+ times in \d/)
      assert.match(stderr, /hint: .*pg_blocking_pids/)
      await reader.rollback()
    })
    await done('upgrade', 'head')
  }))

Deno.test('an index that is built concurrently, and has to wait longer than was allowed', () =>
  onPostgres(
    {
      ...TABLES,
      r2: 'upgrade: [{ create_index: { name: ix, table: t, columns: [x], concurrently: true } }]\n',
    },
    async ({ url, run, done, write, sql }) => {
      write(QUICK)
      await done('upgrade', 'r1')
      await onConnection(url, async (writer) => {
        await writer.begin()
        await writer.run(['INSERT INTO t (x) VALUES (1)'])
        const upgrading = run('upgrade', 'head')
        await until(sql, "wait_event_type = 'Lock' AND query LIKE '%INDEX CONCURRENTLY%'")
        await sleep(700)
        await writer.rollback()
        const { code, stderr } = await upgrading
        assert.equal(code, 0, stderr)
        // What was built in part is dropped before it is built again, and that waits no longer either.
        assert(stderr.split('trying again').length > 2, stderr)
      })
      assert.deepEqual(await sql(`SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix'::regclass`), [
        'true',
      ])
      assert.deepEqual(await sql('SELECT revision, status FROM limbeck_journal'), ['r1 done', 'r2 done'])
    },
  ))

Deno.test('an index that is built concurrently waits as long as it takes unless told, and nobody waits for it', () =>
  onPostgres(
    {
      ...TABLES,
      r2: `upgrade:
  - create_index: { name: ix, table: t, columns: [x], concurrently: true }
  - execute: { sql: "INSERT INTO u SELECT 1 WHERE current_setting('lock_timeout') = '4s'" }
downgrade: []
`,
    },
    async ({ url, run, done, sql }) => {
      await done('upgrade', 'r1')
      await onConnection(url, async (writer) => {
        await writer.begin()
        await writer.run(['INSERT INTO t (x) VALUES (1)'])
        const upgrading = run('upgrade', 'head')
        await until(sql, "wait_event_type = 'Lock' AND query LIKE 'CREATE INDEX CONCURRENTLY%'")
        await sleep(4300)
        await sql('INSERT INTO t (x) VALUES (2)')
        await writer.rollback()
        const { code, stderr } = await upgrading
        assert.equal(code, 0, stderr)
        assert.doesNotMatch(stderr, /trying again/)
      })
      assert.deepEqual(await sql('SELECT count(*) FROM u'), ['1'])
    },
  ))

Deno.test('a deadlock', () =>
  onPostgres(
    {
      ...TABLES,
      r2: `upgrade:
  - execute: { sql: LOCK TABLE t }
  - execute: { sql: SELECT pg_sleep(0.5) }
  - add_column: { table: u, column: { name: y, type: integer } }
downgrade: []
`,
    },
    async ({ url, run, done, sql }) => {
      await done('upgrade', 'r1')
      await onConnection(url, async (other) => {
        // The run notices it, not this.
        await other.begin()
        await other.run([`SET LOCAL deadlock_timeout = '1min'`, 'LOCK TABLE u'])
        const upgrading = run('upgrade', 'head')
        await until(sql, "state = 'active' AND query LIKE '%pg_sleep(0.5)%'")
        const locking = other.run(['LOCK TABLE t'])
        await locking
        await other.rollback()
        const { code, stderr } = await upgrading
        assert.equal(code, 0, stderr)
        assert.match(stderr, /another transaction was in the way: deadlock detected/)
      })
      assert.deepEqual(await sql('SELECT revision, status FROM limbeck_journal'), ['r1 done', 'r2 done'])
    },
  ))

Deno.test('lock_timeout is 4 s unless told, and statement_timeout none', () =>
  onPostgres({
    r1:
      `upgrade: [{ execute: { sql: "CREATE TABLE seen AS SELECT current_setting('lock_timeout') AS l, current_setting('statement_timeout') AS s" } }]\ndowngrade: []\n`,
  }, async ({ done, sql }) => {
    await done('upgrade', 'head')
    assert.deepEqual(await sql('SELECT * FROM seen'), ['4s 0'])
  }))
