/** A column that becomes SQLite's INTEGER PRIMARY KEY, which holds integers only and numbers what is NULL. */
import assert from 'node:assert/strict'
import { onSqlite } from '../support/project.ts'

const changes: Readonly<Record<string, string>> = {
  'a key of text': '{ alter_column: { table: t, column: id, type: integer } }',
  'a column': '{ create_primary_key: { table: t, columns: [id] } }',
}
const tables: Readonly<Record<string, string>> = {
  'a key of text': 'CREATE TABLE t (id TEXT PRIMARY KEY, a)',
  'a column': 'CREATE TABLE t (id INTEGER, a)',
}

for (const [what, change] of Object.entries(changes)) {
  const revisions = {
    r1: `upgrade: [{ execute: { sql: "${tables[what]}" } }]\ndowngrade: []\n`,
    r2: `upgrade: [${change}]\ndowngrade: []\n`,
  }

  for (const value of ["'abc'", 'NULL']) {
    Deno.test(`${what} that holds ${value} does not become an integer key`, () =>
      onSqlite(revisions, async ({ done, run, sql }) => {
        await done('upgrade', 'r1')
        await sql(`INSERT INTO t VALUES ('7', 1), (${value}, 2)`)
        const { code, stderr } = await run('upgrade', 'head')
        assert.equal(code, 1, stderr)
        assert.match(stderr, /datatype mismatch/)
        assert.match(
          stderr,
          /hint: rows hold NULL, or what is no integer, in the column that becomes the key/,
        )
        assert.equal((await sql('SELECT a FROM t')).length, 2)
      }))
  }

  Deno.test(`${what} that holds integers becomes an integer key`, () =>
    onSqlite(revisions, async ({ done, sql }) => {
      await done('upgrade', 'r1')
      await sql("INSERT INTO t VALUES ('7', 1), ('12', 2)")
      await done('upgrade', 'head')
      assert.deepEqual(await sql('SELECT id, typeof(id), a FROM t'), ['7 integer 1', '12 integer 2'])
    }))
}
