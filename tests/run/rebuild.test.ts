/** SQLite's rebuilds: whatever stands around one, foreign keys are off in it and it is done whole. */
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import path from 'node:path'
import { onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const TABLES = `upgrade:
  - create_table:
      name: parent
      columns: [{ name: id, type: integer, primary_key: true }, { name: name, type: text }]
  - create_table:
      name: child
      columns:
        - { name: id, type: integer, primary_key: true }
        - { name: parent_id, type: integer, references: { table: parent, column: id, on_delete: cascade } }
  - bulk_insert: { table: parent, rows: [{ id: 1, name: a }, { id: 2, name: b }] }
  - bulk_insert: { table: child, rows: [{ id: 10, parent_id: 1 }, { id: 20, parent_id: 2 }] }
`
const REBUILD = '  - alter_column: { table: parent, column: name, nullable: false }\n'
const PRAGMA = '  - execute: { sql: "PRAGMA wal_checkpoint" }\n'

/** What may stand around a rebuild, and what kept it from being one transaction with foreign keys off. */
const surroundings: Readonly<Record<string, string>> = {
  'transaction: none': `transaction: none\nupgrade:\n${REBUILD}`,
  'transaction: none and more around it':
    `transaction: none\nupgrade:\n  - execute: { sql: UPDATE child SET id = id }\n${REBUILD}${PRAGMA}downgrade: []\n`,
  'a forbidden statement before it': `upgrade:\n${PRAGMA}${REBUILD}`,
  'a forbidden statement after it': `upgrade:\n${REBUILD}${PRAGMA}`,
  'SQL of unknown effect and a forbidden statement before it':
    `upgrade:\n  - execute: { sql: CREATE TABLE raw (x) }\n${PRAGMA}${REBUILD}downgrade: []\n`,
  'a forbidden statement and SQL of unknown effect before it':
    `upgrade:\n${PRAGMA}  - execute: { sql: CREATE TABLE raw (x) }\n${REBUILD}downgrade: []\n`,
}

async function assertKept({ sql }: Ground): Promise<void> {
  assert.deepEqual(await sql('SELECT id, parent_id FROM child'), ['10 1', '20 2'])
  assert.deepEqual(await sql(`SELECT "notnull" FROM pragma_table_info('parent') WHERE name = 'name'`), ['1'])
  assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), ['r2'])
}

for (const [what, body] of Object.entries(surroundings)) {
  Deno.test(`a rebuild with ${what} leaves the rows that point to it`, () =>
    onSqlite({ r1: TABLES, r2: body }, async (ground) => {
      await ground.done('upgrade', 'r1')
      await ground.done('upgrade', 'head')
      await assertKept(ground)
    }))

  Deno.test(`the script of a rebuild with ${what} leaves them, too`, () =>
    onSqlite({ r1: TABLES, r2: body }, async (ground) => {
      await ground.done('upgrade', 'r1')
      const database = new DatabaseSync(path.join(ground.cwd, 'one.db'))
      database.exec(await ground.done('upgrade', 'r1:head', '--sql'))
      database.close()
      await assertKept(ground)
    }))
}

Deno.test('a rebuild that fails under transaction: none leaves nothing of itself', () =>
  onSqlite({
    r1: TABLES,
    r2:
      `transaction: none\nupgrade:\n  - execute: { sql: "UPDATE parent SET name = NULL WHERE id = 1" }\n${REBUILD}downgrade: []\n`,
  }, async ({ done, run, sql }) => {
    await done('upgrade', 'r1')
    const { code, stderr } = await run('upgrade', 'head')
    assert.equal(code, 1, stderr)
    assert.match(stderr, /NOT NULL constraint failed: parent\.name/)
    assert.match(stderr, /one statement of it is committed/)
    assert.deepEqual(await sql(`SELECT name FROM sqlite_master WHERE name LIKE '%limbeck_new%'`), [])
    assert.deepEqual(await sql('SELECT id FROM child'), ['10', '20'])
  }))

Deno.test('a row left without its parent is told with why ON DELETE did not act', () =>
  onSqlite({
    r1: TABLES,
    r2: `upgrade:\n${REBUILD}  - delete_rows: { table: parent, where: id = 1 }\ndowngrade: []\n`,
  }, async ({ done, run }) => {
    await done('upgrade', 'r1')
    const { code, stderr } = await run('upgrade', 'head')
    assert.equal(code, 1)
    assert.match(stderr, /foreign-key-violation/)
    assert.match(
      stderr,
      /ON DELETE does not act in a revision that rebuilds a table; use a revision of its own/,
    )
  }))

