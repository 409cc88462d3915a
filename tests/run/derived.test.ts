/** Downgrades that are derived: from what the history knows, and not where it does not know enough. */
import assert from 'node:assert/strict'
import { onPostgres, onSqlite } from '../support/project.ts'

const TABLE = 'upgrade: [{ create_table: { name: users, columns: [{ name: id, type: integer }] } }]\n'
const DROP = 'upgrade: [{ drop_table: { name: users } }]\n'
const raw = (sql: string) => `upgrade: [{ execute: { sql: "${sql}" } }]\ndowngrade: []\n`

Deno.test('a table that SQL of unknown effect changed is not made anew without what it did', () =>
  onSqlite(
    { r1: TABLE, r2: raw('ALTER TABLE users ADD COLUMN email TEXT'), r3: DROP },
    async ({ done, run, sql }) => {
      await done('upgrade', 'head')
      const { code, stderr } = await run('downgrade', '-1')
      assert.equal(code, 1, stderr)
      assert.match(stderr, /not-derivable/)
      assert.match(stderr, /SQL of revision "r2" did to "users" what the history does not know/)
      assert.match(stderr, /revisions\/r2\.yaml:3/)
      assert.match(stderr, /`effects:`/)
      assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), ['r3'])
    },
  ))

Deno.test('nor is it when the SQL stands in the same revision', () =>
  onSqlite({
    r1: TABLE,
    r2: `upgrade:
  - execute: { sql: ALTER TABLE users ADD COLUMN email TEXT, downgrade: ALTER TABLE users DROP COLUMN email }
  - drop_table: { name: users }
`,
  }, async ({ done, run }) => {
    await done('upgrade', 'head')
    const { code, stderr } = await run('downgrade', '-1')
    assert.equal(code, 1)
    assert.match(stderr, /not-derivable/)
  }))

Deno.test('SQL that is about something else is worth a warning', () =>
  onSqlite({ r1: TABLE, r2: raw('CREATE TABLE other (x)'), r3: DROP }, async ({ done, run }) => {
    await done('upgrade', 'head')
    const { code, stderr } = await run('downgrade', '-1')
    assert.equal(code, 0, stderr)
    assert.match(stderr, /warning\[derived-downgrade\]/)
  }))

Deno.test('declared SQL is part of the history', () =>
  onSqlite({
    r1: TABLE,
    r2: `upgrade:
  - execute:
      sql: ALTER TABLE users ADD COLUMN email TEXT
      effects: [{ add_column: { table: users, column: { name: email, type: text } } }]
`,
    r3: DROP,
  }, async ({ done, run, sql }) => {
    await done('upgrade', 'head')
    const { code, stderr } = await run('downgrade', '-1')
    assert.equal(code, 0, stderr)
    assert.doesNotMatch(stderr, /warning/)
    assert.deepEqual(await sql(`SELECT name FROM pragma_table_info('users')`), ['id', 'email'])
  }))

Deno.test('a revision that builds on what its own SQL did is told as such', () =>
  onSqlite({
    r1: TABLE,
    r2: `upgrade:
  - execute: { sql: ALTER TABLE users ADD COLUMN email TEXT, downgrade: ALTER TABLE users DROP COLUMN email }
  - alter_column: { table: users, column: email, type: text, nullable: false, default: '' }
`,
  }, async ({ done, run }) => {
    await done('upgrade', 'head')
    const { code, stderr } = await run('downgrade', '-1')
    assert.equal(code, 1)
    assert.match(stderr, /error\[not-derivable\]: the downgrade of revision "r2" cannot be derived/)
    assert.match(stderr, /no column "email"/)
    assert.match(stderr, /`effects:`/)
  }))

Deno.test('the version table is found when SQL leaves another search_path behind', () =>
  onPostgres({
    r1: raw(`SELECT pg_catalog.set_config('search_path', '', false)`),
    r2: 'upgrade: [{ execute: { sql: SELECT 1 } }]\ndowngrade: []\n',
    r3: 'transaction: none\nupgrade: [{ execute: { sql: SELECT 1 } }]\ndowngrade: []\n',
  }, async ({ done, sql }) => {
    await done('upgrade', 'head')
    assert.deepEqual(await sql('SELECT version_num FROM alembic_version'), ['r3'])
    assert.deepEqual(await sql('SELECT count(*) FROM limbeck_journal'), ['3'])
    assert.doesNotMatch(await done('upgrade', 'head', '--sql'), /public/)
  }))
