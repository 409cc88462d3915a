/** Rows that pointed nowhere before a rebuild are not its fault, whatever names change in its revision. */
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import path from 'node:path'
import { onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const TABLES = `upgrade:
  - create_table: { name: p, columns: [{ name: id, type: integer, primary_key: true }, { name: a, type: text }] }
  - create_table:
      name: c
      columns:
        - { name: id, type: integer, primary_key: true }
        - { name: p_id, type: integer, references: { table: p, column: id } }
        - { name: q_id, type: integer, references: { table: p, column: id } }
        - { name: b, type: text }
`
const REBUILD = '  - alter_column: { table: p, column: a, nullable: false }\n'

const renames: Readonly<Record<string, string>> = {
  'the table they point to is renamed': '  - rename_table: { name: p, new_name: parents }\n',
  'their table is renamed': '  - rename_table: { name: c, new_name: children }\n',
  'their column is renamed': '  - rename_column: { table: c, column: p_id, new_name: parent }\n',
  'the column they point to is renamed': '  - rename_column: { table: p, column: id, new_name: key }\n',
  'all are renamed': '  - rename_table: { name: p, new_name: parents }\n' +
    '  - rename_column: { table: c, column: p_id, new_name: parent }\n' +
    '  - rename_table: { name: c, new_name: children }\n',
}

function runScript({ cwd }: Ground, script: string): void {
  const database = new DatabaseSync(path.join(cwd, 'one.db'))
  try {
    database.exec(script)
  } finally {
    database.close()
  }
}

for (const [what, rename] of Object.entries(renames)) {
  Deno.test(`rows that point nowhere are no matter to a script where ${what}`, () =>
    onSqlite({ r1: TABLES, r2: `upgrade:\n${REBUILD}${rename}` }, async (ground) => {
      await ground.done('upgrade', 'r1')
      await ground.sql('PRAGMA foreign_keys = OFF', 'INSERT INTO c (id, p_id) VALUES (1, 99)')
      runScript(ground, await ground.done('upgrade', 'r1:r2', '--sql'))
      assert.deepEqual(await ground.sql('SELECT version_num FROM alembic_version'), ['r2'])
      runScript(ground, await ground.done('downgrade', 'r2:r1', '--sql'))
      assert.deepEqual(await ground.sql('SELECT version_num FROM alembic_version'), ['r1'])
    }))

  Deno.test(`a script is rolled back for a row that comes to point nowhere where ${what}`, () => {
    const change = '  - execute: { sql: UPDATE c SET p_id = 97 WHERE id = 2 }\n'
    const r2 = `upgrade:\n${REBUILD}${change}${rename}downgrade: []\n`
    return onSqlite({ r1: TABLES, r2 }, async (ground) => {
      await ground.done('upgrade', 'r1')
      await ground.sql('PRAGMA foreign_keys = OFF', 'INSERT INTO c (id, p_id) VALUES (1, 99), (2, NULL)')
      const script = await ground.done('upgrade', 'r1:r2', '--sql')
      assert.throws(() => runScript(ground, script), /foreign_keys_violated/)
      assert.deepEqual(await ground.sql('SELECT p_id FROM c'), ['99', ''])
    })
  })

  Deno.test(`rows that point nowhere are no matter where ${what}`, () =>
    onSqlite({ r1: TABLES, r2: `upgrade:\n${REBUILD}${rename}` }, async ({ done, sql }) => {
      await done('upgrade', 'r1')
      await sql('PRAGMA foreign_keys = OFF', 'INSERT INTO c (id, p_id) VALUES (1, 99)')
      await done('upgrade', 'head')
      assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), ['r2'])
    }))

  Deno.test(`one that comes to point nowhere is told where ${what}`, () => {
    const change = '  - execute: { sql: UPDATE c SET q_id = p_id WHERE id = 2 }\n' +
      '  - execute: { sql: UPDATE c SET p_id = NULL WHERE id = 2 }\n'
    return onSqlite({
      r1: TABLES,
      r2: `upgrade:\n${REBUILD}${change}${rename}downgrade: []\n`,
    }, async ({ done, run, sql }) => {
      await done('upgrade', 'r1')
      await sql('PRAGMA foreign_keys = OFF', 'INSERT INTO c (id, p_id) VALUES (1, 99), (2, 98)')
      const { code, stderr } = await run('upgrade', 'head')
      assert.equal(code, 1, stderr)
      assert.match(stderr, /foreign-key-violation.*a row points to nothing[\s\S]*row 2: \(q_id\)/)
    })
  })
}
