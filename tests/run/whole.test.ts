/** Revisions that are sent whole, on PostgreSQL while others are under way: nobody sees that. */
import assert from 'node:assert/strict'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const table = (name: string) =>
  `upgrade: [{ create_table: { name: ${name}, columns: [{ name: id, type: integer, primary_key: true }] } }]\n`

/** What fails at COMMIT, and not before. */
const DEFERRED = `upgrade:
  - execute: { sql: "CREATE TABLE u (id integer REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)", effects: none }
  - execute: { sql: INSERT INTO u VALUES (7), effects: none }
downgrade: []
`
const FAILS_LATE = `upgrade:
  - execute: { sql: CREATE TABLE late (x), effects: none }
  - execute: { sql: CREATE TABLE t (x), effects: none }
downgrade: []
`
const FAILS = `upgrade: [{ execute: { sql: SELECT 1 / 0, effects: none } }]\ndowngrade: []\n`

async function assertStops({ run, sql }: Ground, at: string, head: string): Promise<void> {
  const { code, stderr } = await run('upgrade', 'head')
  assert.equal(code, 1, stderr)
  assert.match(stderr, new RegExp(`revisions/${at}\\.yaml`))
  assert.match(stderr, new RegExp(`not applied: ${at}\\b`))
  assert.deepEqual(stderr.match(/(?<=✓ Running upgrade .*-> )\w+/g), ['r1', 'r2'].slice(0, Number(head[1])))
  assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), [head])
  assert.equal((await sql("SELECT revision FROM limbeck_journal WHERE status = 'done'")).at(-1), head)
}

Deno.test('a revision that fails at COMMIT takes those sent behind it along', () => {
  const behind = { r3: table('v'), r4: table('w'), r5: table('x'), r6: FAILS, r7: table('y') }
  return onPostgres({ r1: table('t'), r2: DEFERRED, ...behind }, async (ground) => {
    await assertStops(ground, 'r2', 'r1')
    assert.deepEqual(
      await ground.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"),
      [
        'alembic_version',
        'limbeck_journal',
        't',
      ],
    )
  })
})

Deno.test('a revision that fails at COMMIT is told, whatever becomes of the one behind it', () =>
  onPostgres({ r1: table('t'), r2: DEFERRED, r3: FAILS }, (ground) => assertStops(ground, 'r2', 'r1')))

Deno.test('a revision that fails leaves the one before it committed', () =>
  onPostgres({ r1: table('t'), r2: table('v'), r3: FAILS, r4: table('w') }, async (ground) => {
    await assertStops(ground, 'r3', 'r2')
    ground.write({ 'revisions/r3.yaml': `id: r3\ndown_revision: r2\n${table('x')}` })
    await ground.done('upgrade', 'head')
    assert.deepEqual(await ground.sql('SELECT version_num FROM alembic_version'), ['r4'])
    const journal = await ground.sql('SELECT revision, status FROM limbeck_journal ORDER BY entry')
    assert.deepEqual(journal, ['r1 done', 'r2 done', 'r3 done', 'r4 done'])
  }))

/** Fails at the first COMMIT as a deadlock does. */
const DEADLOCK = `upgrade:
  - execute:
      sql: |
        CREATE TABLE u (id integer);
        CREATE FUNCTION once() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('attempts') = 1 THEN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END IF;
          RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER late AFTER INSERT ON u DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION once();
        INSERT INTO u VALUES (1);
      effects: none
downgrade: []
`

Deno.test('a COMMIT that a deadlock made fail is tried again, with nothing left of the revision behind it', () =>
  onPostgres({ r1: table('t'), r2: DEADLOCK, r3: table('v') }, async ({ run, sql }) => {
    await sql('CREATE SEQUENCE attempts')
    const { code, stderr } = await run('upgrade', 'head')
    assert.equal(code, 0, stderr)
    assert.match(stderr, /another transaction was in the way: deadlock.*: trying again/)
    assert.deepEqual(stderr.match(/(?<=✓ Running upgrade .*-> )\w+/g), ['r1', 'r2', 'r3'])
    const journal = await sql('SELECT revision, status FROM limbeck_journal ORDER BY entry')
    assert.deepEqual(journal, ['r1 done', 'r2 done', 'r3 done'])
    assert.deepEqual(await sql('SELECT count(*) FROM u'), ['1'])
  }))

Deno.test('the duration in the journal is that of the revision', () =>
  onPostgres({
    r1: table('t'),
    r2: 'upgrade: [{ execute: { sql: SELECT count(pg_sleep(0.3)), effects: none } }]\ndowngrade: []\n',
    r3: table('v'),
  }, async ({ done, sql }) => {
    await done('upgrade', 'head')
    const taken = (await sql('SELECT duration_ms FROM limbeck_journal ORDER BY entry')).map(Number)
    assert(taken[1]! >= 300 && taken[1]! < 3000, String(taken))
    assert(taken[2]! >= 0 && taken[2]! < 300, String(taken))
  }))

Deno.test('what fails on SQLite is told at its operation', () =>
  onSqlite({ r1: table('t'), r2: table('u'), r3: FAILS_LATE, r4: table('v') }, async ({ run, sql }) => {
    const { code, stderr } = await run('upgrade', 'head')
    assert.equal(code, 1)
    assert.match(stderr, /table t already exists/)
    assert.match(stderr, /revisions\/r3\.yaml:5:/)
    assert.match(stderr, /applied: r1, r2\n.*not applied: r3, r4/)
    assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), ['r2'])
    assert.deepEqual(await sql("SELECT name FROM sqlite_schema WHERE name = 'late'"), [])
    const journal = await sql('SELECT revision, status FROM limbeck_journal ORDER BY entry')
    assert.deepEqual(journal, ['r1 done', 'r2 done'])
  }))
