/** `-x` is for revisions that run; those that only tell the schema of the past do without, where it says nothing of it. */
import assert from 'node:assert/strict'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const TABLE = `upgrade:
  - create_table:
      name: users
      columns: [{ name: id, type: integer, primary_key: true }, { name: name, type: text }]
`
const BODIES = {
  a1: TABLE,
  a2: `upgrade:
  - execute: { sql: "INSERT INTO users VALUES (1, '\${x:who}')", effects: none, downgrade: "DELETE FROM users" }
  - bulk_insert: { table: users, rows: [{ id: 2, name: "\${x:who}" }] }
  - update_rows: { table: users, set: { name: "\${x:who}" }, where: "name = '\${x:old:-none}'" }
  - delete_rows: { table: users, where: "name = '\${x:gone}'" }
  - backfill: { table: users, set: { name: "'\${x:who}'" }, where: name IS NULL }
downgrade:
  - delete_rows: { table: users }
`,
  a3: `upgrade:
  - create_index: { name: ix_users_name, table: users, columns: [name] }
`,
}

async function assertSpared({ run, done, sql }: Ground): Promise<void> {
  const refused = await run('upgrade', 'head')
  assert.equal(refused.code, 2)
  assert.match(
    refused.stderr,
    /revisions\/a2\.yaml:4:\d+: error\[missing-variable\]: no value for the variable "who"/,
  )
  assert.match(refused.stderr, /no value for the variable "gone"/)
  assert.equal((await run('upgrade', 'head', '--sql')).code, 2)
  await done('upgrade', 'head', '-x', 'who=me', '-x', 'gone=x')
  assert.deepEqual(await sql('SELECT name FROM users ORDER BY id'), ['me', 'me'])
  assert.equal(await done('check'), 'No new upgrade operations detected.\n')
  assert.equal(await done('identify'), 'a3 (head)\n')
  assert.match(await done('verify'), /3 revisions verified/)
  await done('downgrade', '-1')
  await done('upgrade', 'head')
}

Deno.test('values that are not needed on SQLite', () => onSqlite(BODIES, assertSpared))

Deno.test('values that are not needed on PostgreSQL', () => onPostgres(BODIES, assertSpared))

Deno.test('names and types are needed by all', () =>
  onSqlite(
    { a1: TABLE.replace('name: users', 'name: "${x:t}"') },
    async ({ run, done }) => {
      await done('upgrade', 'head', '-x', 't=users')
      for (const word of ['check', 'identify']) {
        const { code, stderr } = await run(word)
        assert.equal(code, 2)
        assert.match(stderr, /error\[missing-variable\]: no value for the variable "t"/)
      }
    },
  ))

Deno.test('a trigger, and SQL whose effects are declared with a variable, are needed by all', () =>
  onSqlite(
    {
      a1: TABLE,
      a2: `upgrade:
  - execute:
      sql: "CREATE TRIGGER w AFTER INSERT ON users BEGIN UPDATE users SET name = '\${x:who}'; END"
`,
      a3: `upgrade:
  - execute: { sql: "CREATE TABLE x (id integer)", effects: [{ create_table: { name: "\${x:n}", columns: [{ name: id, type: integer }] } }] }
`,
    },
    async ({ run }) => {
      const { code, stdout } = await run('verify')
      assert.equal(code, 3)
      assert.match(stdout, /a2\.yaml:5:\d+: error\[missing-variable\]: no value for the variable "who"/)
      assert.match(stdout, /a3\.yaml:4:\d+: error\[missing-variable\]: no value for the variable "n"/)
    },
  ))

Deno.test('SQL of unknown effect that is to be tried needs its values; what only changes rows is not tried', () =>
  onSqlite(
    {
      ...BODIES,
      a4: `upgrade:
  - execute: { sql: "CREATE TABLE \${x:t} (id integer)" }
downgrade: { irreversible: "it stays" }
`,
    },
    async ({ run, done }) => {
      await done('upgrade', 'head', '-x', 'who=me', '-x', 'gone=x', '-x', 't=raw')
      const { code, stderr } = await run('identify')
      assert.equal(code, 2)
      assert.match(stderr, /a4\.yaml:4:\d+: error\[missing-variable\]: no value for the variable "t"/)
      assert.doesNotMatch(stderr, /"who"/)
      assert.equal(await done('identify', '-x', 't=raw'), 'a4 (head)\n')
      assert.equal(await done('check', '-x', 't=raw'), 'No new upgrade operations detected.\n')
    },
  ))

Deno.test('verify --database runs what it verifies', () =>
  onSqlite(BODIES, async ({ run, done }) => {
    const { code, stdout } = await run('verify', '--database')
    assert.equal(code, 3)
    assert.match(stdout, /no value for the variable "who"/)
    await done('verify', '--database', '-x', 'who=me', '-x', 'gone=x')
  }))
