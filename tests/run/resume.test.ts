/** A revision that is not one transaction and did not end is gone on with at the right statement. */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import path from 'node:path'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const MAIN = path.resolve(import.meta.dirname!, '../../src/main.ts')

/** Counts how often it runs, and fails at its last statement. */
const COUNTED = {
  r1: `transaction: none
upgrade:
  - execute: { sql: CREATE TABLE runs (x integer UNIQUE), effects: none }
  - execute: { sql: INSERT INTO runs VALUES (1) }
  - execute: { sql: INSERT INTO runs VALUES (1) }
downgrade: []
`,
}

const mended = (text: string) => ({ 'revisions/r1.yaml': `id: r1\ndown_revision: null\n${text}` })

async function assertGoesOn({ run, done, sql, write }: Ground): Promise<void> {
  for (const _ of [1, 2]) {
    const { code, stderr } = await run('upgrade', 'head')
    assert.equal(code, 1, stderr)
    assert.match(stderr, /revisions\/r1.yaml:7:5: error\[sql-failed\]/)
    assert.match(stderr, /2 statements of it are committed/)
    assert.match(stderr, /it goes on where this run stopped/)
    assert.deepEqual(await sql('SELECT count(*) FROM runs'), ['1'])
  }
  write(mended(COUNTED.r1.replace(/(.*)VALUES \(1\)/s, '$1VALUES (2)')))
  await done('upgrade', 'head')
  assert.deepEqual(await sql('SELECT x FROM runs ORDER BY x'), ['1', '2'])
  assert.deepEqual(await sql('SELECT status, statements, progress FROM limbeck_journal'), ['done 3 '])
}

async function assertEditRefused({ run, done, sql, write }: Ground): Promise<void> {
  await run('upgrade', 'head')
  write(mended(COUNTED.r1.replace('VALUES (1)', 'VALUES (7)')))
  const { code, stderr } = await run('upgrade', 'head')
  assert.equal(code, 1)
  assert.match(stderr, /error\[unfinished\]: the upgrade of revision "r1" was begun and did not end/)
  assert.match(stderr, /begun by \S+@\S+ at .*; 2 statements of it are committed/)
  assert.match(stderr, /what of it is done was edited since/)
  assert.match(stderr, /`limbeck stamp r1`.*`limbeck stamp base`/)
  await sql('DROP TABLE runs')
  const stamped = await run('stamp', 'base')
  assert.match(stamped.stderr, /settled what was begun and did not end: r1/)
  write(mended(COUNTED.r1.replace(/(.*)VALUES \(1\)/s, '$1VALUES (2)')))
  await done('upgrade', 'head')
}

for (const [name, on] of [['SQLite', onSqlite], ['PostgreSQL', onPostgres]] as const) {
  Deno.test(`one that failed goes on at the statement that failed on ${name}`, () =>
    on(COUNTED, assertGoesOn))
  Deno.test(`one of which what is done was edited is refused on ${name}`, () =>
    on(COUNTED, assertEditRefused))
}

Deno.test('one that failed before anything was committed runs again', () =>
  onSqlite({
    r1: 'transaction: none\nupgrade: [{ execute: { sql: INSERT INTO late VALUES (1) } }]\ndowngrade: []\n',
  }, async ({ run, done, sql }) => {
    assert.equal((await run('upgrade', 'head')).code, 1)
    await sql('CREATE TABLE late (x)')
    await done('upgrade', 'head')
    assert.deepEqual(await sql('SELECT x FROM late'), ['1'])
  }))

const INDEXED = {
  r1: 'upgrade: [{ create_table: { name: t, columns: [{ name: x, type: integer }] } }]\n',
  r2: `upgrade:
  - create_index: { name: ix, table: t, columns: [x], unique: true, concurrently: true }
  - add_column: { table: t, column: { name: y, type: integer } }
`,
}

const VALID = `SELECT count(*), bool_and(indisvalid) FROM pg_index WHERE indexrelid = 'ix'::regclass`

Deno.test('an index that was built in part is dropped and built again', () =>
  onPostgres(INDEXED, async ({ run, done, sql }) => {
    await done('upgrade', 'r1')
    await sql('INSERT INTO t VALUES (1), (1)')
    const { code, stderr } = await run('upgrade', 'head')
    assert.equal(code, 1)
    assert.match(stderr, /the next run drops it and builds it again/)
    assert.deepEqual(await sql(VALID), ['1 false'])
    await sql('DELETE FROM t')
    const again = await run('upgrade', 'head')
    assert.equal(again.code, 0, again.stderr)
    assert.match(again.stderr, /the index "ix" was built in part/)
    assert.deepEqual(await sql(VALID), ['1 true'])
    assert.deepEqual(await sql('SELECT y FROM t'), [])
  }))

