/** Keys of SQLite that hold NULL: `id TEXT PRIMARY KEY` of a table written by hand (https://sqlite.org/lang_createtable.html). */
import assert from 'node:assert/strict'
import { onSqlite } from '../support/project.ts'

const changes: Readonly<Record<string, string>> = {
  'a default': '{ table: t, column: id, default: x }',
  'a type': '{ table: t, column: id, type: varchar(20) }',
  'a name': '{ table: t, column: id, new_name: code, default: x }',
}

for (const [what, change] of Object.entries(changes)) {
  Deno.test(`a column of a key that holds NULL can get ${what}`, () =>
    onSqlite({
      r1: 'upgrade: [{ execute: { sql: "CREATE TABLE t (id TEXT PRIMARY KEY, a)" } }]\ndowngrade: []\n',
      r2: `upgrade: [{ alter_column: ${change} }]\ndowngrade: []\n`,
    }, async ({ done, sql }) => {
      await done('upgrade', 'r1')
      await sql("INSERT INTO t VALUES ('k', 1), (NULL, 2)")
      await done('upgrade', 'head')
      assert.deepEqual(await sql('SELECT a FROM t'), ['1', '2'])
      assert.deepEqual(await sql('SELECT "notnull" FROM pragma_table_info(\'t\') WHERE pk = 1'), ['0'])
    }))
}
