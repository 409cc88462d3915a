/** A revision that is not one transaction and did not end is not begun again by chance. */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import path from 'node:path'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const MAIN = path.resolve(import.meta.dirname!, '../../src/main.ts')

/** Counts how often it runs, and fails the second time it is asked to. */
const COUNTED = {
  r1: `transaction: none
upgrade:
  - execute: { sql: CREATE TABLE runs (x integer UNIQUE), effects: none }
  - execute: { sql: INSERT INTO runs VALUES (1) }
  - execute: { sql: INSERT INTO runs VALUES (1) }
downgrade: []
`,
}

async function assertSettled({ run, done, sql, write }: Ground): Promise<void> {
  const first = await run('upgrade', 'head')
  assert.equal(first.code, 1, first.stderr)
  assert.match(first.stderr, /2 statements of it are committed/)
  const again = await run('upgrade', 'head')
  assert.equal(again.code, 1)
  assert.match(again.stderr, /error\[unfinished\]: the upgrade of revision "r1" was begun and did not end/)
  assert.match(again.stderr, /begun by \S+@\S+ at .*; 2 statements of it are committed/)
  assert.match(again.stderr, /`limbeck stamp r1`/)
  assert.match(again.stderr, /`limbeck stamp base`/)
  assert.deepEqual(await sql('SELECT count(*) FROM runs'), ['1'])
  await sql('DROP TABLE runs')
  const stamped = await run('stamp', 'base')
  assert.equal(stamped.code, 0)
  assert.match(stamped.stderr, /settled what was begun and did not end: r1/)
  write({
    'revisions/r1.yaml': `id: r1\ndown_revision: null\n${COUNTED.r1.replace(/VALUES \(1\)/, 'VALUES (2)')}`,
  })
  await done('upgrade', 'head')
  assert.deepEqual(await sql('SELECT x FROM runs ORDER BY x'), ['1', '2'])
}

Deno.test('one that failed on SQLite is refused until somebody says where the database is', () =>
  onSqlite(COUNTED, assertSettled))

Deno.test('one that failed on PostgreSQL is refused until somebody says where the database is', () =>
  onPostgres(COUNTED, assertSettled))

Deno.test('one that failed before anything was committed runs again', () =>
  onSqlite({
    r1: 'transaction: none\nupgrade: [{ execute: { sql: INSERT INTO late VALUES (1) } }]\ndowngrade: []\n',
  }, async ({ run, done, sql }) => {
    assert.equal((await run('upgrade', 'head')).code, 1)
    await sql('CREATE TABLE late (x)')
    await done('upgrade', 'head')
    assert.deepEqual(await sql('SELECT x FROM late'), ['1'])
  }))

Deno.test('what was stopped while an index was built tells of the invalid index', () =>
  onPostgres({
    r1: 'upgrade: [{ create_table: { name: t, columns: [{ name: x, type: integer }] } }]\n',
    r2: 'upgrade: [{ create_index: { name: ix, table: t, columns: [x], concurrently: true } }]\n',
  }, async ({ run, done, sql }) => {
    await done('upgrade', 'r1')
    await sql(
      `INSERT INTO limbeck_journal (revision, direction, status, started_at, statements, executed_by, limbeck_version)
       VALUES ('r2', 'upgrade', 'started', now(), 0, 'me@there', '0')`,
    )
    const { code, stderr } = await run('upgrade', 'head')
    assert.equal(code, 1)
    assert.match(stderr, /begun by me@there/)
    assert.match(stderr, /it may be running still, or was stopped/)
    assert.match(stderr, /left INVALID/)
    await done('stamp', 'r2')
    await done('upgrade', 'head')
  }))

Deno.test('a second process does not begin what the first is at on SQLite', () =>
  onSqlite({
    r1: 'upgrade: [{ create_table: { name: runs, columns: [{ name: x, type: integer }] } }]\n',
    r2: `transaction: none
upgrade:
  - execute: { sql: INSERT INTO runs VALUES (1) }
  - execute: { sql: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) INSERT INTO runs SELECT count(*) FROM n" }
downgrade: []
`,
  }, async ({ cwd, url, done, sql }) => {
    await done('upgrade', 'r1')
    const started = [0, 1, 2].map(async (i) => {
      await sleep(i * 50)
      const args = ['run', '-A', '-q', '--no-check', MAIN, 'upgrade', 'head', '--url', url]
      const { code, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd }).output()
      return { code, stderr: new TextDecoder().decode(stderr) }
    })
    const ended = await Promise.all(started)
    const text = ended.map((one) => one.stderr).join('\n')
    assert.deepEqual(await sql('SELECT x FROM runs ORDER BY x'), ['1', '3000000'], text)
    for (const { code, stderr } of ended) assert(code === 0 || stderr.includes('error[unfinished]'), text)
    assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), ['r2'])
  }))