Deno.test('an index of the same name in another schema, which somebody else builds, is left alone', () =>
  onPostgres(INDEXED, async ({ run, done, sql }) => {
    await done('upgrade', 'r1')
    await sql(
      'CREATE SCHEMA other',
      'CREATE TABLE other.t (x integer)',
      'CREATE UNIQUE INDEX ix ON other.t (x)',
    )
    await sql(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'other.ix'::regclass`)
    await sql('INSERT INTO t VALUES (1), (1)')
    assert.equal((await run('upgrade', 'head')).code, 1)
    await sql('DELETE FROM t')
    await done('upgrade', 'head')
    assert.deepEqual(await sql(VALID), ['1 true'])
    assert.deepEqual(await sql(VALID.replace('ix', 'other.ix')), ['1 false'])
  }))

/** As if the process had been killed: the journal says no more than what was written before. */
const CUT = `UPDATE limbeck_journal SET status = 'started' WHERE revision = 'r2'`

Deno.test('an index that was built whole before the end is not built again', () =>
  onPostgres(INDEXED, async ({ run, done, sql }) => {
    await done('upgrade', 'r1')
    await sql('INSERT INTO t VALUES (1), (1)')
    await run('upgrade', 'head')
    await sql('DELETE FROM t')
    await sql('DROP INDEX ix')
    await sql('CREATE UNIQUE INDEX ix ON t (x)')
    await sql(CUT)
    const [before] = await sql(`SELECT 'ix'::regclass::oid`)
    await done('upgrade', 'head')
    assert.deepEqual(await sql(`SELECT 'ix'::regclass::oid`), [before])
    assert.deepEqual(await sql('SELECT status, statements FROM limbeck_journal'), ['done 1', 'done 2'])
  }))

const REFUSING = `CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS
  $$ BEGIN IF current_query() LIKE 'CREATE TABLE t %' THEN RAISE 'not now'; END IF; END $$`

Deno.test('a table of the same name in another schema than the default one is not taken for what was begun', () =>
  onPostgres({
    r1: `transaction: none
upgrade:
  - create_table: { name: s, columns: [{ name: id, type: integer }] }
  - create_table: { name: t, columns: [{ name: id, type: integer }] }
  - execute: { sql: INSERT INTO t VALUES (1) }
downgrade: []
`,
  }, async ({ url, run, done, sql }) => {
    const tenant = `${url}?options=-csearch_path%3Dtenant,public`
    await sql('CREATE SCHEMA tenant', 'CREATE TABLE public.t (id integer)', REFUSING)
    await sql('CREATE EVENT TRIGGER refuse ON ddl_command_start EXECUTE FUNCTION refuse()')
    const { code, stderr } = await run('upgrade', 'head', '--url', tenant)
    assert.equal(code, 1)
    assert.match(stderr, /not now/)
    await sql('DROP EVENT TRIGGER refuse', CUT.replace('limbeck', 'tenant.limbeck').replace('r2', 'r1'))
    await done('upgrade', 'head', '--url', tenant)
    assert.deepEqual(await sql('SELECT id FROM public.t'), [])
    assert.deepEqual(await sql('SELECT id FROM tenant.t'), ['1'])
  }))

const RAW = {
  r1: 'upgrade: [{ create_table: { name: t, columns: [{ name: x, type: integer }] } }]\n',
  r2: `transaction: none
upgrade:
  - execute: { sql: INSERT INTO t VALUES (1) }
  - execute: { sql: SELECT 1 / (SELECT count(*) - 2 FROM t) }
downgrade: []
`,
}

for (const [how, rows] of [['skip', 1], ['retry', 2]] as const) {
  Deno.test(`SQL of which nobody knows whether it was done: --resume=${how}`, () =>
    onPostgres(RAW, async ({ run, done, sql }) => {
      await done('upgrade', 'r1')
      await sql('INSERT INTO t VALUES (0)')
      assert.equal((await run('upgrade', 'head')).code, 1)
      await sql(CUT)
      const refused = await run('upgrade', 'head')
      assert.equal(refused.code, 1)
      assert.match(refused.stderr, /revisions\/r2.yaml:6:5: error\[unknown-outcome\]/)
      assert.match(refused.stderr, /SELECT 1 \/ \(SELECT/)
      assert.match(refused.stderr, /--resume=skip if it was done, or --resume=retry/)
      if (how === 'retry') await sql('INSERT INTO t VALUES (2)')
      await done('upgrade', 'head', '--resume', how)
      assert.deepEqual(await sql('SELECT count(*) FROM t'), [String(rows + 1)])
    }))
}

Deno.test('a second process waits for the first, which is between two transactions, on SQLite', () =>
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
    for (const { code } of ended) assert.equal(code, 0, text)
    assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), ['r2'])
  }))
