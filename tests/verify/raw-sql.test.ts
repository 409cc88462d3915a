/** Histories with SQL of unknown effect: offline it is doubted, in a scratch database the run decides. */
import assert from 'node:assert/strict'
import { onPostgres, onSqlite } from '../support/project.ts'
import type { Ground } from '../support/project.ts'

const RAW = `upgrade:
  - execute: { sql: CREATE TABLE t (id integer primary key) }
downgrade: { irreversible: "the table stays" }
`
const ADDED = `upgrade:
  - add_column: { table: t, column: { name: note, type: text } }
downgrade:
  - drop_column: { table: t, column: note }
`
const MODELS = `tables:
  - name: t
    columns:
      - { name: id, type: integer, primary_key: true }
      - { name: note, type: text }
`

async function assertDecided({ run, done, write }: Ground): Promise<void> {
  const offline = await run('verify')
  assert.equal(offline.code, 3)
  assert.match(offline.stdout, /warning\[unknown-effect\]/)
  assert.match(offline.stdout, /error\[no-such-table\]/)
  assert.match(offline.stdout, /note: what SQL before it does to the schema is not known/)
  for (const option of ['--database', '--data']) {
    assert.equal(await done('verify', option), '2 revisions verified, in a scratch database\n')
  }
  write({ 'models/t.yaml': MODELS })
  assert.equal(await done('verify', '--database'), '2 revisions verified, in a scratch database\n')
  write({ 'models/t.yaml': MODELS.replace('note', 'other') })
  const { code, stdout } = await run('verify', '--database')
  assert.equal(code, 3)
  assert.match(stdout, /error\[models-differ\]/)
  assert.doesNotMatch(stdout, /create table/)
}

Deno.test('the run decides on SQLite', () => onSqlite({ a1: RAW, b2: ADDED }, assertDecided))

Deno.test('the run decides on PostgreSQL', () => onPostgres({ a1: RAW, b2: ADDED }, assertDecided))

Deno.test('what fails in the run is found once, at its place', () =>
  onSqlite({ a1: RAW, b2: ADDED.replace('table: t,', 'table: u,') }, async ({ run, write }) => {
    write({ 'models/t.yaml': MODELS })
    const { code, stdout } = await run('verify', '--database')
    assert.equal(code, 3)
    assert.match(stdout, /revisions\/b2\.yaml:4:\d+: error\[no-such-table\]: there is no table "u"/)
    assert.match(stdout, /1 thing is wrong in 2 revisions/)
  }))

Deno.test('a downgrade that does not lead back is found by the run', () =>
  onSqlite({
    a1: RAW,
    b2: ADDED.replace('drop_column: { table: t, column: note }', 'execute: { sql: SELECT 1 }'),
  }, async ({
    run,
  }) => {
    const { code, stdout } = await run('verify', '--database')
    assert.equal(code, 3)
    assert.match(stdout, /error\[downgrade-differs\]/)
  }))
