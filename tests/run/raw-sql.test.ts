/** SQL of unknown effect: what SQLite forgets is remembered over it, and what it may have done is not guessed at. */
import assert from 'node:assert/strict'
import { onPostgres, onSqlite } from '../support/project.ts'

const ENUM = `  - create_table:
      name: users
      columns: [{ name: id, type: integer, primary_key: true }, { name: role, type: { enum: [a], name: role } }]
`
const RAW = '  - execute: { sql: CREATE TABLE raw (x integer) }\n'
const VALUE = '  - add_enum_value: { name: role, value: longer }\n'

const orders: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'in one revision': { r1: `upgrade:\n${ENUM}${RAW}${VALUE}downgrade: []\n` },
  'in the revision before': {
    r1: `upgrade:\n${ENUM}${RAW}downgrade: []\n`,
    r2: `upgrade:\n${VALUE}downgrade: []\n`,
  },
}

for (const [where, bodies] of Object.entries(orders)) {
  for (const transaction of ['per_revision', 'all']) {
    Deno.test(`an enum is known after SQL of unknown effect ${where} (${transaction})`, () =>
      onSqlite(bodies, async ({ done, sql }) => {
        await done('upgrade', 'head', '--transaction', transaction)
        const types = `SELECT type FROM pragma_table_info('users') WHERE name = 'role'`
        assert.deepEqual(await sql(types), ['VARCHAR(6)'])
      }))
  }
}

Deno.test('what cannot be replayed is skipped, and the rest of the history is remembered', () =>
  onSqlite({
    r1: `upgrade:
${ENUM}  - execute: { sql: "ALTER TABLE users ADD COLUMN email TEXT" }
  - alter_column: { table: users, column: email, type: text, nullable: false, default: '' }
downgrade: []
`,
    r2: `upgrade:\n${VALUE}downgrade: []\n`,
  }, async ({ done, run, sql }) => {
    await done('upgrade', 'r1')
    const { code, stderr } = await run('upgrade', 'head')
    assert.equal(code, 0, stderr)
    assert.equal(stderr.match(/not-replayed/g)?.length, 1)
    assert.match(stderr, /no column "email"/)
    assert.deepEqual(await sql(`SELECT type FROM pragma_table_info('users') WHERE name = 'role'`), [
      'VARCHAR(6)',
    ])
  }))

Deno.test('effects: unknown has the database looked at again', () =>
  onPostgres({
    r1: `upgrade:
  - execute: { sql: CREATE FUNCTION make() RETURNS void LANGUAGE sql AS 'CREATE TABLE made (x integer)' }
  - execute: { sql: SELECT make(), effects: unknown }
  - add_column: { table: made, column: { name: y, type: integer } }
downgrade: []
`,
  }, async ({ done, sql }) => {
    await done('upgrade', 'head')
    assert.deepEqual(await sql('SELECT x, y FROM made'), [])
  }))

Deno.test('BEGIN is refused with a way out that is one', () =>
  onSqlite(
    { r1: 'transaction: none\nupgrade: [{ execute: { sql: BEGIN } }]\ndowngrade: []\n' },
    async ({ run }) => {
      const { code, stderr } = await run('upgrade', 'head')
      assert.notEqual(code, 0)
      assert.match(stderr, /transaction-control/)
      assert.doesNotMatch(stderr, /`transaction: none`/)
    },
  ))
