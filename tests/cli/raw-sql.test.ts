/** `check` and scripts of histories in which later operations build on SQL of unknown effect. */
import assert from 'node:assert/strict'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const BODIES = {
  a1: `upgrade:
  - execute: { sql: CREATE TABLE t (id integer primary key) }
downgrade: { irreversible: "the table stays" }
`,
  b2: `upgrade:
  - add_column: { table: t, column: { name: note, type: text } }
`,
}
const MODELS = `tables:
  - name: t
    columns:
      - { name: id, type: integer, primary_key: true }
      - { name: note, type: text }
`

async function assertChecked({ run, done, write, sql }: Ground): Promise<void> {
  await done('upgrade', 'head')
  write({ 'models/t.yaml': MODELS })
  const { code, stdout, stderr } = await run('check')
  assert.equal(stdout, 'No new upgrade operations detected.\n')
  assert.equal(code, 0)
  assert.match(stderr, /replayed in a scratch database/)
  assert.doesNotMatch(stderr, /warning/)
  await sql('ALTER TABLE t ADD COLUMN more text')
  const drifted = await run('check')
  assert.equal(drifted.code, 3)
  assert.match(drifted.stdout, /database and history differ.*\n {2}drop column t\.more/)
}

Deno.test('check on SQLite', () => onSqlite(BODIES, assertChecked))

Deno.test('check on PostgreSQL', () => onPostgres(BODIES, assertChecked))

Deno.test('check without a scratch database says so, and compares the models with the database', () =>
  onPostgres(BODIES, async ({ run, done, sql, url, write }) => {
    await done('upgrade', 'head')
    write({ 'models/t.yaml': MODELS })
    const role = `reader_${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`
    await sql(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`)
    await sql(`GRANT SELECT ON alembic_version, limbeck_journal TO ${role}`)
    try {
      const own = new URL(url)
      own.username = role
      own.password = 'x'
      const { code, stdout, stderr } = await run('check', '--url', own.href)
      assert.equal(code, 0, stderr)
      assert.match(stderr, /warning\[not-replayable\]: the history cannot be replayed: it is not compared/)
      assert.match(stderr, /permission denied to create database/)
      assert.match(stderr, /hint: .*`effects:`/)
      assert.equal(stdout, 'No new upgrade operations detected.\n')
    } finally {
      await sql(`DROP OWNED BY ${role}`, `DROP ROLE ${role}`)
    }
  }))

Deno.test('without a database the message names the SQL that is to blame', () =>
  onSqlite(BODIES, async ({ run, write }) => {
    write({ 'models/t.yaml': MODELS })
    for (const words of [['upgrade', 'head', '--sql'], ['check', '--offline']]) {
      const { code, stdout, stderr } = await run(...words)
      assert.equal(code, 2)
      assert.equal(stdout, '')
      assert.match(stderr, /revisions\/b2\.yaml:4:\d+: error\[no-such-table\]: there is no table "t"/)
      assert.match(stderr, /note: what the SQL at revisions\/a1\.yaml:4:5 does to the schema is not known/)
      assert.match(stderr, /hint: declare what it does with `effects:`/)
    }
  }))

Deno.test('an operation that is wrong by itself stays what it was', () =>
  onSqlite({ a1: BODIES.b2 }, async ({ run }) => {
    const { code, stderr } = await run('upgrade', 'head', '--sql')
    assert.equal(code, 1)
    assert.doesNotMatch(stderr, /effects/)
  }))

Deno.test('inspect --at warns of SQL whose effect is not in what it shows', () =>
  onSqlite(
    { r1: 'upgrade: [{ execute: { sql: CREATE TABLE t (x) } }]\ndowngrade: []\n' },
    async ({ run }) => {
      const { code, stdout, stderr } = await run('inspect', '--at', 'head')
      assert.deepEqual([code, stdout], [0, '{}\n'])
      assert.match(
        stderr,
        /warning\[unknown-effect\]: revision "r1" has SQL .*: it is not in what is shown\n/,
      )
      assert.match(stderr, /hint: declare its `effects:`, or inspect a database\n/)
    },
  ))
