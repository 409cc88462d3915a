/** Histories with raw SQL: what it does is declared, or found out in a scratch database; it is never guessed. */
import assert from 'node:assert/strict'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'
import { assertScratchGone } from '../support/scratch.ts'

const BODIES = {
  a1: `upgrade:
  - create_table:
      name: users
      columns:
        - { name: id, type: integer, primary_key: true }
        - { name: kind, type: { enum: [one, two], name: kind } }
`,
  a2: `upgrade:
  - execute: { sql: CREATE TABLE raw (id INTEGER NOT NULL), downgrade: DROP TABLE raw }
`,
  a3: `upgrade:
  - add_column: { table: raw, column: { name: more, type: text } }
  - execute:
      sql: CREATE INDEX ix_raw ON raw (more)
      effects: [{ create_index: { name: ix_raw, table: raw, columns: [more] } }]
`,
  a4: `upgrade:
  - add_column: { table: users, column: { name: again, type: { enum: kind } } }
  - add_enum_value: { name: kind, value: three }
`,
}

async function assertEach({ run, done }: Ground): Promise<void> {
  for (const id of Object.keys(BODIES)) {
    await done('upgrade', id)
    const { stdout, stderr } = await run('identify')
    assert.equal(stdout.split('\n')[0], id === 'a4' ? 'a4 (head)' : id)
    assert.match(stderr, /replayed in a scratch database/)
  }
}

Deno.test('SQL of unknown effect on SQLite', () => onSqlite(BODIES, assertEach))

Deno.test('SQL of unknown effect on PostgreSQL; the scratch database is dropped', () =>
  onPostgres(BODIES, async (ground) => {
    await assertEach(ground)
    await assertScratchGone(ground.sql)
  }))

Deno.test('a user who may not create databases is told what to do', () =>
  onPostgres(BODIES, async ({ run, sql, url }) => {
    const role = `reader_${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`
    await sql(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`)
    try {
      const own = new URL(url)
      own.username = role
      own.password = 'x'
      const { code, stderr } = await run('identify', '--url', own.href)
      assert.equal(code, 1)
      assert.match(stderr, /permission denied to create database/)
      assert.match(stderr, /revisions\/a2\.yaml:4:5/)
      assert.match(stderr, /hint: declare what it does with `effects:`/)
    } finally {
      await sql(`DROP ROLE ${role}`)
    }
  }))
