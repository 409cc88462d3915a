/** What a script is made of: statements end in semicolons, comments do not. */
import assert from 'node:assert/strict'
import { onSqlite } from '../support/project.ts'

Deno.test('SQL that begins with a comment keeps its semicolon', () =>
  onSqlite({
    r1: `upgrade:
  - execute: { sql: "-- Everybody.\\nCREATE TABLE a (x); CREATE TABLE b (x)" }
downgrade: []
`,
  }, async ({ done }) => {
    assert.match(
      await done('upgrade', 'head', '--sql'),
      /-- Running upgrade {2}-> r1\n\n-- Everybody\.\nCREATE TABLE a \(x\);\n\nCREATE TABLE b \(x\);\n\n/,
    )
  }))

Deno.test('a history that cannot be replayed is told with how to declare what it did', () =>
  onSqlite({
    r1: `upgrade:
  - execute: { sql: CREATE TABLE a (x) }
  - add_column: { table: a, column: { name: y, type: text } }
downgrade: []
`,
    r2: 'upgrade: []\n',
  }, async ({ run }) => {
    const { code, stderr } = await run('upgrade', 'r1:r2', '--sql')
    assert.equal(code, 1)
    assert.match(stderr, /not-derivable/)
    assert.match(stderr, /revisions\/r1\.yaml:5.*no table "a"/)
    assert.match(stderr, /`effects:`/)
  }))