for (
  const [what, view] of [['', ''], [
    ' that a view reads',
    '  - create_view: { name: v, query: SELECT id FROM t }\n',
  ]]
) {
  Deno.test(`the counter of a table${what} that is AUTOINCREMENT no longer waits for the day when it is again`, () =>
    onSqlite({
      r1: `upgrade:\n  - create_table: { name: t, columns: [{ name: id, type: integer, primary_key: true, ` +
        `autoincrement: true }] }\n${view}`,
      r2: 'upgrade:\n  - set_table_options: { table: t, autoincrement: false }\n',
    }, async ({ done, sql }) => {
      await done('upgrade', 'r1')
      await sql('INSERT INTO t VALUES (3), (1000)')
      await sql('DELETE FROM t WHERE id = 1000')
      await done('upgrade', 'head')
      await done('downgrade', '-1')
      await sql('INSERT INTO t DEFAULT VALUES')
      assert.deepEqual(await sql('SELECT id FROM t'), ['3', '1001'])
      assert.deepEqual(await sql('SELECT name, seq FROM sqlite_sequence'), ['t 1001'])
    }))
}

Deno.test('comments that a rebuild does not repeat are told', () =>
  onSqlite({
    r1: `upgrade:
  - execute:
      sql: "CREATE TABLE t (a INTEGER, b TEXT CHECK (b /* in it */ <> '')) -- behind it"
      effects: [{ create_table: { name: t, columns: [{ name: a, type: integer }, { name: b, type: text, check: "b <> ''" }] } }]
  - execute:
      sql: "CREATE TABLE u (a INTEGER, -- the first\\n  b TEXT DEFAULT '-- none')"
      effects: [{ create_table: { name: u, columns: [{ name: a, type: integer }, { name: b, type: text, default: "-- none" }] } }]
`,
    r2: `upgrade:
  - alter_column: { table: t, column: a, nullable: false }
  - alter_column: { table: u, column: a, nullable: false }
`,
    r3: 'upgrade:\n  - alter_column: { table: u, column: b, nullable: false }\n',
  }, async ({ run, done, sql }) => {
    await done('upgrade', 'r1')
    const { code, stderr } = await run('upgrade', 'r2')
    assert.equal(code, 0, stderr)
    const told = 'the comments within the CREATE TABLE of "u" are lost: it is made anew'
    assert.deepEqual(stderr.match(/comments-lost.*/g), [`comments-lost]: ${told}`])
    assert.doesNotMatch((await run('upgrade', 'r3')).stderr, /comments-lost/)
    assert.match((await sql("SELECT sql FROM sqlite_schema WHERE name = 't'")).join(''), /in it/)
  }))

Deno.test('values that a table which becomes STRICT cannot hold are told, with how to find them', () =>
  onSqlite({
    r1: `upgrade:\n  - create_table: { name: t, columns: [{ name: "a b", type: integer }] }\ndowngrade: []\n`,
    r2: 'upgrade:\n  - set_table_options: { table: t, strict: true }\n',
  }, async ({ run, done, sql }) => {
    await done('upgrade', 'r1')
    await sql("INSERT INTO t VALUES (1), ('two')")
    const { code, stderr } = await run('upgrade', 'head')
    assert.equal(code, 1, stderr)
    assert.match(stderr, /cannot store TEXT value in INTEGER column t\.a b/)
    assert.match(stderr, /hint: rows hold others: SELECT typeof\("a b"\), count\(\*\) FROM t GROUP BY 1/)
    assert.deepEqual(await sql('SELECT * FROM t'), ['1', 'two'])
  }))

Deno.test('what a script that was broken off left in the way of a rebuild is told by its own name', () =>
  onSqlite({
    r1: 'upgrade: [{ create_table: { name: t, columns: [{ name: a, type: integer }] } }]\n',
    r2: 'upgrade: [{ alter_column: { table: t, column: a, nullable: false } }]\n',
  }, async ({ done, run, sql }) => {
    await done('upgrade', 'r1')
    await sql('CREATE TABLE _limbeck_new_t (a)')
    const { code, stderr } = await run('upgrade', 'head')
    assert.equal(code, 1, stderr)
    assert.match(stderr, /table _limbeck_new_t already exists/)
    assert.match(stderr, /hint: a script that was broken off left it: see what it holds, then drop it/)
  }))

Deno.test('a trigger that a rebuild makes anew knows a table that was renamed before in a list of its FROM', () =>
  onSqlite({
    r1: `upgrade:
  - create_table: { name: tree, columns: [{ name: id, type: integer }, { name: pid, type: integer }] }
  - create_table: { name: tags, columns: [{ name: id, type: integer, primary_key: true }, { name: pid, type: integer }] }
  - execute: { sql: "CREATE TRIGGER moved AFTER INSERT ON tags BEGIN INSERT INTO tree SELECT a.id, b.pid FROM tags a, tree b; END" }
  - bulk_insert: { table: tree, rows: [{ id: 1, pid: 7 }] }
downgrade: []
`,
    r2: `upgrade:
  - rename_table: { name: tree, new_name: ancestors }
  - alter_column: { table: tags, column: pid, nullable: false }
`,
  }, async ({ done, sql }) => {
    await done('upgrade', 'head')
    await sql('INSERT INTO tags VALUES (2, 3)')
    assert.deepEqual(await sql('SELECT id, pid FROM ancestors'), ['1 7', '2 7'])
    await done('downgrade', 'r1')
    await sql('DELETE FROM tree WHERE id = 2')
    await sql('INSERT INTO tags VALUES (4, 3)')
    assert.deepEqual(await sql('SELECT id, pid FROM tree'), ['1 7', '2 7', '4 7'])
  }))
