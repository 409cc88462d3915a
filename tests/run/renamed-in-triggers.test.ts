/** Triggers do after a rename what they did before, on SQLite. */
import assert from 'node:assert/strict'
import { onSqlite } from '../support/project.ts'

const UPSERT = `upgrade:
  - create_table: { name: totals, columns: [{ name: id, type: integer, primary_key: true }, { name: n, type: integer }] }
  - create_table: { name: sales, columns: [{ name: id, type: integer }, { name: n, type: integer }] }
  - create_trigger:
      name: sold
      table: sales
      timing: after
      events: [insert]
      body: INSERT INTO totals VALUES (NEW.id, NEW.n) ON CONFLICT (id) DO UPDATE SET n = totals.n + EXCLUDED.n
`

Deno.test('a trigger adds the new values of its upsert to a table that was renamed, and renamed back', () =>
  onSqlite({
    r1: UPSERT,
    r2: 'upgrade:\n  - rename_table: { name: totals, new_name: sums }\n',
    r3: 'upgrade:\n  - rename_column: { table: sums, column: n, new_name: total }\n',
  }, async ({ done, sql }) => {
    await done('upgrade', 'r1')
    await sql('INSERT INTO sales VALUES (1, 5), (1, 10)')
    await done('upgrade', 'r2')
    await sql('INSERT INTO sales VALUES (1, 100)')
    assert.deepEqual(await sql('SELECT n FROM sums'), ['115'])
    await done('upgrade', 'r3')
    await sql('INSERT INTO sales VALUES (1, 1000)')
    assert.deepEqual(await sql('SELECT total FROM sums'), ['1115'])
    await done('downgrade', 'r1')
    await sql('INSERT INTO sales VALUES (1, 10000)')
    assert.deepEqual(await sql('SELECT n FROM totals'), ['11115'])
  }))

Deno.test('a trigger made anew after a rename knows its table beside another one that is called so', () =>
  onSqlite({
    r1: `upgrade:
  - create_table: { name: t, columns: [{ name: id, type: integer, primary_key: true }, { name: n, type: integer }] }
  - create_table: { name: log, columns: [{ name: n, type: integer }] }
  - create_trigger:
      name: gone
      table: t
      timing: after
      events: [delete]
      body: UPDATE t SET n = (SELECT max(t.n) FROM t) WHERE t.id = 1 AND NOT EXISTS (SELECT 1 FROM log AS t WHERE t.n = OLD.n)
`,
    r2: `upgrade:
  - rename_table: { name: t, new_name: u }
  - alter_column: { table: u, column: n, nullable: false }
`,
  }, async ({ done, sql }) => {
    await done('upgrade', 'head')
    await sql('INSERT INTO u VALUES (1, 5), (2, 7), (3, 9)', 'DELETE FROM u WHERE id = 3')
    assert.deepEqual(await sql('SELECT n FROM u'), ['7', '7'])
    await done('downgrade', 'r1')
    await sql('INSERT INTO t VALUES (4, 8), (5, 1)', 'DELETE FROM t WHERE id = 5')
    assert.deepEqual(await sql('SELECT n FROM t'), ['8', '7', '8'])
  }))
