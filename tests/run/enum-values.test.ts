/** What is told of a text that is no value of its enum. */
import assert from 'node:assert/strict'
import { onPostgres } from '../support/project.ts'

Deno.test('a text that is no value of its enum', () =>
  onPostgres({
    r1: `upgrade:
  - create_table: { name: t, columns: [{ name: m, type: { enum: [sad], name: mood } }] }
  - execute: { sql: "INSERT INTO t VALUES ('glad')" }
downgrade: []
`,
  }, async ({ run }) => {
    const { code, stderr } = await run('upgrade', 'head')
    assert.equal(code, 1, stderr)
    assert.match(stderr, /r1\.yaml:5:\d+: error\[sql-failed\]: invalid input value for enum mood: "glad"/)
    assert.match(stderr, /hint: give the type the value before, with `add_enum_value`/)
  }))
